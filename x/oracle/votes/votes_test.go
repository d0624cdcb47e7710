package votes_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/testutil/fake"
	"github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/oracle/votes"
)

// desk is an oracle that remembers, and a node that knows two prices.
type desk struct {
	polled  []types.Polled
	medians []types.Opinion
	event   types.EventMediansTaken
	err     error
}

func (d *desk) Polled(context.Context) ([]types.Polled, error) { return d.polled, d.err }

func (d *desk) TakeMedians(_ context.Context, m []types.Opinion) error {
	d.medians = m
	return d.err
}

func (d *desk) AnnounceMedians(_ context.Context, e *types.EventMediansTaken) error {
	d.event = *e
	return d.err
}

// Price knows two.
func (*desk) Price(denom string) (fixed.Wad, bool) {
	return fixed.FromInt(int64(len(denom))), denom == "a" || denom == "bb"
}

func handlers(d *desk) *votes.Handlers {
	return &votes.Handlers{Config: votes.Config{Oracle: d, Prices: func() votes.Prices { return d }}}
}

const enabled = 5

// at is the context of a block; votes are due from the sixth on.
func at(tb testing.TB, height int64) sdk.Context {
	tb.Helper()
	ctx, _ := fake.Context(tb, "oracle")
	return ctx.WithBlockHeight(height).WithConsensusParams(cmtproto.ConsensusParams{
		Abci: &cmtproto.ABCIParams{VoteExtensionsEnableHeight: enabled},
	})
}

// TestExtend: a node says what it knows of what is polled, and nothing rather than an error.
func TestExtend(t *testing.T) {
	t.Parallel()
	all := []types.Polled{{Asset: 1, Denom: "a"}, {Asset: 3, Denom: "ccc"}, {Asset: 9, Denom: "bb"}}
	for _, test := range []struct {
		name string
		desk desk
		want []types.Opinion
	}{
		{
			"what it knows",
			desk{polled: all},
			[]types.Opinion{{Asset: 1, Price: fixed.One()}, {Asset: 9, Price: fixed.FromInt(2)}},
		},
		{"nothing is polled", desk{}, nil},
		{"nothing is known", desk{polled: all[1:2]}, nil},
		{"the store is broken", desk{polled: all, err: errors.New("broken")}, nil},
		{"out of order", desk{polled: []types.Polled{all[2], all[0]}}, nil},
	} {
		h := handlers(&test.desk)
		r, err := h.Extend(at(t, enabled), &abci.RequestExtendVote{Height: enabled})
		require.NoError(t, err, test.name)
		said, err := types.DecodeVote(r.VoteExtension, enabled)
		require.NoError(t, err, test.name)
		require.Equal(t, test.want, said, test.name)
		verdict, err := h.Verify(at(t, enabled), &abci.RequestVerifyVoteExtension{
			Height: enabled, VoteExtension: r.VoteExtension,
		})
		require.NoError(t, err)
		require.True(t, verdict.IsAccepted())
	}
	quiet := votes.Handlers{Config: votes.Config{Oracle: &desk{polled: all}, Prices: func() votes.Prices { return nil }}}
	r, err := quiet.Extend(at(t, enabled), &abci.RequestExtendVote{Height: enabled})
	require.NoError(t, err)
	require.Empty(t, r.VoteExtension)
	verdict, err := quiet.Verify(at(t, enabled), &abci.RequestVerifyVoteExtension{Height: 1, VoteExtension: []byte{1}})
	require.NoError(t, err)
	require.False(t, verdict.IsAccepted())
}

func injected(tb testing.TB, said ...[]types.Opinion) []byte {
	tb.Helper()
	var all abci.ExtendedCommitInfo
	for _, o := range said {
		v := abci.ExtendedVoteInfo{
			Validator: abci.Validator{Address: []byte{1}, Power: 10}, BlockIdFlag: cmtproto.BlockIDFlagCommit,
		}
		if o != nil {
			b, err := types.EncodeVote(enabled, o)
			require.NoError(tb, err)
			v.VoteExtension = b
		}
		all.Votes = append(all.Votes, v)
	}
	b, err := votes.Inject(&all)
	require.NoError(tb, err)
	return b
}

