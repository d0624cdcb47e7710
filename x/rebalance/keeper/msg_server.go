package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

type msgServer struct{ k Keeper }

// NewMsgServer serves messages.
func NewMsgServer(k Keeper) types.MsgServer { return msgServer{k} }

// UpdateParams replaces the terms of rounds, at once or from the end of the running round on.
func (s msgServer) UpdateParams(
	ctx context.Context, m *types.MsgUpdateParams,
) (*types.MsgUpdateParamsResponse, error) {
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), s.k.authority, m.Authority); err != nil {
		return nil, err
	}
	if err := m.Params.Validate(); err != nil {
		return nil, err
	}
	round, err := get(ctx, s.k.Round)
	if err != nil {
		return nil, err
	}
	running := round.Phase != cycle.Idle
	if running {
		err = s.k.Pending.Set(ctx, m.Params)
	} else {
		err = s.k.Params.Set(ctx, m.Params)
	}
	if err != nil {
		return nil, err
	}
	emit(ctx, &types.EventParamsUpdated{Params: m.Params})
	return &types.MsgUpdateParamsResponse{Pending: running}, nil
}

// Halt stops new rounds.
func (s msgServer) Halt(ctx context.Context, m *types.MsgHalt) (*types.MsgHaltResponse, error) {
	halted, err := s.guarded(ctx, m.Sender)
	if err != nil {
		return nil, err
	}
	if halted {
		return nil, types.ErrHalted.Wrap("expected rounds that go on")
	}
	if len(m.Reason) > types.MaxReason {
		return nil, types.ErrReason.Wrapf("expected at most %d bytes, got %d", types.MaxReason, len(m.Reason))
	}
	emit(ctx, &types.EventHalted{Sender: m.Sender, Reason: m.Reason})
	return &types.MsgHaltResponse{}, s.k.Halted.Set(ctx, true)
}

// Resume lets rounds start again.
func (s msgServer) Resume(ctx context.Context, m *types.MsgResume) (*types.MsgResumeResponse, error) {
	halted, err := s.guarded(ctx, m.Sender)
	if err != nil {
		return nil, err
	}
	if !halted {
		return nil, types.ErrRunning.Wrap("expected halted rounds")
	}
	emit(ctx, &types.EventResumed{Sender: m.Sender})
	return &types.MsgResumeResponse{}, s.k.Halted.Remove(ctx)
}

// guarded lets the guardian and the authority pass, and says whether rounds are halted.
func (s msgServer) guarded(ctx context.Context, sender string) (halted bool, err error) {
	params, err := s.k.Params.Get(ctx)
	if err != nil {
		return false, err
	}
	authority := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), s.k.authority, sender)
	if sender == "" || sender != params.Guardian && authority != nil {
		return false, types.ErrSigner.Wrapf("expected the guardian %q or the authority, got %q", params.Guardian, sender)
	}
	return get(ctx, s.k.Halted)
}

// PayDebt pays a portfolio what it is owed.
func (s msgServer) PayDebt(ctx context.Context, m *types.MsgPayDebt) (*types.MsgPayDebtResponse, error) {
	if _, err := sdk.AccAddressFromBech32(m.Sender); err != nil {
		return nil, types.ErrAddress.Wrapf("sender: expected an address, got %q: %s", m.Sender, err)
	}
	paid, err := s.k.payDebt(ctx, m.Portfolio)
	if err != nil {
		return nil, err
	}
	return &types.MsgPayDebtResponse{Paid: paid}, nil
}
