package types

import (
	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
)

// maxName bounds a name, in bytes, as a policy file does.
const maxName = 100

// ValidateName checks what people call a portfolio.
func ValidateName(name string) error {
	if len(name) > maxName || !printable(name) {
		return ErrName.Wrapf("expected at most %d bytes that can be printed on one line, got %d", maxName, len(name))
	}
	return nil
}

// DueItem orders what is due: by the time of the next attempt, the portfolio, and the payment or order.
type DueItem = collections.Triple[int64, uint64, uint64]

// Engine compiles the policy with its payments for a universe.
func (p *Portfolio) Engine(u asset.Universe) (*cycle.Policy, error) {
	e, err := p.Policy.Engine(u)
	if err != nil {
		return nil, err
	}
	for i := range p.Payments {
		pay, err := p.Payments[i].Terms.Engine(u)
		if err != nil {
			return nil, errorsmod.Wrapf(err, "payments[%d]", i)
		}
		e.Payments = append(e.Payments, pay)
	}
	return e, nil
}

// Due are the entries of the portfolio in the queue of what is due. There are none while its payments are paused.
func (p *Portfolio) Due() []DueItem {
	if p.PaymentsPaused || p.Stage != Stage_STAGE_UNSPECIFIED {
		return nil
	}
	var list []DueItem
	for i := range p.Payments {
		if at := p.Payments[i].NextAttempt; at > 0 {
			list = append(list, collections.Join3(at, p.Id, p.Payments[i].Id))
		}
	}
	for i := range p.Payouts {
		if at := p.Payouts[i].NextAttempt; at > 0 {
			list = append(list, collections.Join3(at, p.Id, p.Payouts[i].Order))
		}
	}
	return list
}

// Held are the positions of the payments that only a retry by hand makes, but for one.
func (p *Portfolio) Held(but int) []int {
	var list []int
	for i := range p.Payments {
		if p.Payments[i].ByHand && i != but {
			list = append(list, i)
		}
	}
	return list
}

// Status says what the portfolio does now, and why it does not decide. Being below the minimum counts after the grace.
func (p *Portfolio) Status(m *Memory, now, graceSeconds int64) (Status, Reason) {
	switch {
	case p.Stage == Stage_STAGE_CLOSED:
		return Status_STATUS_CLOSED, Reason_REASON_UNSPECIFIED
	case p.Stage == Stage_STAGE_CLOSING:
		return Status_STATUS_CLOSING, Reason_REASON_UNSPECIFIED
	case m.State.Paused:
		return Status_STATUS_PAUSED, p.PausedBy
	case m.State.Machine.Phase == band.Halted:
		return Status_STATUS_HALTED, Reason_REASON_BAND
	case m.State.Budget.Halted:
		return Status_STATUS_HALTED, Reason_REASON_BUDGET
	case m.BelowSince > 0 && now-m.BelowSince >= graceSeconds:
		return Status_STATUS_PAUSED, Reason_REASON_BELOW_MINIMUM
	}
	return Status_STATUS_ACTIVE, Reason_REASON_UNSPECIFIED
}

// Note takes what an interval did with the portfolio. It says whether the value fell below the minimum, or came back.
func (m *Memory) Note(n *cycle.Note, now int64) (fell, recovered bool) {
	if !n.Decided() {
		return false, false
	}
	m.Outcome = n.Outcome
	below := n.Outcome == cycle.Empty || n.Outcome == cycle.BelowMinimum
	switch {
	case below && m.BelowSince == 0:
		m.BelowSince, fell = now, true
	case !below && n.Valued():
		recovered, m.BelowSince = m.BelowSince > 0, 0
	}
	return fell, recovered
}
