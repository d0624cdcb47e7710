package feed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sort"
	"sync"
	"time"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Replay plays a recorded history back, faster than it happened. It may be shared by several feeders: all of them see
// the same moment.
type Replay struct {
	table  *price.Table
	denoms []string // parallel to the table's assets
	speed  int64    // seconds of history in a second

	mu    sync.Mutex
	begun time.Time
}

// NewReplay plays a table; denoms are parallel to its assets, an empty one is left out.
func NewReplay(table *price.Table, denoms []string, speed int64) (*Replay, error) {
	if len(denoms) != len(table.Assets) || table.Len() == 0 || speed < 1 {
		return nil, fmt.Errorf("%w: expected a denom for each of %d assets, rows, and a speed of 1 or more; "+
			"got %d, %d and %d",
			ErrConfig, len(table.Assets), len(denoms), table.Len(), speed)
	}
	return &Replay{table: table, denoms: denoms, speed: speed}, nil
}

// Begin starts to play now, from the first row. Without it the first question does.
func (r *Replay) Begin(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.begun.IsZero() {
		r.begun = now
	}
}

// At is the moment of the history that plays at a time.
func (r *Replay) At(now time.Time) int64 {
	r.Begin(now)
	r.mu.Lock()
	defer r.mu.Unlock()
	passed := int64(now.Sub(r.begun)/time.Millisecond) * r.speed / milli
	return r.table.Times[0] + max(passed, 0)
}

const milli = 1000

// Over reports that the last row has been played.
func (r *Replay) Over(now time.Time) bool { return r.At(now) >= r.table.Times[r.table.Len()-1] }

// Quotes is the last row at or before the moment that plays. After the last row its prices stay.
func (r *Replay) Quotes(_ context.Context, now time.Time) ([]Quote, error) {
	at := r.At(now)
	next := sort.Search(r.table.Len(), func(i int) bool { return r.table.Times[i] > at })
	row := r.table.Row(max(next-1, 0))
	quotes := make([]Quote, 0, len(row))
	for i, p := range row {
		if r.denoms[i] != "" {
			quotes = append(quotes, Quote{r.denoms[i], p})
		}
	}
	return quotes, nil
}

// Noisy is a source that sees another one's prices up to Noise off, as sources in the world differ.
type Noisy struct {
	Source

	Noise  fixed.Wad
	Random *rand.Rand
}

// noiseSteps is the number of steps from none to all of the noise.
const noiseSteps = 1_000_000

// Quotes are those of the source, each moved by up to the noise.
func (n *Noisy) Quotes(ctx context.Context, now time.Time) ([]Quote, error) {
	quotes, err := n.Source.Quotes(ctx, now)
	var c fixed.Calc
	for i := range quotes {
		part := fixed.FromRaw(n.Random.Int64N(2*noiseSteps+1) - noiseSteps)
		move := c.MulDivTrunc(n.Noise, part, fixed.FromRaw(noiseSteps))
		quotes[i].Price = c.MulTrunc(quotes[i].Price, c.Add(fixed.One(), move))
	}
	if err == nil {
		err = c.Err()
	}
	return quotes, err
}
