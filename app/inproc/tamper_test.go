package inproc_test

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/oracle/votes"
)

type extended = abci.ExtendedCommitInfo

// tamperer is a validator that proposes with something else than the commit that it has seen, accepts what it has made,
// and says in its own votes whatever can be said.
type tamperer struct {
	t *testing.T

	mu     sync.Mutex
	turns  int       // in which votes were due
	tried  []attempt // its proposals
	before extended  // the commit of an earlier turn
}

// attempt is a proposal, and whether it may become a block.
type attempt struct {
	name     string
	height   int64
	txs      [][]byte
	harmless bool
}

// alteration makes the transactions of a proposal of a real commit, and of one of an earlier height.
type alteration struct {
	name     string
	harmless bool // it may become a block
	make     func(now, before *extended) [][]byte
}

// rewrite is an alteration of the votes alone.
func rewrite(t *testing.T, name string, harmless bool, change func(now, before *extended)) alteration {
	t.Helper()
	return alteration{name, harmless, func(now, before *extended) [][]byte {
		changed := *now
		changed.Votes = slices.Clone(now.Votes)
		change(&changed, before)
		return [][]byte{injected(t, &changed)}
	}}
}

func injected(t *testing.T, commit *extended) []byte {
	t.Helper()
	tx, err := votes.Inject(commit)
	require.NoError(t, err)
	return tx
}

// at is the place of the vote of a power.
func at(commit *extended, power int64) *abci.ExtendedVoteInfo {
	i := slices.IndexFunc(commit.Votes, func(v abci.ExtendedVoteInfo) bool { return v.Validator.Power == power })
	return &commit.Votes[i]
}

// hidden shows the vote of a power as absent.
func hidden(power int64) func(now, before *extended) {
	return func(now, _ *extended) {
		v := at(now, power)
		*v = abci.ExtendedVoteInfo{Validator: v.Validator, BlockIdFlag: cmtproto.BlockIDFlagAbsent}
	}
}

// alterations are what a proposer can do to the commit of four validators of powers 40, 30, 20 and 10; its is 30.
func alterations(t *testing.T) []alteration {
	t.Helper()
	lie := func(power int64) func(now, before *extended) {
		return func(now, _ *extended) { at(now, power).VoteExtension = said(t, 7, "99") }
	}
	whole := func(name string, change func(tx []byte) [][]byte) alteration {
		return alteration{name, false, func(now, _ *extended) [][]byte { return change(injected(t, now)) }}
	}
	return []alteration{
		rewrite(t, "as it is", true, func(*extended, *extended) {}),
		rewrite(t, "forged prices of another", false, lie(40)),
		rewrite(t, "a stale commit", false, func(now, before *extended) { *now = *before }),
		rewrite(t, "a stale vote", false, func(now, before *extended) { *at(now, 40) = *at(before, 40) }),
		rewrite(t, "reordered", false, func(now, _ *extended) { slices.Reverse(now.Votes) }),
		rewrite(t, "two in each other's place", false, func(now, _ *extended) {
			now.Votes[0], now.Votes[1] = now.Votes[1], now.Votes[0]
		}),
		rewrite(t, "truncated by a vote", false, func(now, _ *extended) { now.Votes = now.Votes[:3] }),
		rewrite(t, "truncated to nothing", false, func(now, _ *extended) { now.Votes = nil }),
		rewrite(t, "a truncated extension", false, func(now, _ *extended) {
			v := at(now, 40)
			v.VoteExtension = v.VoteExtension[:len(v.VoteExtension)-1]
		}),
		rewrite(t, "silenced under its signature", false, func(now, _ *extended) { at(now, 40).VoteExtension = nil }),
		rewrite(t, "oversized", false, func(now, _ *extended) {
			v := at(now, 40)
			v.VoteExtension = append(bytes.Clone(v.VoteExtension), make([]byte, oracletypes.MaxVoteBytes)...)
		}),
		rewrite(t, "oversized in number", false, func(now, _ *extended) {
			now.Votes = slices.Repeat(now.Votes, 1000)
		}),
		rewrite(t, "a vote twice", false, func(now, _ *extended) { *at(now, 20) = *at(now, 40) }),
		rewrite(t, "without a signature", false, func(now, _ *extended) { at(now, 40).ExtensionSignature = nil }),
		rewrite(t, "with more power", false, func(now, _ *extended) { at(now, 30).Validator.Power = 300 }),
		rewrite(t, "of another round", false, func(now, _ *extended) { now.Round++ }),
		rewrite(t, "more than a third hidden", false, hidden(40)),
		rewrite(t, "a tenth hidden", true, hidden(10)),
		whole("a truncated transaction", func(tx []byte) [][]byte { return [][]byte{tx[:len(tx)-1]} }),
		whole("a longer transaction", func(tx []byte) [][]byte { return [][]byte{append(tx, 0)} }),
		whole("twice", func(tx []byte) [][]byte { return [][]byte{tx, tx} }),
		whole("not at all", func([]byte) [][]byte { return nil }),
	}
}

// said is the extension that says a price of the first asset.
func said(t *testing.T, height int64, price string) []byte {
	t.Helper()
	b, err := oracletypes.EncodeVote(height, []oracletypes.Opinion{{Price: enginetest.W(t, price)}})
	require.NoError(t, err)
	return b
}

