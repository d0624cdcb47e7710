package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/ballast-finance/ballast/index/fold"
	"github.com/ballast-finance/ballast/index/store"
)

const (
	// maxWatchers bounds connections that wait for blocks.
	maxWatchers = 1_000
	// maxMissed is how many blocks one who comes back is told at once; who missed more reads the lists anew.
	maxMissed = 1_000
	// heartbeat keeps a quiet connection open.
	heartbeat = 15 * time.Second
)

// hub wakes all who wait for a block.
type hub struct {
	mu       sync.Mutex
	changed  chan struct{} // closed when there is a new block
	now      store.Progress
	last     *news // what made it so
	watchers int
}

func newHub() *hub { return &hub{changed: make(chan struct{}), last: &news{from: -1}} }

// tell says where the history stands, and what happened since it stood elsewhere.
func (h *hub) tell(p store.Progress, n *news) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now, h.last = p, n
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *hub) look() (p store.Progress, last *news, changed <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now, h.last, h.changed
}

// enter counts somebody in; false when it is full.
func (h *hub) enter(n int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n > 0 && h.watchers >= maxWatchers {
		return false
	}
	h.watchers += n
	return true
}

// Run looks for new blocks, for all who wait, until the context ends.
func (a *Server) Run(ctx context.Context) error {
	tick := time.NewTicker(a.cfg.Poll)
	defer tick.Stop()
	for {
		err := a.advance(ctx)
		if err != nil && !errors.Is(err, store.ErrEmpty) && ctx.Err() == nil {
			a.cfg.Log.Error("the database does not answer", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// advance takes note of new blocks. The answers that they changed are forgotten before anybody is told of them.
func (a *Server) advance(ctx context.Context) error {
	p, err := a.store.Progress(ctx)
	if err != nil {
		return err
	}
	was, _, _ := a.live.look()
	if p == was {
		return nil
	}
	n, err := a.news(ctx, was.Height, p)
	if err != nil {
		return err
	}
	if was.Chain != p.Chain || was.Height == p.Height { // another history
		n.wrote.all = true
	}
	a.memory.forget(n.wrote)
	a.live.tell(p, n)
	return nil
}

// events tells of blocks as they come: "block" with what one was about, and "height" with how far the history is. One
// who comes back says by Last-Event-ID what was seen; "reset" tells that too much was missed.
func (a *Server) events(w http.ResponseWriter, r *http.Request) {
	seen, err := a.seen(r)
	if err != nil {
		refuse(w, err)
		return
	}
	if !a.live.enter(1) {
		refuse(w, &Error{"unavailable", "too many watch", "try again in a minute", http.StatusServiceUnavailable})
		return
	}
	defer a.live.enter(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy before us must not wait for more
	w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		hurry(w, false)
		now, last, changed := a.live.look()
		if now.Height != seen || now.Height == 0 {
			err = errors.Join(err, a.catchUp(r.Context(), w, seen, now, last))
			seen = now.Height
		}
		if err = errors.Join(err, out.Flush()); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-changed:
		case <-beat.C:
			_, err = fmt.Fprint(w, ": still here\n\n")
		}
	}
}

// catchUp tells one who has seen a block what happened since. Nearly all are in step, and hear what is written already.
func (a *Server) catchUp(ctx context.Context, w io.Writer, seen int64, now store.Progress, last *news) (err error) {
	if last.from != seen {
		if last, err = a.news(ctx, seen, now); err != nil {
			return err
		}
	}
	_, err = w.Write(last.text)
	return err
}

// seen is the last block that one who comes back knows; one who is new knows all that there is.
func (a *Server) seen(r *http.Request) (int64, error) {
	id := r.Header.Get("Last-Event-ID")
	if id == "" {
		id = r.URL.Query().Get("after")
	}
	if id == "" {
		p, err := a.store.Progress(r.Context())
		if errors.Is(err, store.ErrEmpty) {
			err = nil
		}
		return p.Height, err
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 0 {
		return 0, invalid(fmt.Sprintf("after: expected a height, got %q", id), "leave it out to begin now")
	}
	return n, nil
}

// news is what happened behind a block.
type news struct {
	from  int64  // the block
	text  []byte // as the stream tells it
	wrote written
}

// written is what blocks have written.
type written struct {
	tables map[string]bool
	all    bool // anything may have been
}

// news asks what happened since a block.
func (a *Server) news(ctx context.Context, seen int64, now store.Progress) (*news, error) {
	n := &news{from: seen, wrote: written{tables: map[string]bool{}}}
	if now.Height < seen { // the history was made again
		n.reset(now)
		return n, nil
	}
	const since = "SELECT height, time, events, changed FROM blocks WHERE height > $1 AND height <= $2 " +
		"ORDER BY height LIMIT $3"
	rows, err := a.rows(ctx, since, 4, seen, now.Height, maxMissed+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > maxMissed {
		n.reset(now)
		return n, nil
	}
	var out bytes.Buffer
	for _, row := range rows {
		changed := plain(row[3])
		fmt.Fprintf(&out, "event: block\nid: %d\ndata: {\"height\":%d,\"time\":%d,\"events\":%d,\"changed\":%s}\n\n",
			row[0], row[0], row[1], row[2], changed)
		n.wrote.add(changed)
	}
	fmt.Fprintf(&out, "event: height\nid: %d\ndata: {\"height\":%d,\"time\":%d}\n\n", now.Height, now.Height, now.Time)
	n.text = out.Bytes()
	return n, nil
}

// reset tells that the lists have to be read anew.
func (n *news) reset(now store.Progress) {
	n.text = fmt.Appendf(nil, "event: reset\nid: %d\ndata: {\"height\":%d}\n\n", now.Height, now.Height)
	n.wrote.all = true
}

// add notes what a block has written. Blocks of older histories do not say it.
func (w *written) add(changed string) {
	var c fold.Changed
	if err := json.Unmarshal([]byte(changed), &c); err != nil || len(c.Tables) == 0 {
		w.all = true
		return
	}
	for _, table := range c.Tables {
		w.tables[table] = true
	}
}
