package chain_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/engine/fixed"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// chance is a chain on which everything happens by chance, from a seed.
type chance struct {
	*world

	rnd      *rand.Rand
	prices   []int64 // in micro-units, by asset
	denoms   []string
	busy     int // messages of a block, at most
	tally    map[string]*outcomes
	template portfoliotypes.Policy
}

// outcomes counts what became of messages of one type.
type outcomes struct{ accepted, refused int }

// act makes a message that would be accepted if everything fitted; nil when there is no occasion for one.
type act struct {
	weight int
	make   func(*chance) sdk.Msg
}

// debts are what the genesis owes to portfolios: on a sound chain nothing else makes a debt.
const debts = 60

func newChance(t tester, seed uint64, o options, change ...func(*terms)) *chance {
	t.Helper()
	c := &chance{
		world: newWorld(t, o, append([]func(*terms){random}, change...)...),
		rnd:   rand.New(rand.NewPCG(seed, 1)), busy: 9, tally: map[string]*outcomes{},
		prices: []int64{1_000_000, 10_000_000, 2_000_000_000, 500_000},
	}
	for _, a := range assets() {
		c.denoms = append(c.denoms, a.denom)
	}
	c.template = c.written(banded)
	for range 3 { // somebody has to begin
		msgs := c.quotes(time.Second)
		for range 8 {
			msgs = append(msgs, c.create())
		}
		c.count(msgs, c.block(time.Second, msgs...))
	}
	return c
}

// random are the terms of such a chain.
func random(g *terms) {
	for id := range uint64(debts) {
		owed := coins("1000uatom,5uusdc")
		g.rebalance.Debts = append(g.rebalance.Debts, rebalancetypes.Debt{Portfolio: id + 1, Owed: owed})
		g.escrow = g.escrow.Add(owed...)
	}
	for n := len(g.assets); n < 8; n++ { // of what may be registered later
		g.rich = g.rich.Add(sdk.NewCoin(fmt.Sprintf("unew%d", n), math.NewIntWithDecimal(1, 24)))
	}
	g.portfolio.Params.MaxPortfoliosPerOwner = 10
	g.oracle.Params.MaxAssets = 8
	g.oracle.Params.Aggregate.OutlierFloor, g.oracle.Params.Aggregate.MinSources = "0.05", 2
	g.rebalance.Params.IntervalSeconds = 60
	g.rebalance.Params.Auction.WindowSeconds, g.rebalance.Params.Auction.TailSeconds = 40, 6
	g.rebalance.Params.Work = rebalancetypes.Work{Collect: 7, Settle: 5, Sales: 3, Lots: 9, Sweep: 9}
	g.auction.Params.MaxPayoutsPerBlock, g.auction.Params.MaxReturnsPerBlock = 3, 5
	g.auction.Params.MaxBidsPerLot, g.auction.Params.MaxBidsPerAccount = 12, 5
	g.auction.Params.MaxSalesPerAccount, g.auction.Params.HistorySeconds = 3, 300
}

// banded has every part of a policy; what is random starts from it.
const banded = `
version: 1
name: Banded
assets:
  - {asset: uatom, exponent: 6, weight: 60%}
  - {asset: uusdc, exponent: 6, weight: 40%}
speed: {interval: 60s, close: 90%, within: 2}
trigger: {kind: bands, inner: 0.1%}
bands: {estimator: static, inner: 0.5%, outer: 2%}
limits: {max_sell: 50%, max_slippage: 5%, max_price_age: 1h}
loss_budget: {cap: 5%, refill: 7d}
cost: {proportional: 0.3%, risk_aversion: 2}
`

// one draws an element.
func one[T any](c *chance, list ...T) T { return list[c.rnd.IntN(len(list))] }

// in says yes once in n times.
func (c *chance) in(n int) bool { return c.rnd.IntN(n) == 0 }

// amount is mostly a part of what there is, and now and then nothing, too much, or far too much.
func (c *chance) amount(most math.Int) math.Int {
	switch c.rnd.IntN(24) {
	case 0:
		return math.ZeroInt()
	case 1:
		return most.AddRaw(1)
	case 2:
		return math.NewIntWithDecimal(1, 40)
	}
	return most.MulRaw(1 + c.rnd.Int64N(1_000)).QuoRaw(1_500)
}

// decimal writes micro-units.
func decimal(micro int64) string { return fmt.Sprintf("%d.%06d", micro/1_000_000, micro%1_000_000) }

// percent draws a decimal of low..high hundredths of a percent.
func (c *chance) percent(low, high int64) string {
	return decimal((low + c.rnd.Int64N(high-low+1)) * 100)
}

func (c *chance) listed() string { return c.denoms[c.rnd.IntN(len(c.denoms))] }

// anyone is somebody who owns portfolios and makes bids.
func (c *chance) anyone() person { return one(c, alice, bob, carol, dave) }

// or is mostly the one who may, and sometimes somebody else.
func (c *chance) or(who string) string {
	if c.in(8) || who == "" {
		return one(c, alice, bob, carol, dave, trustee, stranger).String()
	}
	return who
}

// pause is the time to the next block: seconds as a rule, now and then a halt of the chain.
func (c *chance) pause() time.Duration {
	switch {
	case c.in(2_000):
		return 26 * time.Hour
	case c.in(150):
		return time.Duration(3+c.rnd.IntN(20)) * time.Minute
	}
	return time.Duration(50+c.rnd.IntN(12_000)) * time.Millisecond
}

