package cycle

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

var (
	// ErrInput says that an input does not fit the phase of the round.
	ErrInput = errors.New("cycle: invalid input")
	// ErrTime says that time or height went back.
	ErrTime = errors.New("cycle: time went back")
)

// Step takes a round one step on. It is a function of its arguments: on an error nothing has happened and the host
// stores nothing. The portfolios of the input are not changed; their new states are in the output. The workspace only
// saves memory.
func Step(ws *Workspace, cfg *Config, r Round, in Input) (Round, Output, error) {
	if err := check(cfg, &r, &in); err != nil {
		return r, Output{}, err
	}
	ws.out = Output{}
	ws.ledger.Reset()
	next := r.clone()
	var err error
	switch r.Phase {
	case Idle:
		if !cfg.due(&r, in.Now) {
			return r, Output{States: statesOf(in.Portfolios)}, nil
		}
		next.freeze(cfg, &in)
		err = ws.collect(cfg, &next, &in)
	case Collecting:
		err = ws.collect(cfg, &next, &in)
	case Crossing:
		err = ws.cross(cfg, &next, &in)
	case Auctioning:
		err = ws.gather(cfg, &next, &in)
	case Settling:
		err = ws.settle(cfg, &next, &in)
	default:
		err = fmt.Errorf("%w: %v", ErrInput, r.Phase)
	}
	if err != nil {
		return r, Output{}, err
	}
	if ws.out.Transfers, err = ws.ledger.Close(); err != nil {
		return r, Output{}, fmt.Errorf("round %d, %v: %w", r.Number, r.Phase, err)
	}
	return next, ws.out, nil
}

func check(cfg *Config, r *Round, in *Input) error {
	if len(in.Prices) != cfg.Universe.Len() {
		return fmt.Errorf("%w: expected %d prices, got %d", ErrInput, cfg.Universe.Len(), len(in.Prices))
	}
	if r.Started && r.Phase != Idle && (in.Now < r.FrozeAt || in.Height < r.Height) {
		return fmt.Errorf("%w: expected at least %d at block %d, got %d at %d", ErrTime, r.FrozeAt, r.Height, in.Now, in.Height)
	}
	for i := range in.Portfolios {
		p := &in.Portfolios[i]
		if p.Policy == nil || p.ID == 0 {
			return fmt.Errorf("%w: expected a policy and an id above zero for every portfolio", ErrInput)
		}
		if i > 0 && in.Portfolios[i-1].ID >= p.ID {
			return fmt.Errorf("%w: portfolio %d stands after %d", ErrInput, p.ID, in.Portfolios[i-1].ID)
		}
	}
	return nil
}

// due reports that a new interval has started. Missed intervals are merged into one.
func (cfg *Config) due(r *Round, now int64) bool {
	return !r.Started || cfg.slot(now) > r.Slot
}

func (cfg *Config) slot(now int64) int64 { return slotOf(now, cfg.AnchorSeconds, cfg.IntervalSeconds) }

// Due reports that Step would start a round now.
func (cfg *Config) Due(r *Round, now int64) bool { return r.Phase == Idle && cfg.due(r, now) }

// freeze starts a round: the prices of its decisions are those of this moment.
func (r *Round) freeze(cfg *Config, in *Input) {
	r.Phase, r.Number, r.Slot, r.Started = Collecting, r.Number+1, cfg.slot(in.Now), true
	r.Frozen = append(r.Frozen[:0:0], in.Prices...)
	r.FrozeAt, r.Height, r.Last = in.Now, in.Height, 0
	r.Books = nil
}

// clone copies what a step changes.
func (r *Round) clone() Round {
	next := *r
	next.Books = append([]PairBook(nil), r.Books...)
	for i := range next.Books {
		next.Books[i].Tranches = append([]Tranche(nil), r.Books[i].Tranches...)
	}
	next.Spreads = append([]PairSpread(nil), r.Spreads...)
	return next
}

func statesOf(page []Portfolio) []State {
	states := make([]State, len(page))
	for i := range page {
		states[i] = page[i].State
	}
	return states
}

// escrow is the account that holds the units of a round.
func (r *Round) escrow() settle.Account { return settle.Account{Kind: settle.Escrow, ID: r.Number} }

// advance checks that a page continues where the one before ended, and remembers its end.
func (r *Round) advance(in *Input) error {
	if len(in.Portfolios) == 0 {
		return nil
	}
	if first := in.Portfolios[0].ID; first <= r.Last {
		return fmt.Errorf("%w: expected a portfolio above %d, got %d", ErrInput, r.Last, first)
	}
	r.Last = in.Portfolios[len(in.Portfolios)-1].ID
	return nil
}

// slotOf counts intervals from an anchor, rounding down.
func slotOf(now, anchor, interval int64) int64 {
	passed := now - anchor
	slot := passed / interval
	if passed%interval < 0 {
		slot--
	}
	return slot
}

// micro is a value in micro-units, rounded down.
func micro(c *fixed.Calc, v fixed.Wad) uint64 {
	n, fits := c.DivIntTrunc(v, quantum).RawUint()
	if !fits {
		c.Fail(fmt.Errorf("%w: expected a value below 1.8e13, got %v", fixed.ErrOverflow, v))
	}
	return n
}
