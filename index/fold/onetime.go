package fold

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/ballast-finance/ballast/index/chain"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// oneTime writes a new one-time order. Of one that sells a share the amount is known when it is fixed.
func (b *block) oneTime(ctx context.Context, e *portfoliotypes.EventOrderCreated) error {
	terms, err := message(&e.Terms)
	if err != nil {
		return err
	}
	return b.exec(ctx, newOrder, id(b.touch(e.Id)), id(e.OrderId), b.Height, b.Time, e.Terms.Sell, e.Terms.Buy,
		e.Terms.Amount.String(), terms, e.Terms.Amount.String())
}

const newOrder = "INSERT INTO one_time_orders " +
	"(portfolio, id, height, time, sell, buy, amount, terms, remaining, status) " +
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'live') ON CONFLICT DO NOTHING"

// living holds the one-time orders of the history to those that live on the chain. No event tells that one has come to
// its end: with its last slice, or with a last slice that was too small to be sold.
func (b *block) living(ctx context.Context, portfolio uint64, orders []portfoliotypes.Order) error {
	live := make(map[string]bool, len(orders))
	for i := range orders {
		o := &orders[i]
		live[strconv.FormatUint(o.Id, 10)] = true
		terms, err := message(o)
		if err != nil {
			return err
		}
		remaining := o.Remaining.String()
		err = b.exec(ctx, newOrder, id(portfolio), id(o.Id), b.Height, b.Time, o.Sell, o.Buy, remaining, terms, remaining)
		if err != nil {
			return err
		}
		const left = "UPDATE one_time_orders SET remaining = $1, amount = CASE WHEN amount = '0' THEN $1 ELSE amount END " +
			"WHERE portfolio = $2 AND id = $3"
		if err := b.exec(ctx, left, remaining, id(portfolio), id(o.Id)); err != nil {
			return err
		}
	}
	const known = "SELECT CAST(id AS TEXT) FROM one_time_orders WHERE portfolio = $1 AND status = 'live' ORDER BY id"
	ids, err := b.tx.Texts(ctx, known, id(portfolio))
	if err != nil {
		return err
	}
	for _, order := range ids {
		if live[order] {
			continue
		}
		n, err := strconv.ParseInt(order, 10, 64)
		if err != nil {
			return err
		}
		const done = "UPDATE one_time_orders SET status = 'done' WHERE portfolio = $1 AND id = $2"
		if err := b.exec(ctx, done, id(portfolio), n); err != nil {
			return err
		}
	}
	return nil
}

// sliced asks after the one-time orders of portfolios that decided or were settled in this block.
func (b *block) sliced(ctx context.Context) error {
	if len(b.stepped) == 0 {
		return nil
	}
	owners, err := b.tx.Texts(ctx, "SELECT DISTINCT CAST(portfolio AS TEXT) FROM one_time_orders WHERE status = 'live'")
	if err != nil {
		return err
	}
	var list []uint64
	for _, owner := range owners {
		portfolio, err := strconv.ParseUint(owner, 10, 64)
		if err != nil {
			return err
		}
		if b.stepped[portfolio] {
			list = append(list, portfolio)
		}
	}
	slices.Sort(list)
	for _, portfolio := range list {
		if err := b.askOrders(ctx, portfolio); err != nil {
			return err
		}
	}
	return nil
}

func (b *block) askOrders(ctx context.Context, portfolio uint64) error {
	p, err := b.source.Portfolio(ctx, b.Height, portfolio)
	if errors.Is(err, chain.ErrGone) {
		return b.notice(ctx, notice{kind: "one-time orders unknown", portfolio: portfolio, reason: err.Error()})
	}
	if err != nil {
		return err
	}
	return b.living(ctx, portfolio, p.Orders)
}
