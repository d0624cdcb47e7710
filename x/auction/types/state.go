package types

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/internal/pack"
)

// Hall is a lot with what the auctions keep beside it.
type Hall struct {
	Lot          auction.Lot
	Tally        auction.Tally
	OpenedHeight int64
	OpenedTime   int64 // unix seconds
	SettledTime  int64 // when the sellers got theirs; 0 before
}

// Book is what of a lot changes with its bids; apart, so that a bid does not rewrite the lot.
type Book struct {
	Next uint64 // id of the next bid
	Bids uint32 // resting ones
}

// Resting is a bid in a book.
type Resting struct {
	Bid   auction.Bid
	Owner string // address bytes of the bidder
	// Until is the number of clearings of the lot after which a cancelled bid is over; 0 when it is not cancelled.
	Until uint64
}

// Joins reports a bid that takes part in the clearing after so many.
func (r *Resting) Joins(clearings uint64) bool { return r.Until == 0 || clearings < r.Until }

// Address is the account of the bidder.
func (r *Resting) Address() sdk.AccAddress { return sdk.AccAddress(r.Owner) }

// Filled is what a bid got.
type Filled struct {
	Units, Payment, Refund asset.Amount
	Price                  fixed.Wad
	Height                 int64
	Time                   int64 // unix seconds
}

// Amount is a part of what somebody is owed.
type Amount struct {
	Denom string
	Units asset.Amount
}

// Owed is what somebody is owed.
type Owed struct {
	Amounts []Amount // without zeros
	Reason  int32    // ClaimReason
	Origin  uint64   // lot of a bid, or sale
	Failed  bool     // could not be paid, is not in the queue
}

// Add adds units of a denom; nothing is left out.
func (o *Owed) Add(denom string, units asset.Amount) {
	if !units.IsZero() {
		o.Amounts = append(o.Amounts, Amount{denom, units})
	}
}

// Coins are the amounts as coins.
func (o *Owed) Coins() sdk.Coins {
	coins := make(sdk.Coins, len(o.Amounts))
	for i, a := range o.Amounts {
		coins[i] = num.Coin(a.Denom, a.Units)
	}
	return coins.Sort()
}

// Selling is a sale with its seller.
type Selling struct {
	Sale   cycle.Sale
	Seller string // address bytes
}

// The codecs of the records.
var (
	SellingCodec = pack.Must[Selling]("selling", 1)
	HallCodec    = pack.Must[Hall]("hall", 1)
	BookCodec    = pack.Must[Book]("book", 1)
	RestingCodec = pack.Must[Resting]("resting", 1)
	FilledCodec  = pack.Must[Filled]("filled", 1)
	OwedCodec    = pack.Must[Owed]("owed", 1)
	LimitCodec   = pack.Must[fixed.Wad]("limit", 1)
)
