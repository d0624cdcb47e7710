package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/daemon/demo/view"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// camera turns what the chain says into scenes. What changes with a round only is kept between them.
type camera struct {
	*show

	begin   map[string]fixed.Wad // prices at the beginning, by denom
	prices  map[string]fixed.Wad
	drifts  [][]fixed.Wad
	reasons []string
	past    []view.Past
}

func (s *show) camera() *camera {
	n := len(s.treasuries)
	return &camera{show: s, drifts: make([][]fixed.Wad, n), reasons: make([]string, n)}
}

// over takes a round in that is over.
func (c *camera) over(ctx context.Context, x *types.RoundSummary) error {
	var calc fixed.Calc
	c.past = append(c.past, view.Past{
		Round: len(c.past) + 1, Ordered: parsed(x.Ordered), Crossed: parsed(x.Crossed), Lots: x.Lots,
		Auctioned: calc.Sub(parsed(x.Sold), parsed(x.Crossed)), Lost: parsed(x.Lost), Sold: parsed(x.Sold),
	})
	q := types.NewQueryClient(c.client())
	for i, t := range c.treasuries {
		r, err := q.Record(ctx, &types.QueryRecordRequest{Portfolio: t.id, Round: x.Round})
		if err != nil {
			continue // it was not due
		}
		c.drifts[i] = append(c.drifts[i], parsed(r.Record.TotalDrift))
		c.reasons[i] = reason(&r.Record)
	}
	return calc.Err()
}

// reason is what an interval did to a portfolio, in few words.
func reason(r *types.Record) string {
	text := r.Outcome.Outcome
	if r.Outcome.Reason != "" {
		text += ": " + r.Outcome.Reason
	}
	if f := r.Fill; f != nil && r.Settled {
		text = fmt.Sprintf("sold %s of %s", view.Millions(parsed(f.Sold)), view.Millions(parsed(f.Ordered)))
	}
	for _, clamp := range r.Outcome.Clamps {
		text += ", " + strings.TrimPrefix(clamp, "clamped by ")
	}
	return text
}

// scene is what is to be seen now.
func (c *camera) scene(ctx context.Context) (*view.Scene, error) {
	s := &view.Scene{
		Height: c.node.App.LastBlockHeight(), Speed: c.opt.Speed, Rounds: c.opt.Rounds, Past: c.past,
		Moment: c.replay.At(time.Now()), //nolint:forbidigo // a demonstration happens in the world's time
		Nodes:  "http://" + c.node.HTTP,
	}
	for _, part := range []func(context.Context, *view.Scene) error{
		c.shootPrices, c.shootRound, c.shootHolders, c.shootLots, c.shootFills,
	} {
		if err := part(ctx, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}
