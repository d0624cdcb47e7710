package band

// Phase is where a portfolio stands with its outer bands.
type Phase uint8

// Phases. A new portfolio is Converging: it may be far from its target, so the outer bands are not armed.
const (
	Converging Phase = iota
	Armed
	Halted
	Recovery
	phaseCount
)

var phaseText = [phaseCount]string{"converging", "armed", "halted", "recovery"}

// String returns the phase in a word.
func (p Phase) String() string {
	if p >= phaseCount {
		return "unknown phase"
	}
	return phaseText[p]
}

// Machine is the state of a portfolio's bands. The zero value is a new portfolio. It is a plain value: copy it, store
// it field by field.
type Machine struct {
	Phase Phase
	// The rest counts while Halted only.
	Resume       Phase // the phase that the halt interrupted
	Inside       int   // consecutive samples inside the outer band
	Confirming   bool  // every sample since ConfirmSince confirmed the prices
	ConfirmSince int64 // seconds
	Last         int64 // the last sample, seconds
}

// Observation is one sample of a portfolio. Verdict is what Config.Judge said. An observation that is not Healthy has
// no verdict worth the name, and its Verdict is ignored.
type Observation struct {
	Now        int64 // seconds
	Verdict    Verdict
	Healthy    bool    // every price is fresh and agreed on
	Tripped    bool    // the breaker of a price is open
	Confirmed  bool    // every price confirms the move: Config.Confirms
	Retargeted bool    // the owner changed the target since the last sample
	Release    Release // the owner or the trustee asked to end the halt
}

// Next returns the machine after an observation, and what happened: the cause of the event is CauseNone if and only if
// nothing did. With bands off the machine goes back to its zero value and stays there.
func (m Machine) Next(cfg *Config, o Observation) (Machine, Event) {
	next, cause := m.step(cfg, o)
	return next, Event{From: m.Phase, To: next.Phase, Cause: cause}
}

func (m Machine) step(cfg *Config, o Observation) (Machine, Cause) {
	if cfg.Estimator == Off {
		if m.Phase == Converging {
			return Machine{}, CauseNone
		}
		return Machine{}, BandsOff
	}
	cause := CauseNone
	if o.Retargeted {
		m, cause = Machine{}, Retargeted
	}
	switch {
	case m.Phase == Halted:
		return m.wait(cfg, o)
	case o.Tripped:
		return m.halt(o), BreakerOpen
	case cause != CauseNone || !o.Healthy:
		return m, cause
	case m.Phase == Armed && o.Verdict == Halt:
		return m.halt(o), OutsideOuter
	case m.Phase != Armed && o.Verdict.within():
		return Machine{Phase: Armed}, InsideOuter
	}
	return m, CauseNone
}

// halt starts a halt. The sample that caused it may be the first that confirms the prices.
func (m Machine) halt(o Observation) Machine {
	resume := Armed
	if m.Phase == Converging {
		resume = Converging
	}
	return Machine{
		Phase: Halted, Resume: resume, Last: o.Now,
		Confirming: o.confirms(), ConfirmSince: o.Now,
	}
}

// wait looks for a way out of a halt: a release, then re-entry, then a confirmed move.
func (m Machine) wait(cfg *Config, o Observation) (Machine, Cause) {
	usable := o.Healthy && !o.Tripped
	if o.Release == Granted && usable {
		return Machine{Phase: Recovery}, Released
	}
	if cfg.GapSeconds > 0 && o.Now-m.Last > cfg.GapSeconds {
		m.Inside, m.Confirming = 0, false // samples are missing: what is consecutive starts anew
	}
	m.Last = o.Now
	// While converging the outer band is not armed, so there is nothing to be inside of.
	if usable && (m.Resume == Converging || o.Verdict.within()) {
		m.Inside++
	} else {
		m.Inside = 0
	}
	if m.Inside >= cfg.ReentrySamples {
		return Machine{Phase: m.Resume}, Reentered
	}
	switch {
	case !o.confirms():
		m.Confirming = false
	case !m.Confirming:
		m.Confirming, m.ConfirmSince = true, o.Now
	case o.Now-m.ConfirmSince >= cfg.ConfirmSeconds:
		return Machine{Phase: Recovery}, MoveConfirmed
	}
	if o.Release != ReleaseNone {
		return m, ReleaseDenied
	}
	return m, CauseNone
}

func (o Observation) confirms() bool { return o.Healthy && o.Confirmed && !o.Tripped }

// Effective returns the verdict that a trigger must obey in this phase: while Halted it is Halt whatever the weights,
// and while the outer band is not armed what lies outside of it is to be rebalanced.
func (m Machine) Effective(v Verdict) Verdict {
	switch {
	case m.Phase == Halted:
		return Halt
	case m.Phase != Armed && v == Halt:
		return Rebalance
	}
	return v
}

// Frozen reports that no sample may be taken and no width recomputed: a halt must not widen its own band.
func (m Machine) Frozen() bool { return m.Phase == Halted }
