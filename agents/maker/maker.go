package maker

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/agents/feed"
	"github.com/ballast-finance/ballast/agents/wallet"
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// Config is a maker's.
type Config struct {
	Strategy Strategy
	Keep     sdk.Coins     // what it never spends
	Denoms   []string      // what it buys; empty for everything
	Poll     time.Duration // time between two looks
	DryRun   bool          // decides and says so, and sends nothing
	// Source is the maker's own opinion of prices; nil takes the oracle's.
	Source feed.Source
	Log    log.Logger
	// Looked is called by Run after every look with what came of the work so far; nil for nobody.
	Looked func(Stats)
}

// Maker looks at the lots of a chain and bids for them. It must not be shared.
type Maker struct {
	cfg    Config
	chain  *Chain
	wallet *wallet.Wallet
	stats  Stats
	// sent is when a bid or a cancellation went out for a lot that the chain does not show yet.
	sent map[uint64]time.Time
	seen map[fillKey]bool
	// exponents of the denoms of the lots that it has seen.
	exponents map[string]uint8
}

type fillKey struct{ lot, bid uint64 }

// New makes a maker.
func New(cfg Config, chain *Chain, w *wallet.Wallet) (*Maker, error) {
	if err := cfg.Strategy.Validate(); err != nil {
		return nil, err
	}
	if cfg.Poll <= 0 {
		return nil, fmt.Errorf("%w: expected a time between looks above 0, got %v", ErrConfig, cfg.Poll)
	}
	return &Maker{
		cfg: cfg, chain: chain, wallet: w, sent: make(map[uint64]time.Time), seen: make(map[fillKey]bool),
		exponents: make(map[string]uint8),
	}, nil
}

// Stats are what came of it so far.
func (m *Maker) Stats() Stats { return m.stats }

