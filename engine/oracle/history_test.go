package oracle_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// TestHistory is the life of a price: it moves, jumps, is stopped, misses a quorum, settles and is trusted again.
func TestHistory(t *testing.T) {
	t.Parallel()
	cfg := oracle.DefaultHistoryConfig()
	cfg.Volatility.Floor = enginetest.W(t, "0.8") // 2 % in five minutes
	var h oracle.History
	if p, err := h.Price(&cfg, now); err != nil || p.Status != oracle.StatusUnspecified || !p.Value.IsZero() {
		t.Fatalf("before anything: %+v, %v", p, err)
	}
	for _, step := range []struct {
		name       string
		at         int64
		price      string // nothing: no quorum
		want       string
		status     oracle.Status
		ageSeconds int64
	}{
		{"no quorum before any price", 0, "", "0", oracle.StatusNoQuorum, 0},
		{"the first price", 60, "10", "10", oracle.StatusOK, 0},
		{"the same", 120, "10", "10", oracle.StatusOK, 0},
		{"within the limit", 180, "10.15", "10.15", oracle.StatusOK, 0},
		{"a jump", 240, "13", "10.15", oracle.StatusTripped, 60},
		{"still there", 300, "13", "10.15", oracle.StatusTripped, 120},
		{"no quorum while open", 360, "", "10.15", oracle.StatusTripped, 180},
		{"the mean has come to the price: good", 660, "13", "10.15", oracle.StatusTripped, 480},
		{"good", 720, "13.01", "10.15", oracle.StatusTripped, 540},
		{"bad again", 780, "15", "10.15", oracle.StatusTripped, 600},
		{"back, but the mean is not", 840, "13", "10.15", oracle.StatusTripped, 660},
		{"good once", 1200, "13", "10.15", oracle.StatusTripped, 1020},
		{"good twice", 1260, "13", "10.15", oracle.StatusTripped, 1080},
		{"good three times", 1320, "13", "13", oracle.StatusOK, 0},
		{"no quorum", 1380, "", "13", oracle.StatusNoQuorum, 60},
		{"a quorum again", 1440, "13.1", "13.1", oracle.StatusOK, 0},
	} {
		var a oracle.Aggregation
		if a.Status = oracle.StatusNoQuorum; step.price != "" {
			a = oracle.Certain(enginetest.W(t, step.price), 3)
		}
		p, err := h.Observe(&cfg, step.at, &a)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if p.Value != enginetest.W(t, step.want) || p.Status != step.status || p.AgeSeconds != step.ageSeconds {
			t.Errorf("%s: %v, %v, %d s, want %s, %v, %d s",
				step.name, p.Value, p.Status, p.AgeSeconds, step.want, step.status, step.ageSeconds)
		}
		if ok := p.Status == oracle.StatusOK; ok != (p.Classes == 3) || p.Sigma.Less(cfg.Volatility.Floor) {
			t.Errorf("%s: %d classes, volatility %v", step.name, p.Classes, p.Sigma)
		}
	}
}

// TestPriceAges reads a price later, without a new one.
func TestPriceAges(t *testing.T) {
	t.Parallel()
	cfg := oracle.DefaultHistoryConfig()
	cfg.Volatility.Initial = enginetest.W(t, "0.8")
	v := fixture(t)
	reports, aggregate := v.reports, v.cfg
	var ws oracle.Workspace
	var h oracle.History
	a, err := oracle.Aggregate(&ws, &aggregate, reports, v.OK.Now, v.OK.Params.Sigma.Wad)
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.Observe(&cfg, v.OK.Now, &a)
	want := oracle.Price{
		Value: v.OK.Out.Price.Wad, Confidence: v.OK.Out.Conf.Wad, Sigma: cfg.Volatility.Initial, TWAP: v.OK.Out.Price.Wad,
		AgeSeconds: v.OK.Out.Age, Classes: 3, Status: oracle.StatusOK,
	}
	if err != nil || p != want {
		t.Fatalf("%+v, %v, want %+v", p, err, want)
	}
	later, err := h.Price(&cfg, v.OK.Now+3_600)
	if err != nil || later.AgeSeconds != want.AgeSeconds+3_600 || later.Confidence.Cmp(want.Confidence) <= 0 {
		t.Errorf("an hour later: %+v, %v", later, err)
	}
	if _, err := h.Price(&cfg, v.OK.Now-1); !errors.Is(err, oracle.ErrTime) {
		t.Errorf("a second earlier: error %v", err)
	}
}

func TestHistoryRefuses(t *testing.T) {
	t.Parallel()
	cfg := oracle.DefaultHistoryConfig()
	good := oracle.Certain(fixed.One(), 1)
	var h oracle.History
	if _, err := h.Observe(&cfg, now, &good); err != nil {
		t.Fatal(err)
	}
	before := h
	for _, test := range []struct {
		name  string
		at    int64
		value fixed.Wad
		want  error
	}{
		{"earlier", now - 1, fixed.One(), oracle.ErrTime},
		{"before 1970", -1, fixed.One(), oracle.ErrTime},
		{"zero", now, fixed.Wad{}, oracle.ErrPrice},
		{"negative", now, fixed.One().Neg(), oracle.ErrPrice},
		{"too large", now, fixed.Max(), oracle.ErrPrice},
	} {
		a := oracle.Certain(test.value, 1)
		if _, err := h.Observe(&cfg, test.at, &a); !errors.Is(err, test.want) || h != before {
			t.Errorf("%s: error %v, want %v", test.name, err, test.want)
		}
	}
}

