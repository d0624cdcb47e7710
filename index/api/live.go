package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

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
			if last.from != seen { // nearly all are in step with the blocks
				last, err = a.news(r.Context(), seen, now)
			}
			if err == nil {
				_, err = w.Write(last.text)
			}
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
