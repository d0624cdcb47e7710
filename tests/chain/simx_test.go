package chain_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	simxOperations = flag.Int("simx.operations", 5_000, "messages of all sieges")
	simxSeed       = flag.Uint64("simx.seed", 1, "seed of the first siege; the next ones count on from it")
)

const (
	// perSiege is how many operations a chain is besieged for: then another one begins, because a chain keeps what was.
	perSiege = 10_000
	// perDeed is how many operations there are for each time that every role must have had its way.
	perDeed = 2_000
)

// TestSiege lets liars report, feeders fall silent, snipers wait for the last moment, withholders and dusters fill
// books, griefers send dust, owners rotate their targets against each other and the pool, and people trade who cannot
// receive. After every block all modules add up, no denom has gained or lost a unit, no price that is offered is a lie,
// and no seller got less than he accepts. At the end of each siege everybody is paid and rounds go on. `make simx`
// makes it millions of operations.
func TestSiege(t *testing.T) {
	start, done := time.Now(), 0
	sieges := (*simxOperations + perSiege - 1) / perSiege
	for n := range sieges {
		t.Run(fmt.Sprintf("seed %d", *simxSeed+uint64(n)), func(t *testing.T) {
			done += besiege(t, *simxSeed+uint64(n), *simxOperations/sieges)
			t.Logf("%d operations in all, %.0f a second", done, float64(done)/time.Since(start).Seconds())
		})
		if t.Failed() {
			break
		}
	}
}

// besiege sends so many operations, or a few more, to a chain of its own.
func besiege(t *testing.T, seed uint64, operations int) int {
	t.Helper()
	s := newSiege(t, seed)
	for s.operations < operations {
		s.besieged()
	}
	t.Logf("%d operations in %d blocks: %d rounds, %d lots, %d fills, %d claims that failed%s", s.operations, s.height,
		s.events["rebalance.v1.EventRoundFinished"], s.events["auction.v1.EventLotClosed"],
		s.events["auction.v1.EventFilled"], s.events["auction.v1.EventClaimFailed"], table(s.did))
	s.relieved()
	s.sound()
	least := max(1, operations/perDeed)
	for _, p := range append(plots(), plot{role: "liar"}, plot{role: "honest"}, plot{role: "people"}) {
		require.NotNil(t, s.did[p.role], p.role)
		require.GreaterOrEqual(t, s.did[p.role].accepted, least, p.role)
	}
	require.Greater(t, s.events["auction.v1.EventFilled"], operations/200)
	require.Positive(t, s.events["auction.v1.EventClaimFailed"], "nobody was shunned when he was to be paid")
	return s.operations
}
