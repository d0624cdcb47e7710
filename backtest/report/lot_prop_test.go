package report_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/report"
)

// drawn reads a line at a time.
func drawn(line [2][]float64, at float64) float64 {
	for k := 1; k < len(line[0]); k++ {
		if from, to := line[0][k-1], line[0][k]; at >= from && at <= to {
			return line[1][k-1] + (line[1][k]-line[1][k-1])*(at-from)/(to-from)
		}
	}
	return math.NaN()
}

func TestThinStaysNear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tolerance := rapid.Float64Range(1e-6, 0.1).Draw(t, "tolerance")
		steps := rapid.SliceOfN(rapid.Float64Range(0.9, 1.1), 2, 50).Draw(t, "steps")
		line := [2][]float64{}
		price := 100.0
		for i, step := range steps {
			price *= step
			line[0], line[1] = append(line[0], float64(10*i)), append(line[1], price)
		}
		got := report.Thin(line, tolerance)
		last := len(got[0]) - 1
		if got[0][0] != 0 || got[0][last] != line[0][len(steps)-1] || len(got[0]) != len(got[1]) {
			t.Fatalf("the ends are not kept: %v", got)
		}
		for i, at := range line[0] {
			if gap := math.Abs(drawn(got, at)-line[1][i]) / line[1][i]; gap > tolerance*(1+1e-9) {
				t.Fatalf("at %v: off by %v, more than %v", at, gap, tolerance)
			}
		}
	})
}

// TestManyLots draws more lots than a page can hold, with more points than it can hold.
func TestManyLots(t *testing.T) {
	t.Parallel()
	w := sample(9, 1, 2000)
	lots := w.Auctions
	for len(lots) <= report.LotsMax {
		lots = append(lots, lots...)
	}
	if got := report.ClockPoints(lots); got > report.PointsMax || got < 2*report.LotsMax {
		t.Errorf("%d points, want at most %d and two for each of %d lots", got, report.PointsMax, report.LotsMax)
	}
	instant := []backtest.Auction{{Clock: []backtest.Point{
		{Time: 5, Price: wad(1)}, {Time: 5, Price: wad(1)}, {Time: 5, Price: wad(2)},
	}}}
	if got := report.ClockPoints(instant); got < 2 {
		t.Errorf("%d points of a lot without duration", got)
	}
}
