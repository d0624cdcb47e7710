package oracle_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// plain is a source of clearing prices without the engine's protections: what other systems do.
func plain() oracle.ClearingConfig {
	cfg := oracle.DefaultClearingConfig()
	cfg.AddBack, cfg.MaxMove, cfg.MaxStray = fixed.Wad{}, fixed.One(), fixed.One()
	return cfg
}

// clearing is a deep auction that cleared at its mid.
func clearing(at int64, price fixed.Wad) oracle.Clearing {
	return oracle.Clearing{Time: at, Price: price, Mid: price, Volume: fixed.FromInt(20_000), Owners: 3}
}

func add(t *testing.T, p *oracle.ClearingPrice, cfg *oracle.ClearingConfig, clearings ...oracle.Clearing) {
	t.Helper()
	for _, a := range clearings {
		if r := p.Add(cfg, a); r != oracle.RefusalNone {
			t.Fatalf("%+v was refused: %v", a, r)
		}
	}
}

// TestPeerMeans reproduces another system's unweighted mean of auction averages, which is ours of auctions that are as
// deep and as old as each other, and shows what ours does where they are not.
func TestPeerMeans(t *testing.T) {
	t.Parallel()
	for _, peer := range enginetest.Peers(t, "oracle TWAP") {
		var in struct {
			Prices []wad `json:"auction_avg_prices"`
		}
		var want struct {
			Price    wad
			Oracle   wad `json:"oracle_price"`
			Auctions []struct {
				Average wad `json:"avg_price"`
			}
		}
		enginetest.Decode(t, peer.Inputs, &in)
		enginetest.Decode(t, peer.Expected, &want)
		for _, a := range want.Auctions {
			in.Prices = append(in.Prices, a.Average)
		}
		cfg := plain()
		var p oracle.ClearingPrice
		for _, price := range in.Prices {
			add(t, &p, &cfg, clearing(now, price.Wad))
		}
		if expected := want.Price.Max(want.Oracle.Wad); p.Value != expected {
			t.Errorf("%s: %v, want %v", peer.ID, p.Value, expected)
		}
	}
}

// TestThinAuctionsWeighLittle is the defect of the unweighted mean: three auctions at 1.51, 1.51 and 1.2 give 1.4066,
// however little the last one sold. Weighed by volume a hundredth of the depth counts a hundredth.
func TestThinAuctionsWeighLittle(t *testing.T) {
	t.Parallel()
	deep := enginetest.W(t, "1.51")
	thin := clearing(now, enginetest.W(t, "1.2"))
	thin.Volume = fixed.FromInt(100)
	cfg := plain()
	var p oracle.ClearingPrice
	add(t, &p, &cfg, clearing(now, deep), clearing(now, deep), thin)
	if want := enginetest.W(t, "1.508457711442786069"); p.Value != want { // (2*1.51+0.01*1.2)/2.01
		t.Errorf("%v, want %v", p.Value, want)
	}
	source := oracle.Source{ID: 9, Class: oracle.Auction, Weight: 150, MaxAgeSeconds: 86_400}
	if r := p.Report(source); r.Source.Weight != 150 || r.Time != now || r.Price != p.Value {
		t.Errorf("two deep auctions: %+v", r)
	}
	var lone oracle.ClearingPrice
	if r := lone.Report(source); !r.Price.IsZero() {
		t.Errorf("no auction: %+v", r)
	}
	add(t, &lone, &cfg, thin)
	if r := lone.Report(source); r.Source.Weight != 1 {
		t.Errorf("a lone thin auction weighs %d of 150, want 1", r.Source.Weight)
	}
}

