package backtest_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

const dataFolder = "../../shared/data"

// recorded loads a recorded price file, or skips the test where there is none.
func recorded(tb testing.TB, name string) *price.Table {
	tb.Helper()
	path := filepath.Join(dataFolder, name)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("NOTICE: %s is not here, nothing was compared with recorded prices", path)
	}
	table, _, err := price.Load([]string{path}, price.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return table
}

func parse(tb testing.TB, text string) *policy.File {
	tb.Helper()
	f, err := policy.Parse([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// equal is a policy that holds assets at equal weights and closes the whole gap at once.
func equal(interval, trigger string, assets ...string) string {
	var b strings.Builder
	b.WriteString("version: 1\nname: equal weights\nassets:\n")
	const whole = 100_000_000 // millionths of a percent
	left := whole
	for i, a := range assets {
		w := whole / len(assets)
		if i == len(assets)-1 {
			w = left
		}
		left -= w
		fmt.Fprintf(&b, "  - {asset: %s, weight: %d.%06d%%}\n", a, w/1_000_000, w%1_000_000)
	}
	fmt.Fprintf(&b, "speed: {interval: %s, close: 100%%, within: 1}\ntrigger: %s\n", interval, trigger)
	return b.String()
}

var (
	monthly   = equal("1d", "{kind: periodic, every: month}", "BTC", "ETH", "ATOM", "LINK")
	threshold = equal("1d", "{kind: threshold, threshold: 5%}", "BTC", "ETH", "ATOM", "LINK")
	daily     = equal("1h", "{kind: periodic, every: day}", "BTC", "ETH", "BNB", "ADA", "XRP", "LTC", "LINK", "ATOM")
)

// ideal runs a policy in the ideal market with a million.
func ideal(tb testing.TB, table *price.Table, text string, bps int64, conv cost.Convention) *backtest.Result {
	tb.Helper()
	return run(tb, table, parse(tb, text), bps, conv)
}

func run(tb testing.TB, table *price.Table, f *policy.File, bps int64, conv cost.Convention) *backtest.Result {
	tb.Helper()
	r, err := backtest.Run(tb.Context(), backtest.Config{
		Table: table, Market: backtest.IdealMarket, Fee: fixed.FromBps(bps), Convention: conv, Brief: true,
		Treasuries: []backtest.Holder{{Name: "job", Policy: f, Capital: fixed.FromInt(1_000_000)}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// TestJobs compares with figures on which three other backtesters and two reference programs agree.
func TestJobs(t *testing.T) {
	t.Parallel()
	majors := recorded(t, "daily_majors.csv")
	hourly, err := recorded(t, "hourly_majors8.csv").Last(43_800)
	if err != nil {
		t.Fatal(err)
	}
	jobs := []struct {
		name   string
		table  *price.Table
		policy string
		bps    int64
		conv   cost.Convention
		nav    float64
		count  int
		// turnover, traded, largest drawdown, volatility, tracking error
		rest [5]float64
	}{
		{
			"A 0 post", majors, monthly, 0, cost.Post, 20548575.93810007, 81,
			[5]float64{4.211216771, 127425046.8, 0.7847908836, 0.7970825812, 0.05336041874},
		},
		{
			"A 10 post", majors, monthly, 10, cost.Post, 20355881.936753243, 81,
			[5]float64{4.210801867, 126613358.2, 0.7849454844, 0.7970847824, 0.0533661726},
		},
		{
			"A 10 leg", majors, monthly, 10, cost.Leg, 20355634.72, 81,
			[5]float64{4.211249168, 126622497.3, 0.7849459815, 0.7970818191, 0.0533590219},
		},
		{
			"A 10 seq", majors, monthly, 10, cost.Seq, 20356019.22, 81,
			[5]float64{4.206353918, 126492669, 0.7849469987, 0.7970893892, 0.0533739597},
		},
		{
			"B 0 post", majors, threshold, 0, cost.Post, 21531367.05, 75,
			[5]float64{4.801451996, 139959348.4, 0.7745171344, 0.7895415997, 0.02315502385},
		},
		{
			"B 10 post", majors, threshold, 10, cost.Post, 21304301.58, 75,
			[5]float64{4.800830538, 138919873, 0.7748088116, 0.7895213426, 0.02294958682},
		},
		{
			"B 10 leg", majors, threshold, 10, cost.Leg, 21303959.83, 75,
			[5]float64{4.801363034, 138929969.9, 0.7748028538, 0.7895197137, 0.02294987606},
		},
		{
			"B 10 seq", majors, threshold, 10, cost.Seq, 21359957.52, 75,
			[5]float64{4.806437103, 139611523.9, 0.7748138547, 0.7895205321, 0.02297524386},
		},
		{
			"C 0 post", hourly, daily, 0, cost.Post, 13934626.88, 1826,
			[5]float64{16.4654704, 296139485.8, 0.7925390798, 0.7937755978, 0.01398858747},
		},
		{
			"C 10 post", hourly, daily, 10, cost.Post, 13469815.55, 1826,
			[5]float64{16.46281632, 290220621.5, 0.7933115626, 0.7937711058, 0.01396450185},
		},
	}
	for _, j := range jobs {
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			s := ideal(t, j.table, j.policy, j.bps, j.conv).Treasuries[0].Summary
			near(t, "final NAV", s.FinalNAV, j.nav)
			got := [5]fixed.Wad{s.Turnover, s.Traded, s.MaxDrawdown, s.Volatility, s.TrackingError}
			for i, name := range []string{"turnover", "traded", "drawdown", "volatility", "tracking error"} {
				near(t, name, got[i], j.rest[i])
			}
			if s.Rebalances != j.count {
				t.Errorf("%d rebalances, want %d", s.Rebalances, j.count)
			}
		})
	}
}

// near compares to 1e-9, relative.
func near(t *testing.T, name string, got fixed.Wad, want float64) {
	t.Helper()
	if math.Abs(got.Float()/want-1) > 1e-9 {
		t.Errorf("%s %v, want %v", name, got, want)
	}
}

// TestJobsMetamorphic holds what must be true whatever the figures are.
func TestJobsMetamorphic(t *testing.T) {
	t.Parallel()
	majors := recorded(t, "daily_majors.csv")
	free, dear := ideal(t, majors, threshold, 0, cost.Post), ideal(t, majors, threshold, 50, cost.Post)
	if a, b := free.Treasuries[0].Summary.Rebalances, dear.Treasuries[0].Summary.Rebalances; a != b {
		t.Errorf("%d rebalances without a fee, %d with one: under post the rows that fire do not depend on it", a, b)
	}
	for _, c := range []struct {
		theta string
		want  int
	}{{"50%", 1}, {"0.05%", 2440}} {
		text := strings.Replace(threshold, "threshold: 5%", "threshold: "+c.theta, 1)
		if got := ideal(t, majors, text, 0, cost.Post).Treasuries[0].Summary.Rebalances; got != c.want {
			t.Errorf("threshold %s: %d rebalances, want %d", c.theta, got, c.want)
		}
	}
}