// TestDailySamples checks that what a day can do does not open a breaker that is made for minutes.
func TestDailySamples(t *testing.T) {
	t.Parallel()
	cfg := oracle.DefaultHistoryConfig()
	cfg.Volatility.Initial = enginetest.W(t, "0.8")
	var h oracle.History
	for day, price := range []string{"100", "104", "99", "93", "97", "101"} {
		a := oracle.Certain(enginetest.W(t, price), 1)
		if p, err := h.Observe(&cfg, int64(day)*86_400, &a); err != nil || p.Status != oracle.StatusOK {
			t.Errorf("day %d: %v, %v", day, p.Status, err)
		}
	}
}

// TestHistoryNeverOffersABadPrice feeds anything and checks what is offered.
func TestHistoryNeverOffersABadPrice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := oracle.DefaultHistoryConfig()
		cfg.Volatility.Floor = fixed.FromBps(rapid.Int64Range(0, 20_000).Draw(t, "floor"))
		var h oracle.History
		at := int64(0)
		low, high := fixed.Max(), fixed.Wad{}
		for range rapid.IntRange(1, 60).Draw(t, "samples") {
			at += rapid.SampledFrom([]int64{0, 1, 6, 60, 300, 86_400, 1 << 40}).Draw(t, "gap")
			var c fixed.Calc
			value := c.MulInt(fixed.FromRawUint(rapid.Uint64Range(1, 1e18).Draw(t, "value")),
				rapid.SampledFrom([]int64{1, 1e9, 1e18}).Draw(t, "scale"))
			a := oracle.Certain(value, 2)
			if a.Status = rapid.SampledFrom([]oracle.Status{oracle.StatusOK, oracle.StatusOK, oracle.StatusNoQuorum}).
				Draw(t, "status"); a.Status == oracle.StatusOK {
				low, high = low.Min(value), high.Max(value)
			}
			past := h
			p, err := h.Observe(&cfg, at, &a)
			if err != nil {
				t.Fatal(err)
			}
			if p.Status == oracle.StatusOK && (p.Value != value || a.Status != oracle.StatusOK || p.AgeSeconds != 0) {
				t.Fatalf("%+v from %v %v", p, a.Status, value)
			}
			if p.Status != oracle.StatusOK && p.Value != past.Good.Value {
				t.Fatalf("%v is offered with %v, the last good one was %v", p.Value, p.Status, past.Good.Value)
			}
			if !p.TWAP.IsZero() && (p.TWAP.Less(low) || high.Less(p.TWAP)) || p.Confidence.Sign() < 0 {
				t.Fatalf("mean %v outside of %v..%v, confidence %v", p.TWAP, low, high, p.Confidence)
			}
		}
	})
}

// TestRingAgainstTwin is exact while observations are further apart than a thirtieth of the window.
func TestRingAgainstTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		window := rapid.SampledFrom([]int64{1, 29, 300, 86_400}).Draw(t, "window")
		var r oracle.Ring
		var steps []step
		at := rapid.Int64Range(0, 1<<40).Draw(t, "start")
		for range rapid.IntRange(1, 100).Draw(t, "observations") {
			value := fixed.FromInt(rapid.Int64Range(1, 4).Draw(t, "value"))
			if err := r.Observe(window, at, value); err != nil {
				t.Fatal(err)
			}
			if steps = append(steps, step{at, value.Big()}); rapid.IntRange(0, 9).Draw(t, "again") == 0 {
				steps[len(steps)-1].value = fixed.FromInt(5).Big()
				if err := r.Observe(window, at, fixed.FromInt(5)); err != nil {
					t.Fatal(err)
				}
			}
			later := at + rapid.Int64Range(0, window*2).Draw(t, "later")
			got, err := r.Mean(window, later)
			if want := twinMean(steps, window, later); err != nil || got.Big().Cmp(want) != 0 {
				t.Fatalf("mean at %d is %v (%v), want %v", later, got.Big(), err, want)
			}
			at += window/30 + rapid.Int64Range(1, max(1, window/3)).Draw(t, "gap")
		}
	})
}

