package band_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func record(t *testing.T, s *band.Samples, days map[int64]int64, order ...int64) {
	t.Helper()
	for _, day := range order {
		if err := s.Record(day, fixed.FromBps(days[day])); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRecordOncePerDay(t *testing.T) {
	t.Parallel()
	var s, again band.Samples
	weights := map[int64]int64{5: 2_500, 6: 2_600}
	record(t, &s, weights, 5, 6)
	record(t, &again, weights, 5, 5, 6)
	record(t, &again, map[int64]int64{5: 9_000, 6: 9_000}, 6, 5)
	if s != again {
		t.Errorf("a second sample of a day counted: %v, want %v", again, s)
	}
}

// TestMissingDay: an increment across a day without a sample is not a daily increment.
func TestMissingDay(t *testing.T) {
	t.Parallel()
	var s band.Samples
	record(t, &s, map[int64]int64{1: 2_500, 2: 2_600, 4: 3_900, 5: 3_800}, 1, 2, 4, 5)
	sd, n, err := s.Deviation(band.Increments, 1)
	if err != nil || n != 2 || sd != fixed.FromBps(100) {
		t.Errorf("got %v of %d, %v; want 0.01 of 2", sd, n, err)
	}
	if sd, n, err := s.Deviation(band.Robust, 4); err != nil || n != 2 || sd != enginetest.W(t, "0.029652") {
		t.Errorf("robust: got %v of %d, %v; want 2*1.4826 %% of 2", sd, n, err)
	}
	if sd, n, err := s.Deviation(band.Levels, 1); err != nil || n != 4 || sd.Text() != "0.075277265270908099" {
		t.Errorf("levels: got %s of %d, %v", sd.Text(), n, err)
	}
}

// TestOwnTrades: what the portfolio traded is not the market's doing, however often it traded on a day.
func TestOwnTrades(t *testing.T) {
	t.Parallel()
	var quiet, trading band.Samples
	var c fixed.Calc
	trading.Trade(&c, fixed.FromBps(100)) // nothing to add it to
	record(t, &quiet, map[int64]int64{1: 2_500, 2: 2_600, 3: 2_500}, 1, 2, 3)
	record(t, &trading, map[int64]int64{1: 2_500}, 1)
	trading.Trade(&c, fixed.FromBps(-300))
	trading.Trade(&c, fixed.FromBps(-200))
	record(t, &trading, map[int64]int64{2: 2_100, 3: 2_000}, 2, 3)
	for _, e := range []band.Estimator{band.Increments, band.Robust} {
		want, n, err := quiet.Deviation(e, 5)
		got, m, err2 := trading.Deviation(e, 5)
		if err != nil || err2 != nil || n != m || got != want {
			t.Errorf("%v: got %v of %d, want %v of %d", e, got, m, want, n)
		}
	}
}

func TestNoSamples(t *testing.T) {
	t.Parallel()
	for _, e := range []band.Estimator{band.Levels, band.Increments, band.Robust} {
		var s band.Samples
		if sd, n, err := s.Deviation(e, 5); err != nil || n != 0 || !sd.IsZero() {
			t.Errorf("%v: got %v of %d, %v", e, sd, n, err)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	for now, want := range map[int64]int64{0: 0, 86_399: 0, 86_400: 1, -1: -1, -86_400: -1, -86_401: -2} {
		if got := band.Day(now); got != want {
			t.Errorf("%d s: day %d, want %d", now, got, want)
		}
	}
}

// TestForeignSamples: a ring that a host stored wrongly gives numbers, not a panic.
func TestForeignSamples(t *testing.T) {
	t.Parallel()
	s := band.Samples{Next: 255, Count: 255}
	var c fixed.Calc
	s.Trade(&c, fixed.FromBps(1))
	record(t, &s, map[int64]int64{1: 100}, 1)
	if s.Count != band.Capacity || s.Next >= band.Capacity {
		t.Errorf("the ring is not mended: next %d of %d", s.Next, s.Count)
	}
	if _, n, err := s.Deviation(band.Levels, 1); err != nil || n != band.Window {
		t.Errorf("got %d samples, %v", n, err)
	}
}
