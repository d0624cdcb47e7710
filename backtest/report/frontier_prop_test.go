package report_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/backtest/report"
)

// cloud draws points on a coarse grid, so that ties are common.
func cloud(t *rapid.T, least int) *report.Frontier {
	f := &report.Frontier{Title: rapid.String().Draw(t, "title"), Synthetic: rapid.Bool().Draw(t, "synthetic")}
	coordinate := rapid.IntRange(-2, 6)
	for range rapid.IntRange(least, 20).Draw(t, "points") {
		f.Points = append(f.Points, report.FrontierPoint{
			TrackingError: wad(float64(coordinate.Draw(t, "te")) / 100),
			CostYear:      wad(float64(coordinate.Draw(t, "cost")) / 1e4),
			Chosen:        rapid.Bool().Draw(t, "chosen"),
		})
	}
	return f
}

// beats is the definition: no worse in both, better in one.
func beats(a, b *report.FrontierPoint) bool {
	te, cost := a.TrackingError.Cmp(b.TrackingError), a.CostYear.Cmp(b.CostYear)
	return te <= 0 && cost <= 0 && (te < 0 || cost < 0)
}

func TestRankIsPareto(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := cloud(t, 0)
		f.Rank()
		for i := range f.Points {
			want := false
			for k := range f.Points {
				want = want || beats(&f.Points[k], &f.Points[i])
			}
			if f.Points[i].Dominated != want {
				t.Fatalf("point %d of %v: dominated %v, want %v", i, f.Points, !want, want)
			}
		}
	})
}

func TestPlotFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := cloud(t, 1)
		coordinate := rapid.Float64Range(-1, 1)
		for range rapid.IntRange(0, 2).Draw(t, "curves") {
			f.Curves = append(f.Curves, report.FrontierCurve{Points: []report.CurvePoint{
				{TrackingError: wad(coordinate.Draw(t, "x")), CostYear: wad(coordinate.Draw(t, "y"))},
				{TrackingError: wad(coordinate.Draw(t, "x")), CostYear: wad(coordinate.Draw(t, "y"))},
			}})
		}
		if rapid.Bool().Draw(t, "optimum") {
			f.Optimum = &report.CurvePoint{TrackingError: wad(0.03), CostYear: wad(0.01)}
		}
		width, height := rapid.IntRange(-5, 150).Draw(t, "width"), rapid.IntRange(-5, 60).Draw(t, "height")
		var b bytes.Buffer
		if err := report.FrontierPlot(&b, f, width, height); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		if len(lines) != max(height, 12) {
			t.Fatalf("%d lines, want %d:\n%s", len(lines), max(height, 12), &b)
		}
		for _, line := range lines {
			if n := utf8.RuneCountInString(line); n > max(width, 40) {
				t.Fatalf("%d columns, at most %d: %q", n, width, line)
			}
		}
		if !strings.ContainsAny(b.String(), "●◆") {
			t.Fatalf("no point is marked:\n%s", &b)
		}
	})
}

func TestPlotOfNothing(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.FrontierPlot(&b, &report.Frontier{Title: "Empty"}, 80, 24); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "Empty\nnothing to plot: the sweep has no points\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
