package hostile_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"github.com/ballast-finance/ballast/internal/daemon/localnet"
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
	maker, err := c.Nodes[0].Ring().Key(localnet.MakerKey(0))
	require.NoError(t, err)
	who, err := maker.GetAddress()
	require.NoError(t, err)
	c.until(t, "a settled lot with a fill", func() bool {
		return c.lot(t, lot.Id, 0).SettledTime > 0 && len(c.fills(t, who.String())) > 0
	})
	c.agree(t)
}
