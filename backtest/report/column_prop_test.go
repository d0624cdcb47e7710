package report_test

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/backtest/report"
)

// decoded reads a column as the scripts of a page do, slowly.
func decoded(t *rapid.T, text []byte) []float64 {
	var c struct {
		K float64
		D []any
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var out []float64
	var sum float64
	var last any
	push := func(entry any) {
		if step, ok := entry.(float64); ok {
			sum += step
			out = append(out, sum/c.K)
			return
		}
		out = append(out, math.NaN())
	}
	for _, entry := range c.D {
		if run, ok := entry.([]any); ok {
			times, ok := run[0].(float64)
			if !ok {
				t.Fatalf("%s: a run without a count", text)
			}
			for range int(times) {
				push(last)
			}
			continue
		}
		last = entry
		push(entry)
	}
	return out
}

func TestColumnsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.IntRange(1, 9).Draw(t, "digits")
		value := rapid.OneOf(
			rapid.Float64Range(-1, 1), rapid.Float64Range(-1e12, 1e12), rapid.Just(0.4), rapid.Just(math.NaN()),
			rapid.Just(0.0),
		)
		values := rapid.SliceOfN(value, 0, 60).Draw(t, "values")
		text, err := json.Marshal(report.NewColumn(values, digits))
		if err != nil {
			t.Fatal(err)
		}
		got := decoded(t, text)
		if len(got) != len(values) {
			t.Fatalf("%d values from %s, want %d", len(got), text, len(values))
		}
		largest := 0.0
		for _, x := range values {
			if !math.IsNaN(x) {
				largest = max(largest, math.Abs(x))
			}
		}
		for i, x := range values {
			allowed := max(largest*math.Pow10(1-digits), 1e-15) // no column has more than 15 places
			if math.IsNaN(x) != math.IsNaN(got[i]) || math.Abs(got[i]-x) > allowed {
				t.Fatalf("value %d: %v from %s, want %v", i, got[i], text, x)
			}
		}
	})
}

// TestColumn fixes the form: differences, runs and gaps.
func TestColumn(t *testing.T) {
	t.Parallel()
	gap := math.NaN()
	tests := []struct {
		name   string
		values []float64
		digits int
		want   string
	}{
		{"nothing", nil, 7, `{"k":1,"d":[]}`},
		{"zeros", []float64{0, 0, 0, 0, 0}, 7, `{"k":1,"d":[0,[4]]}`},
		{"the comment's", []float64{10.5, 10.55, 10.6, 10.65, 10.7, gap}, 4, `{"k":100,"d":[1050,5,[3],null]}`},
		{"a run of gaps", []float64{1, gap, gap, gap, gap, 2}, 2, `{"k":10,"d":[10,null,[3],10]}`},
		{"whole numbers", []float64{1.7e9, 1.7e9 + 3600, 1.7e9 + 7200}, 0, `{"k":1,"d":[1700000000,3600,3600]}`},
		{"infinite", []float64{1, math.Inf(1)}, 2, `{"k":10,"d":[10,null]}`},
		{"large", []float64{3e20}, 3, `{"k":0.000000000000000001,"d":[300]}`},
	}
	for _, test := range tests {
		got, err := json.Marshal(report.NewColumn(test.values, test.digits))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
