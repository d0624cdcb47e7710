package hostile_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
)

// TestExport stops all validators in the middle of an auction, writes the state down, checks it, and starts the same
// validators again from nothing but that. The lot is there with its bid, and is sold and settled by the new chain.
func TestExport(t *testing.T) {
	needsTime(t)
	c := newChain(t)
	c.begin(t)
	c.treasury(t)
	lot := c.open(t)
	c.bid(t, lot)
	for i := range c.Nodes {
		c.stop(t, i)
	}
	exported := filepath.Join(t.TempDir(), "exported.json")
	var heights []int64
	for _, node := range c.Nodes {
		c.run(t, node.Home, "export", "--output-document", exported)
		g, err := genutiltypes.AppGenesisFromFile(exported)
		require.NoError(t, err)
		heights = append(heights, g.InitialHeight)
	}
	require.Contains(t, c.run(t, c.Nodes[0].Home, "check", "--genesis", exported), "Everything adds up.")
	g, err := genutiltypes.AppGenesisFromFile(exported)
	require.NoError(t, err)
	require.Contains(t, heights, g.InitialHeight)
	g.GenesisTime = time.Now().UTC()
	text, err := json.Marshal(g)
	require.NoError(t, err)
	for _, node := range c.Nodes {
		c.run(t, node.Home, "comet", "unsafe-reset-all")
		require.NoError(t, os.WriteFile(filepath.Join(node.Home, "config", "genesis.json"), text, 0o600))
	}
	for i := range c.Nodes {
		c.start(t, i)
	}
	for i := range c.Nodes {
		c.reach(t, i, g.InitialHeight+1)
	}
	again := c.lot(t, lot.Id, 0)
	require.Equal(t, lot.OpenedHeight, again.OpenedHeight)
	c.sold(t, lot.Id)
	c.agree(t)
}