// propose is a turn. Before votes are due it brings some all the same.
func (x *tamperer) propose(_ sdk.Context, req *abci.RequestPrepareProposal) (*abci.ResponsePrepareProposal, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	try := attempt{name: "votes before they are due", height: req.Height}
	if len(req.LocalLastCommit.Votes) == 0 || len(at(&req.LocalLastCommit, 40).ExtensionSignature) == 0 {
		try.txs = [][]byte{injected(x.t, &req.LocalLastCommit)}
	} else {
		all := alterations(x.t)
		a := all[x.turns%len(all)]
		try.name, try.harmless, try.txs = a.name, a.harmless, a.make(&req.LocalLastCommit, &x.before)
		x.turns++
		x.before = req.LocalLastCommit
	}
	x.tried = append(x.tried, try)
	return &abci.ResponsePrepareProposal{Txs: try.txs}, nil
}

// extend is its own vote: lies in both directions, and what nobody takes.
func (x *tamperer) extend(_ sdk.Context, req *abci.RequestExtendVote) (*abci.ResponseExtendVote, error) {
	lies := [][]byte{
		said(x.t, req.Height, "1000000"), said(x.t, req.Height, "0.000001"), nil, said(x.t, req.Height-1, "99"),
		{0xff},
		make([]byte, oracletypes.MaxVoteBytes+1),
	}
	return &abci.ResponseExtendVote{VoteExtension: lies[req.Height%int64(len(lies))]}, nil
}

// into makes an application that of the tamperer.
func (x *tamperer) into(a *app.App) {
	a.SetPrepareProposal(x.propose)
	a.SetExtendVoteHandler(x.extend)
	a.SetProcessProposal(func(sdk.Context, *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
		return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}, nil
	})
	a.SetVerifyVoteExtensionHandler(func(
		sdk.Context, *abci.RequestVerifyVoteExtension,
	) (*abci.ResponseVerifyVoteExtension, error) {
		return &abci.ResponseVerifyVoteExtension{Status: abci.ResponseVerifyVoteExtension_ACCEPT}, nil
	})
}

// done reports that everything was tried, and how often it had its turn.
func (x *tamperer) done() (bool, []attempt) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.turns >= len(alterations(x.t)), slices.Clone(x.tried)
}

// TestTamperedCommits: whole nodes with unequal powers, one of which alters the real commits that it proposes with, and
// its own votes. Nothing but what is harmless becomes a block, no price leaves what honest ones say, and blocks go on.
func TestTamperedCommits(t *testing.T) {
	for _, enable := range []int64{1, 2} {
		t.Run(fmt.Sprintf("from %d", enable), func(t *testing.T) {
			t.Parallel()
			x := &tamperer{t: t}
			nodes := run(t, inproc.Options{
				Powers: []int64{40, 30, 20, 10}, VoteHeight: enable,
				Change: func(i int, a *app.App) {
					says(t, "10", "10.01", "10.02", "10.03")(i, a)
					if i == 1 {
						x.into(a)
					}
				},
			}, enable+1)
			honest, height := nodes[0], enable+1
			for all, _ := x.done(); !all; all, _ = x.done() {
				height++
				require.NoError(t, honest.WaitHeight(t.Context(), height, time.Minute))
			}
			_, tried := x.done()
			height = tried[len(tried)-1].height
			for _, n := range nodes {
				require.NoError(t, n.WaitHeight(t.Context(), height, time.Minute))
			}
			x.lost(honest, tried, height)
			low, high := enginetest.W(t, "10"), enginetest.W(t, "10.03")
			seen := fixed.Wad{}
			for h := int64(1); h <= height; h++ {
				same(t, nodes, h)
				p := priceAt(t, honest, h)
				require.False(t, p.Status == oracle.StatusOK && (p.Value.Less(low) || high.Less(p.Value)), "%d: %v", h, p.Value)
				require.True(t, seen.IsZero() || p.Status == oracle.StatusOK, "%d: %v", h, p.Status)
				seen = p.Value
			}
			require.False(t, seen.IsZero())
		})
	}
}

// lost checks that no proposal that is not harmless has become a block, and that every block begins with votes.
func (x *tamperer) lost(n *inproc.Node, tried []attempt, height int64) {
	x.t.Helper()
	blocks, harmless := n.Comet.BlockStore(), 0
	for _, try := range tried {
		if try.height > height {
			continue
		}
		decided := blocks.LoadBlock(try.height).Txs.ToSliceOfBytes()
		became := slices.EqualFunc(decided, try.txs, bytes.Equal)
		require.False(x.t, became && !try.harmless, "%d: %s", try.height, try.name)
		if became {
			harmless++
		}
	}
	require.Positive(x.t, harmless, "what is harmless becomes a block")
}

// priceAt is what a node published of the first asset in a block.
func priceAt(t *testing.T, n *inproc.Node, height int64) oracle.Price {
	t.Helper()
	ctx, err := n.App.CreateQueryContext(height, false)
	require.NoError(t, err)
	s, err := n.App.Oracle.Snapshot(ctx)
	require.NoError(t, err)
	return s.Prices[0]
}
