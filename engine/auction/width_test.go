package auction_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// specWidth and specAnchor are those of spec 05 §5.2.
func specWidth(tb testing.TB) auction.Width {
	tb.Helper()
	return auction.Width{
		Base: enginetest.W(tb, "0.002"), Factor: fixed.FromInt(2), Cap: enginetest.W(tb, "0.2"), MaxAgeSeconds: 86400,
	}
}

func specAnchor(tb testing.TB, age int64) auction.Anchor {
	tb.Helper()
	return auction.Anchor{
		Mid: fixed.FromInt(10), Confidence: enginetest.W(tb, "0.001"), Sigma: enginetest.W(tb, "0.8"),
		AgeSeconds: age, Healthy: true,
	}
}

func TestWidenVectors(t *testing.T) {
	t.Parallel()
	width := specWidth(t)
	for _, row := range vectors(t).Widen {
		var want fixed.Wad
		enginetest.Decode(t, row[1], &want)
		age := number(t, row[0])
		got, err := width.Range(width.Spread(), specAnchor(t, age), fixed.One())
		if err != nil || got.StartWidth != want || got.ReserveWidth != want || got.Capped || got.Bound {
			t.Errorf("age %d: %+v, %v, want %v", age, got, err, want)
		}
		var c fixed.Calc // mid 10: prices are exact
		if got.Start != c.MulInt(c.Add(fixed.One(), want), 10) || got.Reserve != c.MulInt(c.Sub(fixed.One(), want), 10) {
			t.Errorf("age %d: start %v, reserve %v", age, got.Start, got.Reserve)
		}
	}
	delayed := specAnchor(t, 20)
	delayed.DelaySeconds = 40 // the opening delay counts like age
	got, err := width.Range(width.Spread(), delayed, fixed.One())
	if err != nil || got.StartWidth != enginetest.W(t, "0.004977799571534658") {
		t.Errorf("delay: %+v, %v", got, err)
	}
}

func TestRangeBounds(t *testing.T) {
	t.Parallel()
	width := specWidth(t)
	width.Cap = enginetest.W(t, "0.01")
	got, err := width.Range(width.Spread(), specAnchor(t, 3600), enginetest.W(t, "0.003"))
	if err != nil || !got.Capped || !got.Bound {
		t.Fatalf("%+v, %v", got, err)
	}
	if got.Start != enginetest.W(t, "10.1") || got.Reserve != enginetest.W(t, "9.97") {
		t.Errorf("start %v, reserve %v", got.Start, got.Reserve)
	}
	third := specAnchor(t, 0)
	third.Mid = enginetest.W(t, "0.333333333333333333")
	got, err = width.Range(width.Spread(), third, fixed.Wad{})
	if err != nil || got.Start != enginetest.W(t, "0.334666666666666667") || got.Reserve != third.Mid {
		t.Errorf("rounding: start %v, reserve %v, %v", got.Start, got.Reserve, err)
	}
}

