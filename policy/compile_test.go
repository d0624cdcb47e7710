package policy_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/policy"
)

// full says everything that a policy can say, as far as it goes together.
const full = `version: 1
name: Everything
assets:
  - {asset: USDC, exponent: 6, weight: 40%, min_balance: 1_000.5}
  - {asset: ATOM, exponent: 6, weight: 35%, threshold: 3%}
  - {asset: ETH, weight: 25%, max_weight: 50%}
target: {kind: glide, from: {ATOM: 100%}, start: 2026-01-01, end: 2026-07-01T12:00:00Z}
speed:
  interval: 6h
  edge: 0.5%
  gains: {kp: 0.5, ki: 0.01, kd: 0.1, filter: 2, leak: 0.9, max_integral: 4%, zone: 30%, overshoot: true}
trigger:
  kind: hybrid
  threshold: 5%
  small: 2%
  inner: 1%
  longest: 30d
  cool_down: 12h
  max_active: 8
  volatility: {exponent: 1/2, reference: 80%, min: 2%, max: 12%}
bands: {estimator: robust, inner: 6%, outer: 30%, k1: 2, k2: 4, min_inner: 1%, max_inner: 15%, max_outer: 50%}
limits: {max_sell: 2%, min_order: 500, min_value: 10_000, max_slippage: 1.5%, max_price_age: 10m}
override: priority
crossing: false
split: cheapest
loss_budget: {cap: 1%, refill: 7d}
payments:
  - {asset: USDC, amount: 200_000, to: dao1, first: 2026-01-31, every: month, until: 2027-01-31, when_short: partial}
  - {asset: ETH, amount: 1.5, first: 2026-01-01T12:00:00Z}
  - {asset: USDC, amount: 1, first: 2026-01-01, every: 12h}
cost: {proportional: 0.3%, risk_aversion: 3}
`

func compile(t *testing.T, text string) *cycle.Policy {
	t.Helper()
	return compiledBy(t, parse(t, []byte(text)))
}

