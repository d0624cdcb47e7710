package hostile_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/state"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"

	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"github.com/ballast-finance/ballast/testutil/devnet"
)

var recording = flag.String("hostile.record", "", "record the history of a network into this `FILE`")

// TestRecord records a network: reports, a treasury that sells and is paid, a bid that is filled, a validator that is
// killed and misses blocks. TestDevnet of tests/chain executes the recording again. `make devnet` runs it.
func TestRecord(t *testing.T) {
	if *recording == "" {
		t.Skip("make devnet does it")
	}
	c := newChain(t)
	c.begin(t)
	c.treasury(t)
	lot := c.open(t)
	c.bid(t, lot)
	c.kill(t, 3)
	c.grow(t, 0, 4)
	c.start(t, 3)
	c.reach(t, 3, c.grow(t, 0, 2))
	c.sold(t, lot.Id)
	c.agree(t)
	r := c.recorded(t, c.height(t, 0)-1)
	out, err := os.Create(*recording)
	require.NoError(t, err)
	require.NoError(t, r.Write(out))
	require.NoError(t, out.Close())
	t.Logf("%d blocks in %s", len(r.Blocks), *recording)
}

// recorded asks the first node for its history.
func (c *chain) recorded(t *testing.T, last int64) *devnet.Recording {
	t.Helper()
	file, err := genutiltypes.AppGenesisFromFile(filepath.Join(c.Nodes[0].Home, "config", "genesis.json"))
	require.NoError(t, err)
	genesis, err := file.ToGenesisDoc()
	require.NoError(t, err)
	params := genesis.ConsensusParams.ToProto()
	r := &devnet.Recording{Start: &abci.RequestInitChain{
		Time: genesis.GenesisTime, ChainId: genesis.ChainID, InitialHeight: genesis.InitialHeight,
		ConsensusParams: &params, AppStateBytes: genesis.AppState,
	}}
	node := c.rpc(t, 0)
	signers := &cmttypes.ValidatorSet{}
	for height := genesis.InitialHeight; height <= last; height++ {
		answer, err := node.Block(t.Context(), &height)
		require.NoError(t, err)
		results, err := node.BlockResults(t.Context(), &height)
		require.NoError(t, err)
		block := answer.Block
		r.Blocks = append(r.Blocks, devnet.Block{
			Request: &abci.RequestFinalizeBlock{
				Txs: block.Txs.ToSliceOfBytes(), Hash: block.Hash(), Height: height, Time: block.Time,
				DecidedLastCommit:  state.BuildLastCommitInfo(block, signers, genesis.InitialHeight),
				Misbehavior:        block.Evidence.Evidence.ToABCI(),
				NextValidatorsHash: block.NextValidatorsHash, ProposerAddress: block.ProposerAddress,
			},
			Answer: devnet.Agreed(results.AppHash, results.TxsResults),
		})
		set, err := node.Validators(t.Context(), &height, nil, nil)
		require.NoError(t, err)
		signers = cmttypes.NewValidatorSet(set.Validators)
	}
	return r
}
