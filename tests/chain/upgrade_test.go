package chain_test

import (
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"

	"github.com/ballast-finance/ballast/app"
)

func upgradePlan(height int64) *upgradetypes.MsgSoftwareUpgrade {
	return &upgradetypes.MsgSoftwareUpgrade{
		Authority: app.Authority(), Plan: upgradetypes.Plan{Name: "v1", Height: height},
	}
}

// TestUpgrade performs an upgrade at a height, in the middle of rounds and auctions. Every module has the version of
// the program then, the plan is done, and everything goes on.
func TestUpgrade(t *testing.T) {
	c := newChance(t, 4, options{app: map[string]any{"home": t.TempDir()}})
	for range 30 {
		c.happen()
	}
	height := c.height + 2 // the block after the next: until then another program would run
	c.accept(time.Second, upgradePlan(height))
	plan, err := c.Upgrade.GetUpgradePlan(c.ctx())
	require.NoError(t, err)
	require.Equal(t, height, plan.Height)
	c.happen()
	_, err = c.Upgrade.GetUpgradePlan(c.ctx())
	require.ErrorIs(t, err, upgradetypes.ErrNoUpgradePlanFound)
	name, done, err := c.Upgrade.GetLastCompletedUpgrade(c.ctx())
	require.NoError(t, err)
	require.Equal(t, "v1", name)
	require.Equal(t, height, done)
	versions, err := c.Upgrade.GetModuleVersionMap(c.ctx())
	require.NoError(t, err)
	require.Equal(t, c.ModuleManager.GetVersionMap(), versions)
	for _, name := range []string{"oracle", "portfolio", "auction", "rebalance"} {
		require.Positive(t, versions[name], name)
	}
	before := c.events["rebalance.v1.EventRoundFinished"]
	for range 120 {
		c.happen()
	}
	c.sound()
	require.Greater(t, c.events["rebalance.v1.EventRoundFinished"], before)
}

// TestWrongProgram: a program that does not know an upgrade stops at its height, and one that knows it does not run
// before. Nothing is done in that block.
func TestWrongProgram(t *testing.T) {
	for _, test := range []struct {
		name, plan string
		ahead      int64
		want       string
	}{
		{"too old", "of another program", 2, "of another program"},
		{"too new", "v1", 3, "BINARY UPDATED BEFORE TRIGGER"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, options{app: map[string]any{"home": t.TempDir()}})
			plan := upgradePlan(w.height + test.ahead)
			plan.Plan.Name = test.plan
			w.accept(time.Second, plan)
			_, err := w.FinalizeBlock(&abci.RequestFinalizeBlock{Height: w.height + 1, Time: w.now.Add(time.Second)})
			require.ErrorContains(t, err, test.want)
			require.Equal(t, w.height, w.LastBlockHeight())
		})
	}
}
