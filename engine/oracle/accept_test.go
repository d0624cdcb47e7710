package oracle_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

func TestAccept(t *testing.T) {
	t.Parallel()
	const last, ahead = now - 50, 10
	good := report(1, oracle.Feed, fixed.One())
	good.Source.MaxAgeSeconds = 60
	for _, test := range []struct {
		name   string
		change func(r *oracle.Report)
		want   error
	}{
		{"now", func(*oracle.Report) {}, nil},
		{"at the time of the last", func(r *oracle.Report) { r.Time = last }, nil},
		{"before the last", func(r *oracle.Report) { r.Time = last - 1 }, oracle.ErrTime},
		{"before 1970", func(r *oracle.Report) { r.Time = math.MinInt64 }, oracle.ErrTime},
		{"a little ahead", func(r *oracle.Report) { r.Time = now + ahead }, nil},
		{"too far ahead", func(r *oracle.Report) { r.Time = now + ahead + 1 }, oracle.ErrFuture},
		{"at the end of time", func(r *oracle.Report) { r.Time = math.MaxInt64 }, oracle.ErrFuture},
		{"as old as the source allows", func(r *oracle.Report) { r.Source.MaxAgeSeconds = 0 }, nil},
		{"older", func(r *oracle.Report) { r.Source.MaxAgeSeconds, r.Time = 49, last }, oracle.ErrStale},
		{"the highest price", func(r *oracle.Report) { r.Price = enginetest.W(t, "1000000000000000000") }, nil},
		{"a higher price", func(r *oracle.Report) { r.Price = fixed.Max() }, oracle.ErrPrice},
		{"no price", func(r *oracle.Report) { r.Price = fixed.Wad{} }, oracle.ErrPrice},
		{"a negative price", func(r *oracle.Report) { r.Price = fixed.FromRaw(-1) }, oracle.ErrPrice},
	} {
		r := good
		test.change(&r)
		if err := r.Accept(last, now, ahead); !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", test.name, err, test.want)
		}
	}
}

// TestAcceptedCounts: what is accepted and not ahead of the clock takes part in the aggregation.
func TestAcceptedCounts(t *testing.T) {
	t.Parallel()
	cfg := oracle.DefaultConfig()
	rapid.Check(t, func(t *rapid.T) {
		r := report(1, oracle.Feed, fixed.FromRaw(rapid.Int64().Draw(t, "price")))
		r.Source.MaxAgeSeconds = rapid.Int64Range(1, 100).Draw(t, "oldest")
		r.Time = now + rapid.Int64Range(-120, 0).Draw(t, "time")
		var ws oracle.Workspace
		if _, err := oracle.Aggregate(&ws, &cfg, []oracle.Report{r}, now, fixed.Wad{}); err != nil {
			t.Fatal(err)
		}
		accepted := r.Accept(0, now, 0) == nil
		counts := ws.Findings()[0].Verdict == oracle.Weightless // alone it is all of its class, and that is cut
		if counts != accepted {
			t.Errorf("accepted %v, %v", accepted, ws.Findings()[0].Verdict)
		}
	})
}

func TestRhythm(t *testing.T) {
	t.Parallel()
	const r = oracle.Rhythm(60)
	for _, test := range []struct {
		before, now int64
		want        bool
	}{{0, 0, false}, {0, 59, false}, {59, 60, true}, {60, 119, false}, {60, 1_000, true}, {120, 60, false}} {
		if got := r.Due(test.before, test.now); got != test.want {
			t.Errorf("%d to %d: due %v, want %v", test.before, test.now, got, test.want)
		}
	}
	if got := r.Oldest(605, 3); got != 480 { // slots of 480, 540 and 600
		t.Errorf("oldest %d, want 480", got)
	}
}

func TestLost(t *testing.T) {
	t.Parallel()
	p := oracle.Price{Value: fixed.One(), AgeSeconds: 7, Classes: 2, Status: oracle.StatusOK}
	want := oracle.Price{Value: fixed.One(), AgeSeconds: 12, Status: oracle.StatusNoQuorum}
	if got := p.Lost(5); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	want.AgeSeconds = p.AgeSeconds
	if got := p.Lost(-100); got != want {
		t.Errorf("the clock was put back: got %+v, want %+v", got, want)
	}
	if got := (oracle.Price{}).Lost(5); got != (oracle.Price{Status: oracle.StatusNoQuorum}) {
		t.Errorf("without a value: got %+v", got)
	}
}
