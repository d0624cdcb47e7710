package inproc

import (
	"bytes"
	"fmt"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/oracle/votes"
)

func inject(tb testing.TB, v abci.ExtendedCommitInfo) []byte {
	tb.Helper()
	b, err := votes.Inject(&v)
	require.NoError(tb, err)
	return b
}

// hide shows a vote as absent.
func hide(v *abci.ExtendedVoteInfo) {
	v.BlockIdFlag, v.VoteExtension, v.ExtensionSignature = cmtproto.BlockIDFlagAbsent, nil, nil
}

// forgeries change the votes of a proposal. With good votes it is accepted.
func forgeries(l *ledger) []struct {
	name     string
	change   func(v *abci.ExtendedCommitInfo)
	accepted bool
} {
	resign := func(v *abci.ExtendedVoteInfo, extension []byte) {
		v.VoteExtension = extension
		l.sign(v, l.height, ledgerChain)
	}
	lie := l.prices(fixed.FromInt(99))
	return []struct {
		name     string
		change   func(v *abci.ExtendedCommitInfo)
		accepted bool
	}{
		{"nothing", func(*abci.ExtendedCommitInfo) {}, true},
		{"another price under the old signature", func(v *abci.ExtendedCommitInfo) {
			v.Votes[1].VoteExtension = lie
		}, false},
		{"a signature of nobody", func(v *abci.ExtendedCommitInfo) {
			v.Votes[1].ExtensionSignature, _ = ed25519.GenPrivKey().Sign([]byte("x"))
		}, false},
		{"no signature", func(v *abci.ExtendedCommitInfo) { v.Votes[1].ExtensionSignature = nil }, false},
		{"a vote of another height", func(v *abci.ExtendedCommitInfo) {
			l.sign(&v.Votes[1], l.height-1, ledgerChain)
		}, false},
		{"a vote of another chain", func(v *abci.ExtendedCommitInfo) {
			l.sign(&v.Votes[1], l.height, "another")
		}, false},
		{"another round", func(v *abci.ExtendedCommitInfo) { v.Round = 1 }, false},
		{"another order", func(v *abci.ExtendedCommitInfo) {
			v.Votes[0], v.Votes[1] = v.Votes[1], v.Votes[0]
		}, false},
		{"a vote less", func(v *abci.ExtendedCommitInfo) { v.Votes = v.Votes[:3] }, false},
		{"a vote twice", func(v *abci.ExtendedCommitInfo) { v.Votes[1] = v.Votes[0] }, false},
		{"a vote more", func(v *abci.ExtendedCommitInfo) { v.Votes = append(v.Votes, v.Votes[3]) }, false},
		{"more power", func(v *abci.ExtendedCommitInfo) { v.Votes[0].Validator.Power = 100 }, false},
		{"one silenced under its signature", func(v *abci.ExtendedCommitInfo) { v.Votes[0].VoteExtension = nil }, false},
		{"one hidden", func(v *abci.ExtendedCommitInfo) { hide(&v.Votes[0]) }, true},
		{"two hidden", func(v *abci.ExtendedCommitInfo) { hide(&v.Votes[0]); hide(&v.Votes[1]) }, false},
		{"an absent one speaks", func(v *abci.ExtendedCommitInfo) {
			v.Votes[0].BlockIdFlag, v.Votes[0].ExtensionSignature = cmtproto.BlockIDFlagAbsent, nil
		}, false},
		{"an absent one signs", func(v *abci.ExtendedCommitInfo) {
			v.Votes[0].BlockIdFlag, v.Votes[0].VoteExtension = cmtproto.BlockIDFlagAbsent, nil
		}, false},
		{"one against the block", func(v *abci.ExtendedCommitInfo) {
			hide(&v.Votes[0])
			v.Votes[0].BlockIdFlag = cmtproto.BlockIDFlagNil
		}, false},
		{"too long", func(v *abci.ExtendedCommitInfo) {
			resign(&v.Votes[1], make([]byte, oracletypes.MaxVoteBytes+1))
		}, false},
		{"a liar", func(v *abci.ExtendedCommitInfo) { resign(&v.Votes[1], lie) }, true},
		{"a malformed one", func(v *abci.ExtendedCommitInfo) { resign(&v.Votes[1], []byte{0xff}) }, true},
		{"one of an older block", func(v *abci.ExtendedCommitInfo) {
			old, err := oracletypes.EncodeVote(l.height-1, []oracletypes.Opinion{{Price: fixed.FromInt(99)}})
			require.NoError(l.tb, err)
			resign(&v.Votes[1], old)
		}, true},
		{"a silent one", func(v *abci.ExtendedCommitInfo) { resign(&v.Votes[1], nil) }, true},
	}
}

