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

func override(
	t *testing.T, weights, minValues []string, nav string, priority []uint8, s project.Strategy,
) ([]fixed.Wad, bool) {
	t.Helper()
	var ws project.Workspace
	dst := make([]fixed.Wad, len(weights))
	active, err := project.Override(&ws, dst, enginetest.Ws(t, weights...), enginetest.Ws(t, minValues...),
		enginetest.W(t, nav), priority, s)
	if err != nil {
		t.Fatal(err)
	}
	return dst, active
}

func TestOverride(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		weights  []string
		minimum  []string
		priority []uint8
		strategy project.Strategy
		want     []string
		active   bool
	}{
		{
			"documented, proportional",
			[]string{"0.25", "0.25", "0.5"},
			[]string{"0", "0", "60"},
			nil,
			project.Proportional,
			[]string{"0.2", "0.2", "0.6"},
			true,
		},
		{
			"documented, priority",
			[]string{"0.25", "0.25", "0.5"},
			[]string{"0", "0", "60"},
			nil,
			project.Priority,
			[]string{"0.25", "0.15", "0.6"},
			true,
		},
		{
			"priority in declared order",
			[]string{"0.25", "0.25", "0.5"},
			[]string{"0", "0", "60"},
			[]uint8{1, 0, 2},
			project.Priority,
			[]string{"0.15", "0.25", "0.6"},
			true,
		},
		{"no minimum", []string{"0.25", "0.75"}, nil, nil, project.Proportional, []string{"0.25", "0.75"}, false},
		{
			"a minimum below the target",
			[]string{"0.25", "0.75"},
			[]string{"25", "75"},
			nil,
			project.Proportional,
			[]string{"0.25", "0.75"},
			false,
		},
		{
			"a minimum above everything",
			[]string{"0.25", "0.75"},
			[]string{"101", "0"},
			nil,
			project.Proportional,
			[]string{"1", "0"},
			true,
		},
		{
			"two minima",
			[]string{"0.2", "0.2", "0.6"},
			[]string{"30", "40", "0"},
			nil,
			project.Proportional,
			[]string{"0.3", "0.4", "0.3"},
			true,
		},
		{
			"two minima that do not fit: the first declared wins",
			[]string{"0.2", "0.2", "0.6"},
			[]string{"70", "60", "0"},
			nil, project.Proportional,
			[]string{"0.7", "0.3", "0"},
			true,
		},
		{
			"the same with the other declared first",
			[]string{"0.2", "0.2", "0.6"},
			[]string{"70", "60", "0"},
			[]uint8{1, 2, 0},
			project.Priority,
			[]string{"0.4", "0.6", "0"},
			true,
		},
		// B's minimum presses A from 50 % to 26.7 %, below A's own minimum of 40 %.
		{
			"an override makes another minimum bind",
			[]string{"0.5", "0.25", "0.25"},
			[]string{"40", "60", "0"},
			nil,
			project.Proportional,
			[]string{"0.4", "0.6", "0"},
			true,
		},
		{
			"rounding goes to the largest remainder",
			[]string{"0.333333333333333333", "0.333333333333333333", "0.333333333333333334"},
			[]string{"0", "0", "50"},
			nil, project.Proportional,
			[]string{"0.25", "0.25", "0.5"},
			true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, active := override(t, test.weights, test.minimum, "100", test.priority, test.strategy)
			if want := enginetest.Ws(t, test.want...); !slices.Equal(got, want) || active != test.active {
				t.Errorf("got %v, %v, want %v, %v", got, active, want, test.active)
			}
		})
	}
}

// TestPeerOverride: the tests of the Valence rebalancer's own target verification.
func TestPeerOverride(t *testing.T) {
	t.Parallel()
	for _, peer := range enginetest.Peers(t, "min-balance override") {
		t.Run(peer.ID, func(t *testing.T) {
			t.Parallel()
			var in struct {
				Total    string `json:"total_value"`
				Strategy string `json:"strategy"`
				Targets  []struct {
					Weight string `json:"weight"`
					Price  string `json:"price"` // units of the asset per unit of value
					Min    uint64 `json:"min_balance"`
				} `json:"targets"`
			}
			var want struct {
				Weights []string `json:"weights"`
				Sum     string   `json:"sum"`
			}
			enginetest.Decode(t, peer.Inputs, &in)
			enginetest.Decode(t, peer.Expected, &want)
			strategy := project.Proportional
			if in.Strategy == "priority" {
				strategy = project.Priority
			}
			var weights, minima []string
			for _, a := range in.Targets {
				var c fixed.Calc
				value := c.DivUp(fixed.FromInt(int64(a.Min)), enginetest.W(t, a.Price))
				weights, minima = append(weights, a.Weight), append(minima, value.String())
			}
			got, _ := override(t, weights, minima, in.Total, nil, strategy)
			if !slices.Equal(got, enginetest.Ws(t, want.Weights...)) {
				t.Errorf("got %v, want %v", got, want.Weights)
			}
			var c fixed.Calc
			var sum fixed.Wad
			for _, w := range got {
				sum = c.Add(sum, w)
			}
			if sum != enginetest.W(t, want.Sum) {
				t.Errorf("got a sum of %v, want %s", sum, want.Sum)
			}
		})
	}
}

