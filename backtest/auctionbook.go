package backtest

import (
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// auctionsMax bounds the auctions in a Result; the first ones are kept.
const auctionsMax = 2000

// clockPoints is the number of points of a clock's curve.
const clockPoints = 40

// auctionBook keeps the lots of a run.
type auctionBook struct {
	universe asset.Universe
	brief    bool
	prices   []fixed.Wad // true prices now
	list     []Auction
	err      error
}

func (b *auctionBook) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *auctionBook) find(id uint64) *Auction {
	for i := len(b.list) - 1; i >= 0; i-- {
		if b.list[i].ID == id {
			return &b.list[i]
		}
	}
	return nil
}

// lotRoundBits is where the number of the round stands in the id of a lot.
const lotRoundBits = 20

func (b *auctionBook) opened(lot *auction.Lot) {
	if b.brief || len(b.list) >= auctionsMax {
		return
	}
	var c fixed.Calc
	var units asset.Amount
	for i := range lot.Tranches {
		units = c.AddNat(units, lot.Tranches[i].Units)
	}
	b.list = append(b.list, Auction{
		ID: lot.ID, Round: lot.ID >> lotRoundBits,
		Sell: string(lot.Pair.Sell.ID), Buy: string(lot.Pair.Buy.ID),
		Mid:   asset.PriceDown(&c, b.prices[lot.Sell], b.prices[lot.Buy]),
		Start: lot.Curve.Start, Reserve: lot.Curve.Reserve,
		Units: display(&c, units, lot.Pair.Sell),
	})
	b.fail(c.Err())
}

// display turns base units into display units, rounded down.
func display(c *fixed.Calc, units asset.Amount, a asset.Asset) fixed.Wad {
	return asset.ValueDown(c, units, fixed.One(), a.Exponent)
}

func (b *auctionBook) cleared(lot *auction.Lot, cl *auction.Clearing, mid fixed.Wad, now int64) {
	a := b.find(lot.ID)
	if a == nil {
		return
	}
	var c fixed.Calc
	a.Fills = append(a.Fills, AuctionFill{
		Time: now, Price: cl.Price, Units: display(&c, cl.Sold, lot.Pair.Sell), Bidders: len(cl.Fills),
	})
	a.Oracle = append(a.Oracle, Point{now, mid})
	b.fail(c.Err())
}

func (b *auctionBook) closed(lot *auction.Lot) {
	a := b.find(lot.ID)
	if a == nil {
		return
	}
	var c fixed.Calc
	evidence, err := lot.Evidence()
	if err != nil {
		b.fail(err)
		return
	}
	a.Closed = lot.Clock.Last
	a.Opened = a.Closed - lot.Clock.Effective
	a.Sold, a.Proceeds = display(&c, evidence.Sold, lot.Pair.Sell), display(&c, evidence.Proceeds, lot.Pair.Buy)
	a.Price, a.Bidders = evidence.Price, evidence.Bidders
	a.Edge = edge(&c, a)
	step := max(lot.Clock.Effective/clockPoints, 1)
	for at := int64(0); at <= lot.Clock.Effective; at += step {
		a.Clock = append(a.Clock, Point{a.Opened + at, lot.Curve.Price(at)})
	}
	now := asset.PriceDown(&c, b.prices[lot.Sell], b.prices[lot.Buy])
	a.Oracle = append([]Point{{a.Opened, a.Mid}}, append(a.Oracle, Point{a.Closed, now})...)
	b.fail(c.Err())
}

// edge is the realised price over the mids of the fills, minus one.
func edge(c *fixed.Calc, a *Auction) fixed.Wad {
	var got, mid fixed.Wad
	for i := range a.Fills {
		got = c.Add(got, c.MulTrunc(a.Fills[i].Units, a.Fills[i].Price))
		mid = c.Add(mid, c.MulTrunc(a.Fills[i].Units, a.Oracle[i].Price))
	}
	if mid.IsZero() {
		return fixed.Wad{}
	}
	return c.Sub(c.DivTrunc(got, mid), fixed.One())
}
