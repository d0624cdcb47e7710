package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/entry"
	"github.com/ballast-finance/ballast/policy"
)

type backtestRequest struct {
	Treasuries []treasury     `json:"treasuries"`
	Prices     history        `json:"prices"`
	Market     string         `json:"market"`  // auction, the usual one, or ideal
	FeeBps     policy.Decimal `json:"fee_bps"` // ideal
	Seed       uint64         `json:"seed"`
	From       policy.Moment  `json:"from"`
	To         policy.Moment  `json:"to"`
}

type treasury struct {
	Name    string `json:"name"`
	Policy  string `json:"policy"`
	Initial string `json:"initial"` // a value in cash, or SYMBOL=AMOUNT,...; empty: a million
}

type history struct {
	Name string `json:"name"`
	CSV  string `json:"csv"`
}

// sample is the bundled synthetic history, as a price file.
func sample(*struct{}) (history, error) {
	var csv strings.Builder
	err := price.Write(&csv, synth.Sample())
	return history{Name: "synthetic", CSV: csv.String()}, err
}

type backtestAnswer struct {
	Summary  string          `json:"summary"` // a table in fixed-width text
	Report   string          `json:"report"`  // a page of its own
	Result   json.RawMessage `json:"result"`
	Warnings []string        `json:"warnings"`
}

// backtests runs policies over prices, as the command of that name does.
func backtests(ctx context.Context, request []byte, progress func(done, total int)) (any, error) {
	var q backtestRequest
	if err := read(request, &q); err != nil {
		return nil, err
	}
	cfg, warnings, err := q.config()
	if err != nil {
		return nil, err
	}
	cfg.Progress = progress
	result, err := backtest.Run(ctx, cfg)
	if err != nil {
		return nil, err
	}
	result.Warnings = append(warnings, result.Warnings...)
	return publish(result)
}

// config is the run that is asked for, and what there is to say about its prices.
func (q *backtestRequest) config() (backtest.Config, []string, error) {
	cfg := backtest.Config{Market: backtest.AuctionMarket, Settings: backtest.DefaultSettings(), Seed: q.Seed}
	switch q.Market {
	case "", backtest.AuctionMarket.String():
	case backtest.IdealMarket.String():
		cfg.Market = backtest.IdealMarket
		var c fixed.Calc
		if cfg.Fee = c.DivIntTrunc(q.FeeBps.Wad, 10_000); c.Err() != nil || cfg.Fee.Sign() < 0 {
			return cfg, nil, fmt.Errorf("%w: fee_bps: expected basis points like 10 or 7.5, got %s", ErrRequest, q.FeeBps.Wad)
		}
	default:
		return cfg, nil, fmt.Errorf("%w: market: expected %s or %s, got %q",
			ErrRequest, backtest.AuctionMarket, backtest.IdealMarket, q.Market)
	}
	if len(q.Treasuries) == 0 {
		return cfg, nil, fmt.Errorf("%w: expected at least one treasury", ErrRequest)
	}
	table, found, err := price.Read(
		strings.NewReader(q.Prices.CSV), q.Prices.Name, price.Options{From: q.From.Unix, To: q.To.Unix})
	if err != nil {
		return cfg, nil, err
	}
	cfg.Table = table
	for _, t := range q.Treasuries {
		if t.Initial == "" {
			t.Initial = entry.UsualCapital
		}
		h, err := entry.Holder(t.Name, []byte(t.Policy), t.Initial, table, cfg.Treasuries)
		if err != nil {
			return cfg, nil, fmt.Errorf("treasury %q: %w", t.Name, err)
		}
		cfg.Treasuries = append(cfg.Treasuries, h)
	}
	warnings := make([]string, len(found))
	for i, w := range found {
		warnings[i] = w.String()
	}
	return cfg, warnings, nil
}

func publish(r *backtest.Result) (backtestAnswer, error) {
	var summary, page, result strings.Builder
	for _, part := range []struct {
		to    *strings.Builder
		write func(*strings.Builder) error
	}{
		{&summary, func(w *strings.Builder) error { return report.Summary(w, r) }},
		{&page, func(w *strings.Builder) error { return report.HTML(w, r) }},
		{&result, func(w *strings.Builder) error { return report.JSON(w, r) }},
	} {
		if err := part.write(part.to); err != nil {
			return backtestAnswer{}, err
		}
	}
	return backtestAnswer{summary.String(), page.String(), json.RawMessage(result.String()), r.Warnings}, nil
}
