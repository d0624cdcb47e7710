package hostile_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"

	"github.com/ballast-finance/ballast/agents/wallet"
	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/source"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// nextName is the upgrade that the next program knows and this one does not.
const nextName = "rehearsal"

// nextProgram builds the next program: this one, with one more upgrade and another layout of the oracle's store. Its
// two files take the place of ours while it is built.
func nextProgram(t *testing.T) string {
	t.Helper()
	root, err := source.Root()
	require.NoError(t, err)
	dir := t.TempDir()
	upgrades := filepath.Join(root, "app", "upgrade.go")
	text, err := os.ReadFile(upgrades)
	require.NoError(t, err)
	const known = `[]string{"v1"`
	require.Equal(t, 1, strings.Count(string(text), known), "the list of upgrades in %s", upgrades)
	changed := filepath.Join(dir, "upgrade.go")
	more := strings.Replace(string(text), known, known+`, "`+nextName+`"`, 1)
	require.NoError(t, os.WriteFile(changed, []byte(more), 0o600))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		upgrades: changed,
		filepath.Join(root, "x", "oracle", "keeper", "migrations.go"): filepath.Join(
			root, "tests", "hostile", "next", "migrations.go.next"),
	}})
	require.NoError(t, err)
	list := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(list, overlay, 0o600))
	next := filepath.Join(dir, "ballastd-next")
	line := []string{"build", "-overlay", list, "-o", next, "./cmd/ballastd"}
	build := exec.CommandContext(t.Context(), "go", line...)
	build.Dir = root
	said, err := build.CombinedOutput()
	require.NoError(t, err, "%s", said)
	return next
}

// TestUpgrade replaces the program by a vote. The old one stops at the height that was voted on, having written what it
// waits for; it does not come back. The next one goes on there, moves the store to its layout, and finishes the round
// that was running.
func TestUpgrade(t *testing.T) {
	needsTime(t)
	next := nextProgram(t)
	c := newChain(t)
	c.begin(t)
	c.treasury(t)
	lot := c.open(t)
	require.Equal(t, [2]uint64{1, 100}, c.layout(t))
	height := c.vote(t)
	for i := range c.Nodes {
		c.until(t, "the end of the old program", func() bool {
			text, _ := os.ReadFile(c.Nodes[i].Log())
			return strings.Contains(string(text), `UPGRADE \"`+nextName+`\" NEEDED at height`)
		})
		plan, err := os.ReadFile(filepath.Join(c.Nodes[i].Home, "data", upgradetypes.UpgradeInfoFilename))
		require.NoError(t, err)
		require.Contains(t, string(plan), nextName)
		c.stop(t, i)
	}
	c.start(t, 3) // it was not replaced: it stops again
	time.Sleep(5 * time.Second)
	require.LessOrEqual(t, c.height(t, 3), height)
	c.stop(t, 3)
	for i := range c.Nodes {
		c.start(t, i, next)
	}
	c.reach(t, 0, height+3)
	require.Equal(t, [2]uint64{2, 1_000}, c.layout(t))
	done, err := upgradetypes.NewQueryClient(c.client(t, 0, 0)).
		AppliedPlan(t.Context(), &upgradetypes.QueryAppliedPlanRequest{Name: nextName})
	require.NoError(t, err)
	require.Equal(t, height, done.Height)
	c.until(t, "the end of the lot", func() bool { return c.lot(t, lot.Id, 0).SettledTime > 0 })
	c.open(t)
	c.agree(t)
}

// layout is the version of the oracle's store, and the weight of the first source of bitcoin.
func (c *chain) layout(t *testing.T) [2]uint64 {
	t.Helper()
	versions, err := upgradetypes.NewQueryClient(c.client(t, 0, 0)).
		ModuleVersions(t.Context(), &upgradetypes.QueryModuleVersionsRequest{ModuleName: oracletypes.ModuleName})
	require.NoError(t, err)
	sources, err := oracletypes.NewQueryClient(c.client(t, 0, 0)).
		Sources(t.Context(), &oracletypes.QuerySourcesRequest{Denom: "ubtc"})
	require.NoError(t, err)
	return [2]uint64{versions.ModuleVersions[0].Version, uint64(sources.Sources[0].Source.Weight)}
}

// vote passes the upgrade by the votes of all validators, and returns its height.
func (c *chain) vote(t *testing.T) int64 {
	t.Helper()
	height := c.height(t, 0) + 150 // some 30 s
	var proposal uint64
	for i := range c.Nodes {
		w, err := wallet.New(c.client(t, i, 0), c.Nodes[i].Ring(), wallet.Config{Key: "operator"})
		require.NoError(t, err)
		if i == 0 {
			msg, err := govv1.NewMsgSubmitProposal([]sdk.Msg{&upgradetypes.MsgSoftwareUpgrade{
				Authority: app.Authority(), Plan: upgradetypes.Plan{Name: nextName, Height: height},
			}}, sdk.NewCoins(sdk.NewInt64Coin(app.BondDenom, 10_000_000)), w.Address().String(), "", "Next",
				"A rehearsal", false)
			require.NoError(t, err)
			_, err = w.Confirm(t.Context(), patience, msg)
			require.NoError(t, err)
			proposal = 1
		}
		_, err = w.Confirm(t.Context(), patience, govv1.NewMsgVote(w.Address(), proposal, govv1.OptionYes, ""))
		require.NoError(t, err)
	}
	return height
}
