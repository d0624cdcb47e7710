package cycle_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// drawHost draws a host with two to five assets of any exponent at any price, and one to seven portfolios.
func drawHost(t *rapid.T) *host {
	n := rapid.IntRange(2, 5).Draw(t, "assets")
	assets := make([]asset.Asset, n)
	for i := range assets {
		exponent := rapid.Uint8Range(0, asset.MaxExponent).Draw(t, "exponent")
		assets[i] = asset.Asset{ID: asset.ID('A' + rune(i)), Exponent: exponent}
	}
	u, err := asset.NewUniverse(assets)
	if err != nil {
		t.Fatal(err)
	}
	h := &host{
		tester: t, cfg: config(t, n), ws: &cycle.Workspace{}, balances: map[account]fixed.Wad{},
		now: noon, height: 1, page: 100,
	}
	h.cfg.Universe = u
	h.cfg.Crossing.Off = rapid.IntRange(0, 3).Draw(t, "crossing") == 0
	h.cfg.Crossing.Gate.Deviations = fixed.FromInt(1_000_000) // prices move a lot here
	h.cfg.Crossing.Cost = fixed.One()
	h.cfg.Auction.Kind = rapid.SampledFrom([]auction.Kind{auction.Linear, auction.Exponential}).Draw(t, "kind")
	if rapid.Bool().Draw(t, "costs") {
		h.cfg.PairCosts = rapid.SliceOfN(rapid.Uint32(), n*n, n*n).Draw(t, "pair costs")
	}
	for range n {
		h.prices = append(h.prices, good(drawPrice(t)))
	}
	for range rapid.IntRange(1, 7).Draw(t, "portfolios") {
		drawPortfolio(t, h)
	}
	for range rapid.IntRange(0, 3).Draw(t, "sales") {
		drawOffer(t, h)
	}
	return h
}

// drawOffer draws a sale of somebody without a portfolio.
func drawOffer(t *rapid.T, h *host) {
	n := len(h.prices)
	sell := rapid.IntRange(0, n-1).Draw(t, "sell")
	buy := (sell + rapid.IntRange(1, n-1).Draw(t, "buy")) % n
	limit := fixed.Wad{}
	if rapid.Bool().Draw(t, "limited") {
		var c fixed.Calc
		mid := asset.PriceDown(&c, h.prices[sell].Value, h.prices[buy].Value)
		limit = c.MulDown(mid, fixed.FromBps(rapid.Int64Range(0, 20_000).Draw(t, "limit")))
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
	}
	units := rapid.Uint64Range(1, 1<<60).Draw(t, "units")
	h.offer(asset.Index(sell), asset.Index(buy), units, limit)
}

// drawPrice draws a price from 1e-9 to 1e9.
func drawPrice(t *rapid.T) fixed.Wad {
	var c fixed.Calc
	p := fixed.FromRaw(rapid.Int64Range(1, 999).Draw(t, "price"))
	for range rapid.IntRange(9, 24).Draw(t, "magnitude") {
		p = c.MulInt(p, 10)
	}
	return p
}

// drawWeights draws weights that add up to one, some of them zero.
func drawWeights(t *rapid.T, n int) []fixed.Wad {
	raw, w := make([]fixed.Wad, n), make([]fixed.Wad, n)
	for i := range raw {
		raw[i] = fixed.FromRaw(rapid.Int64Range(0, 100).Draw(t, "weight"))
	}
	raw[rapid.IntRange(0, n-1).Draw(t, "main")] = fixed.FromRaw(100)
	var s fixed.Splitter
	if err := s.LargestRemainder(w, raw, fixed.One()); err != nil {
		t.Fatal(err)
	}
	return w
}

func drawBps(t *rapid.T, low, high int64, label string) fixed.Wad {
	return fixed.FromBps(rapid.Int64Range(low, high).Draw(t, label))
}

