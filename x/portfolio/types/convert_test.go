package types_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

var update = flag.Bool("update", false, "write the golden files anew")

// universe is not in the order of the denoms, as a register is not.
func universe(t require.TestingT) asset.Universe {
	u, err := asset.Listed([]asset.Asset{
		{ID: "ZZZ", Exponent: 6},
		{ID: "ATOM", Exponent: 6},
		{ID: "USDC", Exponent: 6},
		{ID: "ETH", Exponent: 18},
		{ID: "BTC"},
	})
	require.NoError(t, err)
	return u
}

func drawWad(t *rapid.T, name string) fixed.Wad {
	return rapid.SampledFrom([]fixed.Wad{
		{}, fixed.One(), fixed.FromRaw(1), fixed.FromRaw(rapid.Int64().Draw(t, name)),
	}).Draw(t, name+" of")
}

func column(t *rapid.T, name string, n int, none fixed.Wad) []fixed.Wad {
	list, given := make([]fixed.Wad, n), false
	for k := range list {
		list[k] = drawWad(t, name)
		given = given || list[k] != none
	}
	if !given {
		return nil
	}
	return list
}

// drawPolicy draws any policy of the engine, valid or not, in its one form.
func drawPolicy(t *rapid.T, u asset.Universe) *cycle.Policy {
	order := rapid.Permutation([]int{0, 1, 2, 3, 4}).Draw(t, "order")
	n := rapid.IntRange(1, u.Len()).Draw(t, "n")
	e := &cycle.Policy{}
	for a := range u.Len() {
		if slot := indexOf(order[:n], a); slot >= 0 {
			e.Assets = append(e.Assets, asset.Index(a))
		}
	}
	for _, k := range rapid.Permutation(upTo(n)).Draw(t, "priority") {
		e.Priority = append(e.Priority, uint8(k))
	}
	w := func(name string) fixed.Wad { return drawWad(t, name) }
	i := func(name string) int64 { return rapid.Int64().Draw(t, name) }
	e.Target = target.Schedule{
		Kind: target.Kind(rapid.IntRange(0, 7).Draw(t, "target")), From: column(t, "from", n, fixed.Wad{}),
		Weights: column(t, "weight", n, fixed.Wad{}), Start: i("start"), End: i("end"), Floor: w("floor"),
		FloorRate: w("rate"), Multiplier: w("m"), MaxExposure: w("b"), Ratchet: w("k"), TargetSigma: w("sigma"),
		Min: column(t, "least", n, fixed.Wad{}), Max: column(t, "most", n, fixed.One()),
	}
	if e.Target.Weights == nil {
		e.Target.Weights = make([]fixed.Wad, n)
	}
	mode := func(name string) trigger.Mode { return trigger.Mode(rapid.IntRange(0, 7).Draw(t, name)) }
	e.Trigger = trigger.Config{
		Mode: mode("mode"), Measure: mode("measure"),
		Period:    trigger.Period{Seconds: i("seconds"), Months: i("months"), Anchor: i("anchor")},
		Threshold: w("theta"), Thresholds: column(t, "thetas", n, fixed.Wad{}), Small: w("small"), LongestSeconds: i("l"),
		Dust: w("dust"), MinDrift: w("drift"), Inner: w("inner"), MaxActive: int(i("active")), CoolDownSeconds: i("cool"),
		Scaling: trigger.Scaling{
			Law: trigger.Law(rapid.IntRange(0, 3).Draw(t, "law")), Exponent: band.Exponent(rapid.IntRange(0, 4).Draw(t, "e")),
			Reference: w("ref"), TrackingError: w("te"), Multiple: w("multiple"), HorizonSeconds: i("horizon"), Min: w("min"),
			Max: w("max"), DailyChange: w("change"),
		},
	}
	e.Bands = band.Config{
		Estimator: band.Estimator(rapid.IntRange(0, 5).Draw(t, "estimator")), Default: band.Width{X: w("x"), Y: w("y")},
		K1: w("k1"), K2: w("k2"), MinX: w("minx"), MaxX: w("maxx"), MaxY: w("maxy"), Ratio: w("ratio"),
		HorizonDays: i("h"), WarmUp: int(i("warm")), Dust: w("bd"), ReentrySamples: int(i("re")), ConfirmSeconds: i("c"),
		GapSeconds: i("gap"), MinClasses: int(i("classes")), MaxConfidence: w("conf"), Z: w("z"), MeanSeconds: i("mean"),
	}
	e.Gains = pid.Gains{
		Kp: w("kp"), Ki: w("ki"), Kd: w("kd"), Rho: w("rho"), Tau: w("tau"), IMax: w("imax"), IZone: w("zone"),
		DtMin: w("dtmin"), DtMax: w("dtmax"), NoOvershoot: rapid.Bool().Draw(t, "no"), DeadBand: w("db"),
	}
	e.Limits = cycle.Limits{
		MaxSell: w("sell"), MinOrder: w("order"), MinNAV: w("nav"), MaxSlippage: w("slip"), MaxPriceAgeSeconds: i("age"),
		MaxWeights: column(t, "cap", n, fixed.Wad{}),
	}
	if k := rapid.IntRange(-1, n-1).Draw(t, "minimum"); k >= 0 {
		e.Limits.MinBalances = make([]asset.Amount, n)
		e.Limits.MinBalances[k] = fixed.MaxNat()
	}
	e.PeriodSeconds, e.AnchorSeconds, e.CrossingOff = i("T"), i("t0"), rapid.Bool().Draw(t, "off")
	e.Override = project.Strategy(rapid.IntRange(0, 1).Draw(t, "override"))
	e.Mode = surface.Mode(rapid.IntRange(0, 2).Draw(t, "split"))
	e.Budget = settle.BudgetConfig{Cap: w("B"), WindowSeconds: i("W")}
	e.Cost, e.RiskAversion = w("cost"), w("gamma")
	return e
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func indexOf(list []int, n int) int {
	for i, v := range list {
		if v == n {
			return i
		}
	}
	return -1
}

// TestPolicyBothWays: the engine's policy and the written one say the same, field by field, also as JSON.
func TestPolicyBothWays(t *testing.T) {
	t.Parallel()
	u := universe(t)
	cdc := codec.NewProtoCodec(codectypes.NewInterfaceRegistry())
	rapid.Check(t, func(t *rapid.T) {
		e := drawPolicy(t, u)
		p := types.PolicyOf(u, e)
		text, err := cdc.MarshalJSON(&p)
		require.NoError(t, err)
		var read types.Policy
		require.NoError(t, cdc.UnmarshalJSON(text, &read))
		back, err := read.Engine(u)
		require.NoError(t, err)
		require.Equal(t, e, back)
		require.Equal(t, p, types.PolicyOf(u, back))
	})
}

// TestEveryFieldIsDrawn keeps the property honest: a field that the engine gets must be drawn above.
func TestEveryFieldIsDrawn(t *testing.T) {
	t.Parallel()
	u := universe(t)
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) { mark(reflect.ValueOf(*drawPolicy(t, u)), "Policy", seen) })
	for name, given := range seen {
		if !given && name != "Policy.Payments" {
			t.Errorf("%s is never drawn", name)
		}
	}
}

