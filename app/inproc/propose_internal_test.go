package inproc

import (
	"bytes"
	"fmt"
	"slices"
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

// verdict is what a proposal with changed votes deserves.
type verdict int

const (
	refused  verdict = iota
	accepted         // it is what validators can say
	byPower          // accepted when more than two thirds of the power are left
)

// forgery changes the votes of a proposal.
type forgery struct {
	name    string
	least   int // validators that it needs
	change  func(v *abci.ExtendedCommitInfo)
	deserve verdict
}

// forgeries are what proposers and validators can try: the victim is the second validator where there is one, and those
// who are hidden are the last.
func forgeries(l *ledger) []forgery {
	last := len(l.set.Validators) - 1
	victim := min(1, last)
	resign := func(v *abci.ExtendedVoteInfo, extension []byte) {
		v.VoteExtension = extension
		l.sign(v, l.height, ledgerChain)
	}
	lie := l.prices(fixed.FromInt(99))
	type info = abci.ExtendedCommitInfo
	return []forgery{
		{"nothing", 1, func(*info) {}, accepted},
		{"another price under the old signature", 1, func(v *info) { v.Votes[victim].VoteExtension = lie }, refused},
		{"a byte less under the old signature", 1, func(v *info) {
			x := &v.Votes[victim]
			x.VoteExtension = x.VoteExtension[:len(x.VoteExtension)-1]
		}, refused},
		{"a signature of nobody", 1, func(v *info) {
			v.Votes[victim].ExtensionSignature, _ = ed25519.GenPrivKey().Sign([]byte("x"))
		}, refused},
		{"half a signature", 1, func(v *info) {
			v.Votes[victim].ExtensionSignature = v.Votes[victim].ExtensionSignature[:32]
		}, refused},
		{"no signature", 1, func(v *info) { v.Votes[victim].ExtensionSignature = nil }, refused},
		{"a vote of another height", 1, func(v *info) { l.sign(&v.Votes[victim], l.height-1, ledgerChain) }, refused},
		{"a vote of another chain", 1, func(v *info) { l.sign(&v.Votes[victim], l.height, "another") }, refused},
		{"another round", 1, func(v *info) { v.Round = 1 }, refused},
		{"another order", 2, func(v *info) { v.Votes[0], v.Votes[1] = v.Votes[1], v.Votes[0] }, refused},
		{"the other way round", 2, func(v *info) { slices.Reverse(v.Votes) }, refused},
		{"no votes", 1, func(v *info) { v.Votes = nil }, refused},
		{"a vote less", 1, func(v *info) { v.Votes = v.Votes[:last] }, refused},
		{"a vote twice", 2, func(v *info) { v.Votes[1] = v.Votes[0] }, refused},
		{"a vote more", 1, func(v *info) { v.Votes = append(v.Votes, v.Votes[last]) }, refused},
		{"somebody else", 1, func(v *info) { v.Votes[victim].Validator.Address = make([]byte, 20) }, refused},
		{"more power", 1, func(v *info) { v.Votes[0].Validator.Power = 100 }, refused},
		{"one silenced under its signature", 1, func(v *info) { v.Votes[0].VoteExtension = nil }, refused},
		{"one hidden", 1, func(v *info) { hide(&v.Votes[last]) }, byPower},
		{"two hidden", 2, func(v *info) { hide(&v.Votes[last]); hide(&v.Votes[last-1]) }, byPower},
		{"the strongest hidden", 1, func(v *info) { hide(&v.Votes[0]) }, byPower},
		{"an absent one speaks", 1, func(v *info) {
			v.Votes[0].BlockIdFlag, v.Votes[0].ExtensionSignature = cmtproto.BlockIDFlagAbsent, nil
		}, refused},
		{"an absent one signs", 1, func(v *info) {
			v.Votes[0].BlockIdFlag, v.Votes[0].VoteExtension = cmtproto.BlockIDFlagAbsent, nil
		}, refused},
		{"one against the block", 1, func(v *info) {
			hide(&v.Votes[0])
			v.Votes[0].BlockIdFlag = cmtproto.BlockIDFlagNil
		}, refused},
		{"too long", 1, func(v *info) { resign(&v.Votes[victim], make([]byte, oracletypes.MaxVoteBytes+1)) }, refused},
		{"as long as can be", 1, func(v *info) {
			resign(&v.Votes[victim], make([]byte, oracletypes.MaxVoteBytes))
		}, accepted},
		{"a liar", 1, func(v *info) { resign(&v.Votes[victim], lie) }, accepted},
		{"a malformed one", 1, func(v *info) { resign(&v.Votes[victim], []byte{0xff}) }, accepted},
		{"one of an older block", 1, func(v *info) {
			old, err := oracletypes.EncodeVote(l.height-1, []oracletypes.Opinion{{Price: fixed.FromInt(99)}})
			require.NoError(l.tb, err)
			resign(&v.Votes[victim], old)
		}, accepted},
		{"a silent one", 1, func(v *info) { resign(&v.Votes[victim], nil) }, accepted},
	}
}

// left reports whether more than two thirds of the power have voted.
func (l *ledger) left(given *abci.ExtendedCommitInfo) bool {
	voted := int64(0)
	for _, v := range given.Votes {
		if v.BlockIdFlag == cmtproto.BlockIDFlagCommit {
			voted += v.Validator.Power
		}
	}
	return 3*voted > 2*l.set.TotalVotingPower()
}

// TestForgedVotes: a proposal whose votes are not those of the commit is rejected; what validators can say is accepted
// and leaves the price within what the honest ones say, where there are any. A block that was decided never stops a
// chain, whatever it begins with.
func TestForgedVotes(t *testing.T) {
	t.Parallel()
	for _, powers := range [][]int64{{1}, {1, 1, 1, 1}, {40, 30, 20, 10}} {
		for _, enable := range []int64{1, 2} {
			t.Run(fmt.Sprintf("%v from %d", powers, enable), func(t *testing.T) {
				t.Parallel()
				l := genesisOf(t, 1, enable, powers...)
				l.to(enable + 2)
				for i := range forgeries(l) { // those of this height
					l.attack(t, forgeries(l)[i])
				}
			})
		}
	}
}

// attack has a forgery judged, and decided all the same.
func (l *ledger) attack(t *testing.T, f forgery) {
	t.Helper()
	if len(l.set.Validators) < f.least {
		return
	}
	honest, forged := l.vote(l.tens), l.vote(l.tens)
	f.change(&forged)
	want := f.deserve == accepted || f.deserve == byPower && l.left(&forged)
	require.Equal(t, want, l.process(commit(honest), inject(t, forged)), f.name)
	l.decide(commit(honest), inject(t, forged))
	low, high := enginetest.W(t, "10"), enginetest.W(t, "10.3")
	p := l.price() // of a validator that is alone and lies the breaker keeps the old one
	require.False(t, p.Value.Less(low) || high.Less(p.Value), "%s: %v", f.name, p.Value)
	if len(l.set.Validators) > 1 && want {
		require.Equal(t, oracle.StatusOK, p.Status, f.name)
	}
	l.block(l.tens) // the chain goes on
}

// TestThirds: who lies and who is silent counts by power. A third that lies moves no price out of what the honest ones
// say, whoever is silent beside it. Where more lie, and are half of those who have reported, the breaker keeps the
// price at first; what stands behind it is another class of sources.
func TestThirds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		powers []int64
		says   string // of each validator: h honest, u a lie upwards, d downwards, - silent
		want   oracle.Status
	}{
		{"all are honest", []int64{40, 30, 20, 10}, "hhhh", oracle.StatusOK},
		{"a third lies upwards", []int64{40, 30, 20, 10}, "huhh", oracle.StatusOK},
		{"a third lies downwards", []int64{40, 30, 20, 10}, "hdhh", oracle.StatusOK},
		{"a third of two lies", []int64{40, 30, 20, 10}, "hhuu", oracle.StatusOK},
		{"a third of two lies, each in its way", []int64{40, 30, 20, 10}, "hhud", oracle.StatusOK},
		{"two fifths lie", []int64{40, 30, 20, 10}, "dhhh", oracle.StatusOK},
		{"a third is silent", []int64{40, 30, 20, 10}, "h-hh", oracle.StatusOK},
		{"a third of two is silent", []int64{40, 30, 20, 10}, "hh--", oracle.StatusOK},
		{"two fifths are silent", []int64{40, 30, 20, 10}, "-hhh", oracle.StatusNoQuorum},
		{"three fifths are silent", []int64{40, 30, 20, 10}, "h--h", oracle.StatusNoQuorum},
		{"a third is silent and three sevenths lie", []int64{40, 30, 20, 10}, "h-uu", oracle.StatusOK},
		{"a third is silent and the largest lies", []int64{40, 30, 20, 10}, "u-hh", oracle.StatusTripped},
		{"more than half lies", []int64{40, 30, 20, 10}, "uhuh", oracle.StatusTripped},
		{"a third is silent and a third lies downwards", []int64{1, 1, 1}, "-dh", oracle.StatusNoQuorum},
		{"a third is silent and a third lies upwards", []int64{1, 1, 1}, "u-h", oracle.StatusNoQuorum},
		{"three tenths are silent and three tenths lie", []int64{40, 30, 20, 10}, "hd--", oracle.StatusOK},
		{"a quarter is silent and a third of the rest lies", []int64{1, 1, 1, 1}, "-uhh", oracle.StatusOK},
		{"a quarter lies", []int64{1, 1, 1, 1}, "hhdh", oracle.StatusOK},
		{"alone and silent", []int64{1}, "-", oracle.StatusNoQuorum},
		{"alone and a liar", []int64{1}, "u", oracle.StatusTripped},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := genesisOf(t, 1, 1, test.powers...)
			l.seconds = 300 // a price of which nobody says anything is too old after two blocks
			l.to(3)
			require.Equal(t, oracle.StatusOK, l.price().Status)
			say := map[byte]func(int) []byte{
				'h': l.tens,
				'u': func(int) []byte { return l.prices(fixed.FromInt(1_000_000)) },
				'd': func(int) []byte { return l.prices(fixed.FromRaw(1)) },
				'-': func(int) []byte { return nil },
			}
			low, high := enginetest.W(t, "10"), enginetest.W(t, "10.3")
			blocks := 4
			if test.want == oracle.StatusTripped {
				blocks = 1 // a breaker closes when all reports agree on the new price for long enough
			}
			for range blocks {
				l.block(func(i int) []byte { return say[test.says[i]](i) })
				value := l.price().Value
				require.False(t, value.Less(low) || high.Less(value), "%v", value)
			}
			require.Equal(t, test.want, l.price().Status)
			l.block(l.tens) // the chain goes on
		})
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