// drawPortfolio adds a portfolio with any policy and holdings worth up to ten million.
func drawPortfolio(t *rapid.T, h *host) {
	u := h.cfg.Universe
	chosen := rapid.SliceOfNDistinct(rapid.IntRange(0, u.Len()-1), 2, u.Len(), rapid.ID[int]).Draw(t, "positions")
	slices.Sort(chosen)
	n := len(chosen)
	pol := &cycle.Policy{
		PeriodSeconds: rapid.SampledFrom([]int64{day, 2 * day}).Draw(t, "period"),
		Target:        drawTarget(t, n), Trigger: drawTrigger(t), Gains: drawGains(t),
		Override:    project.Strategy(rapid.IntRange(0, 1).Draw(t, "override")),
		Mode:        surface.Mode(rapid.IntRange(0, 2).Draw(t, "mode")),
		CrossingOff: rapid.IntRange(0, 3).Draw(t, "crossing off") == 0,
	}
	var c fixed.Calc
	id := uint64(len(h.folios)) + 1
	var holdings []asset.Amount
	for k, a := range chosen {
		pol.Assets, pol.Priority = append(pol.Assets, asset.Index(a)), append(pol.Priority, uint8(n-1-k))
		value := fixed.FromInt(rapid.Int64Range(0, 10_000_000).Draw(t, "value"))
		units := asset.UnitsDown(&c, value, h.prices[a].Value, u.At(asset.Index(a)).Exponent)
		holdings = append(holdings, units)
		h.balances[account{settle.Account{Kind: settle.Portfolio, ID: id}, asset.Index(a)}] = units.Raw()
	}
	pol.Limits = drawLimits(t, holdings)
	if rapid.IntRange(0, 2).Draw(t, "bands") == 0 || pol.Trigger.Mode == trigger.Band {
		pol.Bands = band.Default()
		pol.Bands.Estimator = rapid.SampledFrom([]band.Estimator{
			band.Static, band.Levels, band.Increments, band.Robust, band.NoTrade,
		}).Draw(t, "estimator")
		pol.Cost, pol.RiskAversion = fixed.FromBps(30), fixed.FromInt(2)
	}
	if rapid.Bool().Draw(t, "budget") {
		pol.Budget = settle.DefaultBudget()
	}
	if rapid.IntRange(0, 2).Draw(t, "payment") == 0 {
		pol.Payments = []project.Payment{{
			Asset: pol.Assets[0], Amount: holdings[0].Max(fixed.NatOf(10)), Schedule: project.Schedule{First: noon + 3*day},
		}}
	}
	if err := pol.Validate(u); err != nil {
		t.Fatal(err)
	}
	p := cycle.Portfolio{ID: id, Policy: pol, Holdings: holdings, State: cycle.NewState(n)}
	for i := range rapid.IntRange(0, 2).Draw(t, "one-time") {
		drawOneTime(t, h, &p, uint64(i)+1)
	}
	h.folios = append(h.folios, p)
	if c.Err() != nil {
		t.Fatal(c.Err())
	}
}

func drawTarget(t *rapid.T, n int) target.Schedule {
	s := target.Schedule{
		Kind:    rapid.SampledFrom([]target.Kind{1, 1, 1, 2, 3, 4, 5, 6, 7}).Draw(t, "target"),
		Weights: drawWeights(t, n), From: drawWeights(t, n), Start: noon - day, End: noon + 5*day,
		Floor: fixed.FromInt(rapid.Int64Range(0, 1_000_000).Draw(t, "floor")), Multiplier: fixed.FromInt(3),
		MaxExposure: fixed.One(), Ratchet: fixed.FromBps(8000), TargetSigma: fixed.FromBps(3000),
	}
	if s.Kind == target.BuyAndHold {
		s.Weights, s.From = nil, nil
	}
	return s
}

func drawTrigger(t *rapid.T) trigger.Config {
	cfg := trigger.Config{
		Mode:   trigger.Mode(rapid.IntRange(1, 7).Draw(t, "trigger")),
		Period: trigger.Daily(), Threshold: drawBps(t, 100, 2000, "threshold"), Small: fixed.FromBps(50),
		LongestSeconds: 3 * day, Inner: drawBps(t, 0, 100, "inner"), Dust: fixed.FromBps(10),
	}
	if rapid.Bool().Draw(t, "scaling") && cfg.Mode != trigger.Aggregate {
		cfg.Scaling = trigger.Scaling{Law: trigger.Power, Exponent: band.CubeRoot, Reference: fixed.FromBps(5000)}
	}
	if cfg.Validate() != nil {
		cfg.Scaling = trigger.Scaling{}
	}
	return cfg
}

func drawGains(t *rapid.T) pid.Gains {
	g := pid.Default(drawBps(t, 500, 10_000, "kp"))
	if rapid.IntRange(0, 2).Draw(t, "integral") == 0 {
		var c fixed.Calc
		g.Ki = c.DivIntTrunc(c.MulTrunc(g.Kp, g.Kp), 8)
		g.Kd = fixed.FromBps(1000)
		g.NoOvershoot = rapid.Bool().Draw(t, "no overshoot")
	}
	return g
}