// TestCompile holds every setting to its place in the engine. The universe is ATOM, ETH, USDC.
func TestCompile(t *testing.T) {
	t.Parallel()
	w := func(text string) fixed.Wad { return enginetest.W(t, text) }
	bands := band.Default()
	bands.Estimator, bands.Default = band.Robust, band.Width{X: w("0.06"), Y: w("0.3")}
	bands.K1, bands.K2, bands.MinX, bands.MaxX, bands.MaxY = w("2"), w("4"), w("0.01"), w("0.15"), w("0.5")
	units := fixed.NatOf
	want := &cycle.Policy{
		Assets: []asset.Index{0, 1, 2}, Priority: []uint8{2, 0, 1}, PeriodSeconds: 21_600,
		Target: target.Schedule{
			Kind: target.Glide, Weights: []fixed.Wad{w("0.35"), w("0.25"), w("0.4")},
			From: []fixed.Wad{w("1"), {}, {}}, Start: 1_767_225_600, End: 1_782_907_200, MaxExposure: w("1"),
		},
		Override: project.Priority,
		Trigger: trigger.Config{
			Mode: trigger.Hybrid, Threshold: w("0.05"), Thresholds: []fixed.Wad{w("0.03"), {}, {}}, Small: w("0.02"),
			Inner: w("0.01"), LongestSeconds: 2_592_000, CoolDownSeconds: 43_200, MaxActive: 8,
			Scaling: trigger.Scaling{
				Law: trigger.Power, Exponent: band.SquareRoot, Reference: w("0.8"), Min: w("0.02"), Max: w("0.12"),
				DailyChange: trigger.DailyChange(),
			},
		},
		Bands: bands,
		Gains: pid.Gains{
			Kp: w("0.5"), Ki: w("0.01"), Kd: w("0.1"), Rho: w("0.9"), Tau: w("2"), IMax: w("0.04"), IZone: w("0.3"),
			DtMax: w("2"), DeadBand: w("0.005"),
		},
		Limits: cycle.Limits{
			MaxSell: w("0.02"), MinOrder: w("500"), MinNAV: w("10000"), MaxSlippage: w("0.015"), MaxPriceAgeSeconds: 600,
			MinBalances: []asset.Amount{{}, {}, units(1_000_500_000)}, MaxWeights: []fixed.Wad{{}, w("0.5"), {}},
		},
		Mode: surface.Cheapest, CrossingOff: true,
		Budget: settle.BudgetConfig{Cap: w("0.01"), WindowSeconds: 604_800},
		Payments: []project.Payment{
			{
				Asset: 2, Amount: units(200_000_000_000), OnShort: project.Partial,
				Schedule: project.Schedule{First: 1_769_817_600, EveryMonths: 1, Until: 1_801_353_600},
			},
			{Asset: 1, Amount: units(1_500_000_000_000_000_000), Schedule: project.Schedule{First: 1_767_268_800}},
			{Asset: 2, Amount: units(1_000_000), Schedule: project.Schedule{First: 1_767_225_600, EverySeconds: 43_200}},
		},
		Cost: w("0.003"), RiskAversion: w("3"),
	}
	if got := compile(t, full); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

// TestCompileDefaults is what a policy does that says as little as it can.
func TestCompileDefaults(t *testing.T) {
	t.Parallel()
	p := compile(t, sound)
	kp, err := pid.HorizonGain(enginetest.W(t, "0.9"), 10, fixed.One())
	if err != nil {
		t.Fatal(err)
	}
	want := &cycle.Policy{
		Assets: []asset.Index{0, 1}, Priority: []uint8{1, 0}, PeriodSeconds: 86_400,
		Target: target.Schedule{
			Kind: target.ConstantMix, Weights: enginetest.Ws(t, "0.6", "0.4"), MaxExposure: fixed.One(),
		},
		Trigger: trigger.Config{Mode: trigger.Always}, Gains: pid.Default(kp), Mode: surface.Proportional,
		Override: project.Proportional,
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got\n%+v\nwant\n%+v", p, want)
	}
}

func TestCompileCushion(t *testing.T) {
	t.Parallel()
	p := compile(t, sound+`target:
  {kind: tipp, safe: {USDC: 100%}, floor: 100, floor_rate: 3%, multiplier: 4, max_exposure: 90%, ratchet: 85%}
cost: {proportional: 0.3%}
`)
	w := func(text string) fixed.Wad { return enginetest.W(t, text) }
	want := target.Schedule{
		Kind: target.TIPP, Weights: enginetest.Ws(t, "0.6", "0.4"), From: enginetest.Ws(t, "0", "1"),
		Floor: w("100"), FloorRate: w("0.03"), Multiplier: w("4"), MaxExposure: w("0.9"), Ratchet: w("0.85"),
	}
	if !reflect.DeepEqual(p.Target, want) {
		t.Errorf("got %+v, want %+v", p.Target, want)
	}
	if p.Cost != w("0.003") || p.RiskAversion != w("2") {
		t.Errorf("cost %v, aversion %v", p.Cost, p.RiskAversion)
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for every, want := range map[string]trigger.Period{
		"day": trigger.Daily(), "week": trigger.Weekly(), "month": trigger.Monthly(), "quarter": trigger.Quarterly(),
		"year": {Months: 12}, "12h": trigger.Every(43_200, 0), "1d": trigger.Daily(),
	} {
		p := compile(t, sound+"trigger: {kind: periodic, every: "+every+"}\n")
		if p.Trigger.Period != want {
			t.Errorf("%s: got %+v, want %+v", every, p.Trigger.Period, want)
		}
	}
}

// TestWeightsAreMadeWhole gives what thirds and sevenths leave to the largest weight, the first of equals in the order
// of the universe.
func TestWeightsAreMadeWhole(t *testing.T) {
	t.Parallel()
	third, seventh := "33.3333333333333333%", "14.2857142857142857%"
	for _, test := range []struct {
		weights []string
		want    []string
	}{
		{[]string{third, third, third}, []string{"0.333333333333333334", "0.333333333333333333", "0.333333333333333333"}},
		{
			[]string{"33.3333333333333334%", "33.3333333333333334%", third},
			[]string{"0.333333333333333333", "0.333333333333333334", "0.333333333333333333"},
		},
		{slices.Repeat([]string{seventh}, 7), append([]string{"0.142857142857142858"},
			slices.Repeat([]string{"0.142857142857142857"}, 6)...)},
		{[]string{"66.6666666666666666%", third}, []string{"0.666666666666666667", "0.333333333333333333"}},
		{[]string{"50%", "50%"}, []string{"0.5", "0.5"}},
	} {
		var b strings.Builder
		for i, w := range test.weights {
			b.WriteString("  - {asset: " + string(rune('A'+i)) + ", weight: " + w + "}\n")
		}
		p := compile(t, "version: 1\nname: T\nspeed: {interval: 1d, close: 90%, within: 10}\nassets:\n"+b.String())
		if want := enginetest.Ws(t, test.want...); !slices.Equal(p.Target.Weights, want) {
			t.Errorf("%v: got %v, want %v", test.weights, p.Target.Weights, want)
		}
	}
}

func TestUniverse(t *testing.T) {
	t.Parallel()
	one := parse(t, []byte(sound))
	other := parse(t, []byte(strings.ReplaceAll(sound, "USDC", "ETH")))
	u, err := policy.Universe(one, other)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range u.Len() {
		names = append(names, string(u.At(asset.Index(i)).ID))
	}
	if want := []string{"BTC", "ETH", "USDC"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if _, err := other.Compile(u); err != nil {
		t.Error(err)
	}
}

// refuses asks for a message.
func refuses(t *testing.T, err error, want string) {
	t.Helper()
	var all policy.Problems
	if !errors.As(err, &all) || !errors.Is(err, policy.ErrPolicy) || err.Error() != want {
		t.Errorf("got %T %v, want %s", err, err, want)
	}
}

func TestUniverseErrors(t *testing.T) {
	t.Parallel()
	one := parse(t, []byte(sound))
	other := parse(t, []byte(strings.Replace(sound, "asset: BTC, exponent: 8", "asset: BTC", 1)))
	_, err := policy.Universe(one, other)
	refuses(t, err, "line 5: assets.2.exponent: expected the same exponent for BTC everywhere, got 18 in \"T\" and 8 "+
		"before; where none is written it is 18")
	_, err = policy.Universe(&policy.File{Assets: []policy.Position{{}}})
	refuses(t, err, "assets: asset: invalid asset: expected a denom of 1..128 bytes, got 0")
	u, err := policy.Universe(one)
	if err != nil {
		t.Fatal(err)
	}
	_, err = parse(t, []byte(strings.ReplaceAll(sound, "USDC", "ETH"))).Compile(u)
	refuses(t, err, "line 4: assets.1.asset: ETH is not known here: there is no price for it")
	_, err = other.Compile(u)
	if err != nil {
		t.Errorf("an exponent that the file does not write: %v", err)
	}
	_, err = parse(t, []byte(strings.Replace(sound, "exponent: 8", "exponent: 9", 1))).Compile(u)
	refuses(t, err, "line 5: assets.2.exponent: expected 8, which BTC has here, got 9")
}

// TestFilesOfCode checks files that were never a text: nothing panics, and problems have no line.
func TestFilesOfCode(t *testing.T) {
	t.Parallel()
	_, err := new(policy.File).Compile(asset.Universe{})
	refuses(t, err, strings.Join([]string{
		"name: is empty; write it as `name: Community treasury`",
		"speed.interval: expected 1s to 366d, got 0s",
		"version: expected version 1, got 0; this program reads no other",
		"assets: expected 1 to 32 assets, got 0",
		"assets: expected the weights to add up to 100%, got 0%: 100% is missing",
		"speed: says how often but not how fast; add `close: 90%` and `within: 10`, which closes 90% of a gap within 10 " +
			"intervals",
	}, "\n"))

	f := parse(t, []byte(full))
	negative := policy.Decimal{Wad: fixed.FromInt(-1)}
	f.Assets[0].MinBalance, f.Trigger.Every, f.Payments[0].Every = &negative, "sometimes", "often"
	f.Speed.Gains.Kp, f.Payments[2].Asset = negative, ""
	_, err = f.Compile(asset.Universe{})
	refuses(t, err, strings.Join([]string{
		"line 4: assets.1.min_balance: expected 0 or more, got -1",
		"line 11: speed.gains.kp: expected more than 0 and at most 1, got -1",
		"line 12: trigger.every: does nothing with kind hybrid; delete it, or change the kind",
		"line 12: trigger.every: expected day, week, month, quarter, year or a span such as 12h, got \"sometimes\"",
		"line 28: payments.1.every: expected day, week, month, quarter, year or a span such as 12h, got \"often\"",
		"line 30: payments.3.asset: is empty; write it as `asset: USDC`",
	}, "\n"))
}

func TestMarshal(t *testing.T) {
	t.Parallel()
	for name, text := range texts(t) {
		f := parse(t, text)
		written, err := policy.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		again, err := policy.Marshal(parse(t, written))
		if err != nil || string(again) != string(written) {
			t.Errorf("%s: %v\n%s\nbecame\n%s", name, err, written, again)
		}
	}
	golden(t, "testdata/marshal.yaml", written(t, full))
}

func written(t *testing.T, text string) []byte {
	t.Helper()
	out, err := policy.Marshal(parse(t, []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
