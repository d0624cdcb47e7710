package cycle

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/settle"
)

// ErrSmall says that what is left of a pair is too little for an auction.
var ErrSmall = errors.New("cycle: too little for an auction")

// cross lets opposite flows of a round meet at the oracle's price of a later block than the freeze, and opens lots
// for the rest. Whatever the prices are, the round goes on: what cannot cross goes to auction, what gets no auction
// returns unsold.
func (ws *Workspace) cross(cfg *Config, r *Round, in *Input) error {
	if in.Height <= r.Height {
		return fmt.Errorf("%w: expected a block after the freeze at %d, got %d", ErrTime, r.Height, in.Height)
	}
	if err := ws.meet(cfg, r, in); err != nil {
		r.uncross()
		ws.out.Crosses = nil
		ws.out.Notes = append(ws.out.Notes, Note{Outcome: CrossRefused, Err: err})
	}
	r.Phase = Auctioning
	for i := range r.Books {
		ws.openLot(cfg, r, in, uint64(i))
	}
	r.closeBooks()
	return nil
}

// Quiet is the configuration of a crossing that does nothing: every order returns unsold. A host that cannot do what a
// crossing asks of it goes on with it.
func (cfg *Config) Quiet() Config {
	quiet := *cfg
	quiet.Crossing.Off, quiet.Auction.MinLot = true, fixed.Max()
	return quiet
}

// closeBooks goes on to settle once nothing is in an auction any more.
func (r *Round) closeBooks() {
	if !slices.ContainsFunc(r.Books, func(p PairBook) bool { return !p.Done }) {
		r.Phase, r.Last, r.LastSale = Settling, 0, 0
	}
}

func lotAccount(id uint64) settle.Account { return settle.Account{Kind: settle.Lot, ID: id} }

// meet crosses what may cross and books it on the tranches.
func (ws *Workspace) meet(cfg *Config, r *Round, in *Input) error {
	if cfg.Crossing.Off || len(r.Books) == 0 {
		return nil
	}
	ws.index(cfg, r)
	n := len(ws.active)
	ws.matrix, ws.caps = grow(ws.matrix, n*n), grow(ws.caps, n*n)
	most := ^uint64(0) / uint64(len(r.Books)) // all flows together are one word
	for i := range r.Books {
		pair := &r.Books[i]
		at := ws.position[pair.Sell]*n + ws.position[pair.Buy]
		value, units := crossable(cfg, r, in, pair)
		ws.matrix[at], ws.caps[at] = min(value, most), units
	}
	var c fixed.Calc
	cycles, err := netting.Cross(&ws.netting, n, ws.matrix, nil, nil)
	c.Fail(err)
	small, prices, err := ws.local(cfg, in)
	c.Fail(err)
	fills, err := netting.Settle(&ws.netting, cycles, prices, small, ws.caps)
	c.Fail(err)
	for _, f := range fills {
		f.Sell, f.Buy = ws.active[f.Sell], ws.active[f.Buy]
		c.Fail(ws.share(r, in.Prices, f))
	}
	return c.Err()
}

// uncross takes back what meet booked.
func (r *Round) uncross() {
	for i := range r.Books {
		for k := range r.Books[i].Tranches {
			t := &r.Books[i].Tranches[k]
			t.Crossed, t.Received = asset.Amount{}, asset.Amount{}
		}
	}
}

// local is the universe of the assets at hand, in their order, with their prices.
func (ws *Workspace) local(cfg *Config, in *Input) (asset.Universe, []fixed.Wad, error) {
	assets, prices := make([]asset.Asset, len(ws.active)), make([]fixed.Wad, len(ws.active))
	for i, a := range ws.active {
		assets[i], prices[i] = cfg.Universe.At(a), in.Prices[a].Value
	}
	u, err := asset.Listed(assets)
	return u, prices, err
}

// crossable is the value that a pair may cross now, in micro-units, as far as it is a word, and the units that back it.
// A closed gate gives zero: the pair goes to auction.
func crossable(cfg *Config, r *Round, in *Input, pair *PairBook) (uint64, asset.Amount) {
	var c fixed.Calc
	units := pair.crossable(&c, in.Prices)
	if units.IsZero() {
		return 0, asset.Amount{}
	}
	value := asset.ValueDown(&c, units, in.Prices[pair.Sell].Value, cfg.Universe.At(pair.Sell).Exponent)
	n, fits := c.DivIntTrunc(value, quantum).RawUint()
	if !fits {
		n = ^uint64(0)
	}
	x := netting.Crossing{
		Sell: r.leg(in, pair.Sell), Buy: r.leg(in, pair.Buy), Value: n,
		Cost: cfg.Crossing.Cost, DelaySeconds: in.Now - r.FrozeAt,
	}
	if c.Err() != nil {
		return 0, asset.Amount{}
	}
	if reason, err := cfg.Crossing.Gate.Check(&x); err != nil || reason != netting.MayCross {
		return 0, asset.Amount{}
	}
	return x.Value, units
}

