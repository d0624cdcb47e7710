package cycle

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/settle"
)

// cross lets opposite flows of a round meet at the oracle's price of a later block than the freeze, and opens lots
// for the rest.
func (ws *Workspace) cross(cfg *Config, r *Round, in *Input) error {
	if in.Height <= r.Height {
		return fmt.Errorf("%w: expected a block after the freeze at %d, got %d", ErrTime, r.Height, in.Height)
	}
	if err := ws.meet(cfg, r, in); err != nil {
		return err
	}
	r.Phase = Auctioning
	open := 0
	for i := range r.Books {
		pair := &r.Books[i]
		lot, ok := ws.lot(cfg, r, in, pair, uint64(i))
		if !ok {
			pair.Done = true
			continue
		}
		pair.Lot = lot.ID
		ws.out.Lots = append(ws.out.Lots, lot)
		ws.ledger.Move(r.escrow(), lotAccount(lot.ID), pair.Sell, pair.residual())
		open++
	}
	if open == 0 {
		r.Phase, r.Last = Settling, 0
	}
	return nil
}

func lotAccount(id uint64) settle.Account { return settle.Account{Kind: settle.Lot, ID: id} }

// residual is what the pair sends to auction.
func (p *PairBook) residual() asset.Amount {
	var c fixed.Calc // a part of a sum that fits
	var sum asset.Amount
	for i := range p.Tranches {
		sum = c.AddNat(sum, p.Tranches[i].residual())
	}
	return sum
}

// meet crosses what may cross and books it on the tranches.
func (ws *Workspace) meet(cfg *Config, r *Round, in *Input) error {
	ws.index(cfg, r)
	n := len(ws.active)
	ws.matrix = append(ws.matrix[:0], make([]uint64, n*n)...)
	ws.caps = grow(ws.caps, n*n)
	var c fixed.Calc
	for i := range r.Books {
		pair := &r.Books[i]
		at := ws.position[pair.Sell]*n + ws.position[pair.Buy]
		ws.matrix[at], ws.caps[at] = ws.open(&c, cfg, r, in, pair)
	}
	if err := c.Err(); err != nil {
		return err
	}
	cycles, err := netting.Cross(&ws.netting, n, ws.matrix, nil, nil)
	if err != nil {
		return err
	}
	small, prices, err := ws.local(cfg, in)
	if err != nil {
		return err
	}
	fills, err := netting.Settle(&ws.netting, cycles, prices, small, ws.caps)
	if err != nil {
		return err
	}
	for _, f := range fills {
		f.Sell, f.Buy = ws.active[f.Sell], ws.active[f.Buy]
		if err := ws.share(r, in.Prices, f); err != nil {
			return err
		}
	}
	return nil
}

// local is the universe of the assets at hand, in their order, with their prices.
func (ws *Workspace) local(cfg *Config, in *Input) (asset.Universe, []fixed.Wad, error) {
	assets, prices := make([]asset.Asset, len(ws.active)), make([]fixed.Wad, len(ws.active))
	for i, a := range ws.active {
		assets[i], prices[i] = cfg.Universe.At(a), in.Prices[a].Value
	}
	u, err := asset.NewUniverse(assets) // a part of a sorted list keeps its order
	return u, prices, err
}

// CrossConfig holds the conditions under which flows cross inside.
type CrossConfig struct {
	Off  bool
	Gate netting.Gate
	Cost fixed.Wad // what an auction is expected to cost, relative to the value: what crossing saves
}

// open is the value that a pair may cross now, in micro-units, and the units that back it. A closed gate gives zero:
// the pair goes to auction.
func (ws *Workspace) open(c *fixed.Calc, cfg *Config, r *Round, in *Input, pair *PairBook) (uint64, asset.Amount) {
	units := pair.crossable(c, in.Prices)
	if cfg.Crossing.Off || units.IsZero() {
		return 0, asset.Amount{}
	}
	value := asset.ValueDown(c, units, in.Prices[pair.Sell].Value, cfg.Universe.At(pair.Sell).Exponent)
	x := netting.Crossing{
		Sell: r.leg(in, pair.Sell), Buy: r.leg(in, pair.Buy), Value: micro(c, value),
		Cost: cfg.Crossing.Cost, DelaySeconds: in.Now - r.FrozeAt,
	}
	reason, err := cfg.Crossing.Gate.Check(&x)
	if err != nil || reason != netting.MayCross {
		return 0, asset.Amount{}
	}
	return x.Value, units
}

// leg is what the gate looks at in an asset.
func (r *Round) leg(in *Input, a asset.Index) netting.Leg {
	p := &in.Prices[a]
	return netting.Leg{
		Price: p.Value, Frozen: r.Frozen[a].Value, Confidence: p.Confidence, Sigma: p.Sigma,
		AgeSeconds: p.AgeSeconds, Classes: p.Classes, Healthy: p.Status == oracle.StatusOK && p.Value.Sign() > 0,
	}
}

// index numbers the assets that the books of a round name.
func (ws *Workspace) index(cfg *Config, r *Round) {
	ws.active = ws.active[:0]
	for i := range r.Books {
		ws.active = append(ws.active, r.Books[i].Sell, r.Books[i].Buy)
	}
	slices.Sort(ws.active)
	ws.active = slices.Compact(ws.active)
	ws.position = append(ws.position[:0], make([]int, cfg.Universe.Len())...)
	for i, a := range ws.active {
		ws.position[a] = i
	}
}

