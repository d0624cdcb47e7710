package inproc

import (
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/votes"
)

// TestCatchUp: nodes that only execute what others have decided, one transaction after the other or many at a time, get
// the same state and the same results, which are part of the next header.
func TestCatchUp(t *testing.T) {
	l := genesisOf(t, 3, 1)
	followers := []*ledger{
		l.twin(map[string]any{"block-executor": "sequential"}),
		l.twin(map[string]any{"block-executor": "block-stm", "block-stm-workers": 4}),
		l.twin(map[string]any{"block-executor": "block-stm", "block-stm-workers": 2, "block-stm-pre-estimate": true}),
	}
	empty := []byte{} // can be read, and fails
	for range 12 {
		seen, txs := abci.CommitInfo{}, [][]byte{empty, empty}
		if l.height > 0 {
			honest := l.vote(l.tens)
			seen, txs = commit(honest), append(l.prepare(honest, blockBytes), txs...)
			require.True(t, l.process(seen, txs...))
		}
		want := l.decide(seen, txs...)
		for _, f := range followers {
			got := f.decide(seen, txs...)
			require.Equal(t, want.AppHash, got.AppHash)
			require.Len(t, got.TxResults, len(txs))
			for i, r := range got.TxResults {
				w := want.TxResults[i]
				require.Equal(t, []any{w.Code, w.GasUsed, w.GasWanted, w.Data}, []any{r.Code, r.GasUsed, r.GasWanted, r.Data})
			}
			if l.height > 1 {
				require.True(t, got.TxResults[0].IsOK())
			}
		}
	}
	require.Equal(t, oracle.StatusOK, l.price().Status)
}

// BenchmarkVotes is what votes on 50 assets by four validators cost a block: the parts that every node does, and what
// of them is signatures.
func BenchmarkVotes(b *testing.B) {
	l := genesisOf(b, 50, 1)
	l.to(3)
	honest := l.vote(l.tens)
	txs := l.prepare(honest, blockBytes)
	require.True(b, l.process(commit(honest), txs...))
	b.Logf("%d bytes a block", len(txs[0]))
	b.Run("Prepare", func(b *testing.B) {
		for b.Loop() {
			l.prepare(honest, blockBytes)
		}
	})
	b.Run("Process", func(b *testing.B) {
		for b.Loop() {
			l.process(commit(honest), txs...)
		}
	})
	header := cmtproto.Header{ChainID: ledgerChain, Height: l.height + 1, Time: l.at(l.height + 1)}
	ctx := l.app.NewNextBlockContext(header).WithConsensusParams(l.doc.ConsensusParams.ToProto())
	h := votes.Handlers{Config: votes.Config{Oracle: l.app.Oracle}}
	b.Run("PreBlock", func(b *testing.B) {
		for b.Loop() {
			branch, _ := ctx.CacheContext()
			h.PreBlock(branch, txs)
		}
	})
	b.Run("Signatures", func(b *testing.B) {
		for b.Loop() {
			for i, v := range honest.Votes {
				vote := cmtproto.Vote{Height: l.height, Extension: v.VoteExtension}
				message := cmttypes.VoteExtensionSignBytes(ledgerChain, &vote)
				require.True(b, l.set.Validators[i].PubKey.VerifySignature(message, v.ExtensionSignature))
			}
		}
	})
	b.Run("Extend", func(b *testing.B) {
		l.app.SetPrices(everything{})
		for b.Loop() {
			r, err := l.app.ExtendVote(b.Context(), &abci.RequestExtendVote{Height: l.height})
			require.NoError(b, err)
			require.NotEmpty(b, r.VoteExtension)
		}
	})
}

// everything has a price.
type everything struct{}

// Price is 10.
func (everything) Price(string) (fixed.Wad, bool) { return fixed.FromInt(10), true }
