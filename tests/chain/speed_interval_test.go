package chain_test

import (
	"flag"
	"fmt"
	"math/big"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	dbm "github.com/cosmos/cosmos-db"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

var speedMost = flag.Int("speed.portfolios", 10_000, "the most portfolios of BenchmarkInterval")

const (
	// owned is the most that one account may own.
	owned = 10_000
	// period is the time between two rounds, in seconds: all portfolios need some hundreds of blocks of a second.
	period = 3_600
)

// quarters is a treasury of four assets that sells as soon as it is off.
const quarters = `
version: 1
name: Quarters
assets:
  - {asset: uatom, exponent: 6, weight: 30%}
  - {asset: aeth, exponent: 18, weight: 30%}
  - {asset: uosmo, exponent: 6, weight: 20%}
  - {asset: uusdc, exponent: 6, weight: 20%}
speed: {interval: 3600s, close: 50%, within: 1}
trigger: {kind: bands, inner: 0.1%}
bands: {estimator: static, inner: 0.5%, outer: 2%}
limits: {max_sell: 50%, max_slippage: 5%, max_price_age: 1h}
`

// BenchmarkInterval is a whole interval over many portfolios of four assets, all of them due: collect, cross, auction,
// settle, each block executed and committed to a database on disk. One in so many is off its targets and trades: a
// tenth of them, or all of them at once, which is the worst that can be. Block times are consensus' matter; what is
// measured is the work, and the block that has most of it. A bank send in a block of 2,000, signature included, is
// measured beside it, on the same state.
func BenchmarkInterval(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 30_000, 100_000} {
		for _, trades := range []int{10, 1} {
			if n <= *speedMost {
				b.Run(fmt.Sprintf("portfolios=%d/trading=1in%d", n, trades), benchmarkInterval(n, trades))
			}
		}
	}
}

func benchmarkInterval(n, trades int) func(b *testing.B) {
	return func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			w := crowded(b, n, trades)
			send := w.timed(time.Second, w.sends(slices.Repeat([]person{alice}, bidders))...).over(bidders)
			b.StartTimer()
			total, worst, blocks := w.interval()
			b.StopTimer()
			w.audit()
			b.ReportMetric(total.wall.Seconds(), "s/interval")
			b.ReportMetric(total.cpu.Seconds(), "cpu-s/interval")
			b.ReportMetric(worst.wall.Seconds()*1e3, "ms/worst-block")
			b.ReportMetric(worst.cpu.Seconds()*1e3, "cpu-ms/worst-block")
			b.ReportMetric(float64(blocks), "blocks")
			b.ReportMetric(float64(total.cpu.Microseconds())/float64(n), "cpu-us/portfolio")
			b.ReportMetric(float64(total.cpu)/float64(n)/float64(send.cpu), "cpu-sends/portfolio")
			b.ReportMetric(float64(memory())/1e6, "MB")
			b.StartTimer()
		}
	}
}

// crowded is a chain with many portfolios in its genesis. One in so many holds what it does not want, in twelve
// different ways.
func crowded(b *testing.B, n, trades int) *world {
	b.Helper()
	seed := newWorld(b, options{unaudited: true})
	seed.priced(time.Second, assets())
	seed.accept(time.Second, &portfoliotypes.MsgCreate{
		Owner: alice.String(), Name: "one of many", Policy: seed.written(quarters), Deposit: coins("1000000000uusdc"),
	})
	state, err := seed.Portfolio.ExportGenesis(seed.ctx())
	require.NoError(b, err)
	one := state.Portfolios[0]

	w := newWorld(b, disk(b), func(g *terms) {
		g.rebalance.Params.IntervalSeconds = period
		g.portfolio.NextId = uint64(n) + 1
		g.portfolio.Params.MaxPortfoliosPerOwner = owned
		for i := range n {
			p := one
			p.Portfolio.Id, p.Portfolio.Owner = uint64(i)+1, named(fmt.Sprintf("owner%d", i/owned)).String()
			g.portfolio.Portfolios = append(g.portfolio.Portfolios, p)
			g.funds = append(g.funds, banktypes.Balance{
				Address: portfoliotypes.Account(p.Portfolio.Id).String(), Coins: quartered(i, i%trades == 0),
			})
		}
	})
	for {
		round, err := w.Rebalance.Round.Get(w.ctx())
		require.NoError(b, err)
		if round.Phase == cycle.Idle { // the first round had no prices
			break
		}
		w.block(time.Second)
	}
	w.priced(time.Second, assets())
	w.settled(b)
	return w
}

