package cost_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestModelOf(t *testing.T) {
	t.Parallel()
	full := cost.Model{Proportional: enginetest.W(t, "0.001"), Fixed: fixed.FromInt(5), Impact: enginetest.W(t, "0.5")}
	tests := []struct {
		name                   string
		m                      cost.Model
		value, depth, sigmaDay string
		want, marginal         string
	}{
		{"nothing", full, "0", "0", "0", "0", "0.001"},
		{"proportional", cost.Model{Proportional: enginetest.W(t, "0.001")}, "20000", "0", "0", "20", "0.001"},
		{"fixed", cost.Model{Fixed: fixed.FromInt(5)}, "20000", "0", "0", "5", "0"},
		{"impact of a quarter of a day", full, "250000", "1000000", "0.04", "2755", "0.016"},
		{
			"rounds up",
			cost.Model{Proportional: fixed.FromRaw(1)},
			"0.000000000000000001", "0", "0",
			"0.000000000000000001", "0.000000000000000001",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := test.m.Validate(); err != nil {
				t.Fatal(err)
			}
			var c fixed.Calc
			value, depth, sigma := enginetest.W(t, test.value), enginetest.W(t, test.depth), enginetest.W(t, test.sigmaDay)
			if got := test.m.Of(&c, value, depth, sigma); got != enginetest.W(t, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if got := test.m.Marginal(&c, value, depth, sigma); got != enginetest.W(t, test.marginal) {
				t.Errorf("marginal: got %v, want %v", got, test.marginal)
			}
			if c.Err() != nil {
				t.Error(c.Err())
			}
		})
	}
}

// TestImpactOfTheSpec is the square-root law of spec 08 §8.4: 20 million a day, 4.186 % a day, Y = .8.
func TestImpactOfTheSpec(t *testing.T) {
	t.Parallel()
	m := cost.Model{Impact: enginetest.W(t, "0.8")}
	for value, want := range map[string]string{"10000": "7.49", "100000": "23.68", "1000000": "74.88"} {
		var c fixed.Calc
		v := enginetest.W(t, value)
		got := m.Of(&c, v, fixed.FromInt(20_000_000), enginetest.W(t, "0.041859580788208386"))
		printed(t, value, c.DivTrunc(got, v), 1e4, want)
	}
}

func TestModelErrors(t *testing.T) {
	t.Parallel()
	for _, m := range []cost.Model{
		{Proportional: fixed.One()},
		{Proportional: fixed.FromInt(-1)},
		{Fixed: fixed.FromInt(-1)},
		{Impact: fixed.FromInt(-1)},
	} {
		if err := m.Validate(); !errors.Is(err, cost.ErrModel) {
			t.Errorf("%+v: got %v", m, err)
		}
	}
	tests := []struct {
		name                string
		value, depth, sigma string
		want                error
	}{
		{"no depth", "1", "0", "0.04", cost.ErrDepth},
		{"negative value", "-1", "1", "0.04", fixed.ErrNegative},
		{"negative volatility", "1", "1", "-0.04", fixed.ErrNegative},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c fixed.Calc
			m := cost.Model{Impact: fixed.One()}
			m.Of(&c, enginetest.W(t, test.value), enginetest.W(t, test.depth), enginetest.W(t, test.sigma))
			if !errors.Is(c.Err(), test.want) {
				t.Errorf("got %v, want %v", c.Err(), test.want)
			}
		})
	}
}