// crossable is the number of units whose sellers accept the price between the oracle's prices.
func (p *PairBook) crossable(c *fixed.Calc, prices []oracle.Price) asset.Amount {
	var sum asset.Amount
	if prices[p.Buy].Value.Sign() <= 0 {
		return sum
	}
	mid := asset.PriceDown(c, prices[p.Sell].Value, prices[p.Buy].Value)
	for i := range p.Tranches {
		if t := &p.Tranches[i]; !mid.Less(t.Limit) {
			sum = c.AddNat(sum, t.Crossable)
		}
	}
	return sum
}

// share divides what a pair crossed over its tranches, in proportion to what each may cross.
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
		if t := &pair.Tranches[i]; !mid.Less(t.Limit) {
			ws.weights[i] = t.Crossable.Raw()
		}
	}
	if err := ws.split.LargestRemainder(ws.parts, ws.weights, f.Sold.Raw()); err != nil {
		return err
	}
	for i := range pair.Tranches {
		pair.Tranches[i].Crossed = c.Nat(ws.parts[i])
	}
	if err := ws.split.LargestRemainder(ws.parts, ws.weights, f.Bought.Raw()); err != nil {
		return err
	}
	for i := range pair.Tranches {
		pair.Tranches[i].Received = c.Nat(ws.parts[i])
	}
	ws.out.Crosses = append(ws.out.Crosses, Cross{f.Sell, f.Buy, f.Sold, f.Bought})
	return c.Err()
}

// lot makes the auction of what a pair has left. It is false when there is nothing left, or when the oracle's prices
// must not open one: then the units return unsold.
func (ws *Workspace) lot(cfg *Config, r *Round, in *Input, pair *PairBook, index uint64) (auction.Lot, bool) {
	if pair.residual().IsZero() {
		return auction.Lot{}, false
	}
	var c fixed.Calc
	anchor := cfg.anchor(&c, in, pair)
	slippage := pair.slippage()
	spread := r.spread(cfg, pair)
	width, err := cfg.Auction.Width.Range(spread, anchor, slippage)
	if err == nil {
		err = c.Err()
	}
	if err != nil {
		ws.note(pair, err)
		return auction.Lot{}, false
	}
	curve, err := cfg.Auction.curve(width)
	if err != nil {
		ws.note(pair, err)
		return auction.Lot{}, false
	}
	lot := auction.Lot{
		ID: r.Number<<lotBits | index, Sell: pair.Sell, Buy: pair.Buy,
		Pair:  asset.Pair{Sell: cfg.Universe.At(pair.Sell), Buy: cfg.Universe.At(pair.Buy)},
		Curve: curve, Pace: cfg.Auction.Pace,
		TailSeconds: cfg.Auction.TailSeconds, OpeningBlocks: cfg.Auction.OpeningBlocks,
	}
	for i := range pair.Tranches {
		t := &pair.Tranches[i]
		limit := t.Limit
		if !t.Slippage.IsZero() {
			limit = limit.Max(c.MulUp(anchor.Mid, c.Sub(fixed.One(), t.Slippage)))
		}
		if !width.Reserve.Less(limit) {
			limit = fixed.Wad{}
		}
		lot.Tranches = append(lot.Tranches, auction.Tranche{Limit: limit, Units: t.residual()})
	}
	if err := c.Err(); err != nil {
		ws.note(pair, err)
		return auction.Lot{}, false
	}
	return lot, true
}

// lotBits is the room for the pairs of a round in the id of a lot.
const lotBits = 20

func (ws *Workspace) note(pair *PairBook, err error) {
	ws.out.Notes = append(ws.out.Notes, Note{Outcome: LotRefused, Asset: pair.Sell, HasAsset: true, Err: err})
}

// anchor is what the oracle knows about a pair. Confidences add up; volatilities as if the assets moved apart.
func (cfg *Config) anchor(c *fixed.Calc, in *Input, pair *PairBook) auction.Anchor {
	s, b := &in.Prices[pair.Sell], &in.Prices[pair.Buy]
	healthy := s.Status == oracle.StatusOK && b.Status == oracle.StatusOK && s.Value.Sign() > 0 && b.Value.Sign() > 0
	a := auction.Anchor{
		AgeSeconds:   max(s.AgeSeconds, b.AgeSeconds),
		DelaySeconds: int64(cfg.Auction.OpeningBlocks) * cfg.Auction.Pace.BlockSeconds,
		Healthy:      healthy,
	}
	if !healthy {
		return a
	}
	a.Mid = asset.PriceDown(c, s.Value, b.Value)
	a.Confidence = c.Add(s.Confidence, b.Confidence)
	a.Sigma = c.Sqrt(c.Add(c.MulDown(s.Sigma, s.Sigma), c.MulDown(b.Sigma, b.Sigma)))
	return a
}

// slippage is the widest that a seller of the pair accepts.
func (p *PairBook) slippage() fixed.Wad {
	var widest fixed.Wad
	for i := range p.Tranches {
		if p.Tranches[i].Slippage.IsZero() {
			return fixed.One()
		}
		widest = widest.Max(p.Tranches[i].Slippage)
	}
	return widest
}

func (a *AuctionConfig) curve(w auction.Range) (auction.Curve, error) {
	return auction.NewCurve(auction.Curve{
		Kind: a.Kind, Start: w.Start, Reserve: w.Reserve,
		Steps:       uint64(max(a.WindowSeconds/a.Pace.BlockSeconds, 1)), //nolint:gosec // positive
		StepSeconds: a.Pace.BlockSeconds, BucketSteps: a.BucketSteps,
	})
}