// Run looks and bids until the context ends. What fails is logged and tried again at the next look.
func (m *Maker) Run(ctx context.Context) error {
	tick := time.NewTicker(m.cfg.Poll)
	defer tick.Stop()
	for {
		if err := m.Look(ctx); err != nil && ctx.Err() == nil {
			m.stats.Failures++
			m.cfg.Log.Error("look", "error", err)
		}
		if m.cfg.Looked != nil {
			m.cfg.Looked(m.stats)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Look looks once at everything and does what is to be done.
func (m *Maker) Look(ctx context.Context) error {
	m.stats.Looks++
	prices, err := m.prices(ctx)
	if err != nil {
		return err
	}
	if err := m.count(ctx, prices); err != nil {
		return err
	}
	lots, err := m.chain.Lots(ctx)
	if err != nil || len(lots) == 0 {
		return err
	}
	resting, err := m.resting(ctx)
	if err != nil {
		return err
	}
	least, err := m.chain.LeastBid(ctx)
	if err != nil {
		return err
	}
	d := desk{Maker: m, prices: prices, least: least, free: make(map[string]asset.Amount)}
	for i := range lots {
		if err := d.tend(ctx, &lots[i], resting[lots[i].Id]); err != nil {
			m.stats.Failures++
			m.cfg.Log.Error("bid", "lot", lots[i].Id, "error", err)
		}
	}
	return nil
}

// prices are the maker's opinion, by denom.
func (m *Maker) prices(ctx context.Context) (map[string]fixed.Wad, error) {
	if m.cfg.Source == nil {
		return m.chain.Prices(ctx)
	}
	quotes, err := m.cfg.Source.Quotes(ctx, time.Now()) //nolint:forbidigo // a maker lives in the world's time
	if err != nil {
		return nil, err
	}
	prices := make(map[string]fixed.Wad, len(quotes))
	for _, q := range quotes {
		prices[q.Denom] = q.Price
	}
	return prices, nil
}

// resting are the maker's bids by lot; of several the newest that is not cancelled.
func (m *Maker) resting(ctx context.Context) (map[uint64]*types.Bid, error) {
	bids, err := m.chain.Bids(ctx, m.wallet.Address())
	if err != nil {
		return nil, err
	}
	byLot := make(map[uint64]*types.Bid, len(bids))
	for i := range bids {
		b := &bids[i]
		if other := byLot[b.LotId]; other == nil || other.Cancelled {
			byLot[b.LotId] = b
		}
	}
	return byLot, nil
}

// desk is one look.
type desk struct {
	*Maker

	prices map[string]fixed.Wad
	least  fixed.Wad
	free   map[string]asset.Amount // funds of a denom that this look has not promised yet
}

// patience is how long the chain may take to show what was sent.
const patience = 10 * time.Second

// tend decides about one lot: bid, move a bid, or leave it.
func (d *desk) tend(ctx context.Context, shown *types.Lot, own *types.Bid) error {
	if !d.wants(shown.SellDenom) || d.waits(shown.Id, own) {
		return nil
	}
	lot, err := shown.Engine()
	if err != nil {
		return err
	}
	d.exponents[shown.SellDenom], d.exponents[shown.BuyDenom] = lot.Pair.Sell.Exponent, lot.Pair.Buy.Exponent
	funds, err := d.funds(ctx, shown.BuyDenom)
	if err != nil {
		return err
	}
	if own != nil && !own.Cancelled {
		return d.review(ctx, lot, own)
	}
	bid, reason, err := d.cfg.Strategy.Bid(lot, d.view(shown, funds))
	if err != nil {
		return err
	}
	if reason != Bids || own != nil { // a cancelled one leaves first
		d.cfg.Log.Debug("no bid", "lot", shown.Id, "reason", reason)
		return nil
	}
	return d.place(ctx, lot, bid)
}

func (d *desk) wants(denom string) bool {
	return len(d.cfg.Denoms) == 0 || slices.Contains(d.cfg.Denoms, denom)
}

// waits reports a lot for which something is under way.
func (d *desk) waits(lot uint64, own *types.Bid) bool {
	at, found := d.sent[lot]
	if !found {
		return false
	}
	if own != nil || time.Since(at) > patience { //nolint:forbidigo // as in prices
		delete(d.sent, lot)
		return false
	}
	return true
}

func (d *desk) view(lot *types.Lot, funds asset.Amount) View {
	return View{Sell: d.prices[lot.SellDenom], Buy: d.prices[lot.BuyDenom], Funds: funds}
}

// funds is what may be spent of a denom.
func (d *desk) funds(ctx context.Context, denom string) (asset.Amount, error) {
	if free, found := d.free[denom]; found {
		return free, nil
	}
	balance, err := d.chain.Balance(ctx, d.wallet.Address(), denom)
	if err != nil {
		return asset.Amount{}, err
	}
	keep, err := fixed.NatFromBig(d.cfg.Keep.AmountOf(denom).BigInt())
	if err != nil {
		return asset.Amount{}, err
	}
	d.free[denom] = balance.Monus(keep)
	return d.free[denom], nil
}

// review takes a resting bid back when its limit is not what it would be now. The next look places the new one: the
// chain lets a cancelled bid take part once more.
func (d *desk) review(ctx context.Context, lot *auction.Lot, own *types.Bid) error {
	limit, err := fixed.Parse(own.Limit)
	if err != nil {
		return err
	}
	v := View{
		Sell: d.prices[string(lot.Pair.Sell.ID)], Buy: d.prices[string(lot.Pair.Buy.ID)], Funds: fixed.MaxNat(),
	}
	now, reason, err := d.cfg.Strategy.Bid(lot, v)
	if err != nil || reason == NothingLeft || reason == Bids && !d.cfg.Strategy.Moved(limit, now.Limit) {
		return err
	}
	d.cfg.Log.Info("cancel", "lot", lot.ID, "bid", own.Id, "limit", own.Limit, "now", now.Limit.String())
	d.stats.Cancels++
	return d.send(ctx, lot.ID, &types.MsgCancelBid{
		Bidder: d.wallet.Address().String(), LotId: lot.ID, BidId: own.Id,
	})
}

// place sends a bid that the chain will take.
func (d *desk) place(ctx context.Context, lot *auction.Lot, bid Bid) error {
	b := auction.Bid{Quantity: bid.Units, Limit: bid.Limit}
	sell := d.prices[string(lot.Pair.Sell.ID)]
	if err := b.CheckValue(sell, lot.Pair.Sell.Exponent, d.least); err != nil {
		d.cfg.Log.Debug("no bid", "lot", lot.ID, "reason", err)
		return nil
	}
	var c fixed.Calc
	denom := string(lot.Pair.Buy.ID)
	d.free[denom] = d.free[denom].Monus(b.Escrow(&c, lot.Pair))
	if err := c.Err(); err != nil {
		return err
	}
	d.cfg.Log.Info("bid", "lot", lot.ID, "units", bid.Units.String(), "limit", bid.Limit.String())
	d.stats.Bids++
	return d.send(ctx, lot.ID, &types.MsgBid{
		Bidder: d.wallet.Address().String(), LotId: lot.ID, AmountOut: math.NewIntFromBigInt(bid.Units.Big()),
		AmountIn: math.ZeroInt(), MinFill: math.ZeroInt(), Limit: bid.Limit.String(),
	})
}

func (d *desk) send(ctx context.Context, lot uint64, msg sdk.Msg) error {
	d.sent[lot] = time.Now() //nolint:forbidigo // as in prices
	if d.cfg.DryRun {
		return nil
	}
	d.wallet.Via(d.chain.Client()) // whichever node answers now
	_, err := d.wallet.Send(ctx, msg)
	return err
}
