package synth_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// sampleHash is the SHA-256 of the sample as a file. When it changes, every number that was published with the sample
// changes too: say so in the changelog.
const sampleHash = "d0bfdb9c90aed40b8c2768076c927a5fee06b1e08f6b40373c87cf639b0433b8"

func TestSampleHash(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := price.Write(&file, synth.Sample()); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file.Bytes())
	if got := hex.EncodeToString(sum[:]); got != sampleHash {
		t.Errorf("got %s, want %s", got, sampleHash)
	}
	back, warnings, err := price.Read(&file, "sample.csv", price.Options{})
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	if back.Source != "synthetic (seed 1)" || !back.Synthetic || !slices.Equal(back.Prices, synth.Sample().Prices) {
		t.Errorf("the sample does not survive a file: %s, %v", back.Source, back.Synthetic)
	}
}

func TestSampleShape(t *testing.T) {
	t.Parallel()
	sample := synth.Sample()
	if err := sample.Validate(); err != nil {
		t.Fatal(err)
	}
	if sample.Len() != 26_280 || sample.StepSeconds() != 3600 || sample.PeriodsPerYear() != 8760 {
		t.Errorf("%d rows, a step of %d", sample.Len(), sample.StepSeconds())
	}
	if !slices.Equal(sample.Assets, []string{"GOV", "BTC", "ETH", "ATOM", "USDC"}) {
		t.Errorf("assets %v", sample.Assets)
	}
	if want := enginetest.Ws(t, "2", "40000", "2500", "10", "1"); !slices.Equal(sample.Row(0), want) {
		t.Errorf("first row %v, want %v", sample.Row(0), want)
	}
}

// column returns the floats of one asset.
func column(table *price.Table, j int) []float64 {
	values := make([]float64, table.Len())
	for i := range values {
		values[i] = table.Row(i)[j].Float()
	}
	return values
}

// returns are the simple returns of prices.
func returns(prices []float64) []float64 {
	out := make([]float64, len(prices)-1)
	for i := range out {
		out[i] = prices[i+1]/prices[i] - 1
	}
	return out
}

// moment is the mean of x^a*y^b about the means.
func moment(x, y []float64, a, b float64) float64 {
	var mx, my, sum float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(y))
	}
	for i := range x {
		sum += math.Pow(x[i]-mx, a) * math.Pow(y[i]-my, b)
	}
	return sum / float64(len(x))
}

// TestSampleLooksLikeAMarket measures what the package promises of the sample.
func TestSampleLooksLikeAMarket(t *testing.T) {
	t.Parallel()
	sample := synth.Sample()
	btc := returns(column(sample, 1))
	for j, want := range []struct{ low, high float64 }{{0.9, 1.3}, {0.45, 0.7}, {0.6, 0.9}, {0.75, 1.1}} {
		r := returns(column(sample, j))
		variance := moment(r, r, 1, 1)
		if volatility := math.Sqrt(variance * 8760); volatility < want.low || volatility > want.high {
			t.Errorf("%s: volatility %.3f, want %v", sample.Assets[j], volatility, want)
		}
		if kurtosis := moment(r, r, 2, 2) / variance / variance; kurtosis < 5 || kurtosis > 30 {
			t.Errorf("%s: kurtosis %.1f: the tails are not fat", sample.Assets[j], kurtosis)
		}
		if c := moment(r, btc, 1, 1) / math.Sqrt(variance*moment(btc, btc, 1, 1)); c < 0.5 {
			t.Errorf("%s: correlation %.2f with BTC", sample.Assets[j], c)
		}
		if slices.Max(r) > 0.3 || slices.Min(r) < -0.3 {
			t.Errorf("%s: a return of %.2f or %.2f in an hour", sample.Assets[j], slices.Max(r), slices.Min(r))
		}
	}
}

