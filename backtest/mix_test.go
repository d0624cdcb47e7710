package backtest_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestMixChangesNothing runs policies with the mix of another run, which fits, fits at first, or does not fit.
func TestMixChangesNothing(t *testing.T) {
	t.Parallel()
	table, err := synth.Sample().Last(900)
	if err != nil {
		t.Fatal(err)
	}
	speed := "speed: {interval: 1d, close: 100%, within: 1}\n"
	two := "version: 1\nname: two\nassets:\n  - {asset: BTC, weight: 60%}\n  - {asset: USDC, weight: 40%}\n" + speed
	short := "version: 1\nname: two\nassets:\n  - {asset: BTC, weight: 60%}\n" +
		"  - {asset: USDC, weight: 40%, min_balance: 390_000}\n" + speed
	constant := two + "trigger: {kind: threshold, threshold: 1%}\n"
	config := func(text string) backtest.Config {
		f := parse(t, text)
		return backtest.Config{
			Table: table, Fee: fixed.FromBps(10), Brief: true,
			Treasuries: []backtest.Holder{{Name: f.Name, Policy: f, Text: text, Capital: fixed.FromInt(1_000_000)}},
		}
	}
	shared := config(constant)
	mix, err := backtest.NewMix(&shared)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		constant,
		two + "trigger: {kind: threshold, threshold: 3%}\n",
		short + "trigger: {kind: threshold, threshold: 3%}\n",
		"version: 1\nname: cppi\nassets:\n  - {asset: BTC, weight: 100%}\n  - {asset: USDC, weight: 0%}\n" +
			"target: {kind: cppi, safe: {USDC: 100%}, floor: 850_000, multiplier: 3}\n" +
			speed + "trigger: {kind: aggregate, threshold: 2%}\n",
		equal("1d", "{kind: threshold, threshold: 3%}", "BTC", "USDC"),
		equal("1d", "{kind: threshold, threshold: 3%}", "BTC", "ETH", "USDC"),
	} {
		cfg := config(text)
		want, err := backtest.Run(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Mix = mix
		got, err := backtest.Run(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngot %+v\nwant %+v", text, got.Treasuries[0].Summary, want.Treasuries[0].Summary)
		}
	}
}

// TestRunEndsWithItsContext stops a run in the middle of its rows.
func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	f := parse(t, equal("1h", "{kind: threshold, threshold: 1%}", "BTC", "USDC"))
	for _, market := range []backtest.Market{backtest.IdealMarket, backtest.AuctionMarket} {
		ctx, cancel := context.WithCancel(t.Context())
		rows := 0
		_, err := backtest.Run(ctx, backtest.Config{
			Table: synth.Sample(), Market: market, Settings: backtest.DefaultSettings(),
			Treasuries: []backtest.Holder{{Name: f.Name, Policy: f, Capital: fixed.FromInt(1_000_000)}},
			Progress: func(done, _ int) {
				if rows = done; done >= 2000 {
					cancel()
				}
			},
		})
		if !errors.Is(err, context.Canceled) || rows != 2000 {
			t.Errorf("%v: ended after row %d with %v", market, rows, err)
		}
		cancel()
	}
}