func mark(v reflect.Value, name string, seen map[string]bool) {
	if v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[fixed.Wad]() {
		for i := range v.NumField() {
			mark(v.Field(i), name+"."+v.Type().Field(i).Name, seen)
		}
		return
	}
	seen[name] = seen[name] || !v.IsZero()
}

// TestWordsOfTheFile: every word of a policy file is the word of the message, and means the same to the engine.
func TestWordsOfTheFile(t *testing.T) {
	t.Parallel()
	var schema struct {
		Properties map[string]struct{ Enum []any }
		Defs       map[string]struct {
			Properties map[string]struct{ Enum []any }
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(policy.Schema(), &schema))
	upper := func(word string) string { return strings.ToUpper(strings.ReplaceAll(word, "-", "_")) }
	for prefix, list := range map[string]struct {
		words  []any
		values map[string]int32
	}{
		"TARGET_KIND_":  {schema.Defs["Target"].Properties["kind"].Enum, types.TargetKind_value},
		"TRIGGER_KIND_": {schema.Defs["Trigger"].Properties["kind"].Enum, types.TriggerKind_value},
		"ESTIMATOR_":    {schema.Defs["Bands"].Properties["estimator"].Enum, types.Estimator_value},
		"OVERRIDE_":     {schema.Properties["override"].Enum, types.Override_value},
		"SPLIT_":        {schema.Properties["split"].Enum, types.Split_value},
		"ON_SHORT_":     {schema.Defs["Payment"].Properties["when_short"].Enum, types.OnShort_value},
	} {
		require.NotEmpty(t, list.words, prefix)
		for _, word := range list.words {
			require.Contains(t, list.values, prefix+upper(fmt.Sprint(word)))
		}
	}
	u := universe(t)
	for _, c := range []struct{ line, want string }{
		{"target: {kind: buy-and-hold}", "TARGET_KIND_BUY_AND_HOLD"},
		{"target: {kind: cppi, safe: {USDC: 100%}, floor: 1, multiplier: 3}", "TARGET_KIND_CPPI"},
		{"target: {kind: tipp, safe: {USDC: 100%}, multiplier: 3, ratchet: 80%}", "TARGET_KIND_TIPP"},
		{"trigger: {kind: periodic, every: month}", "TRIGGER_KIND_PERIODIC"},
		{"trigger: {kind: threshold, threshold: 5%}", "TRIGGER_KIND_THRESHOLD"},
		{"trigger: {kind: relative, threshold: 5%}", "TRIGGER_KIND_RELATIVE"},
		{"trigger: {kind: aggregate, threshold: 5%}", "TRIGGER_KIND_AGGREGATE"},
		{"trigger: {kind: bands}\nbands: {estimator: levels}", "ESTIMATOR_LEVELS"},
		{"bands: {estimator: robust}", "ESTIMATOR_ROBUST"},
		{"bands: {estimator: static}", "ESTIMATOR_STATIC"},
		{"bands: {}", "ESTIMATOR_INCREMENTS"},
		{"override: priority", "OVERRIDE_PRIORITY"},
		{"split: fewest", "SPLIT_FEWEST"},
		{"split: cheapest", "SPLIT_CHEAPEST"},
	} {
		text := "version: 1\nname: T\nassets: [{asset: ATOM, exponent: 6, weight: 60%}, {asset: USDC, exponent: 6, " +
			"weight: 40%}]\nspeed: {interval: 1d, close: 90%, within: 2}\n" + c.line + "\n"
		file, err := policy.Parse([]byte(text))
		require.NoError(t, err, text)
		e, err := file.Compile(u)
		require.NoError(t, err)
		p := types.PolicyOf(u, e)
		back, err := p.Engine(u)
		require.NoError(t, err)
		require.Equal(t, e, back)
		written, err := codec.NewProtoCodec(codectypes.NewInterfaceRegistry()).MarshalJSON(&p)
		require.NoError(t, err)
		require.Contains(t, string(written), `"`+c.want+`"`)
	}
}

// TestPolicyErrors: what cannot be read is named.
func TestPolicyErrors(t *testing.T) {
	t.Parallel()
	u := universe(t)
	for _, c := range []struct {
		name  string
		spoil func(p *types.Policy)
		want  error
		field string
	}{
		{"unknown denom", func(p *types.Policy) { p.Positions[0].Denom = "DOGE" }, types.ErrUnknownAsset, "positions[0]"},
		{"twice", func(p *types.Policy) { p.Positions[1].Denom = "ATOM" }, types.ErrPolicy, "positions[1]"},
		{"no number", func(p *types.Policy) { p.Positions[0].Weight = "60%" }, types.ErrAmount, "positions[0].weight"},
		{"too large", func(p *types.Policy) { p.Gains.Kp = strings.Repeat("9", 90) }, types.ErrAmount, "gains.kp"},
		{"unknown word", func(p *types.Policy) { p.Split = 9 }, types.ErrPolicy, "split"},
		{"negative word", func(p *types.Policy) { p.Target.Kind = -1 }, types.ErrPolicy, "target.kind"},
		{"exponent", func(p *types.Policy) { p.Trigger.Volatility.Exponent = "2" }, types.ErrPolicy, "exponent"},
		{"too many", func(p *types.Policy) { p.Positions = make([]types.Position, 33) }, types.ErrPolicy, "32"},
	} {
		p := types.Policy{Positions: []types.Position{{Denom: "ATOM", Weight: "0.6"}, {Denom: "USDC", Weight: "0.4"}}}
		c.spoil(&p)
		_, err := p.Engine(u)
		require.ErrorIs(t, err, c.want, c.name)
		require.ErrorContains(t, err, c.field, c.name)
	}
}

// TestShapes keeps what is stored what it is: a change of a stored type needs a version and a migration.
func TestShapes(t *testing.T) {
	t.Parallel()
	got := types.MemoryCodec.Shape() + "\n"
	if *update {
		require.NoError(t, os.WriteFile("testdata/shapes.txt", []byte(got), 0o600))
	}
	want, err := os.ReadFile("testdata/shapes.txt")
	require.NoError(t, err)
	require.Equal(t, string(want), got, "raise the version in MemoryCodec, write a migration, and run with -update")
}

func TestParams(t *testing.T) {
	t.Parallel()
	p := types.DefaultParams()
	require.NoError(t, p.Validate())
	for name, spoil := range map[string]func(*types.Params){
		"period":   func(p *types.Params) { p.MinPeriodSeconds = 0 },
		"owner":    func(p *types.Params) { p.MaxPortfoliosPerOwner = 10_001 },
		"payments": func(p *types.Params) { p.MaxPayments = 101 },
		"payouts":  func(p *types.Params) { p.MaxPayoutsPerBlock = 0 },
		"grace":    func(p *types.Params) { p.GraceSeconds = -1 },
		"transfer": func(p *types.Params) { p.TransferTimeoutSeconds = 59 },
	} {
		p := types.DefaultParams()
		spoil(&p)
		require.ErrorIs(t, p.Validate(), types.ErrParams, name)
	}
}
