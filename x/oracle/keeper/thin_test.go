package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// TestDay is the whole way of a price: registered, reported, aggregated, published.
func TestDay(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", three()...)
	require.Equal(t, oracle.Price{}, c.price(0))
	c.agree("uatom", "4.21")
	require.Equal(t, oracle.StatusUnspecified, c.price(0).Status, "reports count from the next block on")
	require.Equal(t, []string{"StatusChanged", "PriceUpdated"}, kinds(c.block(genesisTime+5)))
	require.Equal(t, oracle.StatusOK, c.price(0).Status)
	require.Equal(t, enginetest.W(t, "4.21"), c.price(0).Value)
	require.Equal(t, 3, c.price(0).Classes)
	require.EqualValues(t, 5, c.price(0).AgeSeconds)
	c.block(genesisTime + 600)
	require.Equal(t, oracle.StatusOK, c.price(0).Status)
	c.block(genesisTime + 601)
	require.Equal(t, oracle.StatusNoQuorum, c.price(0).Status, "stale")
	require.Equal(t, enginetest.W(t, "4.21"), c.price(0).Value, "the last good one, for display")
}
