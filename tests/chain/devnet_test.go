package chain_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/testutil/devnet"
)

// TestDevnet executes the blocks that a network of four validators once agreed on. With one processor and with two, one
// transaction after the other and many at once, every block has the hash that they had, and every transaction the
// result.
//
// It fails when the state machine computes something else than it did: a network of which a part is upgraded would
// split. If that is meant, `make devnet` records another network; the change is a line under "Numbers Breaking" in
// CHANGELOG.md.
func TestDevnet(t *testing.T) {
	file, err := os.Open(filepath.Join("testdata", "devnet.gz"))
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	recorded, err := devnet.Read(file)
	require.NoError(t, err)
	covers(t, recorded)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 2} {
		for _, executor := range []string{"sequential", "block-stm"} {
			runtime.GOMAXPROCS(processors)
			repeats(t, recorded, simtestutil.AppOptionsMap{
				"home": t.TempDir(), "block-executor": executor, "block-stm-workers": 4,
			})
		}
	}
}

// repeats executes a recording on a new node.
func repeats(t *testing.T, recorded *devnet.Recording, opts simtestutil.AppOptionsMap) {
	t.Helper()
	a, err := app.New(log.NewNopLogger(), dbm.NewMemDB(), true, opts, baseapp.SetChainID(recorded.Start.ChainId))
	require.NoError(t, err)
	defer func() { _ = a.Close() }()
	_, err = a.InitChain(recorded.Start)
	require.NoError(t, err)
	for _, b := range recorded.Blocks {
		answer, err := a.FinalizeBlock(b.Request)
		require.NoError(t, err)
		_, err = a.Commit()
		require.NoError(t, err)
		got := devnet.Agreed(answer.AppHash, answer.TxResults)
		require.Equal(t, b.Answer.String(), got.String(), "%v: height %d", opts, b.Request.Height)
	}
}

// covers asks that a recording is worth its place: several blocks with transactions, some of several at once, and
// a commit without one of the validators.
func covers(t *testing.T, recorded *devnet.Recording) {
	t.Helper()
	busy, crowded, missed := 0, 0, 0
	for _, b := range recorded.Blocks {
		if n := len(b.Request.Txs); n > 0 {
			busy++
			crowded += min(n/2, 1)
		}
		for _, vote := range b.Request.DecidedLastCommit.Votes {
			if vote.BlockIdFlag != cmtproto.BlockIDFlagCommit {
				missed++
			}
		}
	}
	require.Greater(t, busy, 20, "blocks with transactions")
	require.Positive(t, crowded, "blocks with several")
	require.Positive(t, missed, "votes that are missing")
}
