package hostile_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
)

// TestKilled kills a validator in the middle of an auction, as a loss of power does. The others go on; started again,
// it has the same blocks, the same state and the same bids as they have. Then two of four are stopped: no block comes,
// the auction's clock stands still, and nobody buys cheaper for it when they are back.
func TestKilled(t *testing.T) {
	needsTime(t)
	c := newChain(t)
	c.asks(t, 0)
	c.begin(t)
	c.treasury(t)
	lot := c.open(t)
	c.bid(t, lot)
	c.kill(t, 3)
	c.grow(t, 0, 3)
	c.start(t, 3)
	c.reach(t, 3, c.grow(t, 0, 2))
	c.agree(t)
	height := c.height(t, 3)
	require.Equal(t, c.lots(t, 0, height), c.lots(t, 3, height))

	lot = c.open(t)
	from := c.height(t, 0)
	c.stop(t, 2)
	c.stop(t, 3)
	c.standsStill(t, 0, 5*time.Second)
	before := c.lot(t, lot.Id, 0)
	c.start(t, 2)
	c.start(t, 3)
	c.grow(t, 0, 5)
	require.Equal(t, auctiontypes.LOT_STATUS_OPEN, before.Status)
	require.GreaterOrEqual(t, c.orderly(t, lot.Id, from), int64(5), "the halt")
	c.agree(t)
	c.shows(t, 0)
}

// TestHalted stops two of four validators for longer than a lot's price is good for. When they are back the lot is
// frozen: its price is void, its bids wait, and nobody gets it for less than a fresh curve says.
func TestHalted(t *testing.T) {
	needsTime(t)
	c := newChain(t)
	c.begin(t)
	c.treasury(t)
	lot := c.open(t)
	from := c.height(t, 0)
	c.bid(t, lot)
	c.stop(t, 2)
	c.stop(t, 3)
	c.standsStill(t, 0, (haltAfter+3)*time.Second)
	before := c.lot(t, lot.Id, 0)
	require.Equal(t, auctiontypes.LOT_STATUS_OPEN, before.Status)
	c.start(t, 2)
	c.start(t, 3)
	frozen := c.happened(t, from, "ballast.auction.v1.EventLotFrozen")
	anew := c.happened(t, frozen-1, "ballast.auction.v1.EventLotReanchored")
	last, after := c.lot(t, lot.Id, frozen-1), c.lot(t, lot.Id, anew)
	require.Equal(t, last.EffectiveSeconds, after.EffectiveSeconds, "the halt cost the lot a part of its window")
	require.Equal(t, before.Remaining, last.Remaining, "sold at a price that was void")
	t.Logf("before: %s of %s..%s; after: %s of %s..%s", last.ClockPrice, last.Curve.Start, last.Curve.Reserve,
		after.ClockPrice, after.Curve.Start, after.Curve.Reserve)
	require.False(t, wad(t, after.Curve.Reserve).Less(wad(t, last.Curve.Reserve)))
	c.agree(t)
}

// happened waits for an event of a block after a height, and returns the height of that block.
func (c *chain) happened(t *testing.T, after int64, event string) int64 {
	t.Helper()
	at := after + 1
	c.until(t, event, func() bool {
		for ; at < c.height(t, 0); at++ {
			answer, err := c.rpc(t, 0).BlockResults(t.Context(), &at)
			require.NoError(t, err)
			for i := range answer.FinalizeBlockEvents {
				if answer.FinalizeBlockEvents[i].Type == event {
					return true
				}
			}
		}
		return false
	})
	return at
}
