package types

import (
	"cmp"
	"fmt"
	"slices"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// reader reads the fields of a message and keeps the first that cannot be read.
type reader struct{ err error }

func (r *reader) fail(field string, err error) {
	if r.err == nil && err != nil {
		r.err = errorsmod.Wrap(err, field) // its texts are the same in every build, those of %w are not
	}
}

func (r *reader) decimal(field, text string) fixed.Wad {
	w, err := num.Decimal(text)
	r.fail(field, err)
	return w
}

func (r *reader) amount(field string, n math.Int) asset.Amount {
	a, err := num.Amount(n)
	r.fail(field, err)
	return a
}

// word reads a word of an enum as the engine counts it: the proto's number less skip. What is unspecified is the first.
func word[T ~uint8, E ~int32](r *reader, field string, got, most, skip E) T {
	if got < 0 || got > most {
		r.fail(field, ErrPolicy.Wrapf("expected a word of 0..%d, got %d", most, got))
		return 0
	}
	return T(max(got-skip, 0))
}

// Engine compiles a policy without payments for a universe. It does not validate what the engine validates.
func (p *Policy) Engine(u asset.Universe) (*cycle.Policy, error) {
	r := &reader{}
	e := &cycle.Policy{
		PeriodSeconds: p.PeriodSeconds, AnchorSeconds: p.AnchorSeconds, CrossingOff: p.CrossingOff,
		Target: p.Target.engine(r), Trigger: p.Trigger.engine(r), Bands: p.Bands.engine(r), Gains: p.Gains.engine(r),
		Limits:   p.Limits.engine(r),
		Override: word[project.Strategy](r, "override", p.Override, Override_OVERRIDE_PRIORITY, 1),
		Mode:     word[surface.Mode](r, "split", p.Split, Split_SPLIT_CHEAPEST, 1),
		Budget: settle.BudgetConfig{
			Cap: r.decimal("loss_budget.cap", p.LossBudget.Cap), WindowSeconds: p.LossBudget.RefillSeconds,
		},
		Cost:         r.decimal("cost.proportional", p.Cost.Proportional),
		RiskAversion: r.decimal("cost.risk_aversion", p.Cost.RiskAversion),
	}
	if len(p.Positions) > cycle.MaxPositions {
		return nil, ErrPolicy.Wrapf("expected at most %d positions, got %d", cycle.MaxPositions, len(p.Positions))
	}
	order := p.order(r, u, e)
	if r.err != nil {
		return nil, Wrap(r.err)
	}
	p.perAsset(r, order, e)
	if r.err != nil {
		return nil, Wrap(r.err)
	}
	return e, nil
}

// order sets the assets, ascending, and the priority; order[k] is the position of the k-th asset.
func (p *Policy) order(r *reader, u asset.Universe, e *cycle.Policy) []int {
	indices, order := make([]asset.Index, len(p.Positions)), make([]int, len(p.Positions))
	for i := range p.Positions {
		at, err := u.Find(asset.ID(p.Positions[i].Denom))
		r.fail(fmt.Sprintf("positions[%d]", i), err)
		indices[i], order[i] = at, i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(indices[x], indices[y]) })
	e.Assets, e.Priority = make([]asset.Index, len(order)), make([]uint8, len(order))
	for k, i := range order {
		e.Assets[k] = indices[i]
		e.Priority[i] = uint8(k)
		if k > 0 && e.Assets[k-1] == e.Assets[k] {
			r.fail(fmt.Sprintf("positions[%d]", i), ErrPolicy.Wrapf("%s stands twice", p.Positions[i].Denom))
		}
	}
	return order
}

// perAsset sets what is parallel to the assets. A list in which nothing is set stays empty.
func (p *Policy) perAsset(r *reader, order []int, e *cycle.Policy) {
	column := func(name string, none fixed.Wad, text func(*Position) string) []fixed.Wad {
		list, given := make([]fixed.Wad, len(order)), false
		for k, i := range order {
			list[k] = none
			if t := text(&p.Positions[i]); t != "" {
				list[k] = r.decimal(fmt.Sprintf("positions[%d].%s", i, name), t)
			}
			given = given || list[k] != none
		}
		if !given {
			return nil
		}
		return list
	}
	zero := fixed.Wad{}
	e.Target.Weights = column("weight", zero, func(x *Position) string { return x.Weight })
	if e.Target.Weights == nil {
		e.Target.Weights = make([]fixed.Wad, len(order))
	}
	e.Target.From = column("from_weight", zero, func(x *Position) string { return x.FromWeight })
	e.Target.Min = column("min_target", zero, func(x *Position) string { return x.MinTarget })
	e.Target.Max = column("max_target", fixed.One(), func(x *Position) string { return x.MaxTarget })
	e.Limits.MaxWeights = column("max_weight", zero, func(x *Position) string { return x.MaxWeight })
	e.Trigger.Thresholds = column("threshold", zero, func(x *Position) string { return x.Threshold })
	for k, i := range order {
		least := r.amount(fmt.Sprintf("positions[%d].min_balance", i), p.Positions[i].MinBalance)
		if !least.IsZero() && e.Limits.MinBalances == nil {
			e.Limits.MinBalances = make([]asset.Amount, len(order))
		}
		if !least.IsZero() {
			e.Limits.MinBalances[k] = least
		}
	}
}

