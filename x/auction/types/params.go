package types

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// Bounds of the params.
const (
	maxLots        = 1000
	maxBids        = 100_000
	maxWork        = 10_000
	maxSales       = 16
	maxValue       = 1_000_000_000_000
	maxHistory     = 31_557_600 // a year of 365.25 days
	historyDefault = 30 * 24 * 3600
)

// DefaultParams are meant for blocks of some seconds on a small validator: EndBlock stays below 200 ms.
func DefaultParams() Params {
	return Params{
		MaxLotsPerBlock: 64, MaxBidsPerBlock: 20_000, MaxBidsPerLot: auction.MaxBids,
		MaxBidsPerAccount: auction.MaxBidsPerAccount, MaxSalesPerAccount: maxSales,
		MaxReturnsPerBlock: 500, MaxPayoutsPerBlock: 1000, MaxPrunedPerBlock: 500,
		MinBidValue: "10", MinSaleValue: "10", HistorySeconds: historyDefault,
	}
}

// Validate checks the ranges.
func (p *Params) Validate() error {
	for _, b := range []struct {
		name    string
		n, most uint32
		why     string
	}{
		{"max_lots_per_block", p.MaxLotsPerBlock, maxLots, "a block does some work, and not more than it can"},
		{"max_bids_per_block", p.MaxBidsPerBlock, maxBids, "a block does some work, and not more than it can"},
		{"max_bids_per_lot", p.MaxBidsPerLot, auction.MaxBids, "the engine clears no more at once"},
		{"max_bids_per_account", p.MaxBidsPerAccount, auction.MaxBidsPerAccount, "no account fills a book"},
		{"max_sales_per_account", p.MaxSalesPerAccount, maxSales, "they are looked through for every bid"},
		{"max_returns_per_block", p.MaxReturnsPerBlock, maxWork, "a block does some work, and not more than it can"},
		{"max_payouts_per_block", p.MaxPayoutsPerBlock, maxWork, "a block does some work, and not more than it can"},
		{"max_pruned_per_block", p.MaxPrunedPerBlock, maxWork, "a block does some work, and not more than it can"},
	} {
		if b.n < 1 || b.n > b.most {
			return ErrParams.Wrapf("%s: expected 1..%d, got %d: %s", b.name, b.most, b.n, b.why)
		}
	}
	if p.HistorySeconds < 0 || p.HistorySeconds > maxHistory {
		return ErrParams.Wrapf("history_seconds: expected 0..%d, got %d: what is over is forgotten in time",
			maxHistory, p.HistorySeconds)
	}
	if p.Guardian != "" {
		if _, err := sdk.AccAddressFromBech32(p.Guardian); err != nil {
			return ErrParams.Wrapf("guardian: expected an address or nothing, got %q: %v", p.Guardian, err)
		}
	}
	if _, err := value("min_bid_value", p.MinBidValue); err != nil {
		return err
	}
	_, err := value("min_sale_value", p.MinSaleValue)
	return err
}

func value(name, text string) (fixed.Wad, error) {
	v, err := num.Decimal(text)
	if err != nil || v.Sign() < 0 || fixed.FromInt(maxValue).Less(v) {
		return v, ErrParams.Wrapf("%s: expected a decimal of 0..%d, got %q: crumbs cost more than they bring",
			name, maxValue, text)
	}
	return v, nil
}

// LeastBid is the least value of a bid.
func (p *Params) LeastBid() (fixed.Wad, error) { return value("min_bid_value", p.MinBidValue) }

// LeastSale is the least value of a sale.
func (p *Params) LeastSale() (fixed.Wad, error) { return value("min_sale_value", p.MinSaleValue) }
