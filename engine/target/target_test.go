package target_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/target"
)

const year = 31557600

// worked are the numbers of spec 02 §2.7.
type worked struct {
	CPPI struct {
		F    string
		M    int64
		Rows [][2]fixed.Wad
	}
	TIPP struct {
		K    fixed.Wad
		M    int64
		Rows [][3]fixed.Wad
	}
	MMax struct {
		Sigma    fixed.Wad
		Interval string
		Z        fixed.Wad
		SigmaDay fixed.Wad `json:"sigma_day"`
		MMax     fixed.Wad `json:"m_max"`
	} `json:"cppi_mmax"`
	Glide []glideRow
}

type glideRow struct {
	Day    int64
	Weight fixed.Wad
}

func (r *glideRow) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&r.Day, &r.Weight})
}

func vectors(t *testing.T) worked {
	t.Helper()
	var v worked
	enginetest.Vectors(t, "triggers.json", &v)
	return v
}

// at evaluates a schedule that must be valid.
func at(t *testing.T, s *target.Schedule, st target.State, in target.Input) ([]fixed.Wad, target.State) {
	t.Helper()
	n := max(len(s.Weights), len(in.Current))
	if err := s.Validate(n); err != nil {
		t.Fatal(err)
	}
	var ws target.Workspace
	dst := make([]fixed.Wad, n)
	next, err := target.At(&ws, s, st, in, dst)
	if err != nil {
		t.Fatal(err)
	}
	return dst, next
}

func same(t *testing.T, what string, got []fixed.Wad, want ...string) {
	t.Helper()
	for i := range want {
		if len(got) != len(want) || got[i] != enginetest.W(t, want[i]) {
			t.Fatalf("%s: got %v, want %v", what, got, want)
		}
	}
}

// cushioned is the CPPI of the worked numbers: a risky asset and a safe one.
func cushioned(tb testing.TB, kind target.Kind) *target.Schedule {
	tb.Helper()
	return &target.Schedule{
		Kind: kind, Weights: enginetest.Ws(tb, "1", "0"), From: enginetest.Ws(tb, "0", "1"),
		Floor: fixed.FromInt(850_000), Multiplier: fixed.FromInt(4), MaxExposure: fixed.One(),
		Ratchet: enginetest.W(tb, "0.85"),
	}
}

func TestCPPIOfTheSpec(t *testing.T) {
	t.Parallel()
	v := vectors(t).CPPI
	s := cushioned(t, target.CPPI)
	s.Floor, s.Multiplier = enginetest.W(t, v.F), fixed.FromInt(v.M)
	for _, row := range v.Rows {
		got, st := at(t, s, target.State{}, target.Input{NAV: row[0]})
		if got[0] != row[1] || st.Floor != s.Floor {
			t.Errorf("value %v: got %v, want %v", row[0], got[0], row[1])
		}
	}
}

// TestTIPPOfTheSpec carries the state from row to row: the floor never falls.
func TestTIPPOfTheSpec(t *testing.T) {
	t.Parallel()
	v := vectors(t).TIPP
	s := cushioned(t, target.TIPP)
	s.Ratchet, s.Multiplier = v.K, fixed.FromInt(v.M)
	var st target.State
	for i, row := range v.Rows {
		var got []fixed.Wad
		got, st = at(t, s, st, target.Input{Now: int64(i), NAV: row[0]})
		if got[0] != row[2] || st.Floor != row[1] {
			t.Errorf("value %v: got %v with floor %v, want %v with %v", row[0], got[0], st.Floor, row[2], row[1])
		}
	}
}

func TestMaxMultiplierOfTheSpec(t *testing.T) {
	t.Parallel()
	v := vectors(t).MMax
	if v.Interval != "1d" {
		t.Fatalf("interval %s", v.Interval)
	}
	var c fixed.Calc
	if got := target.Fall(&c, fixed.One(), v.Sigma, 86400); got != v.SigmaDay {
		t.Errorf("fall of one deviation: got %v, want %v", got, v.SigmaDay)
	}
	if got := target.MaxMultiplier(&c, v.Z, v.Sigma, 86400); got != v.MMax || c.Err() != nil {
		t.Errorf("got %v, %v, want %v", got, c.Err(), v.MMax)
	}
}

func TestMaxMultiplierErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		sigma   string
		seconds int64
		want    error
	}{
		{"nothing moves", "0", 86400, fixed.ErrDivideByZero},
		{"no time passes", "0.8", 0, fixed.ErrDivideByZero},
		{"time runs backwards", "0.8", -1, fixed.ErrNegative},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c fixed.Calc
			target.MaxMultiplier(&c, fixed.FromInt(4), enginetest.W(t, test.sigma), test.seconds)
			if !errors.Is(c.Err(), test.want) {
				t.Errorf("got %v, want %v", c.Err(), test.want)
			}
		})
	}
}

func TestGlideOfTheSpec(t *testing.T) {
	t.Parallel()
	s := &target.Schedule{
		Kind: target.Glide, From: enginetest.Ws(t, "1", "0"), Weights: enginetest.Ws(t, "0.9", "0.1"),
		Start: 1000, End: 1090,
	}
	rows := vectors(t).Glide
	if len(rows) != 5 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		got, _ := at(t, s, target.State{}, target.Input{Now: s.Start + row.Day})
		if got[0] != row.Weight {
			t.Errorf("day %d: got %v, want %v", row.Day, got[0], row.Weight)
		}
	}
	got, _ := at(t, s, target.State{}, target.Input{Now: 0})
	same(t, "before the start", got, "1", "0")
}

type ruleTest struct {
	name string
	s    target.Schedule
	in   target.Input
	want []string
}

// follow evaluates rules that do not touch the state.
func follow(t *testing.T, tests []ruleTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, st := at(t, &test.s, target.State{Floor: test.s.Floor, FloorTime: 7}, test.in)
			same(t, "weights", got, test.want...)
			if st.FloorTime != 7 {
				t.Errorf("state %+v", st)
			}
		})
	}
}

func TestMixes(t *testing.T) {
	t.Parallel()
	cppi := func(floor int64, most string, risky, safe []fixed.Wad) target.Schedule {
		return target.Schedule{
			Kind: target.CPPI, Weights: risky, From: safe,
			Floor: fixed.FromInt(floor), Multiplier: fixed.FromInt(3), MaxExposure: enginetest.W(t, most),
		}
	}
	third := "0.333333333333333333"
	follow(t, []ruleTest{
		{
			"constant mix",
			target.Schedule{Kind: target.ConstantMix, Weights: enginetest.Ws(t, "0.5", "0.3", "0.2")},
			target.Input{},
			[]string{"0.5", "0.3", "0.2"},
		},
		{
			"buy and hold wants what there is",
			target.Schedule{Kind: target.BuyAndHold},
			target.Input{Current: enginetest.Ws(t, third, third, third)},
			[]string{"0.333333333333333334", third, third},
		},
		{
			"buy and hold inside bounds",
			target.Schedule{Kind: target.BuyAndHold, Max: enginetest.Ws(t, "0.5", "1", "1")},
			target.Input{Current: enginetest.Ws(t, "0.7", "0.2", "0.1")},
			[]string{"0.5", third, "0.166666666666666667"},
		},
		{
			"CPPI splits two mixes",
			cppi(80, "1", enginetest.Ws(t, "0.7", "0.3", "0", "0"), enginetest.Ws(t, "0", "0", "0.5", "0.5")),
			target.Input{NAV: fixed.FromInt(100)},
			[]string{"0.42", "0.18", "0.2", "0.2"},
		},
		{
			"CPPI stops at the largest exposure",
			cppi(10, "0.8", enginetest.Ws(t, "1", "0"), enginetest.Ws(t, "0", "1")),
			target.Input{NAV: fixed.FromInt(100)},
			[]string{"0.8", "0.2"},
		},
	})
}

