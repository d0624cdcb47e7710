package fetch

import (
	"context"
	"fmt"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Close is the price of an asset at the end of a bar.
type Close struct {
	Asset string
	Time  int64 // seconds of UTC at which the bar was over
	Price fixed.Wad
}

// latestBars is how many bars back Latest looks for one that is over.
const latestBars = 10

// Latest asks for the newest bar of every asset that is over: what a feeder of prices reports. Of the options it takes
// provider, assets, quote and step. ErrEmpty when an asset had no bar in the last ten.
func Latest(ctx context.Context, opt Options) ([]Close, error) {
	if opt.Clock == nil {
		opt.Clock = systemClock{}
	}
	opt.From, opt.To, opt.Out = opt.Clock.Now().Unix()-latestBars*opt.StepSeconds, 0, "-" // nothing is written
	plan, err := newPlan(opt)
	if err != nil {
		return nil, err
	}
	c := client{plan: plan}
	closes := make([]Close, 0, len(plan.opt.Assets))
	for _, asset := range plan.opt.Assets {
		q := query{word: plan.word, from: plan.first, to: plan.last, step: plan.opt.StepSeconds}
		q.symbol = plan.provider.symbol(asset, plan.opt.Quote)
		bars, err := c.bars(ctx, q)
		if err != nil {
			return nil, err
		}
		last, err := newest(q, bars)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", plan.provider.name, q.symbol, err)
		}
		last.Asset = asset
		closes = append(closes, last)
	}
	return closes, nil
}

// newest finds the last bar within the query that is over.
func newest(q query, bars []bar) (Close, error) {
	var last *bar
	for i := range bars {
		b := &bars[i]
		if b.over && b.open >= q.from && b.open <= q.to && (last == nil || last.open < b.open) {
			last = b
		}
	}
	if last == nil {
		return Close{}, fmt.Errorf("%w: no bar that is over since %s", ErrEmpty, stamp(q.from))
	}
	p, _, err := price.Parse(last.close)
	if err != nil {
		return Close{}, fmt.Errorf("%w: close %.40q: %w", ErrBar, last.close, err)
	}
	return Close{Time: last.open + q.step, Price: p}, nil
}
