package types

import (
	"cosmossdk.io/math"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// PolicyOf writes a policy of the engine for people, in the one form that is stored. Policy.Engine is the way back;
// payments are not part of it.
func PolicyOf(u asset.Universe, e *cycle.Policy) Policy {
	return Policy{
		Positions:  positionsOf(u, e),
		Target:     targetOf(&e.Target),
		Trigger:    triggerOf(&e.Trigger),
		Bands:      bandsOf(&e.Bands),
		Gains:      GainsOf(&e.Gains),
		Limits:     limitsOf(&e.Limits),
		Override:   Override(e.Override) + 1,
		Split:      Split(e.Mode) + 1,
		LossBudget: LossBudget{Cap: num.Text(e.Budget.Cap), RefillSeconds: e.Budget.WindowSeconds},
		Cost:       Cost{Proportional: num.Text(e.Cost), RiskAversion: num.Text(e.RiskAversion)},

		CrossingOff: e.CrossingOff, PeriodSeconds: e.PeriodSeconds, AnchorSeconds: e.AnchorSeconds,
	}
}

func positionsOf(u asset.Universe, e *cycle.Policy) []Position {
	at := func(list []fixed.Wad, k uint8) string {
		if len(list) == 0 {
			return ""
		}
		return num.Text(list[k])
	}
	list := make([]Position, len(e.Priority))
	for i, k := range e.Priority {
		p := Position{
			Denom: string(u.At(e.Assets[k]).ID), MinBalance: math.ZeroInt(),
			Weight: at(e.Target.Weights, k), FromWeight: at(e.Target.From, k), MinTarget: at(e.Target.Min, k),
			MaxWeight: at(e.Limits.MaxWeights, k), Threshold: at(e.Trigger.Thresholds, k),
		}
		if len(e.Limits.MinBalances) > 0 {
			p.MinBalance = num.Int(e.Limits.MinBalances[k])
		}
		if len(e.Target.Max) > 0 && e.Target.Max[k] != fixed.One() {
			p.MaxTarget = e.Target.Max[k].String()
		}
		list[i] = p
	}
	return list
}

func targetOf(s *target.Schedule) Target {
	return Target{
		Kind: TargetKind(s.Kind), Start: s.Start, End: s.End,
		Floor: num.Text(s.Floor), FloorRate: num.Text(s.FloorRate), Multiplier: num.Text(s.Multiplier),
		MaxExposure: num.Text(s.MaxExposure), Ratchet: num.Text(s.Ratchet), Volatility: num.Text(s.TargetSigma),
	}
}

func triggerOf(c *trigger.Config) Trigger {
	s := &c.Scaling
	v := VolScale{
		Law: VolLaw(s.Law), Reference: num.Text(s.Reference), TrackingError: num.Text(s.TrackingError),
		Multiple: num.Text(s.Multiple), HorizonSeconds: s.HorizonSeconds,
		Min: num.Text(s.Min), Max: num.Text(s.Max), DailyChange: num.Text(s.DailyChange),
	}
	if s.Exponent != band.Flat {
		v.Exponent = s.Exponent.String()
	}
	return Trigger{
		Kind: TriggerKind(c.Mode), Measure: TriggerKind(c.Measure),
		Every:     Period{Seconds: c.Period.Seconds, Months: c.Period.Months, Anchor: c.Period.Anchor},
		Threshold: num.Text(c.Threshold), Small: num.Text(c.Small), LongestSeconds: c.LongestSeconds,
		Dust: num.Text(c.Dust), MinDrift: num.Text(c.MinDrift), Inner: num.Text(c.Inner),
		MaxActive: int64(c.MaxActive), CoolDownSeconds: c.CoolDownSeconds, Volatility: v,
	}
}

func bandsOf(c *band.Config) Bands {
	return Bands{
		Estimator: Estimator(c.Estimator), Inner: num.Text(c.Default.X), Outer: num.Text(c.Default.Y),
		K1: num.Text(c.K1), K2: num.Text(c.K2),
		MinInner: num.Text(c.MinX), MaxInner: num.Text(c.MaxX), MaxOuter: num.Text(c.MaxY), Ratio: num.Text(c.Ratio),
		HorizonDays: c.HorizonDays, WarmUp: int64(c.WarmUp), Dust: num.Text(c.Dust),
		ReentrySamples: int64(c.ReentrySamples), ConfirmSeconds: c.ConfirmSeconds, GapSeconds: c.GapSeconds,
		MinClasses: int64(c.MinClasses), MaxConfidence: num.Text(c.MaxConfidence), Z: num.Text(c.Z),
		MeanSeconds: c.MeanSeconds,
	}
}

// GainsOf writes gains.
func GainsOf(g *pid.Gains) Gains {
	return Gains{
		Kp: num.Text(g.Kp), Ki: num.Text(g.Ki), Kd: num.Text(g.Kd), Filter: num.Text(g.Tau), Leak: num.Text(g.Rho),
		MaxIntegral: num.Text(g.IMax), Zone: num.Text(g.IZone), DtMin: num.Text(g.DtMin), DtMax: num.Text(g.DtMax),
		Overshoot: !g.NoOvershoot, Edge: num.Text(g.DeadBand),
	}
}

func limitsOf(l *cycle.Limits) Limits {
	return Limits{
		MaxSell: num.Text(l.MaxSell), MinOrder: num.Text(l.MinOrder), MinValue: num.Text(l.MinNAV),
		MaxSlippage: num.Text(l.MaxSlippage), MaxPriceAgeSeconds: l.MaxPriceAgeSeconds,
	}
}
