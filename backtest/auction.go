package backtest

import (
	"context"
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/sim"
)

// maxPage is the number of portfolios in a step of the cycle.
const maxPage = 64

// market runs all treasuries in one world, so that their opposite flows meet.
type market struct {
	cfg      *Config
	universe asset.Universe
	policies []*cycle.Policy
	logs     []*log
	world    *sim.World
	latest   []cycle.Record // of this row, by treasury; Portfolio 0: none
	holdings []asset.Amount
	values   []fixed.Wad
	book     auctionBook
}

func runAuctions(
	ctx context.Context, cfg *Config, u asset.Universe, columns []int, policies []*cycle.Policy, logs []*log,
) ([]Auction, error) {
	m := &market{cfg: cfg, universe: u, policies: policies, logs: logs, latest: make([]cycle.Record, len(policies))}
	m.book = auctionBook{universe: u, brief: cfg.Brief}
	world, err := sim.New(cfg.world(u, policies), m)
	if err != nil {
		return nil, err
	}
	m.world = world
	t := cfg.Table
	row := make([]fixed.Wad, u.Len())
	for i := range t.Len() {
		prices := t.Row(i)
		for k, column := range columns {
			row[k] = prices[column]
		}
		if err := m.step(i, t.Times[i], row); err != nil {
			return nil, fmt.Errorf("%w: row %d (%s): %w", ErrRun, i+1, stamp(t.Times[i]), err)
		}
		if err := cfg.tick(ctx, i); err != nil {
			return nil, err
		}
	}
	return m.book.list, m.book.err
}

