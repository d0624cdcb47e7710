package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// BenchmarkCollect is the block in which 500 portfolios decide and send what they sell to the escrow.
func BenchmarkCollect(b *testing.B) { benchmarkBlock(b, 0) }

// BenchmarkSettle is the block in which 500 portfolios are paid.
func BenchmarkSettle(b *testing.B) { benchmarkBlock(b, 2) }

// benchmarkBlock measures the block after some others, again and again on a branch of the same state.
func benchmarkBlock(b *testing.B, before int) {
	b.Helper()
	w := crowd(b, 500)
	for range before {
		w.block()
	}
	if before > 1 {
		require.NoError(b, w.auction.sell(w.ctx, 1_000, 10))
	}
	b.ReportAllocs()
	for b.Loop() {
		branch, _ := w.ctx.CacheContext()
		if err := w.k.EndBlock(branch.WithEventManager(sdk.NewEventManager())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/500, "µs/portfolio")
}
