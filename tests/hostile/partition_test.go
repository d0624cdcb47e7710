package hostile_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPartition cuts a network. Of two halves none makes a block: there are never two histories. One that is cut off
// from three stands still while they go on, and has what they have when the cable is mended. Nothing of this makes an
// auction's price fall faster than blocks may.
func TestPartition(t *testing.T) {
	needsTime(t)
	wires, change := wired(t)
	c := newChain(t, change)
	c.begin(t)
	c.treasury(t)
	lot := c.open(t)
	from := c.height(t, 0)

	wires.part(2, 3)
	c.standsStill(t, 0, 8*time.Second)
	c.standsStill(t, 3, 2*time.Second)
	wires.part()
	c.grow(t, 0, 3)
	c.grow(t, 3, 3)
	c.orderly(t, lot.Id, from)
	c.agree(t)

	lot = c.open(t)
	from = c.height(t, 0)
	wires.part(3)
	c.grow(t, 0, 8)
	c.standsStill(t, 3, 2*time.Second)
	require.Less(t, c.height(t, 3), c.height(t, 0))
	wires.part()
	c.reach(t, 3, c.grow(t, 0, 2))
	c.orderly(t, lot.Id, from)
	c.agree(t)
}