func TestRangeErrors(t *testing.T) {
	t.Parallel()
	width := specWidth(t)
	minus := fixed.FromInt(-1)
	tests := []struct {
		name  string
		spoil func(a *auction.Anchor)
		want  error
	}{
		{"too old", func(a *auction.Anchor) { a.AgeSeconds = 86401 }, auction.ErrStale},
		{"no quorum", func(a *auction.Anchor) { a.Healthy = false }, auction.ErrStale},
		{"from the future", func(a *auction.Anchor) { a.AgeSeconds = -1 }, auction.ErrWidth},
		{"negative delay", func(a *auction.Anchor) { a.DelaySeconds = -1 }, auction.ErrWidth},
		{"endless delay", func(a *auction.Anchor) { a.DelaySeconds = 1 << 62 }, auction.ErrWidth},
		{"no price", func(a *auction.Anchor) { a.Mid = fixed.Wad{} }, auction.ErrWidth},
		{"negative confidence", func(a *auction.Anchor) { a.Confidence = minus }, auction.ErrWidth},
		{"negative volatility", func(a *auction.Anchor) { a.Sigma = minus }, auction.ErrWidth},
		{"overflow", func(a *auction.Anchor) { a.Mid = fixed.Max() }, fixed.ErrOverflow},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := specAnchor(t, 86400)
			tt.spoil(&a)
			if _, err := width.Range(width.Spread(), a, fixed.One()); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
	if _, err := width.Range(width.Spread(), specAnchor(t, 0), minus); !errors.Is(err, auction.ErrWidth) {
		t.Errorf("negative slippage: %v", err)
	}
}

func TestWidthValidate(t *testing.T) {
	t.Parallel()
	if err := specWidth(t).Validate(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(w *auction.Width){
		"negative base":   func(w *auction.Width) { w.Base = fixed.FromInt(-1) },
		"cap below base":  func(w *auction.Width) { w.Cap = fixed.Wad{} },
		"cap of all":      func(w *auction.Width) { w.Cap = fixed.One() },
		"negative factor": func(w *auction.Width) { w.Factor = fixed.FromInt(-1) },
		"negative age":    func(w *auction.Width) { w.MaxAgeSeconds = -1 },
	} {
		w := specWidth(t)
		spoil(&w)
		if err := w.Validate(); !errors.Is(err, auction.ErrWidth) {
			t.Errorf("%s: %v, want ErrWidth", name, err)
		}
	}
}

// TestAdapt follows one pair through auctions: opening fill, total fill, and what the rule makes of them.
func TestAdapt(t *testing.T) {
	t.Parallel()
	width := specWidth(t)
	width.Cap = enginetest.W(t, "0.003")
	spread := width.Spread()
	for i, row := range []struct {
		opening, total string
		start, reserve string
		change         auction.Change
		reason         string
	}{
		{"0.2", "0.9", "0.002", "0.002", 0, "unchanged"},
		{"0.5", "0.9", "0.002", "0.002", 0, "unchanged"}, // exactly half is not more
		{"0.51", "0.9", "0.0025", "0.002", auction.StartWidened, "start widened"},
		{"0.9", "0.9", "0.003", "0.002", auction.StartWidened, "start widened"}, // 0.003125, capped
		{"0.9", "0.9", "0.003", "0.002", 0, "unchanged"},                        // at the cap
		{"0", "0.4", "0.0029", "0.002", auction.Narrowed, "narrowed"},           // thin once
		{"0", "0.4", "0.0029", "0.0025", auction.ReserveWidened, "reserve widened"},
		{"0.6", "0.49", "0.003", "0.003", auction.StartWidened | auction.ReserveWidened, "start and reserve widened"},
		{"0", "0.5", "0.0029", "0.0029", auction.Narrowed, "narrowed"}, // half is not thin
		{"0", "0.4", "0.00281", "0.00281", auction.Narrowed, "narrowed"},
	} {
		next, change, err := width.Adapt(spread, auction.Result{
			Opening: enginetest.W(t, row.opening), Total: enginetest.W(t, row.total),
		})
		if err != nil || change != row.change || change.String() != row.reason {
			t.Errorf("row %d: %v, %v, want %v", i, change, err, row.change)
		}
		if next.Start != enginetest.W(t, row.start) || next.Reserve != enginetest.W(t, row.reserve) {
			t.Errorf("row %d: %v and %v, want %v and %v", i, next.Start, next.Reserve, row.start, row.reserve)
		}
		spread = next
	}
	if got := auction.Change(64).String(); got != "change 64" {
		t.Error(got)
	}
}

func TestAdaptErrors(t *testing.T) {
	t.Parallel()
	width, one := specWidth(t), fixed.One()
	for _, r := range []auction.Result{
		{Opening: fixed.FromInt(-1), Total: one}, {Opening: one, Total: fixed.FromInt(2)},
	} {
		if _, _, err := width.Adapt(width.Spread(), r); !errors.Is(err, auction.ErrWidth) {
			t.Errorf("%+v: %v, want ErrWidth", r, err)
		}
	}
	wild := auction.Spread{Start: fixed.Max(), Reserve: fixed.Max()}
	if _, _, err := width.Adapt(wild, auction.Result{Opening: one}); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("overflow: %v", err)
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	start, reserve := enginetest.W(t, "10.5"), enginetest.W(t, "9.5")
	decay := enginetest.W(t, "0.000378628708986134") // 5 bp of loss at sigma 0.8 and 6 s, spec 05 §5.5
	// ln(10.5/9.5) = 0.100083..., so 264.33 blocks: 265 of them are slow enough.
	if got, err := auction.Steps(start, reserve, decay, 265*6, 6); err != nil || got != 265 {
		t.Errorf("%d, %v", got, err)
	}
	if _, err := auction.Steps(start, reserve, decay, 265*6-1, 6); !errors.Is(err, auction.ErrWindow) {
		t.Errorf("one block less: %v, want ErrWindow", err)
	}
	if got, err := auction.Steps(start, reserve, decay, 7200, 6); err != nil || got != 1200 {
		t.Errorf("a longer window is used: %d, %v", got, err)
	}
	if got, err := auction.Steps(start, start, decay, 6, 6); err != nil || got != 1 {
		t.Errorf("a flat curve: %d, %v", got, err)
	}
	if _, err := auction.Steps(start, start, decay, 5, 6); !errors.Is(err, auction.ErrWindow) {
		t.Errorf("no block at all: %v, want ErrWindow", err)
	}
	tiny := fixed.FromRaw(1)
	for name, err := range map[string]error{
		"no decay":   second(auction.Steps(start, reserve, fixed.Wad{}, 600, 6)),
		"no block":   second(auction.Steps(start, reserve, decay, 600, 0)),
		"no window":  second(auction.Steps(start, reserve, decay, -1, 6)),
		"rising":     second(auction.Steps(reserve, start, decay, 600, 6)),
		"no reserve": second(auction.Steps(start, fixed.Wad{}, decay, 600, 6)),
	} {
		if !errors.Is(err, auction.ErrCurve) {
			t.Errorf("%s: %v, want ErrCurve", name, err)
		}
	}
	if _, err := auction.Steps(fixed.FromInt(1<<62), tiny, tiny, 600, 6); !errors.Is(err, auction.ErrWindow) {
		t.Errorf("the smallest decay: %v, want ErrWindow", err)
	}
}

func second[T any](_ T, err error) error { return err }
