package sim

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
)

// Policy returns the policy of a portfolio.
func (w *World) Policy(id uint64) *cycle.Policy { return w.folios[id-1].Policy }

// Deposit gives a portfolio units of an asset, of its policy or not.
func (w *World) Deposit(id uint64, a asset.Index, units asset.Amount) error {
	return w.ledger.Move(outside, folio(id), a, units)
}

// Withdraw takes units of an asset out of a portfolio's account. What is in the market is not there.
func (w *World) Withdraw(id uint64, a asset.Index, units asset.Amount) error {
	return w.ledger.Move(folio(id), outside, a, units)
}

// Update takes a message of an owner to a portfolio's state. An error of the message is returned, and the state stays.
func (w *World) Update(id uint64, message func(cycle.State) (cycle.State, error)) error {
	p := &w.folios[id-1]
	st, err := message(p.State)
	if err != nil {
		return fmt.Errorf("portfolio %d: %w", id, err)
	}
	p.State = st
	return nil
}

// try is Update for a message that may be refused.
func (w *World) try(id uint64, message func(cycle.State) (cycle.State, error)) error {
	_ = w.Update(id, message) // a refusal changes nothing, which is what is tried
	return nil
}

// Replace gives a portfolio another policy.
func (w *World) Replace(id uint64, pol *cycle.Policy) error {
	if err := pol.Validate(w.cfg.Cycle.Universe); err != nil {
		return err
	}
	p := &w.folios[id-1]
	st, err := p.State.Retarget(p.Policy, pol)
	if err != nil {
		return err
	}
	p.Policy, p.State = pol, st
	return nil
}

// Drain pays every portfolio out and fails unless nothing is left anywhere: each unit that came in has gone out. It
// needs a round that is over.
func (w *World) Drain() error {
	if w.round.Phase != cycle.Idle {
		return fmt.Errorf("%w: expected an idle round, it is %v", ErrWorld, w.round.Phase)
	}
	for i := range w.folios {
		for k := range w.cfg.Cycle.Universe.Len() {
			a := asset.Index(k)
			if err := w.Withdraw(w.folios[i].ID, a, w.ledger.Balance(folio(w.folios[i].ID), a)); err != nil {
				return err
			}
		}
	}
	return w.ledger.Empty()
}

// Rest lets the world finish its round and start no other.
func (w *World) Rest() { w.resting = true }

// Phase is that of the round.
func (w *World) Phase() cycle.Phase { return w.round.Phase }

// Incidents counts what should be rare.
type Incidents struct {
	Reanchored int // lots that went on after a halt of the chain
	Cancelled  int // lots that did not
	Evicted    int // bids that left a full book
	Stale      int // lots with a fill while no healthy mid was known
}

// Incidents counts what should be rare, so far.
func (w *World) Incidents() Incidents { return w.house.incidents }

// Round is the round that is under way.
func (w *World) Round() *cycle.Round { return &w.round }

// Universe is that of the cycle.
func (w *World) Universe() asset.Universe { return w.cfg.Cycle.Universe }
