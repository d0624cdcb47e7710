package project_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// ints makes values of whole numbers.
func ints(n ...int64) []fixed.Wad {
	out := make([]fixed.Wad, len(n))
	for i := range n {
		out[i] = fixed.FromInt(n[i])
	}
	return out
}

// raws makes values of raw units: the integers of the specification's vectors.
func raws(n ...int64) []fixed.Wad {
	out := make([]fixed.Wad, len(n))
	for i := range n {
		out[i] = fixed.FromRaw(n[i])
	}
	return out
}

func feasible(t *testing.T, in project.Input) ([]fixed.Wad, project.Result) {
	t.Helper()
	var ws project.Workspace
	out := make([]fixed.Wad, len(in.Raw))
	result, err := project.Feasible(&ws, in, out)
	if err != nil {
		t.Fatal(err)
	}
	return out, result
}

type c6 struct {
	Raw      []int64 `json:"raw"`
	Vals     []int64 `json:"vals"`
	MinVal   []int64 `json:"minval"`
	MaxVal   []int64 `json:"maxval"`
	MinOrder int64   `json:"min_order"`
	MaxSell  int64   `json:"max_sell"`
	Result   []int64 `json:"result"`
	M        int64   `json:"M"`
}

func TestVectorProjection(t *testing.T) {
	t.Parallel()
	var v struct {
		C6  c6 `json:"C6_projection"`
		C6b c6 `json:"C6b_projection_nocap"`
		C6c struct {
			X []int64 `json:"x"`
		} `json:"C6c_L2"`
	}
	enginetest.Vectors(t, "control.json", &v)
	in := project.Input{
		Raw: raws(v.C6.Raw...), Values: raws(v.C6.Vals...), Floors: raws(v.C6.MinVal...), Ceilings: raws(v.C6.MaxVal...),
		MinOrders: slices.Repeat(raws(v.C6.MinOrder), len(v.C6.Raw)), MaxSell: fixed.FromRaw(v.C6.MaxSell),
	}
	out, result := feasible(t, in)
	if !slices.Equal(out, raws(v.C6.Result...)) || result.Matched != fixed.FromRaw(v.C6.M) {
		t.Errorf("C6: got %v, %v, want %v", out, result, v.C6.Result)
	}
	want := project.ClampMaxSell | project.ClampMinBalance | project.ClampCap | project.ClampMinOrder
	if result.Clamp != want {
		t.Errorf("C6: got clamps %v, want %v", result.Clamp, want)
	}
	in.MaxSell = fixed.Max()
	out, result = feasible(t, in)
	if !slices.Equal(out, raws(v.C6b.Result...)) || result.Matched != fixed.FromRaw(v.C6b.M) {
		t.Errorf("C6b: got %v, %v, want %v", out, result, v.C6b.Result)
	}
	// The projection onto the nearest feasible point, which we do not use, enlarges a sell and trades an order that is
	// below the minimum.
	if ours := out[2]; !ours.IsZero() || v.C6c.X[2] >= v.C6.MinOrder || v.C6c.X[0] >= v.C6.Raw[0] {
		t.Errorf("C6c: got %v, the alternative is %v", out, v.C6c.X)
	}
}

