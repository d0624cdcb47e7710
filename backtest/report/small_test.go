package report_test

import (
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// small is a result that a person can check: two rows of two treasuries, one auction.
func small(tb testing.TB) *backtest.Result {
	tb.Helper()
	w := func(s string) fixed.Wad { return enginetest.W(tb, s) }
	return &backtest.Result{
		Version: backtest.ResultVersion, Source: "prices.csv", Synthetic: true, Market: "auction", Seed: 7,
		From: sampleStart, To: sampleStart + 3600, Rows: 2, StepSeconds: 3600,
		Settings:   []backtest.Setting{{Name: "Block time", Value: "6 s"}},
		Treasuries: []backtest.Treasury{alpha(tb), beta(tb)},
		Warnings:   []string{"prices.csv: 1 row was filled forward"},
		Auctions: []backtest.Auction{{
			ID: 1, Round: 2, Sell: "ETH", Buy: "USDC", Opened: sampleStart + 3600, Closed: sampleStart + 4800,
			Mid: w("1200"), Start: w("1224"), Reserve: w("1176"), Units: w("8"), Sold: w("6"), Proceeds: w("7195"),
			Price: w("1199.166666666666666666"), Edge: w("-0.0007"), Bidders: 2,
			Clock: []backtest.Point{
				{Time: sampleStart + 3600, Price: w("1224")},
				{Time: sampleStart + 4200, Price: w("1200")},
				{Time: sampleStart + 4800, Price: w("1176")},
			},
			Oracle: []backtest.Point{{Time: sampleStart + 3600, Price: w("1200")}},
			Fills: []backtest.AuctionFill{
				{Time: sampleStart + 4200, Price: w("1199.166666666666666666"), Units: w("6"), Bidders: 2},
			},
		}},
	}
}

func alpha(tb testing.TB) backtest.Treasury {
	tb.Helper()
	w := func(s string) fixed.Wad { return enginetest.W(tb, s) }
	ws := func(s ...string) []fixed.Wad { return enginetest.Ws(tb, s...) }
	return backtest.Treasury{
		Name: "Alpha DAO", Policy: "version: 1\n", Explain: []string{"Holds 60 % ETH and 40 % USDC."},
		Assets: []string{"ETH", "USDC"},
		Summary: backtest.Summary{
			InitialNAV: w("1000000"), FinalNAV: w("1012345.678901234567890123"), TotalReturn: w("0.012345678901234568"),
			Volatility: w("0.61"), TrackingError: w("0.0042"), MaxDrawdown: w("0.0831"), DrawdownSeconds: 7200,
			Sharpe: w("1.5"), Rebalances: 1, Turnover: w("0.01"), TurnoverYear: w("87.66"), Traded: w("20000"),
			Cost: w("15.5"), CostYear: w("0.0135"), TimeInBand: w("0.5"), FillRatio: w("0.8"), NettingRate: w("0.25"),
			Improvement: w("-0.0007"), MeanDrift: w("0.01"), MaxDrift: w("0.02"), Payments: 1, Insufficient: true,
		},
		Benchmarks: []backtest.Benchmark{
			{Name: "buy and hold", FinalNAV: w("1020000"), Volatility: w("0.7"), MaxDrawdown: w("0.09")},
		},
		Series: backtest.Series{
			Time: []int64{sampleStart, sampleStart + 3600}, NAV: ws("1000000", "1012345.678901234567890123"),
			Bench:   [][]fixed.Wad{ws("1000000", "1020000")},
			Weights: [][]fixed.Wad{ws("0.6", "0.62"), ws("0.4", "0.38")},
			Targets: [][]fixed.Wad{ws("0.6", "0.6"), ws("0.4", "0.4")},
			Lower:   [][]fixed.Wad{ws("0.55", "0.55"), ws("0.35", "0.35")},
			Upper:   [][]fixed.Wad{ws("0.65", "0.65"), ws("0.45", "0.45")},
			Drift:   ws("0", "0.02"), Cost: ws("0", "15.5"),
		},
		Intervals: []backtest.Interval{
			{
				Time: sampleStart, NAV: w("1000000"), Outcome: "held", Reason: "inside the band",
				Weights: ws("0.6", "0.4"), Targets: ws("0.6", "0.4"),
			},
			{
				Time: sampleStart + 3600, NAV: w("1012345.678901234567890123"), Outcome: "ordered",
				Reason: "drift, \"quoted\"\nand broken", Drift: w("0.02"), Weights: ws("0.62", "0.38"),
				Targets: ws("0.6", "0.4"), Orders: ws("-12500", "12500"), Filled: ws("-10000", "9984.5"),
				Crossed: w("2500"), Sold: w("10000"), Fill: w("0.8"), Cost: w("15.5"),
			},
		},
	}
}

// beta has nothing but a negative NAV and a reason that a spreadsheet would compute.
func beta(tb testing.TB) backtest.Treasury {
	tb.Helper()
	w := func(s string) fixed.Wad { return enginetest.W(tb, s) }
	return backtest.Treasury{
		Name: "Beta", Assets: []string{"ATOM", "USDC"},
		Summary:   backtest.Summary{InitialNAV: w("0.5"), FinalNAV: w("-0.25"), TotalReturn: w("-1.5")},
		Intervals: []backtest.Interval{{Time: sampleStart, NAV: w("-0.25"), Outcome: "failed", Reason: "=1+1"}},
	}
}

// few is a frontier that a person can check: the second point is beaten by the first.
func few(tb testing.TB) *report.Frontier {
	tb.Helper()
	w := func(s string) fixed.Wad { return enginetest.W(tb, s) }
	f := &report.Frontier{
		Title: "Threshold", Source: "prices.csv", Synthetic: true, From: sampleStart, To: sampleStart + 86400,
		Parameters: []string{"trigger.threshold"},
		Points: []report.FrontierPoint{
			{
				Values: []string{"0.02"}, TrackingError: w("0.01"), CostYear: w("0.002"), TurnoverYear: w("0.8"),
				Rebalances: 40, MaxDrawdown: w("0.3"), FinalNAV: w("1000000.000000000000000001"),
			},
			{
				Values: []string{"-0.03"}, TrackingError: w("0.011"), CostYear: w("0.0021"), TurnoverYear: w("0.7"),
				Rebalances: 30, MaxDrawdown: w("0.31"), FinalNAV: w("990000"),
			},
			{
				Values: []string{"=0.05"}, TrackingError: w("0.02"), CostYear: w("0.0012"), TurnoverYear: w("0.4"),
				Rebalances: 12, MaxDrawdown: w("0.32"), FinalNAV: w("1010000"), Chosen: true,
			},
		},
		Curves: []report.FrontierCurve{{Name: "to the edge", Points: []report.CurvePoint{
			{Label: "h = 1 %", TrackingError: w("0.005"), CostYear: w("0.004")},
			{Label: "h = 5 %", TrackingError: w("0.025"), CostYear: w("0.0008")},
		}}},
		Optimum: &report.CurvePoint{Label: "h = 3 %", TrackingError: w("0.015"), CostYear: w("0.0013")},
	}
	f.Rank()
	return f
}