func TestCrash(t *testing.T) {
	t.Parallel()
	sample := synth.Sample()
	start := sample.Len() * 5 / 8
	for j := range 4 {
		p := column(sample, j)
		if loss := 1 - p[start+36]/p[start-1]; loss < 0.3 || loss > 0.75 {
			t.Errorf("%s loses %.2f in the crash", sample.Assets[j], loss)
		}
	}
}

func TestDepeg(t *testing.T) {
	t.Parallel()
	usdc := column(synth.Sample(), 4)
	start := len(usdc) * 3 / 8
	if low := slices.Min(usdc[start : start+66]); low < 0.88 || low > 0.93 {
		t.Errorf("the low is %.3f, want about 0.9", low)
	}
	for i, p := range usdc {
		if (i < start || i > start+80) && math.Abs(p-1) > 0.003 {
			t.Fatalf("row %d: %.4f outside the depeg", i, p)
		}
	}
}

// TestDaily draws with another step: crash and depeg are still there, in fewer rows.
func TestDaily(t *testing.T) {
	t.Parallel()
	cfg := synth.SampleConfig()
	cfg.Rows, cfg.StepSeconds = 1095, 86_400
	table, err := synth.Generate(cfg)
	if err != nil || table.Validate() != nil {
		t.Fatal(err)
	}
	btc, usdc := column(table, 1), column(table, 4)
	start := table.Len() * 5 / 8
	if loss := 1 - btc[start]/btc[start-1]; loss < 0.3 {
		t.Errorf("the crash takes %.2f", loss)
	}
	if low := slices.Min(usdc); low < 0.88 || low > 0.95 {
		t.Errorf("the depeg goes to %.3f", low)
	}
	r := returns(btc)
	if v := math.Sqrt(moment(r, r, 1, 1) * 365); v < 0.4 || v > 0.8 {
		t.Errorf("volatility %.2f", v)
	}
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	cfg := synth.SampleConfig()
	cfg.Rows = 100
	one, err := synth.Generate(cfg)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := synth.Generate(cfg)
	cfg.Seed = 2
	two, _ := synth.Generate(cfg)
	if !slices.Equal(one.Prices, again.Prices) || slices.Equal(one.Prices, two.Prices) {
		t.Error("a seed does not decide the prices")
	}
	if two.Source != "synthetic (seed 2)" || !two.Synthetic {
		t.Errorf("source %q", two.Source)
	}
}

// broken are changes to the sample's configuration that make it invalid.
var broken = map[string]func(*synth.Config){
	"one row":             func(c *synth.Config) { c.Rows = 1 },
	"too many rows":       func(c *synth.Config) { c.Rows = 10_000_001 },
	"no step":             func(c *synth.Config) { c.StepSeconds = 0 },
	"a step of two years": func(c *synth.Config) { c.StepSeconds = 2 * 365 * 86_400 },
	"no asset":            func(c *synth.Config) { c.Assets = nil },
	"no name":             func(c *synth.Config) { c.Assets[0].Name = "" },
	"a comma":             func(c *synth.Config) { c.Assets[0].Name = "A,B" },
	"name twice":          func(c *synth.Config) { c.Assets[1].Name = "GOV" },
	"no price":            func(c *synth.Config) { c.Assets[0].Price = fixed.Wad{} },
	"price too high":      func(c *synth.Config) { c.Assets[0].Price = fixed.FromInt(1_000_001) },
	"negative beta":       func(c *synth.Config) { c.Assets[0].Beta = fixed.FromInt(-1) },
	"beta too high":       func(c *synth.Config) { c.Assets[0].Beta = fixed.FromInt(11) },
	"negative volatility": func(c *synth.Config) { c.Assets[0].Volatility = fixed.FromInt(-1) },
	"volatility too high": func(c *synth.Config) { c.Assets[0].Volatility = fixed.FromInt(11) },
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for name, change := range broken {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := synth.SampleConfig()
			change(&cfg)
			if table, err := synth.Generate(cfg); !errors.Is(err, synth.ErrConfig) {
				t.Errorf("got %v, %v", table, err)
			}
		})
	}
}

func BenchmarkSample(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		synth.Sample()
	}
}
