package frontier_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/frontier"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

const pair = `version: 1
name: pair
assets:
  - {asset: ETH, weight: 60%}
  - {asset: USDC, weight: 40%}
speed: {interval: 1h, close: 100%, within: 1}
trigger: {kind: threshold, threshold: 5%}
`

// history is a part of the bundled sample.
func history(t *testing.T, rows int) *price.Table {
	t.Helper()
	table, err := synth.Sample().Last(rows)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func config(t *testing.T, text string, parameters ...string) frontier.Config {
	t.Helper()
	file, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	cfg := frontier.Config{Run: backtest.Config{
		Table: history(t, 2000), Market: backtest.IdealMarket, Fee: fixed.FromBps(10),
		Treasuries: []backtest.Holder{{Name: file.Name, Policy: file, Text: text, Capital: fixed.FromInt(1_000_000)}},
	}}
	for _, p := range parameters {
		parsed, err := frontier.ParseParameter(p)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Parameters = append(cfg.Parameters, parsed)
	}
	return cfg
}

func sweep(t *testing.T, cfg frontier.Config) *frontier.Result {
	t.Helper()
	r, err := frontier.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParameter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, want string // values with spaces between them, or a part of the error
	}{
		{"trigger.threshold=0.5%..2%/4", "0.5% 1% 1.5% 2%"},
		{"trigger.threshold=2%..0.5%/4", "2% 1.5% 1% 0.5%"},
		{"x=1..4/3", "1 2.5 4"},
		{"x=1..2/4", "1 1.33333 1.66667 2"},
		{"x=1_000..2_000/2", "1000 2000"},
		{"x=0..1/3", "0 0.5 1"},
		{"x=100000..900001/3", "100000 500001 900001"},
		{"x=0.00001..0.00003/4", "0.00001 0.0000166667 0.0000233333 0.00003"},
		{"x=0.000000000000000001..0.000000000000000002/2", "0.000000000000000001 0.000000000000000002"},
		{"x=1%..100%/3,log", "1% 10% 100%"},
		{"x=8..1/4,log", "8 4 2 1"},
		{"speed.interval=6h..1d/4", "6h 12h 18h 1d"},
		{"speed.interval=1h..1d/2", "1h 1d"},
		{"trigger.every=day,week,month", "day week month"},
		{"x=1s..2s/3", "1s 2s"},
		{"trigger.threshold", "expected PATH=FROM..TO/STEPS"},
		{"=1..2/3", "expected PATH"},
		{"x=", "expected PATH"},
		{"x=1,,2", "between any two commas"},
		{"x=1..2", "2 to 10000 behind a slash"},
		{"x=1..2/1", "2 to 10000 behind a slash"},
		{"x=1..2/a", "2 to 10000 behind a slash"},
		{"x=1%..2/3", "same unit"},
		{"x=a%..2%/3", "a percentage like 0.5%"},
		{"x=1%..z%/3", "a percentage like 0.5%"},
		{"x=one..2/3", "a span like 6h or a number"},
		{"x=-1..2/3", "a number of zero or more"},
		{"x=-1%..2%/3", "a percentage like 0.5%"},
		{"x=0..2/3,log", "above zero for equal ratios"},
	} {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			p, err := frontier.ParseParameter(test.text)
			if err != nil {
				if !errors.Is(err, frontier.ErrParameter) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want one with %q", err, test.want)
				}
				return
			}
			if got := strings.Join(p.Values, " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestPointIsARun holds every point to what a run of its own says.
func TestPointIsARun(t *testing.T) {
	t.Parallel()
	cfg := config(t, pair, "trigger.threshold=1%,5%,20%")
	r := sweep(t, cfg)
	for i, value := range []string{"1%", "5%", "20%"} {
		text := strings.Replace(pair, "threshold: 5%", "threshold: "+value, 1)
		run := config(t, text, "x=1").Run
		single, err := backtest.Run(t.Context(), run)
		if err != nil {
			t.Fatal(err)
		}
		s, p := &single.Treasuries[0].Summary, r.Frontier.Points[i]
		if p.TrackingError != s.TrackingError || p.TurnoverYear != s.TurnoverYear || p.Rebalances != s.Rebalances ||
			p.FinalNAV != s.FinalNAV || p.MaxDrawdown != s.MaxDrawdown || p.CostYear != s.CostYear {
			t.Errorf("%s: got %+v, want %+v", value, p, s)
		}
		if p.Chosen != (value == "5%") {
			t.Errorf("%s: chosen is %t", value, p.Chosen)
		}
	}
	if len(r.Frontier.Points) != 3 {
		t.Errorf("got %d points, want 3: the policy as it stands is one of them", len(r.Frontier.Points))
	}
}

func TestWorkersDoNotMatter(t *testing.T) {
	t.Parallel()
	var results []*frontier.Result
	for _, workers := range []int{1, 2, 7, 0} {
		cfg := config(t, pair, "trigger.threshold=1%..20%/9,log", "trigger.inner=0.2%,0.5%")
		cfg.Workers = workers
		results = append(results, sweep(t, cfg))
	}
	for _, r := range results[1:] {
		if !reflect.DeepEqual(r, results[0]) {
			t.Error("the result depends on the number of workers")
		}
	}
	first := results[0].Frontier.Points[0].Values
	second := results[0].Frontier.Points[1].Values
	if !slices.Equal(first, []string{"1%", "0.2%"}) || !slices.Equal(second, []string{"1%", "0.5%"}) {
		t.Errorf("got %v and %v first, want the first parameter outermost", first, second)
	}
}

// TestPolicyAsItStands is a point of its own when no value of the sweep is its.
func TestPolicyAsItStands(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ parameter, want string }{
		{"trigger.threshold=1%,2%", "5%"},
		{"limits.max_sell=10%,20%", "unset"},
	} {
		points := sweep(t, config(t, pair, test.parameter)).Frontier.Points
		if last := points[len(points)-1]; !last.Chosen || last.Values[0] != test.want {
			t.Errorf("%s: got %+v last, want the value %s, chosen", test.parameter, last, test.want)
		}
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	for _, parameter := range []string{
		"assets.ETH.threshold=1%,2%", "assets.0.threshold=1%,2%", "limits.max_sell=1%,2%", "speed.close=50%..100%/3",
		"trigger.kind=threshold,relative", "cost.proportional=0.1%,0.2%", "limits.min_order=100..1000/3",
	} {
		if n := len(sweep(t, config(t, pair, parameter)).Frontier.Points); n < 2 {
			t.Errorf("%s: got %d points", parameter, n)
		}
	}
}

func TestInvalid(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		parameters []string
		want       string
	}{
		{"no parameter", nil, "one or two parameters"},
		{"three", []string{"a=1", "b=1", "c=1"}, "one or two parameters"},
		{"unknown field", []string{"trigger.treshold=1%,2%"}, `trigger.treshold = 1%: trigger: unknown field "treshold"`},
		{"a section", []string{"trigger=1,2"}, "a section with parts"},
		{"through a value", []string{"name.x=1,2"}, "has no parts"},
		{"unknown asset", []string{"assets.BTC.weight=1%,2%"}, "an asset of the policy"},
		{"too many", []string{"trigger.threshold=1%..2%/1000", "trigger.inner=0.1%..1%/1000"}, "at most 100000"},
		{"weights that do not add up", []string{"assets.0.weight=10%,20%"}, "add up to 100%"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := frontier.Run(t.Context(), config(t, pair, test.parameters...))
			if !errors.Is(err, frontier.ErrParameter) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestLeftOut(t *testing.T) {
	t.Parallel()
	f := sweep(t, config(t, pair, "trigger.threshold=1%,5%", "trigger.inner=0.5%,2%")).Frontier
	if len(f.Points) != 4 { // 1% with 2% is refused, and the policy has no inner
		t.Errorf("got %d points, want 4: %+v", len(f.Points), f.Points)
	}
	if len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0], "1 of 5 combinations") {
		t.Errorf("got %q", f.Warnings)
	}
}

func TestTreasuries(t *testing.T) {
	t.Parallel()
	cfg := config(t, pair, "trigger.threshold=1%,5%")
	cfg.Run.Treasuries = append(cfg.Run.Treasuries, cfg.Run.Treasuries[0])
	if _, err := frontier.Run(t.Context(), cfg); !errors.Is(err, frontier.ErrParameter) {
		t.Errorf("got %v", err)
	}
	cfg = config(t, pair, "trigger.threshold=1%,5%")
	cfg.Run.Treasuries[0].Capital = fixed.Wad{}
	if _, err := frontier.Run(t.Context(), cfg); !errors.Is(err, backtest.ErrConfig) {
		t.Errorf("got %v", err)
	}
	cfg = config(t, pair, "trigger.threshold=1%,5%")
	cfg.Run.Treasuries[0].Text = "\t"
	if _, err := frontier.Run(t.Context(), cfg); !errors.Is(err, frontier.ErrParameter) {
		t.Errorf("got %v", err)
	}
	cfg.Run.Treasuries[0].Text = ""
	if _, err := frontier.Run(t.Context(), cfg); !errors.Is(err, frontier.ErrParameter) {
		t.Errorf("got %v", err)
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cfg := config(t, pair, "trigger.threshold=1%..20%/400")
	var last atomic.Int64
	cfg.Progress = func(done, total int) {
		last.Store(int64(done))
		if done == 3 {
			cancel()
		}
		if total != 400 {
			t.Errorf("got a total of %d, want 400", total)
		}
	}
	if _, err := frontier.Run(ctx, cfg); !errors.Is(err, context.Canceled) || last.Load() > 50 {
		t.Errorf("got %v after %d points", err, last.Load())
	}
}

// TestVolatility is that of an asset alone when the rest does not move.
func TestVolatility(t *testing.T) {
	t.Parallel()
	table := &price.Table{Assets: []string{"A", "B", "C"}, Source: "made"}
	for i := range int64(400) {
		table.Times = append(table.Times, i*86400)
		a := fixed.FromInt(100)
		if i%2 == 1 {
			a = fixed.FromInt(101)
		}
		table.Prices = append(table.Prices, a, fixed.One(), fixed.FromInt(7))
	}
	f, err := policy.Parse([]byte(`version: 1
name: x
assets: [{asset: A, weight: 50%}, {asset: B, weight: 20%}, {asset: C, weight: 30%}]
speed: {interval: 1d, close: 100%, within: 1}
`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := frontier.Volatility(table, f)
	if err != nil {
		t.Fatal(err)
	}
	var c fixed.Calc
	want := enginetest.W(t, "0.1903") // a step of 0.995 % either way, times the root of 365
	if enginetest.W(t, "0.0003").Less(c.Sub(got, want).Abs()) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTheory(t *testing.T) {
	t.Parallel()
	r := sweep(t, config(t, pair, "trigger.threshold=0.5%..20%/12,log"))
	f := &r.Frontier
	if f.Optimum == nil || !strings.HasPrefix(f.Optimum.Label, "ETH kept within 4.42 %,") {
		t.Errorf("got the optimum %+v", f.Optimum) // (3/4 * 0.002 * 0.24^2)^(1/3)
	}
	if len(f.Curves) == 0 {
		t.Error("no curves")
	}
	if r.Best < 0 || r.Best >= len(f.Points) || f.Points[r.Best].Dominated {
		t.Errorf("got the best point %d, which is dominated or none", r.Best)
	}
	for name, text := range map[string]string{
		"no rest":         strings.NewReplacer("60%", "100%", "40%", "0%").Replace(pair),
		"no constant mix": pair + "target: {kind: buy-and-hold}\n",
	} {
		if got := sweep(t, config(t, text, "trigger.threshold=1%,2%")).Frontier; got.Optimum != nil || got.Curves != nil {
			t.Errorf("%s: expected no closed forms", name)
		}
	}
	free := config(t, pair, "trigger.threshold=1%,2%")
	free.Run.Fee = fixed.Wad{}
	if got := sweep(t, free).Frontier; got.Optimum != nil {
		t.Error("free trading: expected no closed forms")
	}
}

func TestAuctions(t *testing.T) {
	t.Parallel()
	cfg := config(t, pair+"cost: {proportional: 0.2%}\n", "trigger.threshold=2%,8%")
	cfg.Run.Table = history(t, 500)
	cfg.Run.Market, cfg.Run.Settings = backtest.AuctionMarket, backtest.DefaultSettings()
	cfg.RiskAversion = fixed.FromInt(4)
	f := sweep(t, cfg).Frontier
	if f.Optimum == nil {
		t.Error("expected the closed forms at the policy's own cost")
	}
}
