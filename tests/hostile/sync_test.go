package hostile_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/internal/daemon/localnet"
)

// TestStateSync adds a fifth node in the middle of a round. It begins with a snapshot of the others, not with the first
// block, has their lots and bids, and executes the rest of the round to the same hashes.
func TestStateSync(t *testing.T) {
	needsTime(t)
	c := newChain(t)
	c.begin(t)
	c.treasury(t)
	c.reach(t, 0, 25) // there are snapshots of 10 and 20
	lot := c.open(t)
	c.bid(t, lot)
	height := c.height(t, 0) - 5
	trusted := &localnet.Trust{Height: height, Hash: c.commit(t, 0, height)[0]}
	_, err := c.Join(c.knows.AppCodec(), "node4", trusted)
	require.NoError(t, err)
	c.start(t, 4)
	c.reach(t, 4, c.grow(t, 0, 2))
	text, err := os.ReadFile(c.Nodes[4].Log())
	require.NoError(t, err)
	require.Contains(t, string(text), "Snapshot restored")
	status, err := c.rpc(t, 4).Status(t.Context())
	require.NoError(t, err)
	require.Greater(t, status.SyncInfo.EarliestBlockHeight, int64(1), "expected a node without the first block")
	at := c.height(t, 4) - 1
	require.Equal(t, c.lots(t, 0, at), c.lots(t, 4, at))
	c.grow(t, 4, 10)
	c.agree(t)
	require.NotContains(t, strings.ToLower(string(text)), "panic")
}