// TestRingStaysInRange observes as often as it likes: merged moments may blur the mean, but not beyond the prices.
func TestRingStaysInRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		window := rapid.Int64Range(1, 10_000).Draw(t, "window")
		var r oracle.Ring
		low, high, at := fixed.FromInt(9), fixed.One(), int64(0)
		for range rapid.IntRange(1, 200).Draw(t, "observations") {
			at += rapid.Int64Range(0, window/10).Draw(t, "gap")
			value := fixed.FromInt(rapid.Int64Range(1, 9).Draw(t, "value"))
			low, high = low.Min(value), high.Max(value)
			if err := r.Observe(window, at, value); err != nil {
				t.Fatal(err)
			}
			mean, err := r.Mean(window, at+rapid.Int64Range(0, window).Draw(t, "later"))
			if err != nil || mean.Less(c1(low)) || high.Less(mean) {
				t.Fatalf("%v is outside of %v..%v (%v)", mean, low, high, err)
			}
		}
	})
}

// c1 is a count less: interpolation and mean round down.
func c1(w fixed.Wad) fixed.Wad {
	var c fixed.Calc
	return c.Sub(w, fixed.FromRaw(1))
}

func TestRingErrors(t *testing.T) {
	t.Parallel()
	var r oracle.Ring
	if _, err := r.Mean(300, now); !errors.Is(err, oracle.ErrTime) {
		t.Errorf("mean of nothing: error %v", err)
	}
	for _, test := range []struct {
		at    int64
		value fixed.Wad
		want  error
	}{
		{-1, fixed.One(), oracle.ErrTime},
		{now, fixed.Wad{}, oracle.ErrPrice},
		{now, fixed.One(), nil},
		{now - 1, fixed.One(), oracle.ErrTime},
		{now + 10, fixed.FromInt(2), nil},
	} {
		if err := r.Observe(300, test.at, test.value); !errors.Is(err, test.want) {
			t.Errorf("%v at %d: error %v, want %v", test.value, test.at, err, test.want)
		}
	}
	if _, err := r.Mean(300, now); !errors.Is(err, oracle.ErrTime) {
		t.Errorf("mean of the past: error %v", err)
	}
	if mean, err := r.Mean(300, now+1_000); err != nil || mean != fixed.FromInt(2) {
		t.Errorf("mean long after the last observation: %v, %v", mean, err)
	}
	if err := r.Observe(300, math.MaxInt64, fixed.FromInt(1e18)); err != nil {
		t.Errorf("the end of time: %v", err)
	}
}

func TestValidateHistory(t *testing.T) {
	t.Parallel()
	minus := fixed.FromRaw(-1)
	for name, change := range map[string]func(c *oracle.HistoryConfig){
		"no mean":             func(c *oracle.HistoryConfig) { c.MeanSeconds = 0 },
		"no window":           func(c *oracle.HistoryConfig) { c.Breaker.WindowSeconds = 0 },
		"no good samples":     func(c *oracle.HistoryConfig) { c.Breaker.ClearAfter = 0 },
		"negative floor":      func(c *oracle.HistoryConfig) { c.Breaker.Floor = minus },
		"wide breaker":        func(c *oracle.HistoryConfig) { c.Breaker.Z = fixed.FromInt(101) },
		"no memory":           func(c *oracle.HistoryConfig) { c.Volatility.TauSeconds = 0 },
		"samples at one time": func(c *oracle.HistoryConfig) { c.Volatility.MinSeconds = 0 },
		"negative cut":        func(c *oracle.HistoryConfig) { c.Volatility.Winsor = minus },
		"negative start":      func(c *oracle.HistoryConfig) { c.Volatility.Initial = minus },
		"negative least":      func(c *oracle.HistoryConfig) { c.Volatility.Floor = minus },
	} {
		cfg := oracle.DefaultHistoryConfig()
		if err := cfg.Validate(); err != nil {
			t.Fatal(err)
		}
		if change(&cfg); !errors.Is(cfg.Validate(), oracle.ErrConfig) {
			t.Errorf("%s: error %v, want %v", name, cfg.Validate(), oracle.ErrConfig)
		}
	}
}

// TestHistoryReading: a reading says beforehand what the breaker would do with the price as it is.
func TestHistoryReading(t *testing.T) {
	t.Parallel()
	cfg := oracle.DefaultHistoryConfig()
	cfg.Volatility.Floor = enginetest.W(t, "0.8")
	var h oracle.History
	if r, mean, err := h.Reading(&cfg, now); r != (oracle.Reading{}) || !mean.IsZero() || err != nil {
		t.Errorf("before any price: %+v, %v, %v", r, mean, err)
	}
	for i, price := range []string{"10", "10", "13"} {
		a := oracle.Certain(enginetest.W(t, price), 3)
		if _, err := h.Observe(&cfg, now+100*int64(i), &a); err != nil {
			t.Fatal(err)
		}
	}
	r, mean, err := h.Reading(&cfg, now+300)
	if err != nil || mean != enginetest.W(t, "11") || r.Distance != enginetest.W(t, "0.181818181818181818") {
		t.Errorf("%+v, %v, %v", r, mean, err)
	}
	if !h.Breaker.Next(&cfg.Breaker, r).Open {
		t.Errorf("limit %v, want less than the distance %v", r.Limit, r.Distance)
	}
	if _, _, err := h.Reading(&cfg, now); !errors.Is(err, oracle.ErrTime) {
		t.Errorf("error %v, want %v", err, oracle.ErrTime)
	}
}
