package band_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	zero, one := fixed.Wad{}, fixed.One()
	for _, test := range []struct {
		name   string
		change func(*band.Config)
		want   error
	}{
		{"default", func(*band.Config) {}, nil},
		{"levels", func(c *band.Config) { c.Estimator = band.Levels }, nil},
		{"static needs no estimate", func(c *band.Config) { c.Estimator, c.MinX, c.WarmUp = band.Static, zero, 0 }, nil},
		{"off ignores everything", func(c *band.Config) { *c = band.Config{WarmUp: -1} }, nil},
		{"unknown estimator", func(c *band.Config) { c.Estimator = 99 }, band.ErrConfig},
		{"x of zero", func(c *band.Config) { c.Default.X = zero }, band.ErrConfig},
		{"y at x", func(c *band.Config) { c.Default.Y = c.Default.X }, band.ErrConfig},
		{"y of one", func(c *band.Config) { c.Default.Y = one }, band.ErrConfig},
		{"negative dust", func(c *band.Config) { c.Dust = fixed.FromRaw(-1) }, band.ErrConfig},
		{"all is dust", func(c *band.Config) { c.Dust = one }, band.ErrConfig},
		{"no least width", func(c *band.Config) { c.MinX = zero }, band.ErrConfig},
		{"least above largest", func(c *band.Config) { c.MinX = fixed.FromBps(2_001) }, band.ErrConfig},
		{"inner above outer", func(c *band.Config) { c.MaxX = c.MaxY }, band.ErrConfig},
		{"outer of one", func(c *band.Config) { c.MaxY = one }, band.ErrConfig},
		{"k1 of zero", func(c *band.Config) { c.K1 = zero }, band.ErrConfig},
		{"k2 below k1", func(c *band.Config) { c.K2 = fixed.FromBps(1) }, band.ErrConfig},
		{"k2 of a million", func(c *band.Config) { c.K2 = fixed.FromInt(1_000_000) }, band.ErrConfig},
		{"ratio of one", func(c *band.Config) { c.Ratio = one }, band.ErrConfig},
		{"ratio of a million", func(c *band.Config) { c.Ratio = fixed.FromInt(1_000_000) }, band.ErrConfig},
		{"no horizon", func(c *band.Config) { c.HorizonDays = 0 }, band.ErrConfig},
		{"horizon of a century", func(c *band.Config) { c.HorizonDays = 36_525 }, band.ErrConfig},
		{"warm-up of one", func(c *band.Config) { c.WarmUp = 1 }, band.ErrConfig},
		{"warm-up that never ends", func(c *band.Config) { c.WarmUp = 31 }, band.ErrConfig},
		{"re-entry without a sample", func(c *band.Config) { c.ReentrySamples = 0 }, band.ErrConfig},
		{"confirmation in no time", func(c *band.Config) { c.ConfirmSeconds = 0 }, band.ErrConfig},
		{"a mean of no time", func(c *band.Config) { c.MeanSeconds = 0 }, band.ErrConfig},
		{"negative gap", func(c *band.Config) { c.GapSeconds = -1 }, band.ErrConfig},
		{"no classes", func(c *band.Config) { c.MinClasses = 0 }, band.ErrConfig},
		{"no confidence", func(c *band.Config) { c.MaxConfidence = zero }, band.ErrConfig},
		{"z of zero", func(c *band.Config) { c.Z = zero }, band.ErrConfig},
		{"z of a million", func(c *band.Config) { c.Z = fixed.FromInt(1_000_000) }, band.ErrConfig},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := band.Default()
			test.change(&cfg)
			if err := cfg.Validate(); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestScaleVectors(t *testing.T) {
	t.Parallel()
	var file struct {
		Scaling map[string]string `json:"vol_scaling"`
	}
	enginetest.Vectors(t, "triggers.json", &file)
	v := file.Scaling
	theta, sigma, reference := enginetest.W(t, v["theta0"]), enginetest.W(t, v["sigma"]), enginetest.W(t, v["sigma_ref"])
	for name, e := range map[string]band.Exponent{
		"eta_0": band.Flat, "eta_1_3": band.CubeRoot, "eta_1_2": band.SquareRoot, "eta_1": band.Linear,
		"eta_m1": band.Inverse,
	} {
		var c fixed.Calc
		if got := e.Scale(&c, theta, sigma, reference); c.Err() != nil || got.Text() != v[name] {
			t.Errorf("%s: got %s, %v; want %s", name, got.Text(), c.Err(), v[name])
		}
	}
}

// TestScaleExtremes: the smallest and the largest ratio give a number or an error, never a panic.
func TestScaleExtremes(t *testing.T) {
	t.Parallel()
	tiny, large := fixed.FromRaw(1), fixed.FromInt(1_000)
	for _, test := range []struct {
		name             string
		exponent         band.Exponent
		sigma, reference fixed.Wad
		want             string
	}{
		{"a ratio below the last digit", band.Inverse, tiny, large, "50000000000000000"},
		{"its cube root", band.CubeRoot, tiny, large, "0"},
		{"its square root", band.SquareRoot, tiny, large, "0"},
		{"a ratio of a thousand", band.CubeRoot, large, fixed.One(), "0.5"},
		{"its root", band.SquareRoot, large, fixed.FromInt(10), "0.5"},
		{"a cube", band.CubeRoot, fixed.FromInt(8), fixed.One(), "0.1"},
		{"a square", band.SquareRoot, fixed.FromInt(9), fixed.One(), "0.15"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c fixed.Calc
			if got := test.exponent.Scale(&c, fixed.FromBps(500), test.sigma, test.reference); c.Err() != nil ||
				got != enginetest.W(t, test.want) {
				t.Errorf("got %v, %v; want %s", got, c.Err(), test.want)
			}
		})
	}
}

