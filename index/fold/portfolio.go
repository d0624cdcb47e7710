package fold

import (
	"context"
	"errors"

	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/index/chain"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// portfolio writes the events of what a portfolio is.
func (b *block) portfolio(ctx context.Context, event proto.Message) (known bool, err error) {
	switch e := event.(type) {
	case *portfoliotypes.EventCreated:
		return true, b.created(ctx, e)
	case *portfoliotypes.EventUpdated:
		if err := b.notice(ctx, notice{kind: "policy updated", portfolio: e.Id, reason: e.What}); err != nil {
			return true, err
		}
		return true, b.ask(ctx, e.Id)
	case *portfoliotypes.EventTrusteeSet:
		return true, b.exec(ctx, "UPDATE portfolios SET trustee = $1 WHERE id = $2", e.Trustee, id(b.touch(e.Id)))
	case *portfoliotypes.EventOwnershipOffered:
		return true, b.exec(ctx, "UPDATE portfolios SET pending_owner = $1 WHERE id = $2", e.NewOwner, id(b.touch(e.Id)))
	case *portfoliotypes.EventOwnershipTransferred:
		err := b.notice(ctx, notice{kind: "new owner", portfolio: e.Id, reason: "from " + e.OldOwner + " to " + e.NewOwner})
		if err != nil {
			return true, err
		}
		return true, b.exec(ctx, "UPDATE portfolios SET owner = $1, pending_owner = '' WHERE id = $2",
			e.NewOwner, id(b.touch(e.Id)))
	case *portfoliotypes.EventClosing:
		return true, b.exec(ctx, "UPDATE portfolios SET status = 'closing' WHERE id = $1", id(b.touch(e.Id)))
	case *portfoliotypes.EventClosed:
		return true, b.closed(ctx, e)
	case *portfoliotypes.EventOrderCreated:
		return true, b.oneTime(ctx, e)
	case *portfoliotypes.EventOrderCancelled:
		return true, b.exec(ctx, "UPDATE one_time_orders SET status = 'cancelled' WHERE portfolio = $1 AND id = $2",
			id(b.touch(e.Id)), id(e.OrderId))
	case *portfoliotypes.EventParamsUpdated:
		return true, b.notice(ctx, notice{kind: "portfolio params updated"})
	}
	return false, nil
}

// touch says that a block is about a portfolio.
func (b *block) touch(portfolio uint64) uint64 {
	b.changed.Portfolios = append(b.changed.Portfolios, portfolio)
	return portfolio
}

const portfolioColumns = "id owner pending_owner trustee address name status reason payments_paused policy " +
	"created_height created_time updated_height updated_time round decided_time outcome nav nav_real drift drift_real " +
	"weights"

func (b *block) created(ctx context.Context, e *portfoliotypes.EventCreated) error {
	if !b.asked[e.Id] { // else it came with what was there at the end of the first block
		err := b.put(ctx, row{"portfolios", portfolioColumns, []any{
			id(b.touch(e.Id)), e.Owner, "", "", e.Address, e.Name, "active", "", 0, "{}", b.Height, b.Time, b.Height, b.Time,
			0, 0, "", "", nil, "", nil, "[]",
		}})
		if err != nil {
			return err
		}
	}
	return b.ask(ctx, e.Id)
}

// ask takes what the chain says of a portfolio at the end of the block, once.
func (b *block) ask(ctx context.Context, portfolio uint64) error {
	if b.asked[portfolio] {
		return nil
	}
	b.asked[portfolio] = true
	p, err := b.source.Portfolio(ctx, b.Height, portfolio)
	if errors.Is(err, chain.ErrGone) {
		return b.notice(ctx, notice{kind: "policy unknown", portfolio: portfolio, reason: err.Error()})
	}
	if err != nil {
		return err
	}
	return b.describe(ctx, p)
}

// describe writes what a portfolio is. What events tell of it, its pauses and intervals, they tell alone.
func (b *block) describe(ctx context.Context, r *chain.Portfolio) error {
	p := &r.Portfolio
	policy, err := message(&p.Policy)
	if err != nil {
		return err
	}
	life := "active"
	switch p.Stage {
	case portfoliotypes.Stage_STAGE_CLOSED:
		life = "closed"
	case portfoliotypes.Stage_STAGE_CLOSING:
		life = "closing"
	case portfoliotypes.Stage_STAGE_UNSPECIFIED:
		if p.PausedBy != portfoliotypes.Reason_REASON_UNSPECIFIED {
			life = "paused"
		}
		if p.PausedBy == portfoliotypes.Reason_REASON_QUARANTINED {
			life = "quarantined"
		}
	}
	const statement = "INSERT INTO portfolios (id, owner, pending_owner, trustee, address, name, status, reason, " +
		"payments_paused, policy, created_height, created_time, updated_height, updated_time, round, decided_time, " +
		"outcome, nav, nav_real, drift, drift_real, weights) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, " +
		"$10, $11, $12, $13, $14, " +
		"0, 0, '', '', NULL, '', NULL, '[]') ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, " +
		"pending_owner = excluded.pending_owner, trustee = excluded.trustee, address = excluded.address, " +
		"name = excluded.name, status = excluded.status, reason = excluded.reason, " +
		"payments_paused = excluded.payments_paused, policy = excluded.policy, " +
		"updated_height = excluded.updated_height, updated_time = excluded.updated_time"
	err = b.exec(ctx, statement, id(b.touch(p.Id)), p.Owner, p.PendingOwner, p.Trustee, r.Address, p.Name, life,
		reasonOf(p.PausedBy), bit(p.PaymentsPaused), policy, p.CreatedHeight, p.CreatedAt, b.Height, b.Time)
	if err != nil {
		return err
	}
	for i := range p.Payments {
		if err := b.payments(ctx, p.Id, p.Payments[i].Id, &p.Payments[i].Terms); err != nil {
			return err
		}
	}
	return b.living(ctx, p.Id, r.Orders)
}

func reasonOf(r portfoliotypes.Reason) string { return word(r.String(), "REASON_") }

func (b *block) closed(ctx context.Context, e *portfoliotypes.EventClosed) error {
	if err := b.exec(ctx, "UPDATE portfolios SET status = 'closed' WHERE id = $1", id(b.touch(e.Id))); err != nil {
		return err
	}
	return b.move(ctx, movement{
		portfolio: e.Id, kind: "closed", coins: e.Amount.String(), recipient: e.Recipient, reason: e.Failure,
	})
}
