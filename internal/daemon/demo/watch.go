package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// watch shows every round when it is over, until there were enough or somebody ends the show, and returns the number of
// the last one.
func (s *show) watch(ctx context.Context) (last uint64, err error) {
	tick := time.NewTicker(blockTime)
	defer tick.Stop()
	film := s.camera()
	moved := time.Now() //nolint:forbidigo // a demonstration happens in the world's time
	for {
		next, err := s.rounds(ctx, film, last)
		if err != nil {
			return last, err
		}
		if next > last {
			last, moved = next, time.Now() //nolint:forbidigo // as above
		}
		if len(film.past) >= s.opt.Rounds {
			return last, nil
		}
		if time.Since(moved) > patience { //nolint:forbidigo // as above
			return last, fmt.Errorf("%w: no round was over for %v", ErrSlow, patience)
		}
		if err := s.stage.moment(ctx, film); err != nil {
			return last, err
		}
		select {
		case <-ctx.Done():
			return last, ctx.Err()
		case <-s.stage.ended():
			return last, nil
		case <-tick.C:
		}
	}
}

// rounds shows the rounds after the last one that was seen, and returns the last one now.
func (s *show) rounds(ctx context.Context, film *camera, last uint64) (uint64, error) {
	r, err := types.NewQueryClient(s.client()).Rounds(ctx, &types.QueryRoundsRequest{})
	if err != nil {
		return last, err
	}
	for i := range slices.Backward(r.Rounds) { // the newest stands first
		x := &r.Rounds[i]
		if x.Round <= last || x.FinishedHeight == 0 {
			continue
		}
		last = x.Round
		if decided(x) && len(film.past) < s.opt.Rounds {
			if err := s.stage.round(ctx, film, x); err != nil {
				return last, err
			}
		}
	}
	return last, nil
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
