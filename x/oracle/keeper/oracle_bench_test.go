package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"

	"github.com/ballast-finance/ballast/x/oracle/types"
)

// crowd is a chain with assets that have eight sources each.
func crowd(b *testing.B, assets int) *chain {
	b.Helper()
	c := fresh(b)
	for i := range assets {
		var list []types.Source
		for n := range byte(8) {
			list = append(list, source(n, []types.SourceClass{types.ClassFeed, types.ClassDEX}[n%2]))
		}
		c.add(fmt.Sprintf("udenom%d", i), fmt.Sprintf("D%d", i), list...)
	}
	return c
}

// batch has a reporter report the prices of all assets.
func (c *chain) batch(n byte, assets int) {
	c.tb.Helper()
	m := &types.MsgReport{Reporter: address(n)}
	for i := range assets {
		m.Reports = append(m.Reports, types.Report{
			Denom: fmt.Sprintf("udenom%d", i), Price: "4.2100", TimeSeconds: c.now(),
		})
	}
	_, err := c.msg.Report(c.ctx, m)
	require.NoError(c.tb, err)
}

func BenchmarkBeginBlock(b *testing.B) {
	for _, assets := range []int{20, types.MaxAssets} {
		b.Run(fmt.Sprint(assets), func(b *testing.B) {
			c := crowd(b, assets)
			for n := range byte(8) {
				c.batch(n, assets)
			}
			b.ReportAllocs()
			for b.Loop() {
				c.at(c.now() + 1)
				if err := c.k.BeginBlock(c.ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReport(b *testing.B) {
	const assets = 20
	c := crowd(b, assets)
	for n := range byte(8) {
		c.batch(n, assets)
	}
	b.ReportAllocs()
	gas := uint64(0)
	for b.Loop() {
		c.ctx = c.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		c.batch(1, assets)
		gas = c.ctx.GasMeter().GasConsumed()
	}
	b.ReportMetric(float64(gas)/assets, "gas/price")
}
