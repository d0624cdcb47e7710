package types

import (
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// Terms are what a bid and a question about one have in common.
type Terms struct {
	Out, In, MinFill math.Int
	Limit            fixed.Wad
	AllOrNone        bool
	Expiry           int64
}

// Terms are those of the message.
func (m *MsgBid) Terms() (Terms, error) {
	limit, err := num.Decimal(m.Limit)
	if err != nil {
		return Terms{}, ErrInvalid.Wrapf("limit: expected a decimal such as 9.85, got %q: %v", m.Limit, err)
	}
	return Terms{m.AmountOut, m.AmountIn, m.MinFill, limit, m.AllOrNone, m.Expiry}, nil
}

// Terms are those of the question.
func (q *QueryQuoteRequest) Terms() (Terms, error) {
	limit, err := num.Decimal(q.Limit)
	if err != nil {
		return Terms{}, ErrInvalid.Wrapf("limit: expected a decimal such as 9.85, got %q: %v", q.Limit, err)
	}
	t := Terms{Limit: limit, AllOrNone: q.AllOrNone, Expiry: q.Expiry}
	for _, f := range []struct {
		name, text string
		n          *math.Int
	}{
		{"amount_out", q.AmountOut, &t.Out}, {"amount_in", q.AmountIn, &t.In}, {"min_fill", q.MinFill, &t.MinFill},
	} {
		if *f.n, err = units(f.name, f.text); err != nil {
			return Terms{}, err
		}
	}
	return t, nil
}

func units(name, text string) (math.Int, error) {
	if text == "" {
		return math.ZeroInt(), nil
	}
	n, ok := math.NewIntFromString(text)
	if !ok {
		return n, ErrInvalid.Wrapf("%s: expected a whole number of base units, got %q", name, text)
	}
	return n, nil
}

// amount reads a field of base units.
func amount(name string, n math.Int) (asset.Amount, error) {
	a, err := num.Amount(n)
	if err != nil {
		return a, ErrOverflow.Wrapf("%s: expected 0..2^128-1 base units, got %v", name, n)
	}
	return a, nil
}

// Amounts reads amount_out and amount_in, one of which is not zero.
func Amounts(out, in math.Int) (o, i asset.Amount, err error) {
	if o, err = amount("amount_out", out); err != nil {
		return o, i, err
	}
	if i, err = amount("amount_in", in); err != nil {
		return o, i, err
	}
	if o.IsZero() == i.IsZero() {
		return o, i, ErrInvalid.Wrapf("expected either amount_out or amount_in above 0, got %v and %v", o, i)
	}
	return o, i, nil
}

// Bid is the bid of the terms for a pair, without its id and its bidder.
func (t *Terms) Bid(p asset.Pair) (auction.Bid, error) {
	out, in, err := Amounts(t.Out, t.In)
	if err != nil {
		return auction.Bid{}, err
	}
	least, err := amount("min_fill", t.MinFill)
	if err != nil {
		return auction.Bid{}, err
	}
	if t.Limit.Sign() <= 0 || t.Expiry < 0 || t.AllOrNone && !least.IsZero() {
		return auction.Bid{}, ErrInvalid.Wrapf("expected a limit above 0, an expiry of 0 or more, and a min_fill only "+
			"without all_or_none, got %v, %d, %v", t.Limit, t.Expiry, least)
	}
	b := auction.Bid{Quantity: out, MinFill: least, Limit: t.Limit, Expiry: t.Expiry}
	if out.IsZero() {
		var c fixed.Calc
		b.Quantity = p.CoverDown(&c, in, t.Limit)
		if err := c.Err(); err != nil {
			return auction.Bid{}, ErrOverflow.Wrapf("amount_in of %v at %v: %v", in, t.Limit, err)
		}
	}
	if t.AllOrNone {
		b.MinFill = b.Quantity
	}
	return b, nil
}

// SellCoin is units of the asset that a lot sells.
func SellCoin(l *auction.Lot, n asset.Amount) sdk.Coin { return num.Coin(string(l.Pair.Sell.ID), n) }

// BuyCoin is units of the asset that a lot is paid in.
func BuyCoin(l *auction.Lot, n asset.Amount) sdk.Coin { return num.Coin(string(l.Pair.Buy.ID), n) }

// StatusOf is the state of a lot in one word.
func StatusOf(h *Hall) LotStatus {
	switch {
	case h.Lot.Status == auction.Closed && h.SettledTime > 0:
		return LOT_STATUS_SETTLED
	case h.Lot.Status == auction.Closed:
		return LOT_STATUS_CLOSED
	case h.Lot.Clock.Frozen:
		return LOT_STATUS_FROZEN
	case h.Lot.Status == auction.Opening:
		return LOT_STATUS_OPENING
	}
	return LOT_STATUS_OPEN
}

// ToLot shows a lot.
func ToLot(h *Hall, bids uint32) Lot {
	l := &h.Lot
	price := l.Curve.Price(l.Clock.Effective)
	shown := Lot{
		Id: l.ID, SellDenom: string(l.Pair.Sell.ID), SellExponent: uint32(l.Pair.Sell.Exponent),
		BuyDenom: string(l.Pair.Buy.ID), BuyExponent: uint32(l.Pair.Buy.Exponent),
		Status: StatusOf(h), Curve: toCurve(l.Curve),
		Pace:        Pace{BlockSeconds: l.Pace.BlockSeconds, HaltSeconds: l.Pace.HaltSeconds},
		TailSeconds: l.TailSeconds, OpeningBlocksLeft: l.OpeningBlocks, Tranches: toTranches(l.Tranches),
		EffectiveSeconds: l.Clock.Effective, LastTime: l.Clock.Last, ClockPrice: num.Text(price),
		Remaining: num.Int(l.Offered(price)), Bids: bids,
		OpenedHeight: h.OpenedHeight, OpenedTime: h.OpenedTime, SettledTime: h.SettledTime,
		Clearings: h.Tally.Clearings,
	}
	if next, err := l.CostToTake(asset.Amount{}, l.Clock.Last); err == nil {
		shown.NextTime, shown.NextPrice = next.Time, num.Text(next.Price)
	}
	return shown
}

func toCurve(cv auction.Curve) Curve {
	return Curve{
		Kind: cv.Kind.String(), Start: num.Text(cv.Start), Reserve: num.Text(cv.Reserve), Ratio: num.Text(cv.Ratio),
		Steps: cv.Steps, StepSeconds: cv.StepSeconds, BucketSteps: cv.BucketSteps,
	}
}

func toTranches(list []auction.Tranche) []Tranche {
	shown := make([]Tranche, len(list))
	for i := range list {
		t := &list[i]
		shown[i] = Tranche{
			Limit: num.Text(t.Limit), Units: num.Int(t.Units), Sold: num.Int(t.Sold), Proceeds: num.Int(t.Proceeds),
			Closed: t.Closed,
		}
	}
	return shown
}

// ToBid shows a bid in the book of a lot.
func ToBid(l *auction.Lot, r *Resting) Bid {
	var c fixed.Calc // was checked when the bid came
	b := &r.Bid
	return Bid{
		LotId: l.ID, Id: b.ID, Bidder: r.Address().String(), Quantity: num.Int(b.Quantity), MinFill: num.Int(b.MinFill),
		Limit: num.Text(b.Limit), Expiry: b.Expiry, SameOwner: b.SameOwner,
		Escrow: BuyCoin(l, b.Escrow(&c, l.Pair)), Cancelled: r.Until > 0,
	}
}

// ToFill shows a fill.
func ToFill(l *auction.Lot, bid uint64, bidder sdk.AccAddress, f *Filled) Fill {
	return Fill{
		LotId: l.ID, BidId: bid, Bidder: bidder.String(), Units: SellCoin(l, f.Units), Payment: BuyCoin(l, f.Payment),
		Refund: BuyCoin(l, f.Refund), Price: num.Text(f.Price), Height: f.Height, Time: f.Time,
	}
}

// ToClaim shows a claim.
func ToClaim(id uint64, owner sdk.AccAddress, o *Owed) Claim {
	return Claim{
		Id: id, Owner: owner.String(), Coins: o.Coins(), Reason: ClaimReason(o.Reason), Origin: o.Origin, Failed: o.Failed,
	}
}

// FromClaim reads a claim of a genesis state.
func FromClaim(c *Claim) (Owed, error) {
	o := Owed{Reason: int32(c.Reason), Origin: c.Origin, Failed: c.Failed}
	for _, coin := range c.Coins {
		n, err := num.Amount(coin.Amount)
		if err != nil {
			return Owed{}, ErrGenesis.Wrapf("claim %d: %v", c.Id, err)
		}
		o.Add(coin.Denom, n)
	}
	return o, nil
}

// ToSale shows a sale.
func ToSale(u asset.Universe, s *Selling) Sale {
	return Sale{
		Id: s.Sale.ID, Seller: sdk.AccAddress(s.Seller).String(),
		Offered:  num.Coin(string(u.At(s.Sale.Sell).ID), s.Sale.Units),
		BuyDenom: string(u.At(s.Sale.Buy).ID), Limit: num.Text(s.Sale.Limit), InMarket: s.Sale.Placed,
	}
}

// TakeAmounts reads amount_out and amount_in of the question, one of which is not zero.
func TakeAmounts(q *QueryTakeRequest) (o, i asset.Amount, err error) {
	out, err := units("amount_out", q.AmountOut)
	if err != nil {
		return o, i, err
	}
	in, err := units("amount_in", q.AmountIn)
	if err != nil {
		return o, i, err
	}
	return Amounts(out, in)
}