func TestFeasible(t *testing.T) {
	t.Parallel()
	most := fixed.Max()
	for _, test := range []struct {
		name    string
		in      project.Input
		want    []fixed.Wad
		matched int64
		forced  int64
		clamp   project.Clamp
	}{
		{"nothing wanted", project.Input{Raw: ints(0, 0), Values: ints(5, 5), MaxSell: most}, ints(0, 0), 0, 0, 0},
		{"no assets", project.Input{MaxSell: most}, nil, 0, 0, 0},
		{"balanced", project.Input{Raw: ints(-5, 5), Values: ints(10, 10), MaxSell: most}, ints(-5, 5), 5, 0, 0},
		{
			"no limit given is no trade",
			project.Input{Raw: ints(-5, 5), Values: ints(10, 10)},
			ints(0, 0), 0, 0, project.ClampMaxSell,
		},
		{
			"only buys",
			project.Input{Raw: ints(3, 5), Values: ints(10, 10), MaxSell: most},
			ints(0, 0), 0, 0, project.ClampNothingAgainst,
		},
		{
			"only sells",
			project.Input{Raw: ints(-3, 0), Values: ints(10, 10), MaxSell: most},
			ints(0, 0), 0, 0, project.ClampNothingAgainst,
		},
		{
			"more than held",
			project.Input{Raw: ints(-30, 30), Values: ints(10, 10), MaxSell: most},
			ints(-10, 10), 10, 0, project.ClampHoldings,
		},
		{
			"locked units",
			project.Input{Raw: ints(-8, 8), Values: ints(10, 10), Locked: ints(4, 0), MaxSell: most},
			ints(-6, 6), 6, 0, project.ClampLocked,
		},
		{
			"locked units and minimum balance",
			project.Input{
				Raw: ints(-8, 8), Values: ints(10, 10), Locked: ints(4, 0), Floors: ints(5, 0), MaxSell: most,
			},
			ints(-1, 1), 1, 0, project.ClampLocked | project.ClampMinBalance,
		},
		{
			"cap",
			project.Input{
				Raw: ints(-8, 8), Values: ints(10, 10), Ceilings: []fixed.Wad{most, fixed.FromInt(12)}, MaxSell: most,
			},
			ints(-2, 2), 2, 0, project.ClampCap,
		},
		{
			"below the minimum order",
			project.Input{Raw: ints(-4, 4), Values: ints(10, 10), MinOrders: ints(5, 5), MaxSell: most},
			ints(0, 0), 0, 0, project.ClampMinOrder,
		},
		{
			"raised to the minimum order",
			project.Input{
				Raw: ints(-4, 4), Values: ints(10, 10), MinOrders: ints(5, 5), Gaps: ints(-5, 5), MaxSell: most,
			},
			ints(-5, 5), 5, 0, project.ClampSnap,
		},
		{
			"a gap below the minimum order does not snap",
			project.Input{
				Raw: ints(-4, 4), Values: ints(10, 10), MinOrders: ints(6, 6), Gaps: ints(-5, 5), MaxSell: most,
			},
			ints(0, 0), 0, 0, project.ClampMinOrder,
		},
		{
			"a wish away from the target does not snap",
			project.Input{
				Raw: ints(-4, 4), Values: ints(10, 10), MinOrders: ints(5, 5), Gaps: ints(5, -5), MaxSell: most,
			},
			ints(0, 0), 0, 0, project.ClampMinOrder,
		},
		{
			"a raised order still respects the room",
			project.Input{
				Raw: ints(-4, 4), Values: ints(4, 10), MinOrders: ints(5, 5), Gaps: ints(-5, 5), MaxSell: most,
			},
			ints(0, 0), 0, 0,
			project.ClampSnap | project.ClampHoldings | project.ClampMinOrder | project.ClampNothingAgainst,
		},
		{
			"one-time orders take of the cap",
			project.Input{Raw: ints(-8, 8), Values: ints(10, 10), MaxSell: fixed.FromInt(9), OneTime: fixed.FromInt(4)},
			ints(-5, 5), 5, 0, project.ClampMaxSell,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, result := feasible(t, test.in)
			if !slices.Equal(out, test.want) {
				t.Errorf("got %v, want %v", out, test.want)
			}
			want := project.Result{
				Matched: fixed.FromInt(test.matched), Forced: fixed.FromInt(test.forced), Clamp: test.clamp,
			}
			if result != want {
				t.Errorf("got %+v, want %+v", result, want)
			}
		})
	}
}

// TestLastOfEquals: dropping the first of three equal buys leaves 6 for two, which is enough for both.
func TestLastOfEquals(t *testing.T) {
	t.Parallel()
	out, _ := feasible(t, project.Input{
		Raw: ints(-6, 4, 4, 4), Values: ints(10, 0, 0, 0), MinOrders: ints(3, 3, 3, 3), MaxSell: fixed.Max(),
	})
	if want := ints(-6, 0, 3, 3); !slices.Equal(out, want) {
		t.Errorf("got %v, want %v", out, want)
	}
}

