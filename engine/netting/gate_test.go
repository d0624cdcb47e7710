package netting_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
)

// calm is a pair against whose crossing nothing speaks.
func calm(t *testing.T) (netting.Gate, netting.Crossing) {
	t.Helper()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	leg := netting.Leg{
		Price: w("10"), Frozen: w("10"), Confidence: w("0.001"), Sigma: w("0.8"), AgeSeconds: 60, Classes: 2, Healthy: true,
	}
	gate := netting.Gate{Deviations: w("4"), MaxAgeSeconds: 600, MinClasses: 2, MinValue: 1_000_000}
	return gate, netting.Crossing{Sell: leg, Buy: leg, Value: 1_000_000, Cost: w("0.002"), DelaySeconds: 6}
}

func TestGate(t *testing.T) {
	t.Parallel()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	tests := []struct {
		name   string
		change func(x *netting.Crossing)
		want   netting.Reason
	}{
		{"calm", func(*netting.Crossing) {}, netting.MayCross},
		{"dust", func(x *netting.Crossing) { x.Value-- }, netting.TooSmall},
		{"one asset twice", func(x *netting.Crossing) { x.SharedFeed = true }, netting.SharedFeed},
		{"sell tripped", func(x *netting.Crossing) { x.Sell.Healthy = false }, netting.BreakerOpen},
		{"buy tripped, sell old", func(x *netting.Crossing) {
			x.Buy.Healthy, x.Sell.AgeSeconds = false, 601
		}, netting.BreakerOpen},
		{"sell tripped, buy old", func(x *netting.Crossing) {
			x.Sell.Healthy, x.Buy.AgeSeconds = false, 601
		}, netting.BreakerOpen},
		{"one class", func(x *netting.Crossing) { x.Buy.Classes = 1 }, netting.TooFewClasses},
		{"old", func(x *netting.Crossing) { x.Sell.AgeSeconds = 601 }, netting.Stale},
		{"just not old", func(x *netting.Crossing) { x.Sell.AgeSeconds = 600 }, netting.MayCross},
		{"recovering", func(x *netting.Crossing) { x.Buy.Recovering = true }, netting.Recovering},
		{"confidence of half the cost", func(x *netting.Crossing) { x.Sell.Confidence = w("0.001") }, netting.MayCross},
		{"wider", func(x *netting.Crossing) { x.Sell.Confidence = w("0.001000000000000001") }, netting.Uncertain},
		// 4 * 0.8 * sqrt(6/31557600) = 0.00139532...
		{"moved by chance", func(x *netting.Crossing) { x.Buy.Price = w("10.0139") }, netting.MayCross},
		{"moved up", func(x *netting.Crossing) { x.Buy.Price = w("10.0140") }, netting.Moved},
		{"moved down", func(x *netting.Crossing) { x.Sell.Price = w("9.9860") }, netting.Moved},
		{"more time", func(x *netting.Crossing) { x.Buy.Price, x.DelaySeconds = w("10.0140"), 12 }, netting.MayCross},
		{"at the limit", func(x *netting.Crossing) { x.Limit = w("1") }, netting.MayCross},
		{"beyond the limit", func(x *netting.Crossing) { x.Limit = w("1.000000000000000001") }, netting.BeyondLimit},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			gate, x := calm(t)
			test.change(&x)
			if got, err := gate.Check(&x); err != nil || got != test.want {
				t.Errorf("%v, error %v; want %v", got, err, test.want)
			}
		})
	}
}

func TestGateErrors(t *testing.T) {
	t.Parallel()
	gate, x := calm(t)
	x.Sell.Frozen = fixed.Wad{}
	if got, err := gate.Check(&x); !errors.Is(err, fixed.ErrDivideByZero) || got != netting.ReasonUnspecified {
		t.Errorf("no frozen price: %v, error %v", got, err)
	}
	gate, x = calm(t)
	x.DelaySeconds = -1
	if _, err := gate.Check(&x); !errors.Is(err, fixed.ErrNegative) {
		t.Errorf("crossing before the freeze: %v", err)
	}
}

func TestReasonString(t *testing.T) {
	t.Parallel()
	if got := netting.BeyondLimit.String(); got != "beyond the limit" {
		t.Error(got)
	}
	if got := netting.Reason(200).String(); got != "unknown reason" {
		t.Error(got)
	}
}
