package index_test

import (
	"testing"

	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/testutil/longchain"
	"github.com/ballast-finance/ballast/testutil/storetest"
)

// BenchmarkBlock writes blocks of 2,000 events and more, of which most are bids and fills, beside the decisions of a
// hundred portfolios.
func BenchmarkBlock(b *testing.B) {
	for _, db := range storetest.Databases {
		b.Run(db.Name, func(b *testing.B) {
			s := storetest.Open(b, db.New(b))
			long := &longchain.Chain{Portfolios: 100, Rounds: 1 << 30, Bids: 660}
			f := index.NewFollower(index.Config{}, long, s)
			height, events := int64(0), 0
			for range 3 { // the first blocks make the tables
				height++
				write(b, f, long, height)
			}
			b.ReportAllocs()
			for b.Loop() {
				height++
				events += write(b, f, long, height)
			}
			b.ReportMetric(float64(events)/float64(b.N), "events/block")
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func write(b *testing.B, f *index.Follower, source *longchain.Chain, height int64) int {
	b.Helper()
	block, err := source.Block(b.Context(), height)
	if err != nil {
		b.Fatal(err)
	}
	if err := f.Write(b.Context(), block); err != nil {
		b.Fatal(err)
	}
	return len(block.Events)
}
