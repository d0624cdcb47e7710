package fold

import (
	"context"
	"fmt"
	"strings"

	"github.com/cosmos/gogoproto/proto"

	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// payment writes the events of payments and of coins that left.
func (b *block) payment(ctx context.Context, event proto.Message) (known bool, err error) {
	switch e := event.(type) {
	case *portfoliotypes.EventPaymentAdded:
		return true, b.payments(ctx, b.touch(e.Id), e.PaymentId, &e.Terms)
	case *portfoliotypes.EventPaymentCancelled:
		return true, b.exec(ctx, "UPDATE payments SET status = 'cancelled', next_attempt = 0 "+
			"WHERE portfolio = $1 AND id = $2", id(b.touch(e.Id)), id(e.PaymentId))
	case *portfoliotypes.EventPaymentMade:
		return true, b.made(ctx, e)
	case *portfoliotypes.EventPaymentSettled:
		return true, b.landed(ctx, e)
	case *portfoliotypes.EventPaymentReturned:
		return true, b.returned(ctx, e)
	case *portfoliotypes.EventPaymentShort:
		return true, b.unpaid(ctx, movement{
			portfolio: e.Id, kind: "short", payment: e.PaymentId, coins: e.Missing.String(), reason: "the money is not there",
		}, e.NextAttempt)
	case *portfoliotypes.EventPaymentFailed:
		return true, b.unpaid(ctx, movement{
			portfolio: e.Id, kind: "failed", payment: e.PaymentId,
			reason: fmt.Sprintf("%s (%d times in a row)", e.Reason, e.Failures),
		}, e.NextAttempt)
	case *portfoliotypes.EventWithdrawn:
		return true, b.move(ctx, movement{
			portfolio: e.Id, kind: "withdrawn", coins: e.Amount.String(), recipient: e.Recipient,
		})
	case *portfoliotypes.EventEarmarkReleased:
		return true, b.move(ctx, movement{portfolio: e.Id, kind: "released", coins: e.Amount.String()})
	case *rebalancetypes.EventDebt:
		return true, b.move(ctx, movement{portfolio: e.Portfolio, kind: "debt", coins: e.Owed.String(), reason: e.Error})
	case *rebalancetypes.EventDebtPaid:
		return true, b.move(ctx, movement{portfolio: e.Portfolio, kind: "debt paid", coins: e.Paid.String()})
	}
	return false, nil
}

type movement struct {
	portfolio          uint64
	kind               string
	payment            uint64
	coins              string
	recipient, channel string
	packet             uint64
	reason             string
}

func (b *block) move(ctx context.Context, m movement) error {
	b.changed.Others = append(b.changed.Others, "movements")
	return b.put(ctx, row{
		"movements", "height seq time portfolio kind payment coins recipient channel packet reason", []any{
			b.Height, b.next(), b.Time, id(b.touch(m.portfolio)), m.kind, id(m.payment), m.coins, m.recipient, m.channel,
			id(m.packet), m.reason,
		},
	})
}

// payments writes the terms of a payment. One that is known stays as it is: terms never change.
func (b *block) payments(ctx context.Context, portfolio, payment uint64, t *portfoliotypes.PaymentTerms) error {
	terms, err := message(t)
	if err != nil {
		return err
	}
	return b.exec(ctx, "INSERT INTO payments (portfolio, id, height, time, denom, amount, recipient, channel, terms, "+
		"status, next_attempt, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'scheduled', 0, 0) ON CONFLICT DO NOTHING",
		id(portfolio), id(payment), b.Height, b.Time, t.Amount.Denom, t.Amount.Amount.String(), t.To.Recipient,
		t.To.Channel, terms)
}

func (b *block) made(ctx context.Context, e *portfoliotypes.EventPaymentMade) error {
	then := "scheduled"
	if e.Last {
		then = "done"
	}
	err := b.exec(ctx, "UPDATE payments SET status = $1, made = made + 1, next_attempt = 0 "+
		"WHERE portfolio = $2 AND id = $3", then, id(e.Id), id(e.PaymentId))
	if err != nil {
		return err
	}
	return b.move(ctx, movement{
		portfolio: e.Id, kind: "paid", payment: e.PaymentId, coins: e.Amount.String(), recipient: e.To.Recipient,
		channel: e.To.Channel, packet: e.Sequence,
	})
}

// landed writes that a payment over IBC arrived.
func (b *block) landed(ctx context.Context, e *portfoliotypes.EventPaymentSettled) error {
	if e.Last {
		const done = "UPDATE payments SET status = 'done', next_attempt = 0 WHERE portfolio = $1 AND id = $2"
		if err := b.exec(ctx, done, id(e.Id), id(e.PaymentId)); err != nil {
			return err
		}
	}
	return b.move(ctx, movement{
		portfolio: e.Id, kind: "arrived", payment: e.PaymentId, coins: e.Amount.String(), channel: e.Channel,
		packet: e.Sequence,
	})
}

// returned writes that a payment over IBC came back. One that is owed again is as one that failed.
func (b *block) returned(ctx context.Context, e *portfoliotypes.EventPaymentReturned) error {
	if e.Owed {
		const owed = "UPDATE payments SET status = 'failed', made = made - 1, next_attempt = $1 " +
			"WHERE portfolio = $2 AND id = $3 AND made > 0"
		if err := b.exec(ctx, owed, e.NextAttempt, id(e.Id), id(e.PaymentId)); err != nil {
			return err
		}
	}
	return b.move(ctx, movement{
		portfolio: e.Id, kind: "returned", payment: e.PaymentId, coins: e.Amount.String(), channel: e.Channel,
		packet: e.Sequence, reason: strings.TrimSuffix(word(e.Reason.String(), "RETURN_")+": "+e.Detail, ": "),
	})
}

// unpaid writes that a payment was not made, and when it is tried again.
func (b *block) unpaid(ctx context.Context, m movement, next int64) error {
	err := b.exec(ctx, "UPDATE payments SET status = $1, next_attempt = $2 WHERE portfolio = $3 AND id = $4",
		m.kind, next, id(m.portfolio), id(m.payment))
	if err != nil {
		return err
	}
	return b.move(ctx, m)
}

// stop writes the events that stop or resume somebody.
func (b *block) stop(ctx context.Context, event proto.Message) (known bool, err error) {
	p := pause{scope: "portfolio"}
	state := "" // what the portfolio is from now on, when that changes
	switch e := event.(type) {
	case *portfoliotypes.EventPaused:
		p.portfolio, p.kind, p.reason, state = e.Id, "paused", reasonOf(e.Reason), "paused"
		err = b.exec(ctx, "UPDATE portfolios SET payments_paused = $1 WHERE id = $2", bit(e.Payments), id(e.Id))
	case *portfoliotypes.EventResumed:
		p.portfolio, p.kind, p.actor, state = e.Id, "resumed", e.By, "active"
		err = b.exec(ctx, "UPDATE portfolios SET payments_paused = 0 WHERE id = $1", id(e.Id))
	case *portfoliotypes.EventQuarantined:
		p.portfolio, p.kind, p.reason, state = e.Id, "quarantined", e.Reason, "quarantined"
	case *portfoliotypes.EventBelowMinimum:
		p.portfolio, p.kind, p.reason = e.Id, "below minimum", "its value fell below its minimum"
	case *portfoliotypes.EventRecovered:
		p.portfolio, p.kind, p.reason = e.Id, "recovered", "its value is back above its minimum"
	case *portfoliotypes.EventHaltReleased:
		p.portfolio, p.kind, p.actor = e.Id, "halt released", e.By
	case *auctiontypes.EventPaused:
		p.scope, p.kind, p.reason, p.actor = "auctions", "paused", e.Reason, e.By
	case *auctiontypes.EventResumed:
		p.scope, p.kind, p.actor = "auctions", "resumed", e.By
	case *rebalancetypes.EventHalted:
		p.scope, p.kind, p.reason, p.actor = "rounds", "halted", e.Reason, e.Sender
	case *rebalancetypes.EventResumed:
		p.scope, p.kind, p.actor = "rounds", "resumed", e.Sender
	case *auctiontypes.EventStepFailed:
		return true, b.notice(ctx, notice{kind: "auctions: " + e.Step + " failed", reason: e.Reason})
	case *auctiontypes.EventParamsUpdated:
		return true, b.notice(ctx, notice{kind: "auction params updated"})
	default:
		return false, nil
	}
	if err == nil && p.portfolio != 0 && state != "" {
		err = b.exec(ctx, "UPDATE portfolios SET status = $1, reason = $2 WHERE id = $3",
			state, p.reason, id(b.touch(p.portfolio)))
	}
	if err != nil {
		return true, err
	}
	return true, b.pause(ctx, p)
}
