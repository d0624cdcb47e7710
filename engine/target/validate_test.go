package target_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/target"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	half := enginetest.Ws(t, "0.5", "0.5")
	mix := func(change func(*target.Schedule)) target.Schedule {
		s := target.Schedule{Kind: target.ConstantMix, Weights: half}
		change(&s)
		return s
	}
	glide := func(start, end int64) target.Schedule {
		return target.Schedule{Kind: target.Glide, Weights: half, From: half, Start: start, End: end}
	}
	floor := func(kind target.Kind, change func(*target.Schedule)) target.Schedule {
		s := *cushioned(t, kind)
		change(&s)
		return s
	}
	vol := func(sigma, exposure string) target.Schedule {
		return target.Schedule{
			Kind: target.VolTarget, Weights: half, From: half,
			TargetSigma: enginetest.W(t, sigma), MaxExposure: enginetest.W(t, exposure),
		}
	}
	tests := []struct {
		name string
		s    target.Schedule
		want error
	}{
		{"constant mix", mix(func(*target.Schedule) {}), nil},
		{"no kind", mix(func(s *target.Schedule) { s.Kind = target.KindUnspecified }), target.ErrKind},
		{"a kind of the future", mix(func(s *target.Schedule) { s.Kind = target.InverseVol + 1 }), target.ErrKind},
		{"a weight is missing", mix(func(s *target.Schedule) { s.Weights = half[:1] }), target.ErrLength},
		{"sum below one", mix(func(s *target.Schedule) { s.Weights = enginetest.Ws(t, "0.5", "0.499999999999999999") }), target.ErrWeights},
		{"sum above one", mix(func(s *target.Schedule) { s.Weights = enginetest.Ws(t, "0.5", "0.500000000000000001") }), target.ErrWeights},
		{"negative weight", mix(func(s *target.Schedule) { s.Weights = enginetest.Ws(t, "1.5", "-0.5") }), target.ErrWeights},
		{"overflow", mix(func(s *target.Schedule) { s.Weights = []fixed.Wad{fixed.Max(), fixed.Max()} }), target.ErrWeights},
		{"buy and hold needs no weights", target.Schedule{Kind: target.BuyAndHold}, nil},

		{"glide", glide(0, 1), nil},
		{"glide that ends as it starts", glide(5, 5), target.ErrPeriod},
		{"glide backwards", glide(5, 4), target.ErrPeriod},
		{"glide before 1970", glide(-5, 4), target.ErrPeriod},
		{"glide from nowhere", target.Schedule{Kind: target.Glide, Weights: half, End: 1}, target.ErrLength},
		{"glide from wrong weights", target.Schedule{Kind: target.Glide, Weights: half, From: enginetest.Ws(t, "1", "1"), End: 1}, target.ErrWeights},

		{"CPPI", floor(target.CPPI, func(*target.Schedule) {}), nil},
		{"CPPI needs no ratchet", floor(target.CPPI, func(s *target.Schedule) { s.Ratchet = fixed.Wad{} }), nil},
		{"CPPI without floor", floor(target.CPPI, func(s *target.Schedule) { s.Floor = fixed.Wad{} }), nil},
		{"negative floor", floor(target.CPPI, func(s *target.Schedule) { s.Floor = fixed.FromInt(-1) }), target.ErrFloor},
		{"negative floor rate", floor(target.CPPI, func(s *target.Schedule) { s.FloorRate = fixed.FromInt(-1) }), target.ErrFloor},
		{"no multiplier", floor(target.CPPI, func(s *target.Schedule) { s.Multiplier = fixed.Wad{} }), target.ErrMultiplier},
		{"no exposure", floor(target.CPPI, func(s *target.Schedule) { s.MaxExposure = fixed.Wad{} }), target.ErrExposure},
		{"leverage", floor(target.CPPI, func(s *target.Schedule) { s.MaxExposure = fixed.FromInt(2) }), target.ErrExposure},
		{"no safe mix", floor(target.CPPI, func(s *target.Schedule) { s.From = nil }), target.ErrLength},
		{"TIPP", floor(target.TIPP, func(*target.Schedule) {}), nil},
		{"TIPP without ratchet", floor(target.TIPP, func(s *target.Schedule) { s.Ratchet = fixed.Wad{} }), target.ErrFloor},
		{"TIPP that locks everything", floor(target.TIPP, func(s *target.Schedule) { s.Ratchet = fixed.One() }), target.ErrFloor},

		{"volatility target", vol("0.2", "1"), nil},
		{"no volatility target", vol("0", "1"), target.ErrSigma},
		{"volatility target without exposure", vol("0.2", "0"), target.ErrExposure},
		{"inverse volatility", target.Schedule{Kind: target.InverseVol, Weights: half}, nil},

		{"bounds", mix(func(s *target.Schedule) { s.Min, s.Max = enginetest.Ws(t, "0.2", "0"), enginetest.Ws(t, "1", "0.8") }), nil},
		{"a bound is missing", mix(func(s *target.Schedule) { s.Min = half[:1] }), target.ErrLength},
		{"an upper bound too many", mix(func(s *target.Schedule) { s.Max = enginetest.Ws(t, "1", "1", "1") }), target.ErrLength},
		{"negative minimum", mix(func(s *target.Schedule) { s.Min = enginetest.Ws(t, "-0.1", "0") }), target.ErrBounds},
		{"maximum above one", mix(func(s *target.Schedule) { s.Max = enginetest.Ws(t, "1.1", "1") }), target.ErrBounds},
		{"minimum above maximum", mix(func(s *target.Schedule) { s.Min, s.Max = enginetest.Ws(t, "0.4", "0"), enginetest.Ws(t, "0.3", "1") }), target.ErrBounds},
		{"minima above one", mix(func(s *target.Schedule) { s.Min = enginetest.Ws(t, "0.6", "0.6") }), target.ErrBounds},
		{"maxima below one", mix(func(s *target.Schedule) { s.Max = enginetest.Ws(t, "0.4", "0.4") }), target.ErrBounds},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := test.s.Validate(2); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}