// TestSmallestOfAll: both buys are short, and the smaller one goes, wherever it stands.
func TestSmallestOfAll(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ raw, want []fixed.Wad }{
		{raws(4, 8, -5), raws(0, 5, -5)},
		{raws(8, 4, -5), raws(5, 0, -5)},
		{raws(-5, 4, 8, 5), raws(-5, 0, 5, 0)},
	} {
		n := len(test.raw)
		out, _ := feasible(t, project.Input{
			Raw: test.raw, Values: slices.Repeat(raws(10), n), MinOrders: slices.Repeat(raws(4), n), MaxSell: fixed.Max(),
		})
		if !slices.Equal(out, test.want) {
			t.Errorf("%v: got %v, want %v", test.raw, out, test.want)
		}
	}
}

func TestClamp(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		clamp project.Clamp
		want  string
	}{
		{0, "none"},
		{project.ClampMaxSell, "clamped by max sell"},
		{project.ClampMinOrder | project.ClampMinBalance, "min balance, below min order"},
		{project.ClampForcedBuy | project.ClampNothingAgainst, "forced: below min balance, nothing to trade against"},
		{1 << 12, "unknown limit"},
		{1 << 15, "unknown limit"},
	} {
		if got := test.clamp.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
	c := project.ClampCap | project.ClampSnap
	if !c.Has(project.ClampSnap) || c.Has(project.ClampSnap|project.ClampLocked) {
		t.Error("Has does not test for all limits")
	}
}

func TestFeasibleErrors(t *testing.T) {
	t.Parallel()
	big := enginetest.W(t, "350000000000000000000")
	for _, test := range []struct {
		name  string
		spoil func(*project.Input)
		want  string
	}{
		{"wishes", func(in *project.Input) { in.Raw = nil }, "expected 2 wishes"},
		{"values", func(in *project.Input) { in.Values = ints(1) }, "got 2 and 1"},
		{"gaps", func(in *project.Input) { in.Gaps = ints(1) }, "got one of 1"},
		{"locked", func(in *project.Input) { in.Locked = ints(1, 2, 3) }, "got one of 3"},
		{"quantum negative", func(in *project.Input) { in.Quantum = fixed.FromRaw(-1) }, "quantum that divides 1"},
		{"quantum above 1", func(in *project.Input) { in.Quantum = fixed.FromInt(2) }, "quantum that divides 1"},
		{"quantum odd", func(in *project.Input) { in.Quantum = fixed.FromBps(3000) }, "quantum that divides 1, got 0.3"},
		{"value negative", func(in *project.Input) { in.Values = ints(1, -1) }, "value 1: expected 0 or more"},
		{"floor negative", func(in *project.Input) { in.Floors = ints(1, -1) }, "floor 1: expected 0 or more"},
		{"ceiling negative", func(in *project.Input) { in.Ceilings = ints(-1, 1) }, "ceiling 0: expected 0 or more"},
		{"minimum negative", func(in *project.Input) { in.MinOrders = ints(1, -1) }, "minimum order 1"},
		{"locked negative", func(in *project.Input) { in.Locked = ints(1, -1) }, "locked value 1"},
		{"max sell negative", func(in *project.Input) { in.MaxSell = fixed.FromInt(-1) }, "max sell 0"},
		{"one-time negative", func(in *project.Input) { in.OneTime = fixed.FromInt(-1) }, "one-time orders 0"},
		{"wish too large", func(in *project.Input) { in.Raw[0] = big }, "below 3.4e20"},
		{"sum too large", func(in *project.Input) {
			in.Raw = []fixed.Wad{fixed.MaxNat().Raw(), fixed.MaxNat().Raw()}
		}, "below 3.4e20"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := project.Input{Raw: ints(-5, 5), Values: ints(10, 10), MaxSell: fixed.FromInt(10)}
			test.spoil(&in)
			var ws project.Workspace
			_, err := project.Feasible(&ws, in, make([]fixed.Wad, 2))
			if !errors.Is(err, project.ErrInput) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want ErrInput with %q", err, test.want)
			}
		})
	}
}