func TestOverrideErrors(t *testing.T) {
	t.Parallel()
	w := func(s ...string) []fixed.Wad { return enginetest.Ws(t, s...) }
	half := w("0.5", "0.5")
	for _, test := range []struct {
		name            string
		weights, minima []fixed.Wad
		nav             string
		priority        []uint8
		strategy        project.Strategy
		want            string
	}{
		{"lengths", half, w("1"), "100", nil, project.Priority, "got 2 and 1"},
		{"no value", half, nil, "0", nil, project.Priority, "positive value"},
		{"negative weight", w("1.5", "-0.5"), nil, "100", nil, project.Priority, "asset 1: expected a weight"},
		{"negative minimum", half, w("-1", "0"), "100", nil, project.Priority, "asset 0: expected a weight"},
		{"sum", w("0.5", "0.4"), nil, "100", nil, project.Priority, "got 0.9"},
		{"sum too large", []fixed.Wad{fixed.Max(), fixed.Max()}, nil, "100", nil, project.Priority, "sum to exactly 1"},
		{"order twice", half, nil, "100", []uint8{0, 0}, project.Priority, "once in the declared order"},
		{"order unknown", half, nil, "100", []uint8{0, 2}, project.Priority, "each of 2 assets"},
		{"order short", half, nil, "100", []uint8{0}, project.Priority, "expected 2 assets in the declared order"},
		{"strategy", half, nil, "100", nil, 2, "strategy 2"},
		{"the largest value", half, w("0", "0"), fixed.Max().String(), nil, project.Priority, ""},
		{"minima that fit exactly", half, w("0.5", "0.5"), "1", nil, project.Priority, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws project.Workspace
			_, err := project.Override(&ws, make([]fixed.Wad, 2), test.weights, test.minima, enginetest.W(t, test.nav),
				test.priority, test.strategy)
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, project.ErrInput) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want ErrInput with %q", err, test.want)
			}
		})
	}
}

// TestOverrideSize: bytes name at most 256 assets.
func TestOverrideSize(t *testing.T) {
	t.Parallel()
	run := func(dst, weights []fixed.Wad) error {
		var ws project.Workspace
		_, err := project.Override(&ws, dst, weights, nil, fixed.One(), nil, project.Proportional)
		return err
	}
	for n, want := range map[int]error{256: nil, 257: project.ErrInput} {
		weights := make([]fixed.Wad, n)
		weights[0] = fixed.One()
		if err := run(weights, weights); !errors.Is(err, want) {
			t.Errorf("%d assets: got %v, want %v", n, err, want)
		}
	}
	if err := run(nil, []fixed.Wad{fixed.One()}); !errors.Is(err, project.ErrInput) {
		t.Errorf("no room for the result: got %v, want ErrInput", err)
	}
}

func TestStrategy(t *testing.T) {
	t.Parallel()
	for s, want := range map[project.Strategy]string{
		project.Proportional: "proportional", project.Priority: "priority", 7: "unknown strategy",
	} {
		if got := s.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestAllocations: a warm workspace allocates nothing.
func TestAllocations(t *testing.T) {
	var ws project.Workspace
	in := project.Input{
		Raw: ints(-120, -45, 3, 110, 40), Values: ints(400, 260, 90, 150, 100), Floors: ints(0, 270, 0, 0, 0),
		MinOrders: ints(5, 5, 5, 5, 5), Gaps: ints(-200, 10, 20, 120, 50), MaxSell: fixed.FromInt(90),
		Quantum: fixed.FromRaw(1_000_000_000_000),
	}
	out := make([]fixed.Wad, 5)
	weights := enginetest.Ws(t, "0.2", "0.2", "0.2", "0.2", "0.2")
	plan := project.Plan{
		Payments: []project.Payment{{Asset: 1, Amount: fixed.NatOf(7), Schedule: project.Schedule{EveryMonths: 1}}},
		Owed:     make([]project.Owed, 1),
	}
	nav, order := fixed.FromInt(1000), []uint8{4, 3, 2, 1, 0}
	run := func() {
		if _, err := project.Feasible(&ws, in, out); err != nil {
			t.Fatal(err)
		}
		if _, err := project.Override(&ws, out, weights, in.Floors, nav, order, project.Priority); err != nil {
			t.Fatal(err)
		}
		if _, err := project.Override(&ws, out, weights, in.Floors, nav, nil, project.Proportional); err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Reserve(1, 0, 86400, 40); err != nil {
			t.Fatal(err)
		}
	}
	run()
	if n := testing.AllocsPerRun(100, run); n != 0 {
		t.Errorf("got %v allocations, want none", n)
	}
}