// leg is what the gate looks at in an asset.
func (r *Round) leg(in *Input, a asset.Index) netting.Leg {
	p := &in.Prices[a]
	return netting.Leg{
		Price: p.Value, Frozen: r.Frozen[a].Value, Confidence: p.Confidence, Sigma: p.Sigma,
		AgeSeconds: p.AgeSeconds, Classes: p.Classes, Healthy: healthy(p),
	}
}

// healthy reports a price that may be used.
func healthy(p *oracle.Price) bool { return p.Status == oracle.StatusOK && p.Value.Sign() > 0 }

// index numbers the assets that the books of a round name.
func (ws *Workspace) index(cfg *Config, r *Round) {
	ws.active = ws.active[:0]
	for i := range r.Books {
		ws.active = append(ws.active, r.Books[i].Sell, r.Books[i].Buy)
	}
	slices.Sort(ws.active)
	ws.active = slices.Compact(ws.active)
	ws.position = grow(ws.position, cfg.Universe.Len())
	for i, a := range ws.active {
		ws.position[a] = i
	}
}

// crossable is the number of units whose sellers accept the price between the oracle's prices.
func (p *PairBook) crossable(c *fixed.Calc, prices []oracle.Price) asset.Amount {
	if !healthy(&prices[p.Sell]) || !healthy(&prices[p.Buy]) {
		return asset.Amount{}
	}
	mid := asset.PriceDown(c, prices[p.Sell].Value, prices[p.Buy].Value)
	return p.total(func(t *Tranche) asset.Amount { return t.crossableAt(mid) })
}

// crossableAt is what of the tranche may cross at a price.
func (t *Tranche) crossableAt(mid fixed.Wad) asset.Amount {
	if mid.Less(t.Limit) {
		return asset.Amount{}
	}
	return t.Crossable
}

// share divides what a pair crossed over its tranches: units in proportion to what each may cross, what they brought
// in proportion to what each gave, so that nobody gets anything for nothing.
func (ws *Workspace) share(r *Round, prices []oracle.Price, f netting.Fill) error {
	at, found := books(r.Books).find(f.Sell, f.Buy)
	if !found {
		return fmt.Errorf("%w: crossed %d for %d", ErrBook, f.Sell, f.Buy)
	}
	pair := &r.Books[at]
	n := len(pair.Tranches)
	ws.weights, ws.parts = grow(ws.weights, n), grow(ws.parts, n)
	var c fixed.Calc
	mid := asset.PriceDown(&c, prices[f.Sell].Value, prices[f.Buy].Value)
	for i := range pair.Tranches {
		ws.weights[i] = pair.Tranches[i].crossableAt(mid).Raw()
	}
	c.Fail(ws.split.LargestRemainder(ws.weights, ws.weights, f.Sold.Raw()))
	c.Fail(ws.split.LargestRemainder(ws.parts, ws.weights, f.Bought.Raw()))
	for i := range pair.Tranches {
		t := &pair.Tranches[i]
		t.Crossed, t.Received = c.Nat(ws.weights[i]), c.Nat(ws.parts[i])
	}
	ws.out.Crosses = append(ws.out.Crosses, Cross{f.Sell, f.Buy, f.Sold, f.Bought})
	return c.Err()
}

// openLot makes the auction of what a pair has left. There is none when nothing is left, or when the oracle's prices
// must not open one: then the units return unsold.
func (ws *Workspace) openLot(cfg *Config, r *Round, in *Input, index uint64) {
	pair := &r.Books[index]
	units := pair.residual()
	if pair.Done = true; units.IsZero() {
		return
	}
	lot, width, err := pair.lot(cfg, r, in, units)
	if err != nil {
		ws.out.Notes = append(ws.out.Notes, Note{Outcome: LotRefused, Asset: pair.Sell, HasAsset: true, Err: err})
		return
	}
	lot.ID = r.Number<<lotBits | index
	pair.Done, pair.Lot, pair.Width = false, lot.ID, width
	ws.out.Lots = append(ws.out.Lots, lot)
	ws.ledger.Move(r.escrow(), lotAccount(lot.ID), pair.Sell, units)
}

// lotBits is the room for the pairs of a round in the id of a lot.
const lotBits = 20

