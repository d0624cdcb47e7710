package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/ballast-finance/ballast/index/store"
)

// Overview is how things stand.
type Overview struct {
	Chain       string           `json:"chain"`
	FirstHeight int64            `json:"first_height"`
	Height      int64            `json:"height"`
	Time        int64            `json:"time"`
	Managed     string           `json:"managed"`      // value of all open portfolios, as of their last intervals
	ManagedReal any              `json:"managed_real"` // the same, rounded
	ManagedTime int64            `json:"managed_time"`
	Round       int64            `json:"round"` // the last one
	RoundTime   int64            `json:"round_time"`
	Portfolios  map[string]int64 `json:"portfolios"` // how many, by status
	Auctions    map[string]int64 `json:"auctions"`   // how many that are not closed, by status
	Prices      map[string]int64 `json:"prices"`     // how many assets that are not disabled, by the status of the price
	Stopped     []string         `json:"stopped"`    // auctions, rounds: what is stopped for everybody
}

// Health is how far the history is.
type Health struct {
	Status string `json:"status"` // ok, behind, empty
	Chain  string `json:"chain"`
	Height int64  `json:"height"`
	Time   int64  `json:"time"` // of the block, unix seconds
	Lag    int64  `json:"lag_seconds"`
}

// bare refuses parameters where there are none.
func bare(r *http.Request) error {
	return known(r.URL.Query(), []string{"format"})
}

func (a *Server) health(w http.ResponseWriter, r *http.Request) error {
	if err := bare(r); err != nil {
		return err
	}
	p, err := a.store.Progress(r.Context())
	h := Health{Status: "ok", Chain: p.Chain, Height: p.Height, Time: p.Time, Lag: a.cfg.Now().Unix() - p.Time}
	status := http.StatusOK
	switch {
	case errors.Is(err, store.ErrEmpty):
		h.Status, h.Lag, status = "empty", 0, http.StatusServiceUnavailable
	case err != nil:
		return err
	case h.Lag > int64(a.cfg.MaxLag.Seconds()):
		h.Status, status = "behind", http.StatusServiceUnavailable
	}
	return write(w, status, h)
}

func write(w http.ResponseWriter, status int, value any) error {
	body, err := json.Marshal(value)
	if err == nil {
		answer(w, status, "application/json", body)
	}
	return err
}

func (a *Server) overview(w http.ResponseWriter, r *http.Request) error {
	if err := bare(r); err != nil {
		return err
	}
	ctx := r.Context()
	p, err := a.store.Progress(ctx)
	if errors.Is(err, store.ErrEmpty) {
		return missing("the history has no block yet", "ask /v1/health until it is ok")
	}
	if err != nil {
		return err
	}
	o := Overview{Chain: p.Chain, FirstHeight: p.First, Height: p.Height, Time: p.Time, Stopped: []string{}}
	if err := a.rounds(ctx, &o); err != nil {
		return err
	}
	for _, x := range []struct {
		into     *map[string]int64
		question string
	}{
		{&o.Portfolios, "SELECT status, COUNT(*) FROM portfolios GROUP BY status"},
		{&o.Auctions, "SELECT status, COUNT(*) FROM lots WHERE status IN ('open', 'frozen') GROUP BY status"},
		{&o.Prices, "SELECT price_status, COUNT(*) FROM assets WHERE status <> 'disabled' GROUP BY price_status"},
	} {
		rows, err := a.rows(ctx, x.question, 2)
		if err != nil {
			return err
		}
		*x.into = make(map[string]int64, len(rows))
		for _, row := range rows {
			(*x.into)[plain(row[0])] = whole(row[1])
		}
	}
	for _, scope := range []string{"auctions", "rounds"} {
		const last = "SELECT kind FROM pauses WHERE scope = $1 ORDER BY height DESC, seq DESC LIMIT 1"
		rows, err := a.rows(ctx, last, 1, scope)
		if err != nil {
			return err
		}
		if len(rows) == 1 && plain(rows[0][0]) != "resumed" {
			o.Stopped = append(o.Stopped, scope)
		}
	}
	return write(w, http.StatusOK, o)
}

// rounds takes the last round, and the last one that valued portfolios.
func (a *Server) rounds(ctx context.Context, o *Overview) error {
	rows, err := a.rows(ctx, "SELECT round, time FROM rounds ORDER BY round DESC LIMIT 1", 2)
	if err != nil {
		return err
	}
	if len(rows) == 1 {
		o.Round, o.RoundTime = whole(rows[0][0]), whole(rows[0][1])
	}
	const valued = "SELECT managed, managed_real, time FROM rounds WHERE managed <> '' ORDER BY round DESC LIMIT 1"
	if rows, err = a.rows(ctx, valued, 3); err != nil {
		return err
	}
	if len(rows) == 1 {
		o.Managed, o.ManagedReal, o.ManagedTime = plain(rows[0][0]), rows[0][1], whole(rows[0][2])
	}
	return nil
}

// whole is a whole number of the database.
func whole(value any) int64 {
	if n, ok := value.(int64); ok {
		return n
	}
	var n int64
	_, _ = fmt.Sscan(plain(value), &n) // an error: 0
	return n
}
