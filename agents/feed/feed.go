package feed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cosmossdk.io/log/v2"

	"github.com/ballast-finance/ballast/agents/wallet"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// ErrConfig says that a feeder cannot be started like this.
var ErrConfig = errors.New("feed: invalid configuration")

// Quote is the price of one denom.
type Quote struct {
	Denom string
	Price fixed.Wad // of a display unit, in units of account
}

// Source knows prices.
type Source interface {
	// Quotes returns what is known at a moment. An error is temporary: the feeder reports it and asks again.
	Quotes(ctx context.Context, now time.Time) ([]Quote, error)
}

// Feeder reports what a source knows.
type Feeder struct {
	Wallet *wallet.Wallet
	Source Source
	Every  time.Duration
	Log    log.Logger
	// Reported is called after every message that the node took; nil for nobody.
	Reported func(quotes []Quote)
}

// Run reports until the context ends. What fails is logged and tried again at the next tick: a feeder that stops is
// worse than one that misses a beat.
func (f *Feeder) Run(ctx context.Context) error {
	if f.Every <= 0 {
		return fmt.Errorf("%w: expected a time between reports above 0, got %v", ErrConfig, f.Every)
	}
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	for {
		if err := f.Report(ctx); err != nil && ctx.Err() == nil {
			f.Log.Error("no report", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Report reports once.
func (f *Feeder) Report(ctx context.Context) error {
	now := time.Now() //nolint:forbidigo // a report says when its prices were seen
	quotes, err := f.Source.Quotes(ctx, now)
	if err != nil || len(quotes) == 0 {
		return err
	}
	msg := &types.MsgReport{Reporter: f.Wallet.Address().String()}
	for _, q := range quotes {
		msg.Reports = append(msg.Reports, types.Report{Denom: q.Denom, Price: q.Price.String(), TimeSeconds: now.Unix()})
	}
	if _, err := f.Wallet.Send(ctx, msg); err != nil {
		return err
	}
	if f.Reported != nil {
		f.Reported(quotes)
	}
	return nil
}
