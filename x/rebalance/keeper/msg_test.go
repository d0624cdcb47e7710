package keeper_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/rebalance/keeper"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

func TestUpdateParams(t *testing.T) {
	t.Parallel()
	valid := func(change func(*types.Params)) types.Params {
		p := types.DefaultParams()
		if change != nil {
			change(&p)
		}
		return p
	}
	type row struct {
		name   string
		sender string
		params types.Params
		want   error
	}
	refused := func(name string, change func(*types.Params)) row {
		return row{name, authority.String(), valid(change), types.ErrParams}
	}
	for _, test := range []row{
		{"stranger", stranger.String(), valid(nil), sdkerrors.ErrUnauthorized},
		{"guardian", guardian.String(), valid(nil), sdkerrors.ErrUnauthorized},
		{"nobody", "", valid(nil), sdkerrors.ErrUnauthorized},
		{"nothing", authority.String(), types.Params{}, types.ErrParams},
		refused("no interval", func(p *types.Params) { p.IntervalSeconds = 0 }),
		refused("interval of ages", func(p *types.Params) { p.IntervalSeconds = 1 << 40 }),
		refused("anchor before 1970", func(p *types.Params) { p.AnchorSeconds = -1 }),
		refused("no work", func(p *types.Params) { p.Work.Settle = 0 }),
		refused("too much work", func(p *types.Params) { p.Work.Collect = 10_001 }),
		refused("no history", func(p *types.Params) { p.HistoryRounds = 0 }),
		refused("no number", func(p *types.Params) { p.FillAlpha = "much" }),
		refused("too long a number", func(p *types.Params) { p.FillAlpha = "0." + strings.Repeat("1", 90) }),
		refused("alpha above 1", func(p *types.Params) { p.FillAlpha = "1.1" }),
		refused("negative cost", func(p *types.Params) { p.Crossing.Cost = "-1" }),
		refused("cap of 1", func(p *types.Params) { p.Auction.WidthCap = "1" }),
		refused("no block", func(p *types.Params) { p.Auction.BlockSeconds = 0 }),
		refused("short opening", func(p *types.Params) { p.Auction.OpeningBlocks = 1 }),
		refused("no curve", func(p *types.Params) { p.Auction.Kind = 0 }),
		refused("another curve", func(p *types.Params) { p.Auction.Kind = 257 }),
		refused("negative curve", func(p *types.Params) { p.Auction.Kind = -254 }),
		refused("frozen for ages", func(p *types.Params) { p.FrozenLotSeconds = 1 << 40 }),
		{"no guardian", authority.String(), valid(func(p *types.Params) { p.Guardian = "somebody" }), types.ErrAddress},
		{"good", authority.String(), valid(func(p *types.Params) { p.IntervalSeconds = 7 }), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 2)
			before := w.state()
			r, err := keeper.NewMsgServer(w.k).UpdateParams(w.ctx,
				&types.MsgUpdateParams{Authority: test.sender, Params: test.params})
			require.ErrorIs(t, err, test.want)
			if test.want != nil {
				require.Equal(t, before, w.state())
				return
			}
			require.False(t, r.Pending)
			require.Equal(t, test.params, w.state().Params)
		})
	}
}

func TestParamsWaitForTheEndOfARound(t *testing.T) {
	t.Parallel()
	w := crowd(t, 3)
	w.block()
	old := w.state().Params
	params := old
	params.HistoryRounds, params.IntervalSeconds = 2, 60
	r, err := keeper.NewMsgServer(w.k).UpdateParams(w.ctx,
		&types.MsgUpdateParams{Authority: authority.String(), Params: params})
	require.NoError(t, err)
	require.True(t, r.Pending)
	require.Equal(t, old, w.state().Params)
	q, err := keeper.NewQueryServer(w.k).Params(w.ctx, &types.QueryParamsRequest{})
	require.NoError(t, err)
	require.Equal(t, params, *q.Pending)
	for w.round().Phase != cycle.Idle {
		w.block()
		require.NoError(t, w.auction.sell(w.ctx, 1_000, 0))
	}
	require.Equal(t, params, w.state().Params)
	require.Nil(t, w.state().Pending)
}

func TestHalt(t *testing.T) {
	t.Parallel()
	w := crowd(t, 3)
	msgs := keeper.NewMsgServer(w.k)
	for _, test := range []struct {
		name, sender, reason string
		want                 error
	}{
		{"stranger", stranger.String(), "", types.ErrSigner},
		{"nobody", "", "", types.ErrSigner},
		{"long", guardian.String(), strings.Repeat("a", 201), types.ErrReason},
	} {
		before := w.state()
		_, err := msgs.Halt(w.ctx, &types.MsgHalt{Sender: test.sender, Reason: test.reason})
		require.ErrorIs(t, err, test.want, test.name)
		require.Equal(t, before, w.state())
	}
	_, err := msgs.Resume(w.ctx, &types.MsgResume{Sender: guardian.String()})
	require.ErrorIs(t, err, types.ErrRunning)

	w.block() // a round is running
	_, err = msgs.Halt(w.ctx, &types.MsgHalt{Sender: guardian.String(), Reason: "look"})
	require.NoError(t, err)
	_, err = msgs.Halt(w.ctx, &types.MsgHalt{Sender: authority.String()})
	require.ErrorIs(t, err, types.ErrHalted)
	w.play(1_000, 0)
	require.Equal(t, 1, w.told("RoundFinished"))
	w.next(hour)
	w.block()
	require.Equal(t, cycle.Idle, w.round().Phase)
	before := w.state()
	_, err = msgs.Resume(w.ctx, &types.MsgResume{Sender: stranger.String()})
	require.ErrorIs(t, err, types.ErrSigner)
	require.Equal(t, before, w.state())
	_, err = msgs.Resume(w.ctx, &types.MsgResume{Sender: authority.String()})
	require.NoError(t, err)
	w.block()
	require.Equal(t, uint64(2), w.round().Number)
}

func TestWithoutAGuardianNobodyIsOne(t *testing.T) {
	t.Parallel()
	w := crowd(t, 1)
	w.setParams(func(p *types.Params) { p.Guardian = "" })
	_, err := keeper.NewMsgServer(w.k).Halt(w.ctx, &types.MsgHalt{})
	require.ErrorIs(t, err, types.ErrSigner)
}

func TestPayDebtNegative(t *testing.T) {
	t.Parallel()
	w := crowd(t, 1)
	msgs := keeper.NewMsgServer(w.k)
	before := w.state()
	_, err := msgs.PayDebt(w.ctx, &types.MsgPayDebt{Sender: "somebody", Portfolio: 1})
	require.ErrorIs(t, err, types.ErrAddress)
	_, err = msgs.PayDebt(w.ctx, &types.MsgPayDebt{Sender: stranger.String(), Portfolio: 1})
	require.ErrorIs(t, err, types.ErrDebt)
	_, err = msgs.PayDebt(w.ctx, &types.MsgPayDebt{Sender: stranger.String(), Portfolio: 1 << 63})
	require.ErrorIs(t, err, types.ErrDebt)
	require.Equal(t, before, w.state())
}
