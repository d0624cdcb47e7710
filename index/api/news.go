package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/ballast-finance/ballast/index/fold"
	"github.com/ballast-finance/ballast/index/store"
)

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