func TestVolatilityRules(t *testing.T) {
	t.Parallel()
	aiming := func(most string) target.Schedule {
		return target.Schedule{
			Kind: target.VolTarget, Weights: enginetest.Ws(t, "0.6", "0.4", "0"), From: enginetest.Ws(t, "0", "0", "1"),
			TargetSigma: enginetest.W(t, "0.4"), MaxExposure: enginetest.W(t, most),
		}
	}
	parity := func(budget ...string) target.Schedule {
		return target.Schedule{Kind: target.InverseVol, Weights: enginetest.Ws(t, budget...)}
	}
	bounded := parity("0.5", "0.5")
	bounded.Min = enginetest.Ws(t, "0.3", "0")
	sigmas := func(s ...string) target.Input { return target.Input{Sigma: enginetest.Ws(t, s...)} }
	follow(t, []ruleTest{
		// Together the risky mix has a volatility of .36 + .44 = .8.
		{"half of the risky mix", aiming("1"), sigmas("0.6", "1.1", "0"), []string{"0.3", "0.2", "0.5"}},
		{"calm markets: the largest exposure", aiming("0.9"), sigmas("0.1", "0.1", "0"), []string{"0.54", "0.36", "0.1"}},
		{"no volatility at all", aiming("1"), sigmas("0", "0", "0"), []string{"0.6", "0.4", "0"}},
		{"inverse volatility", parity("0.5", "0.5"), sigmas("0.9", "0.1"), []string{"0.1", "0.9"}},
		{"a budget", parity("0.75", "0.25"), sigmas("0.6", "0.2"), []string{"0.5", "0.5"}},
		{"no budget needs no volatility", parity("1", "0"), sigmas("0.6", "0"), []string{"1", "0"}},
		{"bounds apply to every rule", bounded, sigmas("0.9", "0.1"), []string{"0.3", "0.7"}},
	})
}

// TestFloor follows a floor of 850,000 at 4 % through three years: simple interest from when it was set, whatever
// happened in between.
func TestFloor(t *testing.T) {
	t.Parallel()
	s := cushioned(t, target.CPPI)
	s.FloorRate = enginetest.W(t, "0.04")
	first := int64(1_700_000_000)
	_, st := at(t, s, target.State{}, target.Input{Now: first, NAV: fixed.FromInt(1_000_000)})
	if st != (target.State{Floor: s.Floor, FloorTime: first}) {
		t.Fatalf("first state %+v", st)
	}
	_, again := at(t, s, st, target.Input{Now: first + year/2, NAV: fixed.FromInt(1_000_000)})
	if again != st {
		t.Errorf("looking changed the state from %+v to %+v", st, again)
	}
	got, _ := at(t, s, st, target.Input{Now: first + year, NAV: fixed.FromInt(1_000_000)})
	same(t, "after a year at 884,000", got, "0.464", "0.536")
	var c fixed.Calc
	for _, row := range []struct {
		seconds int64
		want    string
	}{{-5, "850000"}, {0, "850000"}, {1, "850000.001077394985676985"}, {3 * year, "952000"}} {
		if got := s.FloorAt(&c, st, first+row.seconds); got != enginetest.W(t, row.want) {
			t.Errorf("after %d s: got %v, want %v", row.seconds, got, row.want)
		}
	}
}

// TestRatchetAccrues raises a floor and lets it accrue from there.
func TestRatchetAccrues(t *testing.T) {
	t.Parallel()
	s := cushioned(t, target.TIPP)
	s.FloorRate = enginetest.W(t, "0.1")
	_, st := at(t, s, target.State{}, target.Input{Now: year, NAV: fixed.FromInt(2_000_000)})
	if want := (target.State{Floor: fixed.FromInt(1_700_000), FloorTime: year}); st != want {
		t.Fatalf("got %+v, want %+v", st, want)
	}
	// A year later the floor stands at 1,870,000, which is .85 of 2,200,000: at that value nothing is raised.
	got, next := at(t, s, st, target.Input{Now: 2 * year, NAV: fixed.FromInt(2_200_000)})
	same(t, "a year later", got, "0.6", "0.4")
	if next != st {
		t.Errorf("got %+v, want %+v", next, st)
	}
}