// lot is the auction of what the pair has left, without its id, and the width of its reserve.
func (p *PairBook) lot(cfg *Config, r *Round, in *Input, units asset.Amount) (auction.Lot, fixed.Wad, error) {
	var c fixed.Calc
	anchor := cfg.anchor(&c, in, p)
	value := asset.ValueDown(&c, units, in.Prices[p.Sell].Value, cfg.Universe.At(p.Sell).Exponent)
	if anchor.Healthy && value.Less(cfg.Auction.MinLot) {
		return auction.Lot{}, fixed.Wad{}, fmt.Errorf("%w: expected a value of at least %v, got %v",
			ErrSmall, cfg.Auction.MinLot, value)
	}
	width, err := cfg.Auction.Width.Range(r.spread(cfg, p), anchor, p.slippage())
	if err != nil {
		return auction.Lot{}, fixed.Wad{}, err
	}
	curve, err := cfg.Auction.curve(width)
	if err != nil {
		return auction.Lot{}, fixed.Wad{}, err
	}
	lot := auction.Lot{
		Sell: p.Sell, Buy: p.Buy,
		Pair:  asset.Pair{Sell: cfg.Universe.At(p.Sell), Buy: cfg.Universe.At(p.Buy)},
		Curve: curve, Pace: cfg.Auction.Pace,
		TailSeconds: cfg.Auction.TailSeconds, OpeningBlocks: cfg.Auction.OpeningBlocks,
	}
	for i := range p.Tranches {
		t := &p.Tranches[i]
		limit := t.Limit
		if !t.Slippage.IsZero() {
			limit = limit.Max(c.MulUp(anchor.Mid, c.Sub(fixed.One(), t.Slippage)))
		}
		if !width.Reserve.Less(limit) {
			limit = fixed.Wad{}
		}
		lot.Tranches = append(lot.Tranches, auction.Tranche{Limit: limit, Units: t.residual()})
	}
	return lot, width.ReserveWidth, c.Err()
}

// Reanchor gives a lot that a halt of the chain has frozen a curve around fresh prices, and its tranches the limits
// that belong to them. Prices that must not open a lot are an error: then the lot waits, or the host cancels it.
func (cfg *Config) Reanchor(r *Round, lot *auction.Lot, prices []oracle.Price, now int64) error {
	at := slices.IndexFunc(r.Books, func(p PairBook) bool { return p.Lot == lot.ID && !p.Done })
	if at < 0 || len(lot.Tranches) != len(r.Books[at].Tranches) || len(prices) != cfg.Universe.Len() {
		return fmt.Errorf("%w: expected a lot of round %d and %d prices, got lot %d and %d prices",
			ErrInput, r.Number, cfg.Universe.Len(), lot.ID, len(prices))
	}
	pair := &r.Books[at]
	fresh, _, err := pair.lot(cfg, r, &Input{Prices: prices}, pair.residual())
	if err != nil {
		return err
	}
	if err := lot.Reanchor(fresh.Curve, now); err != nil {
		return err
	}
	for i := range lot.Tranches {
		lot.Tranches[i].Limit = fresh.Tranches[i].Limit
	}
	return nil
}

// anchor is what the oracle knows about a pair. Volatilities add up as if the assets moved apart.
func (cfg *Config) anchor(c *fixed.Calc, in *Input, pair *PairBook) auction.Anchor {
	s, b := &in.Prices[pair.Sell], &in.Prices[pair.Buy]
	a := auction.Anchor{
		AgeSeconds:   max(s.AgeSeconds, b.AgeSeconds),
		DelaySeconds: int64(cfg.Auction.OpeningBlocks) * cfg.Auction.Pace.BlockSeconds,
		Healthy:      healthy(s) && healthy(b),
	}
	if !a.Healthy {
		return a
	}
	a.Mid = asset.PriceDown(c, s.Value, b.Value)
	a.Confidence = auction.Unsure(c, *s, *b)
	a.Sigma = c.Sqrt(c.Add(c.MulDown(s.Sigma, s.Sigma), c.MulDown(b.Sigma, b.Sigma)))
	return a
}

// slippage is the widest that a seller of the pair accepts who has something left.
func (p *PairBook) slippage() fixed.Wad {
	var widest fixed.Wad
	for i := range p.Tranches {
		t := &p.Tranches[i]
		switch {
		case t.residual().IsZero():
		case t.Slippage.IsZero():
			return fixed.One()
		default:
			widest = widest.Max(t.Slippage)
		}
	}
	return widest
}

func (a *AuctionConfig) curve(w auction.Range) (auction.Curve, error) {
	return auction.NewCurve(auction.Curve{
		Kind: a.Kind, Start: w.Start, Reserve: w.Reserve,
		Steps:       uint64(max(a.WindowSeconds/a.Pace.BlockSeconds, 1)),
		StepSeconds: a.Pace.BlockSeconds, BucketSteps: a.BucketSteps,
	})
}

// Cross is one pair's part of an internal crossing.
type Cross struct {
	Sell, Buy    asset.Index
	Sold, Bought asset.Amount
}
