package trigger

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// State is what a trigger remembers. The zero value has never fired. It is a plain value: copy it, store it field by
// field.
type State struct {
	Last     int64     // the last fire, seconds
	Ran      bool      // Last is set
	Checked  int64     // the last moment that used up a slot of Time, seconds
	Looked   bool      // Checked is set
	Active   bool      // it fired and the weights are not back inside Inner
	Fires    int       // in a row, while Active
	Base     fixed.Wad // the threshold (Diffusion: the volatility) that daily changes are measured from; 0 is none
	BaseTime int64     // when Base was set, seconds
}

// Started returns the state of a portfolio that was brought to its target at a moment, as by its first purchase.
func Started(now int64) State { return State{Last: now, Ran: true, Checked: now, Looked: true} }

// Retuned returns the state after the owner changed the configuration: the new threshold holds at once.
func (st State) Retuned() State {
	st.Active, st.Fires, st.Base, st.BaseTime = false, 0, fixed.Wad{}, 0
	return st
}

// Input is what a trigger looks at besides the drift.
type Input struct {
	Now             int64        // seconds
	Sigma           fixed.Wad    // annual volatility of the assets against each other; 0 is not known
	Healthy         bool         // every price is fresh and agreed on, no breaker is open
	Verdict         band.Verdict // what band.Machine.Effective says
	CoolDownSeconds int64        // at least this long between two fires, such as band.Terms asks for; 0 adds nothing
}

// Decision is what a trigger decided. Threshold is the one that counted: with one per asset that of the asset which is
// farthest beyond its own, or nearest to it; zero where none was computed.
type Decision struct {
	Fired, Active bool
	Reason        Reason
	Threshold     fixed.Wad
}

// Evaluate decides on one interval. The configuration must be valid. After an error the state is the one given.
// A number of per-asset thresholds other than of assets is ErrLength.
func Evaluate(cfg *Config, st State, r *drift.Report, in Input) (Decision, State, error) {
	d, err := Step(cfg, &st, r, &in)
	return d, st, err
}

// Step is Evaluate in place.
func Step(cfg *Config, st *State, r *drift.Report, in *Input) (Decision, error) {
	switch {
	case in.Verdict == band.Halt:
		st.Active, st.Fires = false, 0 // a halt cancels what was under way
		return Decision{Reason: HaltedOutside}, nil
	case !in.Healthy:
		return Decision{Active: st.Active, Reason: Unhealthy}, nil
	case len(cfg.Thresholds) > 0 && len(cfg.Thresholds) != len(r.Errors):
		return Decision{}, fmt.Errorf("%w: expected a threshold for each of %d assets, got %d",
			ErrLength, len(r.Errors), len(cfg.Thresholds))
	}
	var c fixed.Calc
	var l level
	if cfg.Mode.thresholds() {
		base, since := st.Base, st.BaseTime
		l = cfg.level(&c, st, r, in)
		if err := c.Err(); err != nil {
			st.Base, st.BaseTime = base, since
			return Decision{}, fmt.Errorf("trigger: threshold: %w", err)
		}
	}
	reason := cfg.decide(st, r, in, &l)
	return Decision{Fired: reason.Fires(), Active: st.Active, Reason: reason, Threshold: l.theta}, nil
}

// Rests reports that a step would not fire and leave the state as it is. It is the short way to the usual answer: false
// says nothing, Step decides then.
func (cfg *Config) Rests(st *State, e *drift.Extent, now int64) bool {
	if st.Active || cfg.Scaling.Law != Constant || len(cfg.Thresholds) > 0 {
		return false
	}
	if cfg.Mode == Time {
		return st.Looked && cfg.Period.Slot(now) <= cfg.Period.Slot(st.Checked)
	}
	return cfg.Mode == Absolute && !cfg.Threshold.Less(e.MaxAbs) ||
		cfg.Mode == Aggregate && !cfg.Threshold.Less(e.L1)
}

// decide runs the rules in their order.
func (cfg *Config) decide(st *State, r *drift.Report, in *Input, l *level) Reason {
	finished := st.Active && r.MaxAbs.Cmp(cfg.Inner) <= 0
	limit := !finished && st.Active && cfg.MaxActive > 0 && st.Fires >= cfg.MaxActive
	if finished || limit {
		st.Active, st.Fires = false, 0
	}
	switch {
	case limit:
		return ActiveLimit
	case st.Ran && in.Now-st.Last < max(cfg.CoolDownSeconds, in.CoolDownSeconds):
		return CoolingDown
	case st.Active:
		cfg.fire(st, in.Now)
		return Continuing
	}
	reason := cfg.rule(st, in, l)
	switch {
	case reason.Fires() && r.MaxAbs.Less(cfg.MinDrift):
		st.Checked, st.Looked = in.Now, true // the slot is used up
		return BelowMinDrift
	case reason.Fires():
		cfg.fire(st, in.Now)
	case finished:
		return Finished
	}
	return reason
}

// rule returns the reason to begin, or not to.
func (cfg *Config) rule(st *State, in *Input, l *level) Reason {
	switch {
	case cfg.Mode == Always:
		return EveryInterval
	case cfg.Mode == Time && (!st.Looked || cfg.Period.Slot(in.Now) > cfg.Period.Slot(st.Checked)):
		return NewPeriod
	case cfg.Mode == Time:
		return SamePeriod
	case cfg.Mode == Band:
		return ofVerdict(in.Verdict)
	case l.exceeded:
		return ofMeasure(cfg.measure())
	case cfg.Mode == Hybrid && l.small && (!st.Ran || in.Now-st.Last >= cfg.LongestSeconds):
		return LongWait
	}
	return BelowThreshold
}

func ofVerdict(v band.Verdict) Reason {
	if v == band.Rebalance {
		return OutsideInner
	}
	if v == band.Hold {
		return InsideBand
	}
	return BandOff
}

func ofMeasure(measure Mode) Reason {
	if measure == Absolute {
		return AssetDrift
	}
	if measure == Relative {
		return RelativeDrift
	}
	return TotalDrift
}

// fire notes a fire; it uses up the slot of Time, whatever the reason.
func (cfg *Config) fire(st *State, now int64) {
	st.Last, st.Ran = now, true
	st.Checked, st.Looked = now, true
	st.Active = cfg.Inner.Sign() > 0
	if st.Active {
		st.Fires++
	}
}