// TestPeerDecay holds the weighted mean to another system's, whose weights fall by a tenth a day: the same weights, as
// depths, give the same price. Ours fall as tau/(tau+age), and answer its test in the same way.
func TestPeerDecay(t *testing.T) {
	t.Parallel()
	const day = 86_400
	for _, peer := range enginetest.Peers(t, "oracle weighted mean (10-day linear decay)") {
		var in struct {
			Prices [][2]wad `json:"prices_age_days"`
		}
		var want struct{ Price wad }
		enginetest.Decode(t, peer.Inputs, &in)
		enginetest.Decode(t, peer.Expected, &want)
		byDepth, byAge := plain(), plain()
		byAge.DecaySeconds = 10 * day
		var c fixed.Calc
		var depths, ages oracle.ClearingPrice
		for i := len(in.Prices) - 1; i >= 0; i-- {
			price, days := in.Prices[i][0].Wad, int64(in.Prices[i][1].whole())
			a := clearing(now, price)
			a.Volume = c.MulInt(byDepth.DeepVolume, 10-days)
			a.Volume = c.DivIntTrunc(a.Volume, 10)
			add(t, &depths, &byDepth, a)
			add(t, &ages, &byAge, clearing(now-days*day, price))
		}
		if depths.Value != want.Price.Wad {
			t.Errorf("%s: %v, want %v", peer.ID, depths.Value, want.Price)
		}
		if !enginetest.W(t, "0.6").Less(ages.Value) || ages.Value.Cmp(fixed.One()) >= 0 {
			t.Errorf("%s: %v with ages", peer.ID, ages.Value)
		}
	}
}

