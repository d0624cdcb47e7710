package maker

import (
	"context"
	"errors"
	"fmt"

	"github.com/cosmos/cosmos-sdk/client"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// pageSize is how many lots, bids or fills one question brings.
const pageSize = 100

// maxPages bounds what one look reads.
const maxPages = 20

// Chain asks the nodes at several endpoints: the first that answers is kept until it no longer does.
type Chain struct {
	endpoints []client.Context
	at        int
}

// NewChain asks at these endpoints, in turn.
func NewChain(endpoints ...client.Context) (*Chain, error) {
	if len(endpoints) == 0 {
		return nil, fmt.Errorf("%w: expected at least one node", ErrConfig)
	}
	return &Chain{endpoints: endpoints}, nil
}

// Client is that of the node that answers now.
func (c *Chain) Client() client.Context { return c.endpoints[c.at] }

// ask asks the current node, and the others when it does not answer.
func (c *Chain) ask(question func(node client.Context) error) error {
	var failures []error
	for range c.endpoints {
		err := question(c.endpoints[c.at])
		if err == nil {
			return nil
		}
		failures = append(failures, fmt.Errorf("%s: %w", c.endpoints[c.at].NodeURI, err))
		c.at = (c.at + 1) % len(c.endpoints)
	}
	return errors.Join(failures...)
}

// pages reads the pages of a list until the last one.
func pages(read func(page *query.PageRequest) (*query.PageResponse, error)) error {
	page := &query.PageRequest{Limit: pageSize}
	for range maxPages {
		next, err := read(page)
		if err != nil || next == nil || len(next.NextKey) == 0 {
			return err
		}
		page.Key = next.NextKey
	}
	return nil
}

// Lots are those that take bids.
func (c *Chain) Lots(ctx context.Context) (lots []auctiontypes.Lot, err error) {
	err = c.ask(func(node client.Context) error {
		lots = lots[:0]
		q := auctiontypes.NewQueryClient(node)
		for _, status := range []auctiontypes.LotStatus{auctiontypes.LOT_STATUS_OPENING, auctiontypes.LOT_STATUS_OPEN} {
			err := pages(func(page *query.PageRequest) (*query.PageResponse, error) {
				r, err := q.Lots(ctx, &auctiontypes.QueryLotsRequest{Status: status, Pagination: page})
				if err != nil {
					return nil, err
				}
				lots = append(lots, r.Lots...)
				return r.Pagination, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return lots, err
}

// Bids are the resting bids of an account.
func (c *Chain) Bids(ctx context.Context, who sdk.AccAddress) (bids []auctiontypes.Bid, err error) {
	err = c.ask(func(node client.Context) error {
		bids = bids[:0]
		q := auctiontypes.NewQueryClient(node)
		return pages(func(page *query.PageRequest) (*query.PageResponse, error) {
			r, err := q.Bids(ctx, &auctiontypes.QueryBidsRequest{Bidder: who.String(), Pagination: page})
			if err != nil {
				return nil, err
			}
			bids = append(bids, r.Bids...)
			return r.Pagination, nil
		})
	})
	return bids, err
}

// Fills are what an account bought, as far as the chain remembers.
func (c *Chain) Fills(ctx context.Context, who sdk.AccAddress) (fills []auctiontypes.Fill, err error) {
	err = c.ask(func(node client.Context) error {
		fills = fills[:0]
		q := auctiontypes.NewQueryClient(node)
		return pages(func(page *query.PageRequest) (*query.PageResponse, error) {
			r, err := q.Fills(ctx, &auctiontypes.QueryFillsRequest{Bidder: who.String(), Pagination: page})
			if err != nil {
				return nil, err
			}
			fills = append(fills, r.Fills...)
			return r.Pagination, nil
		})
	})
	return fills, err
}

// LeastBid is the value below which the chain takes no bid.
func (c *Chain) LeastBid(ctx context.Context) (least fixed.Wad, err error) {
	err = c.ask(func(node client.Context) error {
		r, err := auctiontypes.NewQueryClient(node).Params(ctx, &auctiontypes.QueryParamsRequest{})
		if err != nil {
			return err
		}
		least, err = r.Params.LeastBid()
		return err
	})
	return least, err
}

// Balance is what an account has of a denom. What is too much to count is as much as can be counted.
func (c *Chain) Balance(ctx context.Context, who sdk.AccAddress, denom string) (units asset.Amount, err error) {
	err = c.ask(func(node client.Context) error {
		r, err := banktypes.NewQueryClient(node).Balance(ctx, banktypes.NewQueryBalanceRequest(who, denom))
		if err != nil {
			return err
		}
		if units, err = fixed.NatFromBig(r.Balance.Amount.BigInt()); err != nil {
			units = fixed.MaxNat()
		}
		return nil
	})
	return units, err
}

// Prices are the oracle's healthy prices, by denom: the maker's own opinion when it has no better one.
func (c *Chain) Prices(ctx context.Context) (prices map[string]fixed.Wad, err error) {
	err = c.ask(func(node client.Context) error {
		r, err := oracletypes.NewQueryClient(node).Prices(ctx, &oracletypes.QueryPricesRequest{})
		if err != nil {
			return err
		}
		prices = make(map[string]fixed.Wad, len(r.Prices))
		for i := range r.Prices {
			p := &r.Prices[i]
			value, err := fixed.Parse(p.Value)
			if err == nil && p.Status == oracle.StatusOK.String() {
				prices[p.Denom] = value
			}
		}
		return nil
	})
	return prices, err
}
