package keeper_test

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"testing"
	"time"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/x/auction/types"
)

const (
	benchBids = 10_000
	benchWins = 1000
)

// crowd is a lot with a full book whose best bids win, one step before its first clearing. Only those who win are
// reached by the clock, or all of them are.
func crowd(b *testing.B, all bool) *house {
	b.Helper()
	h := newHouse(b)
	h.params(func(p *types.Params) { p.MaxPayoutsPerBlock = benchWins })
	units := uint64(2_000_000)
	offered := units * benchWins
	if !all {
		offered *= 2 // those below the clock are not reached, the lot stays open
	}
	h.open(1, offered)
	h.must(h.k.EndBlock(h.ctx))
	for i := range uint64(benchBids) {
		bidder := make(sdk.AccAddress, 20)
		binary.BigEndian.PutUint64(bidder, i+1)
		h.must(h.bank.Mint(h.ctx, bidder, coin(usdc, 1_000_000_000)))
		limit := fmt.Sprintf("10.%06d", 700_000-i)
		if !all && i >= benchWins {
			limit = fmt.Sprintf("9.%06d", 900_000-i)
		}
		m := bidFor(0, 1, units, limit)
		m.Bidder = bidder.String()
		_, err := h.msg.Bid(h.ctx, m)
		h.must(err)
		if i%100 == 99 {
			h.commit()
		}
	}
	for range 2 {
		h.ctx = h.ctx.WithBlockTime(h.ctx.BlockTime().Add(second * 1e9)).WithEventManager(sdk.NewEventManager())
		if got := h.lot(1); got.OpeningBlocksLeft > 0 {
			h.must(h.k.EndBlock(h.ctx))
		}
	}
	h.commit()
	return h
}

// commit writes the block to the store.
func (h *house) commit() {
	h.tb.Helper()
	store, ok := h.ctx.MultiStore().(storetypes.CommitMultiStore)
	if !ok {
		h.tb.Fatal("expected the committing store")
	}
	store.Commit()
}

// processor is the time that the process has used: what a shared machine measures without its neighbours.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkEndBlock clears a book of 10,000 bids and pays 1,000 winners, on an iavl store in memory.
func BenchmarkEndBlock(b *testing.B) {
	for _, all := range []bool{false, true} {
		b.Run(fmt.Sprintf("reached=%t", all), func(b *testing.B) {
			h := crowd(b, all)
			best := sdk.AccAddress(append([]byte{0, 0, 0, 0, 0, 0, 0, 1}, make([]byte, 12)...))
			b.ReportAllocs()
			b.ResetTimer()
			before := processor(b)
			for b.Loop() {
				branch, _ := h.ctx.CacheContext()
				h.must(h.k.EndBlock(branch))
				b.StopTimer()
				if got := h.bank.GetBalance(branch, best, atom); got.Amount.Uint64() != 2_000_000 {
					b.Fatalf("the best bidder got %v", got)
				}
				b.StartTimer()
			}
			b.ReportMetric(float64((processor(b)-before).Milliseconds())/float64(b.N), "cpu-ms/op")
		})
	}
}