func TestHorizon(t *testing.T) {
	t.Parallel()
	var c fixed.Calc
	for seconds, want := range map[int64]string{31_557_600: "1", 86_400: "0.052324475985260483", 0: "0"} {
		if got := band.Horizon(&c, seconds); c.Err() != nil || got.String() != want {
			t.Errorf("%d s: got %v, %v; want %s", seconds, got, c.Err(), want)
		}
	}
}

// TestWords: every value of every enumeration has a word of its own, and one beyond the last says so.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		last int
		word func(int) fmt.Stringer
	}{
		{"verdict", int(band.Halt), func(i int) fmt.Stringer { return band.Verdict(i) }},
		{"estimator", int(band.NoTrade), func(i int) fmt.Stringer { return band.Estimator(i) }},
		{"exponent", int(band.Inverse), func(i int) fmt.Stringer { return band.Exponent(i) }},
		{"phase", int(band.Recovery), func(i int) fmt.Stringer { return band.Phase(i) }},
		{"cause", int(band.BandsOff), func(i int) fmt.Stringer { return band.Cause(i) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			seen := make(map[string]bool)
			for i := range test.last + 1 {
				seen[test.word(i).String()] = true
			}
			if len(seen) != test.last+1 || seen[""] {
				t.Errorf("words are missing or double: %v", seen)
			}
			if got := test.word(test.last + 1).String(); got != "unknown "+test.name {
				t.Errorf("beyond the last: %q", got)
			}
		})
	}
	if !band.Inverse.Valid() || (band.Inverse + 1).Valid() {
		t.Error("Valid disagrees with the list of exponents")
	}
	e := band.Event{From: band.Armed, To: band.Halted, Cause: band.OutsideOuter}
	if got := e.String(); got != "armed -> halted: a weight is outside the outer band" {
		t.Errorf("event: %q", got)
	}
	if got := (band.Event{From: band.Halted, To: band.Halted, Cause: band.ReleaseDenied}).String(); got !=
		"halted: release refused: prices are not healthy or not within its bounds" {
		t.Errorf("event: %q", got)
	}
}
