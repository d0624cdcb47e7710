package chain_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
)

const (
	bidders = 2_000 // who bid, each once in a block
	winners = 1_000
)

// BenchmarkBids fills the book of one lot with 10,000 resting bids, 2,000 in each of five blocks, and then clears it:
// 1,000 bids win and are paid in one block. Blocks of 2,000 bank sends by the same accounts come between, so that the
// ratio is of one run, on one state.
func BenchmarkBids(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		w, lot := market(b)
		var bids, sends spent
		from := crowd()
		for block := range 5 {
			msgs := make([]sdk.Msg, bidders)
			for i := range msgs {
				msgs[i] = bid(from[i], lot, 2_000_000, limit(block*bidders+i))
			}
			sends = sends.plus(w.timed(time.Second, w.sends(from)...))
			b.StartTimer()
			bids = bids.plus(w.timed(time.Second, msgs...))
			b.StopTimer()
		}
		require.EqualValues(b, 10_000, w.book(lot))
		idle := w.timed(time.Second)
		require.Zero(b, w.events["auction.v1.EventFilled"], "the book has been cleared too early")
		end, clearing := w.clearing()
		w.audit()
		b.ReportMetric(float64(bids.cpu.Microseconds())/(5*bidders), "cpu-us/bid")
		b.ReportMetric(float64(sends.cpu.Microseconds())/(5*bidders), "cpu-us/send")
		b.ReportMetric(float64(bids.wall)/float64(sends.wall), "bids/sends")
		b.ReportMetric(float64(bids.cpu)/float64(sends.cpu), "cpu-bids/sends")
		b.ReportMetric(end.wall.Seconds()*1e3, "ms/clearing")
		b.ReportMetric(end.cpu.Seconds()*1e3, "cpu-ms/clearing")
		b.ReportMetric(float64(end.cpu)*5*bidders/float64(sends.cpu), "cpu-sends/clearing")
		b.ReportMetric(clearing.wall.Seconds()*1e3, "ms/clearing-block")
		b.ReportMetric(idle.wall.Seconds()*1e3, "ms/idle-block")
		b.StartTimer()
	}
}

// limit is that of a bid: every tenth is above the first price of the lot, which is 10.2.
func limit(i int) string {
	if i%10 == 0 {
		return fmt.Sprintf("10.%06d", 300_000+i)
	}
	return fmt.Sprintf("9.%06d", 900_000+i)
}

// crowd are accounts besides the cast.
func crowd() []person {
	list := make([]person, bidders)
	for i := range list {
		list[i] = named(fmt.Sprintf("bidder%d", i))
	}
	return list
}

// market is a chain on disk with 2,000 bidders and a lot that collects bids for as many blocks as they need.
func market(b *testing.B) (w *world, lot uint64) {
	b.Helper()
	w = newWorld(b, disk(b), func(g *terms) {
		g.crowd = crowd()
		g.rebalance.Params.IntervalSeconds = 3_600
		g.rebalance.Params.Auction.OpeningBlocks = 16
		g.rebalance.Params.Auction.WidthBase, g.rebalance.Params.Auction.WidthFactor = "0.02", "0"
		g.rebalance.Params.Auction.WindowSeconds = 600
	})
	w.priced(time.Second, assets())
	w.accept(time.Second, &auctiontypes.MsgSell{
		Seller: alice.String(), Offer: coin("1000000000000uatom"), BuyDenom: "uusdc", Limit: "0.000001",
	})
	w.hour(1)
	w.priced(time.Second, assets())
	for id := range w.halls() {
		return w, id
	}
	require.FailNow(b, "no lot")
	return nil, 0
}

// book is the number of bids in the book of a lot.
func (w *world) book(lot uint64) uint32 {
	w.Helper()
	book, err := w.Auction.Books.Get(w.ctx(), lot)
	require.NoError(w, err)
	return book.Bids
}

// clearing goes on to the first block that clears, and returns what its end took, which clears the book and pays who
// won, and what all of it took, with its commit.
func (w *world) clearing() (end, block spent) {
	w.Helper()
	for range 20 {
		end, block = w.ending(time.Second), w.timed(time.Second)
		if filled := w.events["auction.v1.EventFilled"]; filled > 0 {
			require.Equal(w, winners, filled)
			return end, block
		}
	}
	require.FailNow(w, "nothing was cleared")
	return spent{}, spent{}
}

// ending is what the modules do at the end of the next block, measured on a branch of the state that is thrown away.
func (w *world) ending(after time.Duration) spent {
	w.Helper()
	ctx, _ := w.ctx().WithBlockHeight(w.height + 1).WithBlockTime(w.now.Add(after)).CacheContext()
	_, err := w.ModuleManager.BeginBlock(ctx)
	require.NoError(w, err)
	took := spend(func() { _, err = w.ModuleManager.EndBlock(ctx) })
	require.NoError(w, err)
	return took
}