// quotes lets prices move, and the reporters say so: one of them not always, and not always the truth.
func (c *chance) quotes(after time.Duration) []sdk.Msg {
	var msgs []sdk.Msg
	for i := range c.prices {
		step := int64(20)
		if c.in(120) {
			step = 700
		}
		c.prices[i] = max(1_000, c.prices[i]*(10_000-step+c.rnd.Int64N(2*step+1))/10_000)
	}
	c.prices[0] = 999_000 + c.rnd.Int64N(2_000) // a stablecoin
	for k, r := range reporters {
		if c.in(4) {
			continue
		}
		lie := int64(1)
		if k == 2 && c.in(40) {
			lie = 2
		}
		var pairs []string
		for i, denom := range c.denoms {
			said := c.prices[i] * lie * (9_990 + c.rnd.Int64N(21)) / 10_000
			pairs = append(pairs, denom, decimal(said))
		}
		msg := c.report(r, after, pairs...)
		switch c.rnd.IntN(60) {
		case 0:
			msg.Reporter = stranger.String()
		case 1:
			msg.Reports[0].Price = one(c, "0", "-1", "much", "1e9", "1000000000000000001")
		case 2:
			msg.Reports[0].TimeSeconds += one[int64](c, 60, -7_200)
		case 3:
			msg.Reports = append(msg.Reports, msg.Reports[0])
		}
		msgs = append(msgs, msg)
	}
	return msgs
}

// happen makes a block of whatever comes.
func (c *chance) happen() {
	c.Helper()
	after := c.pause()
	msgs := append(c.quotes(after), c.goOn()...)
	n := c.rnd.IntN(c.busy)
	for range n {
		if msg := c.draw(); msg != nil {
			msgs = append(msgs, msg)
		}
	}
	c.count(msgs, c.block(after, msgs...))
}

// goOn ends what stands still, after a while: else little would happen.
func (c *chance) goOn() (msgs []sdk.Msg) {
	if paused, err := c.Auction.Paused.Has(c.ctx()); err == nil && paused && c.in(4) {
		msgs = append(msgs, &auctiontypes.MsgResume{Sender: guardian.String()})
	}
	if halted, err := c.Rebalance.Halted.Has(c.ctx()); err == nil && halted && c.in(4) {
		msgs = append(msgs, &rebalancetypes.MsgResume{Sender: guardian.String()})
	}
	for i, a := range assets() {
		found, err := c.Oracle.Assets.Get(c.ctx(), uint16(i))
		if err == nil && found.Status != oracletypes.AssetActive && c.in(8) {
			msgs = append(msgs, &oracletypes.MsgUpdateAsset{
				Authority: app.Authority(), Denom: a.denom, Status: oracletypes.AssetActive,
			})
		}
	}
	if c.owed() != nil && c.in(2) {
		msgs = append(msgs, c.claim())
	}
	return msgs
}

// draw draws an act of any kind.
func (c *chance) draw() sdk.Msg { return c.drawn(append(portfolioActs(), marketActs()...)) }

// drawn draws an act by its weight.
func (c *chance) drawn(acts []act) sdk.Msg {
	all := 0
	for _, a := range acts {
		all += a.weight
	}
	at := c.rnd.IntN(all)
	for _, a := range acts {
		if at -= a.weight; at < 0 {
			return a.make(c)
		}
	}
	return nil
}

// count takes the results of a block in. What is refused must be refused for a reason of ours or of the bank.
func (c *chance) count(msgs []sdk.Msg, results []*abci.ExecTxResult) {
	c.Helper()
	for i, r := range results {
		name := sdk.MsgTypeURL(msgs[i])
		t := c.tally[name]
		if t == nil {
			t = &outcomes{}
			c.tally[name] = t
		}
		if r.Code == 0 {
			t.accepted++
			if added, ok := msgs[i].(*oracletypes.MsgAddAsset); ok {
				c.denoms, c.prices = append(c.denoms, added.Denom), append(c.prices, 1_000_000)
			}
			continue
		}
		t.refused++
		require.NotContains(c, r.Log, "panic", "%s", name)
		require.False(c, r.Codespace == "sdk" && (r.Code == 1 || r.Code == 32 || r.Code == 11), "%s: %s %d: %s",
			name, r.Codespace, r.Code, r.Log) // unregistered, a wrong sequence of the test, out of gas
	}
}

// table is a tally, for people.
func table(tally map[string]*outcomes) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(tally)) {
		fmt.Fprintf(&b, "\n  %-42s %7d accepted %7d refused", name, tally[name].accepted, tally[name].refused)
	}
	return b.String()
}

// sound asks that no module met with an error that it had to put up with.
func (c *chance) sound() {
	c.Helper()
	for _, name := range []string{
		"rebalance.v1.EventStepFailed", "rebalance.v1.EventPortfolioSkipped", "rebalance.v1.EventSaleSkipped",
		"rebalance.v1.EventDebt", "auction.v1.EventStepFailed", "auction.v1.EventLotFailed",
		"oracle.v1.EventAssetFailed", "portfolio.v1.EventQuarantined",
	} {
		require.Zero(c, c.events[name], name)
	}
}

// price is a price of the walk times some basis points.
func (c *chance) price(denom string, bps int64) string {
	for i := range c.denoms {
		if c.denoms[i] == denom {
			return decimal(c.prices[i] * bps / 10_000)
		}
	}
	return "1"
}

// wad writes a decimal of the engine.
func wad(w fixed.Wad) string { return w.String() }