// TestRingOfClearings keeps the newest, as another system keeps ten of twelve.
func TestRingOfClearings(t *testing.T) {
	t.Parallel()
	var theirs struct{ Len int }
	enginetest.Decode(t, enginetest.Peers(t, "TWAP buffer")[0].Expected, &theirs)
	if theirs.Len != oracle.MaxClearings {
		t.Fatalf("%d, want %d", theirs.Len, oracle.MaxClearings)
	}
	cfg := plain()
	var p oracle.ClearingPrice
	for i := range int64(12) {
		add(t, &p, &cfg, clearing(now, fixed.FromInt(i+1)))
	}
	if want := enginetest.W(t, "7.5"); p.Value != want || p.Count != oracle.MaxClearings { // the mean of 3..12
		t.Errorf("%v of %d, want %v", p.Value, p.Count, want)
	}
	cfg.Auctions = 2
	add(t, &p, &cfg, clearing(now, fixed.FromInt(13)))
	if want := enginetest.W(t, "12.5"); p.Value != want {
		t.Errorf("the last two: %v, want %v", p.Value, want)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	ten := fixed.FromInt(10)
	below, above := enginetest.W(t, "9.799999999999999999"), enginetest.W(t, "10.200000000000000001")
	for _, test := range []struct {
		name   string
		change func(a *oracle.Clearing)
		want   oracle.Refusal
	}{
		{"eligible", func(*oracle.Clearing) {}, oracle.RefusalNone},
		{"no price", func(a *oracle.Clearing) { a.Price = fixed.Wad{} }, oracle.RefusalPrice},
		{"no mid", func(a *oracle.Clearing) { a.Mid = fixed.Max() }, oracle.RefusalPrice},
		{"no volume", func(a *oracle.Clearing) { a.Volume = fixed.Wad{} }, oracle.RefusalPrice},
		{"before the last", func(a *oracle.Clearing) { a.Time-- }, oracle.RefusalOrder},
		{"before 1970", func(a *oracle.Clearing) { a.Time = -1 }, oracle.RefusalOrder},
		{"one owner", func(a *oracle.Clearing) { a.Owners = 1 }, oracle.RefusalOwners},
		{"sold at reserve", func(a *oracle.Clearing) { a.AtReserve = true }, oracle.RefusalReserve},
		{"filled by its seller", func(a *oracle.Clearing) { a.SameOwner = true }, oracle.RefusalSelf},
		{"two per cent below", func(a *oracle.Clearing) { a.Price = enginetest.W(t, "9.8") }, oracle.RefusalNone},
		{"further below", func(a *oracle.Clearing) { a.Price = below }, oracle.RefusalStray},
		{"further above", func(a *oracle.Clearing) { a.Price = above }, oracle.RefusalStray},
		{"dust", func(a *oracle.Clearing) { a.Volume = fixed.FromRaw(1) }, oracle.RefusalNone},
	} {
		cfg := oracle.DefaultClearingConfig()
		var p oracle.ClearingPrice
		add(t, &p, &cfg, clearing(now, ten))
		before, a := p, clearing(now, ten)
		test.change(&a)
		if got := p.Add(&cfg, a); got != test.want || got != oracle.RefusalNone && p != before {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// TestClearingMoves adds back what sellers lose and then moves by a hundredth at most.
func TestClearingMoves(t *testing.T) {
	t.Parallel()
	cfg := oracle.DefaultClearingConfig()
	var p oracle.ClearingPrice
	add(t, &p, &cfg, clearing(now, fixed.FromInt(10)))
	if want := enginetest.W(t, "10.0035"); p.Value != want {
		t.Errorf("%v, want %v", p.Value, want)
	}
	add(t, &p, &cfg, clearing(now, fixed.FromInt(20)))
	if want := enginetest.W(t, "10.103535"); p.Value != want {
		t.Errorf("%v, want %v", p.Value, want)
	}
	add(t, &p, &cfg, clearing(now+1_000_000, fixed.FromInt(1)))
	if want := enginetest.W(t, "10.00249965"); p.Value != want {
		t.Errorf("%v, want %v", p.Value, want)
	}
}

func TestClearingPriceIsBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := oracle.DefaultClearingConfig()
		var p oracle.ClearingPrice
		at := int64(now)
		for range rapid.IntRange(1, 30).Draw(t, "auctions") {
			at += rapid.Int64Range(0, 100_000).Draw(t, "gap")
			var c fixed.Calc
			a := clearing(at, c.MulInt(fixed.FromRawUint(rapid.Uint64Range(1, 1e18).Draw(t, "price")),
				rapid.SampledFrom([]int64{1, 1e9, 1e18}).Draw(t, "scale")))
			a.Volume = fixed.FromRawUint(rapid.Uint64Min(1).Draw(t, "volume"))
			before := p
			if r := p.Add(&cfg, a); r != oracle.RefusalNone {
				t.Fatalf("refused: %v", r)
			}
			if p.Value.Sign() <= 0 || p.Depth.Sign() <= 0 || fixed.One().Less(p.Depth) {
				t.Fatalf("%v of depth %v", p.Value, p.Depth)
			}
			if step := c.MulUp(before.Value, cfg.MaxMove); before.Count > 0 && step.Less(c.Sub(p.Value, before.Value).Abs()) {
				t.Fatalf("from %v to %v", before.Value, p.Value)
			}
		}
	})
}

func TestValidateClearing(t *testing.T) {
	t.Parallel()
	minus := fixed.FromRaw(-1)
	for name, change := range map[string]func(c *oracle.ClearingConfig){
		"no auctions":       func(c *oracle.ClearingConfig) { c.Auctions = 0 },
		"too many auctions": func(c *oracle.ClearingConfig) { c.Auctions = oracle.MaxClearings + 1 },
		"no owner":          func(c *oracle.ClearingConfig) { c.MinOwners = 0 },
		"no decay":          func(c *oracle.ClearingConfig) { c.DecaySeconds = 0 },
		"no depth":          func(c *oracle.ClearingConfig) { c.DeepVolume = fixed.Wad{} },
		"negative stray":    func(c *oracle.ClearingConfig) { c.MaxStray = minus },
		"negative move":     func(c *oracle.ClearingConfig) { c.MaxMove = minus },
		"large add-back":    func(c *oracle.ClearingConfig) { c.AddBack = fixed.One() },
	} {
		cfg := oracle.DefaultClearingConfig()
		if err := cfg.Validate(); err != nil {
			t.Fatal(err)
		}
		if change(&cfg); !errors.Is(cfg.Validate(), oracle.ErrConfig) {
			t.Errorf("%s: error %v, want %v", name, cfg.Validate(), oracle.ErrConfig)
		}
	}
}