func TestCashLocked(t *testing.T) {
	t.Parallel()
	got, _ := at(t, cushioned(t, target.CPPI), target.State{}, target.Input{NAV: fixed.FromInt(1)})
	same(t, "far below the floor", got, "0", "1")
}

func TestAtErrors(t *testing.T) {
	t.Parallel()
	half, huge := enginetest.Ws(t, "0.5", "0.5"), []fixed.Wad{fixed.Max(), fixed.Max()}
	guarded, holding := cushioned(t, target.CPPI), target.Schedule{Kind: target.BuyAndHold}
	parity := target.Schedule{Kind: target.InverseVol, Weights: half}
	aiming := target.Schedule{Kind: target.VolTarget, Weights: half, From: half}
	tight := target.Schedule{Kind: target.ConstantMix, Weights: half, Max: enginetest.Ws(t, "0.4", "0.4")}
	tests := []struct {
		name string
		s    target.Schedule
		in   target.Input
		want error
	}{
		{"no kind", target.Schedule{Weights: half}, target.Input{}, target.ErrKind},
		{"a kind of the future", target.Schedule{Kind: target.InverseVol + 1}, target.Input{}, target.ErrKind},
		{"weights missing", target.Schedule{Kind: target.ConstantMix, Weights: half[:1]}, target.Input{}, target.ErrLength},
		{"start missing", target.Schedule{Kind: target.Glide, Weights: half, End: 1}, target.Input{}, target.ErrLength},
		{"current weights missing", holding, target.Input{}, target.ErrLength},
		{"volatilities missing", parity, target.Input{}, target.ErrLength},
		{"nothing held", holding, target.Input{Current: enginetest.Ws(t, "0", "0")}, target.ErrWeights},
		{"a debt held", holding, target.Input{Current: enginetest.Ws(t, "1.5", "-0.5")}, target.ErrWeights},
		{"overflow", holding, target.Input{Current: huge}, fixed.ErrOverflow},
		{"no value", *guarded, target.Input{}, target.ErrNoValue},
		{"negative value", *guarded, target.Input{NAV: fixed.FromInt(-1)}, target.ErrNoValue},
		{"a volatility is missing", parity, target.Input{Sigma: enginetest.Ws(t, "1", "0")}, target.ErrSigma},
		{"a volatility is negative", aiming, target.Input{Sigma: enginetest.Ws(t, "1", "-1")}, target.ErrSigma},
		{"bounds changed under way", tight, target.Input{}, target.ErrBounds},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws target.Workspace
			st := target.State{Floor: fixed.One(), FloorTime: 3}
			next, err := target.At(&ws, &test.s, st, test.in, make([]fixed.Wad, 2))
			if !errors.Is(err, test.want) || next != st {
				t.Errorf("got %+v, %v, want %v and an unchanged state", next, err, test.want)
			}
		})
	}
}

func TestKindString(t *testing.T) {
	t.Parallel()
	names := map[target.Kind]string{target.CPPI: "CPPI", target.InverseVol: "inverse volatility", 99: "kind 99"}
	for kind, want := range names {
		if got := kind.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAtAllocatesNothing(t *testing.T) {
	s := cushioned(t, target.TIPP)
	s.Max = enginetest.Ws(t, "0.5", "1")
	var ws target.Workspace
	dst := make([]fixed.Wad, 2)
	if n := testing.AllocsPerRun(10, func() {
		if _, err := target.At(&ws, s, target.State{}, target.Input{NAV: fixed.FromInt(1_000_000)}, dst); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
