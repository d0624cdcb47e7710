package drift_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestMeasure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                      string
		values, targets           []string
		nav                       string
		weights, errors           []string
		l1, maxAbs, maxRel, stray string
	}{
		{
			name:   "spec 11: drift of .03",
			values: []string{"53", "28", "19"}, targets: []string{"0.5", "0.3", "0.2"},
			nav: "100", weights: []string{"0.53", "0.28", "0.19"}, errors: []string{"-0.03", "0.02", "0.01"},
			l1: "0.03", maxAbs: "0.03", maxRel: "0.066666666666666666", stray: "0",
		},
		{
			name:   "on target",
			values: []string{"500000", "500000"}, targets: []string{"0.5", "0.5"},
			nav: "1000000", weights: []string{"0.5", "0.5"}, errors: []string{"0", "0"},
			l1: "0", maxAbs: "0", maxRel: "0", stray: "0",
		},
		{
			name:    "weights round toward zero",
			values:  []string{"1", "1", "1"},
			targets: []string{"0.333333333333333334", "0.333333333333333333", "0.333333333333333333"},
			nav:     "3", weights: []string{"0.333333333333333333", "0.333333333333333333", "0.333333333333333333"},
			errors: []string{"0.000000000000000001", "0", "0"},
			l1:     "0", maxAbs: "0.000000000000000001", maxRel: "0.000000000000000002", stray: "0",
		},
		{
			name:   "an asset without target is a stray, not a ratio",
			values: []string{"3", "97"}, targets: []string{"0", "1"},
			nav: "100", weights: []string{"0.03", "0.97"}, errors: []string{"-0.03", "0.03"},
			l1: "0.03", maxAbs: "0.03", maxRel: "0.03", stray: "0.03",
		},
		{
			name:   "the largest ratio belongs to the smallest target",
			values: []string{"60", "38", "2"}, targets: []string{"0.55", "0.44", "0.01"},
			nav: "100", weights: []string{"0.6", "0.38", "0.02"}, errors: []string{"-0.05", "0.06", "-0.01"},
			l1: "0.06", maxAbs: "0.06", maxRel: "1", stray: "0",
		},
		{
			name:   "a single asset",
			values: []string{"0.000000000000000001"}, targets: []string{"1"},
			nav: "0.000000000000000001", weights: []string{"1"}, errors: []string{"0"},
			l1: "0", maxAbs: "0", maxRel: "0", stray: "0",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var r drift.Report
			values, targets := enginetest.Ws(t, test.values...), enginetest.Ws(t, test.targets...)
			if err := drift.Measure(&r, values, targets); err != nil {
				t.Fatal(err)
			}
			same(t, "NAV", []fixed.Wad{r.NAV}, []string{test.nav})
			same(t, "values", r.Values, test.values)
			same(t, "targets", r.Targets, test.targets)
			same(t, "weights", r.Weights, test.weights)
			same(t, "errors", r.Errors, test.errors)
			same(t, "L1, MaxAbs, MaxRel, MaxStray", []fixed.Wad{r.L1, r.MaxAbs, r.MaxRel(), r.MaxStray},
				[]string{test.l1, test.maxAbs, test.maxRel, test.stray})
		})
	}
}

func same(t *testing.T, what string, got []fixed.Wad, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
	for i := range got {
		if got[i] != enginetest.W(t, want[i]) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
}

// TestL2NormOfTheSpec is the drift row of spec 11.
func TestL2NormOfTheSpec(t *testing.T) {
	t.Parallel()
	var r drift.Report
	if err := drift.Measure(&r, enginetest.Ws(t, "53", "28", "19"), enginetest.Ws(t, "0.5", "0.3", "0.2")); err != nil {
		t.Fatal(err)
	}
	var c fixed.Calc
	if got := r.L2Norm(&c); got != enginetest.W(t, "0.037416573867739413") || c.Err() != nil {
		t.Errorf("got %v, %v", got, c.Err())
	}
}

func TestMeasureErrors(t *testing.T) {
	t.Parallel()
	most := fixed.Max().String()
	tests := []struct {
		name            string
		values, targets []string
		want            error
	}{
		{"a target is missing", []string{"1", "1"}, []string{"1"}, drift.ErrLength},
		{"nothing held", []string{"0", "0"}, []string{"0.5", "0.5"}, drift.ErrNoValue},
		{"no assets", nil, nil, drift.ErrNoValue},
		{"negative value", []string{"2", "-1"}, []string{"0.5", "0.5"}, drift.ErrValue},
		{"negative target", []string{"1", "1"}, []string{"-0.5", "1.5"}, drift.ErrTarget},
		{"target above one", []string{"1", "1"}, []string{"1.000000000000000001", "0"}, drift.ErrTarget},
		{"sum overflows", []string{most, most}, []string{"0.5", "0.5"}, fixed.ErrOverflow},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var r drift.Report
			err := drift.Measure(&r, enginetest.Ws(t, test.values...), enginetest.Ws(t, test.targets...))
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// TestMeasureAtTheLimits values a portfolio as large as a Wad can be.
func TestMeasureAtTheLimits(t *testing.T) {
	t.Parallel()
	var r drift.Report
	if err := drift.Measure(&r, []fixed.Wad{fixed.Max(), {}}, enginetest.Ws(t, "0.25", "0.75")); err != nil {
		t.Fatal(err)
	}
	same(t, "errors", r.Errors, []string{"-0.75", "0.75"})
}

// TestMeasureForgets uses one report for portfolios of different sizes: nothing of the last one may remain.
func TestMeasureForgets(t *testing.T) {
	t.Parallel()
	var used, fresh drift.Report
	if err := drift.Measure(&used, enginetest.Ws(t, "90", "1", "9"), enginetest.Ws(t, "0", "0.5", "0.5")); err != nil {
		t.Fatal(err)
	}
	values, targets := enginetest.Ws(t, "51", "49"), enginetest.Ws(t, "0.5", "0.5")
	if err := errors.Join(drift.Measure(&used, values, targets), drift.Measure(&fresh, values, targets)); err != nil {
		t.Fatal(err)
	}
	same(t, "errors", used.Errors, []string{"-0.01", "0.01"})
	if figuresOf(used) != figuresOf(fresh) {
		t.Errorf("got %+v, want %+v", used, fresh)
	}
}

func TestMeasureAllocatesNothing(t *testing.T) {
	values, targets := portfolio(t, 8)
	var r drift.Report
	if n := testing.AllocsPerRun(10, func() {
		if err := drift.Measure(&r, values, targets); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestTargetsOfNoPortfolio has so many whole targets that the sum of the errors would leave a word.
func TestTargetsOfNoPortfolio(t *testing.T) {
	t.Parallel()
	values, targets := make([]fixed.Wad, 25), make([]fixed.Wad, 25)
	for i := range values {
		values[i], targets[i] = fixed.One(), fixed.One()
	}
	var r drift.Report
	if err := drift.Measure(&r, values, targets); !errors.Is(err, drift.ErrTarget) {
		t.Fatalf("got %v, want ErrTarget", err)
	}
}
