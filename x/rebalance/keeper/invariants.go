package keeper

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// auditPage is the number of portfolios that an audit reads at a time.
const auditPage = 1_000

// Invariants says what does not add up: the orders of portfolios with the books of the round, the books with the lots,
// and what both own and what portfolios are owed with the module's account.
func (k Keeper) Invariants(ctx context.Context) []error {
	broken, err := k.audit(ctx)
	if err != nil {
		broken = append(broken, fmt.Errorf("rebalance: %w", err))
	}
	return broken
}

func (k Keeper) audit(ctx context.Context) ([]error, error) {
	u, err := k.keepers.Oracle.Universe(ctx)
	if err != nil {
		return nil, err
	}
	round, err := get(ctx, k.Round)
	if err != nil {
		return nil, err
	}
	audit := report.NewAudit(&round, u.Len())
	if err := k.auditOrders(ctx, audit, &round); err != nil {
		return nil, err
	}
	if err := k.auditSales(ctx, audit, &round); err != nil {
		return nil, err
	}
	for i := range round.Books {
		if b := &round.Books[i]; b.Lot != 0 && !b.Done {
			lot, found, err := k.keepers.Auction.Lot(ctx, b.Lot)
			if err != nil {
				return nil, err
			}
			audit.Lot(b, &lot, found)
		}
	}
	if err := k.auditDebts(ctx, audit, u); err != nil {
		return nil, err
	}
	return audit.Close(func(a asset.Index) asset.Amount {
		return num.Held(k.keepers.Bank.GetBalance(ctx, k.escrow, string(u.At(a).ID)).Amount)
	}), nil
}

// auditOrders takes in every order that is not settled. The log knows them all: a portfolio that cannot be loaded still
// owns what it ordered. What portfolios remember must be the same.
func (k Keeper) auditOrders(ctx context.Context, audit *report.Audit, round *cycle.Round) error {
	if round.Phase == cycle.Idle {
		return nil
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	ranger := collections.NewPrefixedPairRange[uint64, uint64](slot(&params, round.Number))
	err = k.Records.Walk(ctx, ranger, func(_ collections.Pair[uint64, uint64], e report.Entry) (bool, error) {
		if e.Round == round.Number && e.Open() {
			audit.Add(&e)
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	for after, last := uint64(0), false; !last; {
		var page []cycle.Portfolio
		if page, last, err = k.keepers.Portfolio.InMarket(ctx, after, auditPage); err != nil {
			return err
		}
		for i := range page {
			after = page[i].ID
			if err := k.auditPortfolio(ctx, audit, round, &page[i], &params); err != nil {
				return err
			}
		}
		last = last || len(page) == 0
	}
	return nil
}

func (k Keeper) auditPortfolio(
	ctx context.Context, audit *report.Audit, round *cycle.Round, p *cycle.Portfolio, params *types.Params,
) error {
	e, _, err := k.logged(ctx, params, round.Number, p.ID)
	if err == nil && round.Has(&p.State) && !e.Settled {
		audit.Same(&e, p)
	}
	return err
}

func (k Keeper) auditSales(ctx context.Context, audit *report.Audit, round *cycle.Round) error {
	if round.Phase == cycle.Idle {
		return nil
	}
	for after, last := uint64(0), false; !last; {
		page, all, err := k.keepers.Auction.Sales(ctx, after, auditPage)
		if err != nil {
			return err
		}
		for i := range page {
			after = page[i].ID
			audit.Sale(&page[i])
		}
		last = all || len(page) == 0
	}
	return nil
}

func (k Keeper) auditDebts(ctx context.Context, audit *report.Audit, u asset.Universe) error {
	return k.Debts.Walk(ctx, nil, func(_ uint64, d types.Debt) (bool, error) {
		for _, coin := range d.Owed {
			i, err := u.Find(asset.ID(coin.Denom))
			if err != nil {
				return true, err
			}
			audit.Owe(i, num.Held(coin.Amount))
		}
		return false, nil
	})
}
