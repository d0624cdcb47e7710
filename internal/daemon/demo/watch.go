package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// watch prints every round when it is over, and returns the number of the last one.
func (s *show) watch(ctx context.Context) (uint64, error) {
	q := types.NewQueryClient(s.client())
	tick := time.NewTicker(blockTime)
	defer tick.Stop()
	var seen, first uint64
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
			if first == 0 {
				first = x.Round
			}
			s.round(x)
		}
		if first > 0 && seen >= first+uint64(s.opt.Rounds)-1 { //nolint:gosec // a small count
			return seen, nil
		}
		if time.Since(moved) > patience { //nolint:forbidigo // as above
			return 0, fmt.Errorf("%w: no round was over for %v", ErrSlow, patience)
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-tick.C:
		}
	}
}

// decided reports a round in which portfolios took part.
func decided(x *types.RoundSummary) bool { return len(x.Counts) > 0 }

// round prints one line about a round.
func (s *show) round(x *types.RoundSummary) {
	day := time.Unix(s.replay.At(time.Unix(x.FrozeAt, 0)), 0).UTC().Format(time.DateOnly)
	outcomes := make([]string, len(x.Counts))
	for i := range x.Counts {
		outcomes[i] = fmt.Sprintf("%d %s", x.Counts[i].Portfolios, x.Counts[i].Outcome)
	}
	s.say("round %2d  %s  %-24s ordered %11s, crossed inside %10s, auctioned %11s in %2d lots, cost %9s",
		x.Round, day, strings.Join(outcomes, ", "), whole(x.Ordered), whole(x.Crossed), auctioned(x), x.Lots, whole(x.Lost))
}

// auctioned is what was sold to makers.
func auctioned(x *types.RoundSummary) string {
	var c fixed.Calc
	return whole(c.Sub(parsed(x.Sold), parsed(x.Crossed)).String())
}

// parsed reads a decimal of an answer; what is missing is zero.
func parsed(text string) fixed.Wad {
	w, err := fixed.Parse(text)
	if err != nil {
		return fixed.Wad{}
	}
	return w
}

// whole prints a value without decimals, in groups of three digits.
func whole(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	text, _, _ = strings.Cut(text, ".")
	if text == "" {
		text = "0"
	}
	var b strings.Builder
	for i, digit := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			b.WriteByte('_')
		}
		b.WriteRune(digit)
	}
	return sign + b.String()
}
