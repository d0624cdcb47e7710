package chain_test

import (
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	simxOperations = flag.Int("simx.operations", 5_000, "messages of the siege")
	simxSeed       = flag.Uint64("simx.seed", 1, "seed of the siege")
)

// perDeed is how many operations there are for each time that every role must have had its way.
const perDeed = 2_000

// reports is how often a long run says how far it is.
const reports = 20

// TestSiege lets liars report, feeders fall silent, snipers wait for the last moment, withholders and dusters fill
// books, griefers send dust, owners rotate their targets against each other and the pool, and people trade who cannot
// receive. After every block all modules add up, no denom has gained or lost a unit, no price that is offered is a lie,
// and no seller got less than he accepts. At the end everybody is paid and rounds go on. `make simx` makes it long.
func TestSiege(t *testing.T) {
	start := time.Now()
	s := newSiege(t, *simxSeed)
	for shown := 0; s.operations < *simxOperations; {
		s.besieged()
		if n := s.operations * reports / *simxOperations; n > shown {
			shown = n
			t.Logf("%d operations in %d blocks after %v", s.operations, s.height, time.Since(start).Round(time.Second))
		}
	}
	t.Logf("seed %d: %d operations, %.0f a second, in %d blocks: %d rounds, %d lots, %d fills, %d claims that failed%s",
		*simxSeed, s.operations, float64(s.operations)/time.Since(start).Seconds(), s.height,
		s.events["rebalance.v1.EventRoundFinished"], s.events["auction.v1.EventLotClosed"],
		s.events["auction.v1.EventFilled"], s.events["auction.v1.EventClaimFailed"], s.roles())
	s.relieved()
	s.sound()
	least := max(1, *simxOperations/perDeed)
	for _, p := range append(plots(), plot{role: "liar"}, plot{role: "honest"}, plot{role: "people"}) {
		require.NotNil(t, s.did[p.role], p.role)
		require.GreaterOrEqual(t, s.did[p.role].accepted, least, p.role)
	}
	require.Greater(t, s.events["auction.v1.EventFilled"], *simxOperations/200)
	require.Positive(t, s.events["auction.v1.EventClaimFailed"], "nobody was shunned when he was to be paid")
}