// TestPreBlock: each asset that is polled has the median of those who know it, if they are enough.
func TestPreBlock(t *testing.T) {
	t.Parallel()
	say := func(prices ...int64) (said []types.Opinion) {
		for i, p := range prices {
			if p > 0 {
				said = append(said, types.Opinion{Asset: uint16(i), Price: fixed.FromInt(p)})
			}
		}
		return said
	}
	d := &desk{polled: []types.Polled{{Asset: 0, Denom: "a"}, {Asset: 1, Denom: "bb"}, {Asset: 7, Denom: "x"}}}
	h := handlers(d)
	txs := [][]byte{injected(t, say(10, 20, 30), say(11, 0), say(1000, 21), nil)}
	h.PreBlock(at(t, enabled), txs)
	require.Nil(t, d.medians, "not due yet")
	h.PreBlock(at(t, enabled+1), txs)
	require.Equal(t, []types.Opinion{{Asset: 0, Price: fixed.FromInt(11)}}, d.medians)
	require.Equal(t, types.EventMediansTaken{Taken: 1, Missed: 2, Voters: 3}, d.event)
	d.medians = nil
	ctx := at(t, enabled+2) // the votes are for another block
	h.PreBlock(ctx, txs)
	require.Empty(t, d.medians)
	require.Equal(t, types.EventMediansTaken{Missed: 3, Invalid: 3}, d.event)
	for _, bad := range [][][]byte{nil, {nil}, {[]byte("x")}, {[]byte("\xffve\x01\xff")}} {
		h.PreBlock(at(t, enabled+1), bad)
	}
	d.err = errors.New("broken")
	ctx = at(t, enabled+1).WithEventManager(sdk.NewEventManager())
	h.PreBlock(ctx, txs)
	require.Len(t, ctx.EventManager().Events(), 1)
	require.Equal(t, "ballast.oracle.v1.EventMediansFailed", ctx.EventManager().Events()[0].Type)
}

// TestMinority: however a minority of those who report lies, the median is within what the others say.
func TestMinority(t *testing.T) {
	t.Parallel()
	ctx := at(t, enabled+1)
	rapid.Check(t, func(t *rapid.T) {
		var said [][]types.Opinion
		honest, liars := rapid.IntRange(2, 12).Draw(t, "honest"), 0
		low, high := int64(1000), int64(1010)
		for range honest {
			price := rapid.Int64Range(low, high).Draw(t, "price")
			said = append(said, []types.Opinion{{Price: fixed.FromInt(price)}})
		}
		for ; 2*(liars+1) < honest+liars+1; liars++ {
			lie := rapid.Int64Range(1, 1<<40).Draw(t, "lie")
			said = append(said, []types.Opinion{{Price: fixed.FromInt(lie)}})
		}
		d := &desk{polled: []types.Polled{{Denom: "a"}}}
		var all abci.ExtendedCommitInfo
		for _, o := range rapid.Permutation(said).Draw(t, "shuffled") {
			b, err := types.EncodeVote(enabled, o)
			require.NoError(t, err)
			all.Votes = append(all.Votes, abci.ExtendedVoteInfo{
				Validator: abci.Validator{Power: 10}, BlockIdFlag: cmtproto.BlockIDFlagCommit, VoteExtension: b,
			})
		}
		tx, err := votes.Inject(&all)
		require.NoError(t, err)
		handlers(d).PreBlock(ctx, [][]byte{tx})
		require.Len(t, d.medians, 1)
		got := d.medians[0].Price
		require.False(t, got.Less(fixed.FromInt(low)) || fixed.FromInt(high).Less(got), "%v", got)
	})
}

// echo is an executor that counts.
type echo struct{ seen [][]byte }

func (e *echo) Run(
	_ context.Context, _ storetypes.MultiStore, txs [][]byte, _ sdk.DeliverTxFunc,
) ([]*abci.ExecTxResult, error) {
	e.seen = txs
	results := make([]*abci.ExecTxResult, len(txs))
	for i := range results {
		results[i] = &abci.ExecTxResult{Code: 9, GasUsed: 1285}
	}
	return results, nil
}

// TestRunner: no executor sees the votes, and every block has a result for each of its transactions.
func TestRunner(t *testing.T) {
	t.Parallel()
	first := injected(t, nil)
	for _, test := range []struct {
		txs  [][]byte
		seen int
	}{
		{nil, 0},
		{[][]byte{first}, 0},
		{[][]byte{first, {1}, {2}}, 2},
		{[][]byte{{1}, first}, 2},
	} {
		e := &echo{}
		results, err := votes.Runner(e).Run(t.Context(), nil, test.txs, nil)
		require.NoError(t, err)
		require.Len(t, results, len(test.txs))
		require.Len(t, e.seen, test.seen)
		if test.seen < len(test.txs) {
			require.Zero(t, results[0].Code)
			require.Zero(t, results[0].GasUsed)
		}
	}
}

// FuzzOpen: whatever begins a block, it is read only in its one encoding, and the block goes on.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("\xffve\x01"))
	f.Add(injected(f, []types.Opinion{{Price: fixed.One()}}, nil))
	f.Add([]byte("\xffve\x01\x12\x02\x18\x02"))
	ctx := at(f, enabled+1)
	f.Fuzz(func(t *testing.T, tx []byte) {
		d := &desk{polled: []types.Polled{{Denom: "a"}}}
		branch, _ := ctx.CacheContext()
		handlers(d).PreBlock(branch, [][]byte{tx})
		open, err := votes.Open(tx)
		if err != nil {
			if !errors.Is(err, types.ErrVote) || len(d.medians) > 0 {
				t.Fatalf("%v, %v", err, d.medians)
			}
			return
		}
		if again, err := votes.Inject(open); err != nil || !bytes.Equal(tx, again) {
			t.Fatalf("%x became %x (%v)", tx, again, err)
		}
	})
}
