package auction_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestCurveVectors(t *testing.T) {
	t.Parallel()
	v := vectors(t).Curve
	linear := curveOf(t, auction.Linear, v.S.String(), v.E.String(), v.N)
	exponential := curveOf(t, auction.Exponential, v.S.String(), v.E.String(), v.N)
	if exponential.Ratio != v.R {
		t.Errorf("ratio %v, want %v", exponential.Ratio, v.R)
	}
	for _, row := range v.Rows {
		var step int64
		var lin, exp fixed.Wad
		enginetest.Decode(t, row[0], &step)
		enginetest.Decode(t, row[1], &lin)
		enginetest.Decode(t, row[2], &exp)
		if got := linear.Price(step); got != lin {
			t.Errorf("linear %d: %v, want %v", step, got, lin)
		}
		if got := exponential.Price(step); got != exp {
			t.Errorf("exponential %d: %v, want %v", step, got, exp)
		}
	}
}

func TestCurvePrice(t *testing.T) {
	t.Parallel()
	build := func(c auction.Curve) auction.Curve {
		out, err := auction.NewCurve(c)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	coarse := build(auction.Curve{Kind: auction.Linear, Start: w("2"), Reserve: w("1"), Steps: 10, StepSeconds: 6})
	stepped := build(auction.Curve{
		Kind: auction.Linear, Start: w("2"), Reserve: w("1"), Steps: 10, StepSeconds: 6, BucketSteps: 4,
	})
	flat := build(auction.Curve{Kind: auction.Exponential, Start: w("3"), Reserve: w("3"), Steps: 5, StepSeconds: 1})
	tests := []struct {
		name    string
		curve   auction.Curve
		elapsed int64
		want    string
	}{
		{"before the start", coarse, -5, "2"},
		{"within a step", coarse, 5, "2"},
		{"a step", coarse, 6, "1.9"},
		{"the last step", coarse, 59, "1.1"},
		{"the end", coarse, 60, "1"},
		{"long after", coarse, 1 << 60, "1"},
		{"first bucket", stepped, 23, "2"},
		{"second bucket", stepped, 24, "1.6"},
		{"a short last bucket", stepped, 59, "1.2"},
		{"the end of a short bucket", stepped, 60, "1"},
		{"flat", flat, 3, "3"},
		{"zero value", auction.Curve{}, 3, "0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.curve.Price(tt.elapsed); got != w(tt.want) {
				t.Errorf("Price(%d) = %v, want %v", tt.elapsed, got, tt.want)
			}
		})
	}
}

func TestFirstAtOrBelow(t *testing.T) {
	t.Parallel()
	curve := curveOf(t, auction.Linear, "2", "1", 100)
	tests := []struct {
		price   string
		seconds int64
		reached bool
	}{
		{"3", 0, true},
		{"2", 0, true},
		{"1.995", 1, true},
		{"1.99", 1, true},
		{"1.989999999999999999", 2, true},
		{"1", 100, true},
		{"0.999999999999999999", 0, false},
		{"0", 0, false},
	}
	for _, tt := range tests {
		seconds, reached := curve.FirstAtOrBelow(enginetest.W(t, tt.price))
		if seconds != tt.seconds || reached != tt.reached {
			t.Errorf("FirstAtOrBelow(%s) = %d, %t, want %d, %t", tt.price, seconds, reached, tt.seconds, tt.reached)
		}
	}
}

func TestNewCurveErrors(t *testing.T) {
	t.Parallel()
	one, two := fixed.FromInt(1), fixed.FromInt(2)
	good := auction.Curve{Kind: auction.Exponential, Start: two, Reserve: one, Steps: 100, StepSeconds: 6}
	tests := []struct {
		name  string
		spoil func(c *auction.Curve)
	}{
		{"no kind", func(c *auction.Curve) { c.Kind = auction.KindUnspecified }},
		{"unknown kind", func(c *auction.Curve) { c.Kind = 9 }},
		{"rising", func(c *auction.Curve) { c.Start, c.Reserve = one, two }},
		{"free", func(c *auction.Curve) { c.Reserve = fixed.Wad{} }},
		{"no steps", func(c *auction.Curve) { c.Steps = 0 }},
		{"steps of no time", func(c *auction.Curve) { c.StepSeconds = 0 }},
		{"steps of negative time", func(c *auction.Curve) { c.StepSeconds = -6 }},
		{"longer than a year", func(c *auction.Curve) { c.Steps = auction.MaxDurationSeconds }},
		{"more steps than seconds fit", func(c *auction.Curve) { c.Steps = 1 << 63 }},
		{"bucket beyond the end", func(c *auction.Curve) { c.BucketSteps = 101 }},
		{"steps below the rounding", func(c *auction.Curve) {
			c.Start, c.Steps, c.StepSeconds = enginetest.W(t, "1.000000000001"), 1_000_000, 1
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := good
			tt.spoil(&c)
			if _, err := auction.NewCurve(c); !errors.Is(err, auction.ErrCurve) {
				t.Errorf("error %v, want ErrCurve", err)
			}
			if err := c.Validate(); !errors.Is(err, auction.ErrCurve) {
				t.Errorf("Validate: %v, want ErrCurve", err)
			}
		})
	}
	if err := good.Validate(); !errors.Is(err, auction.ErrCurve) {
		t.Errorf("a curve without its ratio: %v, want ErrCurve", err)
	}
	built, err := auction.NewCurve(good)
	if err != nil || built.Validate() != nil {
		t.Errorf("a good curve: %v, %v", err, built.Validate())
	}
}

func TestKindString(t *testing.T) {
	t.Parallel()
	for kind, want := range map[auction.Kind]string{
		auction.KindUnspecified: "unspecified", 9: "unspecified",
		auction.Linear: "linear", auction.Exponential: "exponential",
	} {
		if got := kind.String(); got != want {
			t.Errorf("%d: %s, want %s", kind, got, want)
		}
	}
}
