package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// watch shows every round when it is over, until there were enough or somebody ends the show, and returns the number of
// the last one.
func (s *show) watch(ctx context.Context) (uint64, error) {
	q := types.NewQueryClient(s.client())
	tick := time.NewTicker(blockTime)
	defer tick.Stop()
	film := s.camera()
	var seen uint64
	moved := time.Now() //nolint:forbidigo // a demonstration happens in the world's time
	for {
		r, err := q.Rounds(ctx, &types.QueryRoundsRequest{})
		if err != nil {
			return 0, err
		}
		for i := range r.Rounds {
			x := &r.Rounds[i]
			if x.Round <= seen || x.FinishedHeight == 0 {
				continue
			}
			seen, moved = x.Round, time.Now() //nolint:forbidigo // as above
			if !decided(x) {
				continue
			}
			if err := s.stage.round(ctx, film, x); err != nil {
				return 0, err
			}
		}
		if len(film.past) >= s.opt.Rounds {
			return seen, nil
		}
		if time.Since(moved) > patience { //nolint:forbidigo // as above
			return 0, fmt.Errorf("%w: no round was over for %v", ErrSlow, patience)
		}
		if err := s.stage.moment(ctx, film); err != nil {
			return 0, err
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-s.stage.ended():
			return seen, nil
		case <-tick.C:
		}
	}
}

// decided reports a round in which portfolios took part.
func decided(x *types.RoundSummary) bool { return len(x.Counts) > 0 }

// parsed reads a decimal of an answer; what is missing is zero.
func parsed(text string) fixed.Wad {
	w, err := fixed.Parse(text)
	if err != nil {
		return fixed.Wad{}
	}
	return w
}

// whole writes a value without decimals.
func whole(w fixed.Wad) string { return figure.Decimal(w, 0) }