// TestForgedVotes: a proposal whose votes are not those of the commit is rejected; what validators can say is accepted
// and leaves the price within what the honest ones say.
func TestForgedVotes(t *testing.T) {
	for _, enable := range []int64{1, 2} {
		l := genesisOf(t, 1, enable)
		l.to(enable + 2)
		low, high := enginetest.W(t, "10"), enginetest.W(t, "10.3")
		for _, test := range forgeries(l) {
			honest := l.vote(l.tens)
			forged := l.vote(l.tens)
			test.change(&forged)
			require.Equal(t, test.accepted, l.process(commit(honest), inject(t, forged)), test.name)
		}
		for i := range forgeries(l) { // a block that was decided never stops a chain, whatever it begins with
			test := forgeries(l)[i]
			forged := l.vote(l.tens)
			test.change(&forged)
			l.decide(commit(l.vote(l.tens)), inject(t, forged))
			if p := l.price(); test.accepted {
				require.Equal(t, oracle.StatusOK, p.Status, test.name)
				require.False(t, p.Value.Less(low) || high.Less(p.Value), "%s: %v", test.name, p.Value)
			}
		}
	}
}

// TestForgedBlocks: what is not votes in the first place, or hides behind them.
func TestForgedBlocks(t *testing.T) {
	l := genesisOf(t, 1, 2)
	l.to(1)
	require.False(t, l.process(abci.CommitInfo{}, inject(t, abci.ExtendedCommitInfo{})), "before they are due")
	l.to(4)
	honest := l.vote(l.tens)
	good, seen := inject(t, honest), commit(honest)
	for _, test := range []struct {
		name     string
		txs      [][]byte
		accepted bool
	}{
		{"votes", [][]byte{good}, true},
		{"no transaction", nil, false},
		{"an empty one", [][]byte{{}}, false},
		{"votes twice", [][]byte{good, good}, false},
		{"votes last", [][]byte{{}, good}, false},
		{"something unreadable", [][]byte{good, []byte("x")}, false},
		{"an empty transaction", [][]byte{good, {}}, true}, // it can be read; nobody has signed it, so that it fails
		{"a byte more", [][]byte{append(bytes.Clone(good), 0)}, false},
		{"a byte less", [][]byte{good[:len(good)-1]}, false},
		{"an unknown field", [][]byte{append(bytes.Clone(good), 0x78, 1)}, false},
		{"only the beginning", [][]byte{good[:4]}, false},
		{"another version", [][]byte{append([]byte("\xffve\x02"), good[4:]...)}, false},
	} {
		require.Equal(t, test.accepted, l.process(seen, test.txs...), test.name)
	}
}

// TestUnlucky: an honest proposer proposes whatever came late to its commit.
func TestUnlucky(t *testing.T) {
	l := genesisOf(t, 1, 1)
	l.to(3)
	for _, late := range [][]byte{make([]byte, 1<<20), make([]byte, oracletypes.MaxVoteBytes), {1}} {
		unlucky := l.vote(func(i int) []byte {
			if i == 2 {
				return late
			}
			return l.tens(i)
		})
		txs := l.prepare(unlucky, blockBytes)
		require.Less(t, len(txs[0]), 2*oracletypes.MaxVoteBytes)
		require.True(t, l.process(commit(unlucky), txs...))
		l.decide(commit(unlucky), txs...)
		require.Equal(t, oracle.StatusOK, l.price().Status)
	}
	require.Equal(t, [][]byte{}, append([][]byte{}, l.prepare(l.vote(l.tens), 10)...), "no room for the votes")
	for _, bad := range []string{"unreadable", ""} { // the SDK panics when it is asked for the gas of the second
		txs := l.prepare(l.vote(l.tens), blockBytes, []byte(bad))
		require.Len(t, txs, 1)
		require.True(t, votes.Injected(txs[0]))
	}
}

// TestRoom: votes and transactions together stay within what a block can hold.
func TestRoom(t *testing.T) {
	l := genesisOf(t, 20, 1)
	l.to(2)
	pool := make([][]byte, 200)
	for i := range pool {
		b := l.app.TxConfig().NewTxBuilder()
		b.SetMemo(fmt.Sprintf("%03d", i))
		var err error
		pool[i], err = l.app.TxConfig().TxEncoder()(b.GetTx())
		require.NoError(t, err)
	}
	all := l.prepare(l.vote(l.tens), blockBytes, pool...)
	require.Len(t, all, 201)
	most := cmttypes.ComputeProtoSizeForTxs(cmttypes.ToTxs(all[:11])) + 1
	some := l.prepare(l.vote(l.tens), most, pool...)
	require.Len(t, some, 11)
	require.LessOrEqual(t, cmttypes.ComputeProtoSizeForTxs(cmttypes.ToTxs(some)), most)
}
