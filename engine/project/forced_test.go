package project_test

import (
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// forcedCase is a projection in which an asset must trade.
type forcedCase struct {
	name            string
	in              project.Input
	want            []fixed.Wad
	matched, forced int64
	clamp           project.Clamp
}

func forcedCases() []forcedCase {
	most := fixed.Max()
	caps := func(n ...int64) []fixed.Wad { // a negative number is no cap
		out := ints(n...)
		for i := range out {
			if n[i] < 0 {
				out[i] = most
			}
		}
		return out
	}
	return []forcedCase{
		{
			"a minimum balance is bought at once, though the controller is slow",
			project.Input{
				Raw: ints(-10, 10), Values: ints(100, 0), Floors: ints(0, 50), Gaps: ints(-60, 60), MaxSell: most,
			},
			ints(-50, 50), 50, 50, project.ClampForcedBuy | project.ClampForcedSource,
		},
		{
			"without gaps nobody else pays",
			project.Input{Raw: ints(-10, 10), Values: ints(100, 0), Floors: ints(0, 50), MaxSell: most},
			ints(-10, 10), 10, 10, project.ClampForcedBuy | project.ClampForcedShort,
		},
		{
			"forced first under max sell",
			project.Input{
				Raw: ints(-60, 10, 50), Values: ints(100, 0, 0), Floors: ints(0, 50, 0), MaxSell: fixed.FromInt(30),
			},
			ints(-30, 30, 0), 30, 30, project.ClampForcedBuy | project.ClampMaxSell | project.ClampForcedShort,
		},
		{
			"what max sell leaves goes to wishes",
			project.Input{
				Raw: ints(-60, 10, 50), Values: ints(100, 0, 0), Floors: ints(0, 50, 0), MaxSell: fixed.FromInt(55),
			},
			ints(-55, 50, 5), 55, 50, project.ClampForcedBuy | project.ClampMaxSell,
		},
		{
			"one-time orders come after forced ones and before wishes",
			project.Input{
				Raw: ints(-60, 10, 50), Values: ints(100, 0, 0), Floors: ints(0, 50, 0), MaxSell: fixed.FromInt(55),
				OneTime: fixed.FromInt(5),
			},
			ints(-50, 50, 0), 50, 50, project.ClampForcedBuy | project.ClampMaxSell,
		},
		{
			"a wish beyond what is forced is a wish",
			project.Input{Raw: ints(-60, 60), Values: ints(100, 0), Floors: ints(0, 50), MaxSell: fixed.FromInt(55)},
			ints(-55, 55), 55, 50, project.ClampForcedBuy | project.ClampMaxSell,
		},
		{
			"above the cap",
			project.Input{
				Raw: ints(0, 0), Values: ints(100, 10), Ceilings: caps(80, -1), Gaps: ints(-30, 30), MaxSell: most,
			},
			ints(-20, 20), 20, 20, project.ClampForcedSell | project.ClampForcedSource,
		},
		{
			"forced against forced, the rest from the gap",
			project.Input{
				Raw: ints(0, 0, 0), Values: ints(100, 0, 40), Ceilings: caps(80, -1, -1), Floors: ints(0, 50, 0),
				Gaps: ints(-20, 60, -40), MaxSell: most,
			},
			ints(-20, 50, -30), 50, 50,
			project.ClampForcedBuy | project.ClampForcedSell | project.ClampForcedSource,
		},
		{
			"forced and below the minimum order: raised",
			project.Input{
				Raw: ints(0, 0), Values: ints(100, 47), Floors: ints(0, 50), MinOrders: ints(5, 5), Gaps: ints(-20, 20),
				MaxSell: most,
			},
			ints(-5, 5), 5, 5, project.ClampForcedBuy | project.ClampForcedSource | project.ClampSnap,
		},
		{
			"forced and below the minimum order: dropped when the gap is too",
			project.Input{
				Raw: ints(0, 0), Values: ints(100, 47), Floors: ints(0, 50), MinOrders: ints(5, 5), Gaps: ints(-4, 4),
				MaxSell: most,
			},
			ints(0, 0), 0, 0, project.ClampForcedBuy | project.ClampMinOrder,
		},
		{
			"a raised forced buy stays below the cap, here too small to send",
			project.Input{
				Raw: ints(-9, 0), Values: ints(100, 47), Floors: ints(0, 50), Ceilings: caps(-1, 51),
				MinOrders: ints(5, 5), Gaps: ints(-20, 20), MaxSell: most,
			},
			ints(0, 0), 0, 0,
			project.ClampForcedBuy | project.ClampMinOrder | project.ClampSnap | project.ClampNothingAgainst,
		},
		{
			"a minimum balance wins over a cap",
			project.Input{
				Raw: ints(-20, 0), Values: ints(100, 60), Floors: ints(0, 80), Ceilings: caps(-1, 50), MaxSell: most,
			},
			ints(-20, 20), 20, 20, project.ClampForcedBuy,
		},
		{
			"locked units cannot be forced out",
			project.Input{
				Raw: ints(0, 10), Values: ints(100, 10), Ceilings: caps(80, -1), Locked: ints(90, 0), MaxSell: most,
			},
			ints(-10, 10), 10, 10, project.ClampForcedSell | project.ClampLocked,
		},
		{
			"a wish without a gap stays",
			project.Input{
				Raw: ints(-10, 0, 5), Values: ints(100, 0, 10), Floors: ints(0, 5, 0), Gaps: ints(-10, 10, 0), MaxSell: most,
			},
			ints(-10, 5, 5), 10, 5, project.ClampForcedBuy,
		},
		{
			"a wish away from the target may pay for a forced order away from the target",
			project.Input{
				Raw: ints(-10, 0), Values: ints(100, 40), Floors: ints(0, 50), Gaps: ints(10, -10), MaxSell: most,
			},
			ints(-10, 10), 10, 10, project.ClampForcedBuy,
		},
		{
			"forced orders of equal size need nobody else",
			project.Input{
				Raw: ints(0, 0, 0), Values: ints(100, 0, 40), Ceilings: caps(80, -1, -1), Floors: ints(0, 20, 0),
				Gaps: ints(-20, 60, -40), MaxSell: most,
			},
			ints(-20, 20, 0), 20, 20, project.ClampForcedBuy | project.ClampForcedSell,
		},
		{
			"buyers pay for a larger forced sell, and a wish against it is void",
			project.Input{
				Raw: ints(0, 0, -5), Values: ints(100, 0, 40), Ceilings: caps(60, -1, -1), Floors: ints(0, 10, 0),
				Gaps: ints(-60, 20, 40), MaxSell: most,
			},
			ints(-40, 16, 24), 40, 40,
			project.ClampForcedBuy | project.ClampForcedSell | project.ClampForcedSource,
		},
		{
			"wishes against a forced order, and away from the target, are void",
			project.Input{
				Raw: ints(-700, 300), Values: ints(400, 400), Floors: ints(600, 0), Gaps: ints(200, -200), MaxSell: most,
			},
			ints(200, -200), 200, 200, project.ClampForcedBuy | project.ClampForcedSource,
		},
	}
}

func TestForced(t *testing.T) {
	t.Parallel()
	for _, test := range forcedCases() {
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

func TestQuantum(t *testing.T) {
	t.Parallel()
	w := func(s ...string) []fixed.Wad { return enginetest.Ws(t, s...) }
	quantum := enginetest.W(t, "0.000001")
	out, result := feasible(t, project.Input{
		Raw: w("-1.0000019", "0.4000009", "0.7"), Values: ints(10, 0, 0), MaxSell: fixed.Max(), Quantum: quantum,
	})
	if want := w("-1.000001", "0.363637", "0.636364"); !slices.Equal(out, want) {
		t.Errorf("got %v, want %v", out, want)
	}
	if result.Matched != enginetest.W(t, "1.000001") || result.Clamp != 0 {
		t.Errorf("got %+v", result)
	}
	// A minimum order that is no multiple of the quantum rounds up when an order is raised to it.
	out, result = feasible(t, project.Input{
		Raw: w("-1", "1"), Values: ints(10, 0), Gaps: ints(-5, 5), MinOrders: w("2.0000001", "2.0000001"),
		MaxSell: fixed.Max(), Quantum: quantum,
	})
	if want := w("-2.000001", "2.000001"); !slices.Equal(out, want) || result.Clamp != project.ClampSnap {
		t.Errorf("got %v, %v, want %v", out, result.Clamp, want)
	}
	// Less than a quantum is nothing, and no reason to complain.
	out, result = feasible(t, project.Input{
		Raw: w("-0.0000009", "0.0000009"), Values: ints(10, 0), MaxSell: fixed.Max(), Quantum: quantum,
	})
	if !out[0].IsZero() || !out[1].IsZero() || result.Clamp != 0 {
		t.Errorf("got %v, %v", out, result.Clamp)
	}
}