func (t *Target) engine(r *reader) target.Schedule {
	return target.Schedule{
		Kind:  word[target.Kind](r, "target.kind", t.Kind, TargetKind_TARGET_KIND_INVERSE_VOL, 0),
		Start: t.Start, End: t.End,
		Floor:       r.decimal("target.floor", t.Floor),
		FloorRate:   r.decimal("target.floor_rate", t.FloorRate),
		Multiplier:  r.decimal("target.multiplier", t.Multiplier),
		MaxExposure: r.decimal("target.max_exposure", t.MaxExposure),
		Ratchet:     r.decimal("target.ratchet", t.Ratchet),
		TargetSigma: r.decimal("target.volatility", t.Volatility),
	}
}

func (t *Trigger) engine(r *reader) trigger.Config {
	const last = TriggerKind_TRIGGER_KIND_BANDS
	return trigger.Config{
		Mode:            word[trigger.Mode](r, "trigger.kind", t.Kind, last, 0),
		Measure:         word[trigger.Mode](r, "trigger.measure", t.Measure, last, 0),
		Period:          trigger.Period{Seconds: t.Every.Seconds, Months: t.Every.Months, Anchor: t.Every.Anchor},
		Threshold:       r.decimal("trigger.threshold", t.Threshold),
		Small:           r.decimal("trigger.small", t.Small),
		LongestSeconds:  t.LongestSeconds,
		Dust:            r.decimal("trigger.dust", t.Dust),
		MinDrift:        r.decimal("trigger.min_drift", t.MinDrift),
		Inner:           r.decimal("trigger.inner", t.Inner),
		MaxActive:       int(t.MaxActive),
		CoolDownSeconds: t.CoolDownSeconds,
		Scaling:         t.Volatility.engine(r),
	}
}

func (v *VolScale) engine(r *reader) trigger.Scaling {
	s := trigger.Scaling{
		Law:            word[trigger.Law](r, "trigger.volatility.law", v.Law, VolLaw_VOL_LAW_DIFFUSION, 0),
		Reference:      r.decimal("trigger.volatility.reference", v.Reference),
		TrackingError:  r.decimal("trigger.volatility.tracking_error", v.TrackingError),
		Multiple:       r.decimal("trigger.volatility.multiple", v.Multiple),
		HorizonSeconds: v.HorizonSeconds,
		Min:            r.decimal("trigger.volatility.min", v.Min),
		Max:            r.decimal("trigger.volatility.max", v.Max),
		DailyChange:    r.decimal("trigger.volatility.daily_change", v.DailyChange),
	}
	for s.Exponent.Valid() && v.Exponent != "" && s.Exponent.String() != v.Exponent {
		s.Exponent++
	}
	if !s.Exponent.Valid() {
		r.fail("trigger.volatility.exponent", ErrPolicy.Wrapf("expected 1/3, -1, 0, 1/2 or 1, got %q", v.Exponent))
	}
	return s
}

func (b *Bands) engine(r *reader) band.Config {
	return band.Config{
		Estimator:      word[band.Estimator](r, "bands.estimator", b.Estimator, Estimator_ESTIMATOR_NO_TRADE, 0),
		Default:        band.Width{X: r.decimal("bands.inner", b.Inner), Y: r.decimal("bands.outer", b.Outer)},
		K1:             r.decimal("bands.k1", b.K1),
		K2:             r.decimal("bands.k2", b.K2),
		MinX:           r.decimal("bands.min_inner", b.MinInner),
		MaxX:           r.decimal("bands.max_inner", b.MaxInner),
		MaxY:           r.decimal("bands.max_outer", b.MaxOuter),
		Ratio:          r.decimal("bands.ratio", b.Ratio),
		HorizonDays:    b.HorizonDays,
		WarmUp:         int(b.WarmUp),
		Dust:           r.decimal("bands.dust", b.Dust),
		ReentrySamples: int(b.ReentrySamples),
		ConfirmSeconds: b.ConfirmSeconds,
		GapSeconds:     b.GapSeconds,
		MinClasses:     int(b.MinClasses),
		MaxConfidence:  r.decimal("bands.max_confidence", b.MaxConfidence),
		Z:              r.decimal("bands.z", b.Z),
		MeanSeconds:    b.MeanSeconds,
	}
}

func (g *Gains) engine(r *reader) pid.Gains {
	return pid.Gains{
		Kp:          r.decimal("gains.kp", g.Kp),
		Ki:          r.decimal("gains.ki", g.Ki),
		Kd:          r.decimal("gains.kd", g.Kd),
		Rho:         r.decimal("gains.leak", g.Leak),
		Tau:         r.decimal("gains.filter", g.Filter),
		IMax:        r.decimal("gains.max_integral", g.MaxIntegral),
		IZone:       r.decimal("gains.zone", g.Zone),
		DtMin:       r.decimal("gains.dt_min", g.DtMin),
		DtMax:       r.decimal("gains.dt_max", g.DtMax),
		NoOvershoot: !g.Overshoot,
		DeadBand:    r.decimal("gains.edge", g.Edge),
	}
}

func (l *Limits) engine(r *reader) cycle.Limits {
	return cycle.Limits{
		MaxSell:            r.decimal("limits.max_sell", l.MaxSell),
		MinOrder:           r.decimal("limits.min_order", l.MinOrder),
		MinNAV:             r.decimal("limits.min_value", l.MinValue),
		MaxSlippage:        r.decimal("limits.max_slippage", l.MaxSlippage),
		MaxPriceAgeSeconds: l.MaxPriceAgeSeconds,
	}
}