// settled makes of a chain that has just been made one that has run for long: its database has no work left over from
// the genesis, and the genesis is not in memory.
func (w *world) settled(b *testing.B) {
	b.Helper()
	w.genesis, w.blocks = nil, nil
	db, ok := w.options.db.(*dbm.GoLevelDB)
	require.True(b, ok)
	require.NoError(b, db.ForceCompact(nil, nil))
	runtime.GC()
}

// quartered is about 1,000 dollars of holdings, on target, or off: then one asset has too much, another too little, and
// dollars miss most often, so that not all of it crosses inside.
func quartered(i int, off bool) sdk.Coins {
	values := []int64{300, 300, 200, 200} // uatom, aeth, uosmo, uusdc
	if off {
		over, under := i%3, (i/3)%4
		if over == under {
			under = 3
		}
		values[over] += 40 + int64(i%17)
		values[under] -= 40
	}
	eth := math.NewIntFromBigInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil)).MulRaw(values[1]).QuoRaw(2_000)
	return sdk.NewCoins(
		sdk.NewInt64Coin("uatom", values[0]*100_000), sdk.NewCoin("aeth", eth),
		sdk.NewInt64Coin("uosmo", values[2]*2_000_000), sdk.NewInt64Coin("uusdc", values[3]*1_000_000))
}

// interval plays blocks until a round has begun and ended, with a maker who buys whatever is sold. It returns how long
// all blocks took together, how long the longest took, and their number.
func (w *world) interval() (total, worst spent, blocks int) {
	w.Helper()
	wait := time.Unix((w.now.Unix()/period+1)*period, 0).Sub(w.now)
	rounds, bids := w.events["rebalance.v1.EventRoundFinished"], map[uint64]bool{}
	for w.events["rebalance.v1.EventRoundFinished"] == rounds {
		msgs := w.buyAll(bids)
		if blocks%100 == 0 {
			for _, r := range reporters {
				msgs = append(msgs, w.report(r, wait, quoted(assets())...))
			}
		}
		took := w.timed(wait, msgs...)
		if took.wall > worst.wall {
			worst = took
		}
		total, blocks, wait = total.plus(took), blocks+1, time.Second
		require.Less(w, blocks, 5_000, "the round does not end")
	}
	require.NotEmpty(w, bids)
	return total, worst, blocks
}

// halls are the lots that are not closed.
func (w *world) halls() map[uint64]auctiontypes.Hall {
	w.Helper()
	lots := map[uint64]auctiontypes.Hall{}
	require.NoError(w, w.Auction.Halls.Walk(w.ctx(), nil, func(id uint64, h auctiontypes.Hall) (bool, error) {
		if h.Lot.Status != auction.Closed {
			lots[id] = h
		}
		return false, nil
	}))
	return lots
}

// buyAll bids for every lot that has no bid yet, at its first price.
func (w *world) buyAll(bids map[uint64]bool) (msgs []sdk.Msg) {
	w.Helper()
	for id, h := range w.halls() {
		if bids[id] {
			continue
		}
		bids[id] = true
		msgs = append(msgs, &auctiontypes.MsgBid{
			Bidder: makers[0].String(), LotId: id, Limit: wad(h.Lot.Curve.Start),
			AmountOut: math.NewIntFromBigInt(h.Lot.Offered(h.Lot.Curve.Start).Big()),
			AmountIn:  math.ZeroInt(), MinFill: math.ZeroInt(),
		})
	}
	return msgs
}

// quoted are assets with their prices, as report takes them.
func quoted(list []listed) (pairs []string) {
	for _, a := range list {
		pairs = append(pairs, a.denom, a.price)
	}
	return pairs
}