// step takes the world to a row. On the first row the portfolios come into being at its prices.
func (m *market) step(row int, now int64, prices []fixed.Wad) error {
	if row == 0 {
		if err := m.found(now, prices); err != nil {
			return err
		}
	}
	clear(m.latest)
	m.book.prices = prices
	if err := m.world.Advance(now, prices); err != nil {
		return err
	}
	known := m.world.Prices()
	for i, l := range m.logs {
		nav, err := m.value(i, prices)
		if err != nil {
			return err
		}
		if row == 0 {
			err = l.first(now, marketPrices(known, prices), m.values, nav)
		} else {
			s := &seen{}
			if m.latest[i].Portfolio != 0 {
				s = seenIn(&m.latest[i])
			}
			err = l.row(now, marketPrices(known, prices), s, nav, m.values)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// marketPrices are the oracle's prices with the true values: a report must not believe a stopped oracle.
func marketPrices(known []oracle.Price, truth []fixed.Wad) []oracle.Price {
	list := make([]oracle.Price, len(known))
	copy(list, known)
	for i := range list {
		list[i].Value = truth[i]
	}
	return list
}

// found gives every treasury its first holdings. A capital in cash becomes the target at the first prices, at no
// cost: an auction market has no seller for it yet.
func (m *market) found(now int64, prices []fixed.Wad) error {
	for i, pol := range m.policies {
		h := &m.cfg.Treasuries[i]
		var c fixed.Calc
		units := make([]asset.Amount, len(pol.Assets))
		for k, a := range pol.Assets {
			exponent := m.universe.At(a).Exponent
			if len(h.Holdings) > 0 {
				units[k] = asset.UnitsDown(&c, h.Holdings[k], fixed.One(), exponent)
			} else {
				units[k] = asset.UnitsDown(&c, c.MulDown(pol.Target.Weights[k], h.Capital), prices[a], exponent)
			}
		}
		if err := c.Err(); err != nil {
			return err
		}
		id, err := m.world.Add(pol, units)
		if err != nil {
			return err
		}
		m.world.State(id).Payments = past(pol, now)
	}
	return nil
}

// past takes the payments that were due before the run as made.
func past(pol *cycle.Policy, now int64) []cycle.PaymentAt {
	owed := make([]cycle.PaymentAt, len(pol.Payments))
	for i := range owed {
		owed[i].Number = pol.Payments[i].Schedule.Before(now)
	}
	return owed
}

// value sets the values of a treasury's holdings, funds in auctions included, and returns their sum.
func (m *market) value(i int, prices []fixed.Wad) (fixed.Wad, error) {
	var err error
	if m.holdings, err = m.world.Holdings(uint64(i)+1, m.holdings); err != nil { //nolint:gosec // a count
		return fixed.Wad{}, err
	}
	m.values = m.values[:0]
	var c fixed.Calc
	var nav fixed.Wad
	for k, a := range m.policies[i].Assets {
		v := asset.ValueDown(&c, m.holdings[k], prices[a], m.universe.At(a).Exponent)
		m.values = append(m.values, v)
		nav = c.Add(nav, v)
	}
	return nav, c.Err()
}

// Stepped keeps what the cycle decided and settled.
func (m *market) Stepped(_ int64, _ cycle.Phase, out *cycle.Output) {
	for i := range out.Decisions {
		d := out.Decisions[i]
		m.latest[d.Portfolio-1] = d
	}
	for i := range out.Fills {
		f := &out.Fills[i]
		st := m.world.State(f.Portfolio)
		var c fixed.Calc
		var fill fixed.Wad
		if !f.Ordered.IsZero() {
			fill = c.DivTrunc(f.Sold, f.Ordered)
		}
		m.book.fail(c.Err())
		err := m.logs[f.Portfolio-1].trade(trade{
			nav: st.NAV, ordered: f.Ordered, sold: f.Sold, got: f.Got,
			crossed: f.Crossed, lost: f.Lost, fill: fill, net: f.Net,
		})
		m.book.fail(err)
	}
	for i := range out.Lots {
		m.book.opened(&out.Lots[i])
	}
}

// Cleared keeps a clearing.
func (m *market) Cleared(lot *auction.Lot, cl *auction.Clearing, mid fixed.Wad, now int64) {
	m.book.cleared(lot, cl, mid, now)
}

// Closed keeps a lot's end.
func (m *market) Closed(lot *auction.Lot) { m.book.closed(lot) }

// Paid counts a payment.
func (m *market) Paid(portfolio uint64, _ int64, o cycle.Payout) {
	l := m.logs[portfolio-1]
	if !o.Amount.IsZero() {
		l.payments++
		var c fixed.Calc
		value := asset.ValueDown(&c, o.Amount, m.book.prices[o.Asset], m.universe.At(o.Asset).Exponent)
		l.paid = c.Add(l.paid, value)
		m.book.fail(c.Err())
	}
	if !o.Missing.IsZero() {
		l.short++
	}
}

// world is the configuration of the simulated world.
func (cfg *Config) world(u asset.Universe, policies []*cycle.Policy) sim.Config {
	s := &cfg.Settings
	interval := policies[0].PeriodSeconds
	for _, p := range policies {
		interval = min(interval, p.PeriodSeconds)
	}
	kind := auction.Exponential
	if s.Linear {
		kind = auction.Linear
	}
	history := oracle.DefaultHistoryConfig()
	step := cfg.Table.StepSeconds()
	history.Breaker.WindowSeconds = max(history.Breaker.WindowSeconds, breakerSteps*step)
	history.MeanSeconds = max(history.MeanSeconds, breakerSteps*step)
	history.Volatility.TauSeconds = max(history.Volatility.TauSeconds, volatilitySteps*step)
	return sim.Config{
		Cycle: cycle.Config{
			Universe: u, IntervalSeconds: interval, FillAlpha: fixed.FromBps(2000),
			Crossing: cycle.CrossConfig{
				Cost: fixed.FromBps(50),
				Gate: netting.Gate{Deviations: fixed.FromInt(4), MaxAgeSeconds: 3600, MinClasses: 2},
			},
			Auction: cycle.AuctionConfig{
				Kind: kind, WindowSeconds: s.WindowSeconds, OpeningBlocks: auction.MinOpeningBlocks,
				Pace:        auction.Pace{BlockSeconds: s.BlockSeconds, HaltSeconds: 100 * s.BlockSeconds},
				TailSeconds: s.WindowSeconds / 20,
				Width: auction.Width{
					Base: s.BaseWidth, Factor: s.WidthFactor, Cap: s.WidthCap, MaxAgeSeconds: 600,
				},
			},
		},
		Feed:      sim.FeedConfig{History: history},
		Makers:    s.Makers,
		Mechanism: s.Mechanism,
		PageSize:  maxPage,
		Checking:  s.Checking,
		Seed:      cfg.Seed,
	}
}

// The oracle's windows cover at least so many rows: a price that comes once a day cannot be measured against five
// minutes.
const (
	breakerSteps    = 4
	volatilitySteps = 30
)