// drawLimits draws limits, about every other one.
func drawLimits(t *rapid.T, holdings []asset.Amount) cycle.Limits {
	var l cycle.Limits
	if rapid.Bool().Draw(t, "max sell") {
		l.MaxSell = drawBps(t, 10, 10_000, "part")
	}
	if rapid.Bool().Draw(t, "min order") {
		l.MinOrder = fixed.FromInt(rapid.Int64Range(1, 10_000).Draw(t, "order"))
	}
	if rapid.Bool().Draw(t, "slippage") {
		l.MaxSlippage = drawBps(t, 1, 10_000, "slippage")
	}
	if rapid.IntRange(0, 2).Draw(t, "min balance") == 0 {
		l.MinBalances = slices.Clone(holdings)
		var c fixed.Calc
		for k := range l.MinBalances {
			part := fixed.NatOf(rapid.Uint64Range(0, 3).Draw(t, "part of balance"))
			l.MinBalances[k] = c.MulDivNatDown(l.MinBalances[k], part, fixed.NatOf(2))
		}
	}
	if rapid.IntRange(0, 2).Draw(t, "max weight") == 0 {
		for range holdings {
			l.MaxWeights = append(l.MaxWeights, drawBps(t, 0, 10_000, "weight"))
		}
	}
	return l
}

func drawOneTime(t *rapid.T, h *host, p *cycle.Portfolio, id uint64) {
	k := rapid.IntRange(0, len(p.Policy.Assets)-1).Draw(t, "sell")
	o := cycle.OneTime{
		ID: id, Sell: p.Policy.Assets[k], Buy: p.Policy.Assets[(k+1)%len(p.Policy.Assets)],
		Proceeds:   cycle.Proceeds(rapid.IntRange(0, 1).Draw(t, "proceeds")),
		OutsideCap: rapid.Bool().Draw(t, "outside cap"),
		Slicing:    project.Slicing{Intervals: rapid.Int64Range(1, 4).Draw(t, "intervals")},
		Minimum:    fixed.NatOf(rapid.Uint64Range(0, 1000).Draw(t, "minimum")),
	}
	if o.Slicing.Remaining = p.Holdings[k]; o.Slicing.Remaining.IsZero() || rapid.Bool().Draw(t, "by share") {
		o.Slicing.Remaining, o.Share = asset.Amount{}, drawBps(t, 1, 5000, "share")
	}
	if rapid.Bool().Draw(t, "limit") {
		var c fixed.Calc
		mid := asset.PriceDown(&c, h.prices[o.Sell].Value, h.prices[o.Buy].Value)
		o.Limit = c.MulUp(mid, drawBps(t, 8000, 12_000, "limit"))
	}
	state, err := p.State.AddOneTime(p.Policy, h.cfg.Universe, o)
	if err != nil {
		t.Fatal(err)
	}
	p.State = state
}

// drawSale sells a part of a lot at a price around the mid.
func drawSale(t *rapid.T, h *host) sale {
	return func(lot *auction.Lot) (units, proceeds asset.Amount) {
		var c fixed.Calc
		units, proceeds = h.atMid(lot)
		part := rapid.SampledFrom([]uint64{0, 1, 50, 99, 100}).Draw(t, "part sold")
		units = c.MulDivNatDown(units, fixed.NatOf(part), fixed.NatOf(100))
		edge := rapid.Uint64Range(80, 130).Draw(t, "price in percent")
		proceeds = c.MulDivNatDown(proceeds, fixed.NatOf(part*edge), fixed.NatOf(10_000))
		if units.IsZero() || c.Err() != nil {
			return asset.Amount{}, asset.Amount{}
		}
		return units, proceeds
	}
}

// movePrices moves every price; now and then far, or to nothing.
func movePrices(t *rapid.T, h *host) {
	for i := range h.prices {
		var c fixed.Calc
		p := good(c.MulDown(h.prices[i].Value, drawBps(t, 9000, 11_000, "move")))
		switch rapid.IntRange(0, 20).Draw(t, "event") {
		case 0:
			p = good(drawPrice(t))
		case 1:
			p.Status = rapid.SampledFrom([]oracle.Status{0, 2, 3}).Draw(t, "status")
		case 2:
			p.AgeSeconds = rapid.Int64Range(0, 10_000).Draw(t, "age")
		}
		if p.Value.Sign() <= 0 {
			p.Value = fixed.FromRaw(1)
		}
		h.prices[i] = p
	}
}
