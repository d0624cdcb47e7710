package types

import (
	"slices"
	"strings"
	"unicode"

	channeltypes "github.com/cosmos/ibc-go/v11/modules/core/04-channel/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/x/internal/num"
)

const (
	// MaxFailures is how often an occurrence of a payment may fail before it waits for a retry by hand.
	MaxFailures = 3
	// maxRecipient bounds the length of a recipient on another chain, as ibc-go does.
	maxRecipient = 2048
	maxChannel   = 64
)

// Engine compiles the terms of a payment for a universe and checks them.
func (t *PaymentTerms) Engine(u asset.Universe) (project.Payment, error) {
	r := &reader{}
	a, err := u.Find(asset.ID(t.Amount.Denom))
	r.fail("amount", err)
	s := &t.Schedule
	pay := project.Payment{
		Asset: a, Amount: r.amount("amount", t.Amount.Amount),
		Schedule: project.Schedule{
			First: s.First, EverySeconds: s.EverySeconds, EveryMonths: s.EveryMonths, Until: s.Until,
		},
		OnShort: word[project.OnShort](r, "on_short", t.OnShort, OnShort_ON_SHORT_PARTIAL, 1),
	}
	if r.err != nil {
		return pay, Wrap(r.err)
	}
	return pay, Wrap(pay.Validate())
}

// Remote reports a destination over IBC.
func (d *Destination) Remote() bool { return d.Channel != "" }

// Validate checks a destination over IBC; an address here is the bank's matter.
func (d *Destination) Validate() error {
	switch {
	case len(d.Channel) > maxChannel || !channeltypes.IsChannelIDFormat(d.Channel) && !d.client():
		return ErrRecipient.Wrapf("expected a channel such as channel-0, or a client of IBC v2 such as 07-tendermint-0, "+
			"got %q", d.Channel)
	case d.Recipient == "" || len(d.Recipient) > maxRecipient || !printable(d.Recipient):
		return ErrRecipient.Wrapf("expected a recipient of 1..%d bytes behind %s", maxRecipient, d.Channel)
	}
	return nil
}

// printable reports a text that cannot pretend to be something else on a terminal.
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Failed counts a failure and says when the payment is tried again: at retry, or only by hand.
func (p *Payment) Failed(retry int64) {
	p.Failures++
	p.NextAttempt, p.ByHand = retry, p.Failures >= MaxFailures
	if p.ByHand {
		p.NextAttempt = 0
	}
}

// Wait puts the payment off without a failure.
func (p *Payment) Wait(until int64) { p.Failures, p.NextAttempt, p.ByHand = 0, until, false }

// Engine compiles the terms of a one-time order for a universe; cycle.State checks them.
func (t *OrderTerms) Engine(u asset.Universe, id uint64) (cycle.OneTime, error) {
	r := &reader{}
	find := func(field, denom string) asset.Index {
		a, err := u.Find(asset.ID(denom))
		r.fail(field, err)
		return a
	}
	o := cycle.OneTime{
		ID: id, Sell: find("sell", t.Sell), Buy: find("buy", t.Buy), Limit: r.decimal("limit", t.Limit),
		OutsideCap: t.OutsideCap, Share: r.decimal("share", t.Share), Minimum: r.amount("min_slice", t.MinSlice),
		Slicing: project.Slicing{Remaining: r.amount("amount", t.Amount), Intervals: t.Intervals},
	}
	switch t.Proceeds {
	case Proceeds_PROCEEDS_UNSPECIFIED, Proceeds_PROCEEDS_EARMARK:
	case Proceeds_PROCEEDS_PAYOUT:
		o.Proceeds = cycle.PayoutProceeds
	case Proceeds_PROCEEDS_POOL:
		o.Proceeds = cycle.PoolProceeds
		if !t.AcceptReversal {
			r.fail("proceeds", ErrOrder.Wrap("expected accept_reversal with pooled proceeds: the controller moves them "+
				"back to the targets; change the targets too, or earmark the proceeds"))
		}
	default:
		r.fail("proceeds", ErrOrder.Wrapf("expected earmark, payout or pool, got %d", t.Proceeds))
	}
	if o.Proceeds != cycle.PayoutProceeds && t.PayoutTo != (Destination{}) {
		r.fail("payout_to", ErrOrder.Wrap("expected no recipient unless the proceeds are paid out"))
	}
	return o, Wrap(r.err)
}

// OrderOf writes a one-time order for people. payout is where its proceeds go, if they are paid out.
func OrderOf(u asset.Universe, st *cycle.State, o *cycle.OneTime, payout *Payout) Order {
	out := Order{
		Id: o.ID, Sell: string(u.At(o.Sell).ID), Buy: string(u.At(o.Buy).ID), Remaining: num.Int(o.Slicing.Remaining),
		Share: num.Text(o.Share), Interval: o.Slicing.Interval, Intervals: o.Slicing.Intervals,
		Limit: num.Text(o.Limit), OutsideCap: o.OutsideCap, Cancelled: o.Cancelled,
		Proceeds: Proceeds_PROCEEDS_EARMARK,
	}
	switch o.Proceeds {
	case cycle.EarmarkProceeds:
	case cycle.PoolProceeds:
		out.Proceeds = Proceeds_PROCEEDS_POOL
	case cycle.PayoutProceeds:
		out.Proceeds = Proceeds_PROCEEDS_PAYOUT
	}
	if payout != nil {
		out.PayoutTo = payout.To
	}
	var c fixed.Calc // they are parts of one holding
	var units asset.Amount
	for i := range st.Orders {
		if st.Orders[i].OneTime == o.ID {
			units = c.AddNat(units, st.Orders[i].Units)
		}
	}
	out.InMarket = num.Int(units)
	return out
}

// Payment finds a payment by id, or returns -1.
func (p *Portfolio) Payment(id uint64) int {
	return slices.IndexFunc(p.Payments, func(x Payment) bool { return x.Id == id })
}

// Payout finds where the proceeds of a one-time order go, or returns -1.
func (p *Portfolio) Payout(order uint64) int {
	return slices.IndexFunc(p.Payouts, func(x Payout) bool { return x.Order == order })
}
