package backtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func itoa(n int) string { return strconv.Itoa(n) }

// auctions runs policies together in the auction market, with all checkers on.
func auctions(tb testing.TB, table *price.Table, texts ...string) *backtest.Result {
	tb.Helper()
	settings := backtest.DefaultSettings()
	settings.Checking = true
	cfg := backtest.Config{Table: table, Market: backtest.AuctionMarket, Settings: settings, Seed: 1}
	for i, text := range texts {
		f := parse(tb, text)
		cfg.Treasuries = append(cfg.Treasuries, backtest.Holder{
			Name: f.Name, Policy: f, Text: text, Capital: fixed.FromInt(int64(1_000_000 * (i + 1))),
		})
	}
	r, err := backtest.Run(tb.Context(), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func sample(tb testing.TB, rows int) *price.Table {
	tb.Helper()
	table, err := synth.Sample().Last(rows)
	if err != nil {
		tb.Fatal(err)
	}
	return table
}

func TestAuctionMarket(t *testing.T) {
	t.Parallel()
	r := auctions(t, sample(t, 6000), treasury, index)
	if len(r.Auctions) == 0 {
		t.Fatal("no auctions")
	}
	for _, a := range r.Auctions {
		if a.Units.Less(a.Sold) || a.Closed < a.Opened || a.Start.Less(a.Reserve) {
			t.Fatalf("auction %+v", a)
		}
		if !a.Sold.IsZero() && a.Price.Less(a.Reserve) {
			t.Fatalf("lot %d sold at %v, below its reserve %v", a.ID, a.Price, a.Reserve)
		}
	}
	for _, tr := range r.Treasuries {
		s := tr.Summary
		if s.Rebalances == 0 || s.FillRatio.IsZero() || s.TrackingError.IsZero() {
			t.Errorf("%s: %+v", tr.Name, s)
		}
		if n := len(tr.Series.Time); n != len(tr.Series.NAV) || n != len(tr.Series.Weights[0]) || n > backtest.SeriesMax {
			t.Errorf("%s: curves of %d points", tr.Name, n)
		}
		for _, in := range tr.Intervals {
			if in.Reason == "" || in.Outcome == "" {
				t.Fatalf("%s: an interval without a reason: %+v", tr.Name, in)
			}
		}
	}
}

// TestOppositeFlowsCross lets one treasury move into what the other moves out of.
func TestOppositeFlowsCross(t *testing.T) {
	t.Parallel()
	move := func(from, to string) string {
		return "version: 1\nname: " + from + " to " + to + "\nassets:\n  - {asset: BTC, weight: 50%}\n" +
			"  - {asset: USDC, weight: 50%}\n" +
			"target: {kind: glide, from: {" + from + ": 100%}, start: 2032-08-29, end: 2032-09-08}\n" +
			"speed: {interval: 1d, close: 100%, within: 1}\n"
	}
	table, err := sample(t, 3000).Slice(0, sample(t, 3000).Times[240])
	if err != nil {
		t.Fatal(err)
	}
	cfg := backtest.Config{Table: table, Market: backtest.AuctionMarket, Settings: backtest.DefaultSettings()}
	cfg.Settings.Checking = true
	million := fixed.FromInt(1_000_000)
	for _, h := range []struct {
		text     string
		holdings []fixed.Wad
	}{
		{move("BTC", "USDC"), []fixed.Wad{fixed.FromInt(40), {}}},
		{move("USDC", "BTC"), []fixed.Wad{{}, million}},
	} {
		f := parse(t, h.text)
		cfg.Treasuries = append(cfg.Treasuries, backtest.Holder{Name: f.Name, Policy: f, Holdings: h.holdings})
	}
	r, err := backtest.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range r.Treasuries {
		if tr.Summary.NettingRate.Less(fixed.FromBps(5000)) {
			t.Errorf("%s crossed %v of its flow inside, expected most of it", tr.Name, tr.Summary.NettingRate)
		}
	}
}

func TestPayments(t *testing.T) {
	t.Parallel()
	text := strings.Replace(treasury, "loss_budget", "payments:\n"+
		"  - {asset: USDC, amount: 20000, first: 2032-06-01, every: month}\nloss_budget", 1)
	s := auctions(t, sample(t, 5000), text).Treasuries[0].Summary
	if s.Payments < 4 || s.PaymentsShort != 0 {
		t.Errorf("%d payments, %d short", s.Payments, s.PaymentsShort)
	}
}

// TestDeterminism runs the same configuration on one and on several processors.
func TestDeterminism(t *testing.T) { //nolint:paralleltest // it changes GOMAXPROCS
	table := sample(t, 2000)
	run := func(procs int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		out, err := json.Marshal(auctions(t, table, treasury, index))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if a, b := run(1), run(4); !bytes.Equal(a, b) {
		t.Error("results differ with the number of processors")
	}
}

// TestEveryFile runs every recorded price file through the auction market, checkers on.
func TestEveryFile(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(dataFolder, "*.csv"))
	if err != nil || len(files) == 0 {
		t.Skipf("NOTICE: no price files in %s, nothing was run over recorded prices", dataFolder)
	}
	for _, path := range files {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "extra_") || strings.HasPrefix(name, "trap_") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := recorded(t, name)
			if len(table.Assets) < 2 {
				t.Skip("one asset is no portfolio")
			}
			if last, err := table.Last(800); err == nil {
				table = last
			}
			bands := strings.Replace(equal("1d", "{kind: bands}", table.Assets...), "trigger:", "bands: {}\ntrigger:", 1)
			auctions(t, table, bands, equal("1d", "{kind: threshold, threshold: 5%}", table.Assets...))
		})
	}
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	table := sample(t, 100)
	f := parse(t, treasury)
	narrow := &price.Table{Assets: []string{"X"}, Times: []int64{0, 1}}
	for name, cfg := range map[string]backtest.Config{
		"no treasury":    {Table: table},
		"no capital":     {Table: table, Treasuries: []backtest.Holder{{Policy: f}}},
		"few holdings":   {Table: table, Treasuries: []backtest.Holder{{Policy: f, Holdings: []fixed.Wad{fixed.One()}}}},
		"unknown column": {Table: narrow, Treasuries: []backtest.Holder{{Policy: f, Capital: fixed.One()}}},
	} {
		if _, err := backtest.Run(t.Context(), cfg); !errors.Is(err, backtest.ErrConfig) {
			t.Errorf("%s: got %v, want ErrConfig", name, err)
		}
	}
}

// TestBriefRunsKnowTheirCost: a sweep reads the cost of a year from runs that keep no curves.
func TestBriefRunsKnowTheirCost(t *testing.T) {
	t.Parallel()
	table, text := sample(t, 3000), equal("1h", "{kind: threshold, threshold: 2%}", "BTC", "ETH", "USDC")
	brief := ideal(t, table, text, 10, cost.Post).Treasuries[0].Summary
	full, err := backtest.Run(t.Context(), backtest.Config{
		Table: table, Fee: fixed.FromBps(10),
		Treasuries: []backtest.Holder{{Policy: parse(t, text), Capital: fixed.FromInt(1_000_000)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if whole := full.Treasuries[0].Summary; brief.CostYear.IsZero() || brief != whole {
		t.Errorf("brief %+v\nfull %+v", brief, whole)
	}
}
