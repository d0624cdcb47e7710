package target_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/target"
)

type validateTest struct {
	name string
	s    target.Schedule
	want error
}

func validate(t *testing.T, tests []validateTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := test.s.Validate(2); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestValidateWeights(t *testing.T) {
	t.Parallel()
	half := enginetest.Ws(t, "0.5", "0.5")
	mix := func(weights ...string) target.Schedule {
		return target.Schedule{Kind: target.ConstantMix, Weights: enginetest.Ws(t, weights...)}
	}
	glide := func(start, end int64, from ...string) target.Schedule {
		return target.Schedule{
			Kind: target.Glide, Weights: half, From: enginetest.Ws(t, from...), Start: start, End: end,
		}
	}
	validate(t, []validateTest{
		{"constant mix", mix("0.5", "0.5"), nil},
		{"no kind", target.Schedule{Weights: half}, target.ErrKind},
		{"a kind of the future", target.Schedule{Kind: target.InverseVol + 1, Weights: half}, target.ErrKind},
		{"a weight is missing", mix("1"), target.ErrLength},
		{"sum below one", mix("0.5", "0.499999999999999999"), target.ErrWeights},
		{"sum above one", mix("0.5", "0.500000000000000001"), target.ErrWeights},
		{"negative weight", mix("1.5", "-0.5"), target.ErrWeights},
		{"overflow", mix(fixed.Max().String(), fixed.Max().String()), target.ErrWeights},
		{"buy and hold needs no weights", target.Schedule{Kind: target.BuyAndHold}, nil},
		{"inverse volatility", target.Schedule{Kind: target.InverseVol, Weights: half}, nil},
		{"glide", glide(0, 1, "1", "0"), nil},
		{"glide that ends as it starts", glide(5, 5, "1", "0"), target.ErrPeriod},
		{"glide backwards", glide(5, 4, "1", "0"), target.ErrPeriod},
		{"glide before 1970", glide(-5, 4, "1", "0"), target.ErrPeriod},
		{"glide from nowhere", glide(0, 1), target.ErrLength},
		{"glide from wrong weights", glide(0, 1, "1", "1"), target.ErrWeights},
	})
}

func TestValidateMixes(t *testing.T) {
	t.Parallel()
	half, minus := enginetest.Ws(t, "0.5", "0.5"), fixed.FromInt(-1)
	type change func(*target.Schedule)
	cppi := func(change change) target.Schedule {
		s := *cushioned(t, target.CPPI)
		change(&s)
		return s
	}
	tipp := func(ratchet string) target.Schedule {
		s := *cushioned(t, target.TIPP)
		s.Ratchet = enginetest.W(t, ratchet)
		return s
	}
	vol := func(sigma, exposure string) target.Schedule {
		return target.Schedule{
			Kind: target.VolTarget, Weights: half, From: half,
			TargetSigma: enginetest.W(t, sigma), MaxExposure: enginetest.W(t, exposure),
		}
	}
	validate(t, []validateTest{
		{"CPPI", cppi(func(*target.Schedule) {}), nil},
		{"CPPI needs no ratchet", cppi(func(s *target.Schedule) { s.Ratchet = fixed.Wad{} }), nil},
		{"CPPI without floor", cppi(func(s *target.Schedule) { s.Floor = fixed.Wad{} }), nil},
		{"negative floor", cppi(func(s *target.Schedule) { s.Floor = minus }), target.ErrFloor},
		{"negative floor rate", cppi(func(s *target.Schedule) { s.FloorRate = minus }), target.ErrFloor},
		{"no multiplier", cppi(func(s *target.Schedule) { s.Multiplier = fixed.Wad{} }), target.ErrMultiplier},
		{"no exposure", cppi(func(s *target.Schedule) { s.MaxExposure = fixed.Wad{} }), target.ErrExposure},
		{"leverage", cppi(func(s *target.Schedule) { s.MaxExposure = fixed.FromInt(2) }), target.ErrExposure},
		{"no safe mix", cppi(func(s *target.Schedule) { s.From = nil }), target.ErrLength},
		{"TIPP", tipp("0.85"), nil},
		{"TIPP without ratchet", tipp("0"), target.ErrFloor},
		{"TIPP that locks everything", tipp("1"), target.ErrFloor},
		{"volatility target", vol("0.2", "1"), nil},
		{"no volatility target", vol("0", "1"), target.ErrSigma},
		{"volatility target without exposure", vol("0.2", "0"), target.ErrExposure},
	})
}

func TestValidateBounds(t *testing.T) {
	t.Parallel()
	ws := func(s ...string) []fixed.Wad { return enginetest.Ws(t, s...) }
	bounded := func(lo, hi []fixed.Wad) target.Schedule {
		return target.Schedule{Kind: target.ConstantMix, Weights: ws("0.5", "0.5"), Min: lo, Max: hi}
	}
	validate(t, []validateTest{
		{"bounds", bounded(ws("0.2", "0"), ws("1", "0.8")), nil},
		{"a bound is missing", bounded(ws("0.2"), nil), target.ErrLength},
		{"an upper bound too many", bounded(nil, ws("1", "1", "1")), target.ErrLength},
		{"negative minimum", bounded(ws("-0.1", "0"), nil), target.ErrBounds},
		{"maximum above one", bounded(nil, ws("1.1", "1")), target.ErrBounds},
		{"minimum above maximum", bounded(ws("0.4", "0"), ws("0.3", "1")), target.ErrBounds},
		{"minima above one", bounded(ws("0.6", "0.6"), nil), target.ErrBounds},
		{"maxima below one", bounded(nil, ws("0.4", "0.4")), target.ErrBounds},
	})
}
