package chain_test

import (
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

var (
	soakBlocks = flag.Int("soak.blocks", 600, "blocks of the random run")
	soakSeed   = flag.Uint64("soak.seed", 1, "seed of the random run")
)

// perMessage is how many blocks there are for each time that a message of every type must have been accepted, and
// refused: a run that never met one of them proves nothing about it.
const perMessage = 1_000

// TestSoak sends random messages of every type over all modules, at random times and prices. After every block every
// module adds up and no denom has gained or lost a unit. `make soak` makes it long.
func TestSoak(t *testing.T) {
	start := time.Now()
	c := newChance(t, *soakSeed, options{prune: true})
	for i := range *soakBlocks {
		c.happen()
		if i%1_000 == 999 {
			t.Logf("%d blocks after %v", i+1, time.Since(start).Round(time.Second))
		}
	}
	t.Logf("seed %d: %d blocks, %d rounds, %d lots, %d fills, %d crosses, %d lots frozen by a halt, %d payments in %v%s",
		*soakSeed, *soakBlocks, c.events["rebalance.v1.EventRoundFinished"], c.events["auction.v1.EventLotClosed"],
		c.events["auction.v1.EventFilled"], c.events["rebalance.v1.EventCrossed"], c.events["auction.v1.EventLotFrozen"],
		c.events["portfolio.v1.EventPaymentMade"], time.Since(start).Round(time.Second), table(c.tally))
	c.sound()
	c.sawEverything(max(1, *soakBlocks/perMessage))
	require.Greater(t, c.events["rebalance.v1.EventRoundFinished"], *soakBlocks/100)
	require.Greater(t, c.events["auction.v1.EventFilled"], *soakBlocks/20)
}

// sawEverything asks that each type of message was accepted and refused so often.
func (c *chance) sawEverything(least int) {
	c.Helper()
	for _, name := range messages(c.world) {
		got := c.tally[name]
		require.NotNil(c, got, "%s never came", name)
		accepted := least
		if name == sdk.MsgTypeURL(&oracletypes.MsgAddAsset{}) {
			accepted = min(least, 2) // there may be few assets
		}
		require.GreaterOrEqual(c, got.accepted, accepted, "%s accepted", name)
		require.GreaterOrEqual(c, got.refused, least, "%s refused", name)
	}
}

// messages are the types of all messages of our modules, as the application knows them.
func messages(w *world) []string {
	w.Helper()
	all := w.InterfaceRegistry().ListImplementations(sdk.MsgInterfaceProtoName)
	names := slices.DeleteFunc(all, func(name string) bool { return !strings.HasPrefix(name, "/ballast.") })
	slices.Sort(names)
	require.Len(w, names, 38)
	return names
}
