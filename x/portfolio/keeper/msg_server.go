package keeper

import (
	"context"
	"errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

type msgServer struct{ Keeper }

// NewMsgServer serves the messages.
func NewMsgServer(k Keeper) types.MsgServer { return msgServer{k} }

// Create makes a portfolio with an account of its own.
func (k msgServer) Create(ctx context.Context, msg *types.MsgCreate) (*types.MsgCreateResponse, error) {
	owner, err := addressOf("owner", msg.Owner)
	if err != nil {
		return nil, err
	}
	if err := types.ValidateName(msg.Name); err != nil {
		return nil, err
	}
	if err := k.room(ctx, owner); err != nil {
		return nil, err
	}
	f, err := k.fresh(ctx, msg)
	if err != nil {
		return nil, err
	}
	if err := k.setTrustee(f, msg.Trustee); err != nil {
		return nil, err
	}
	for i := range msg.Payments {
		if _, err := k.addPayment(ctx, f, &msg.Payments[i]); err != nil {
			return nil, err
		}
	}
	if err := k.compile(ctx, f, &msg.Policy); err != nil {
		return nil, err
	}
	account := k.account(ctx, f.Id)
	f.memory.State.Controller = cycle.NewState(len(f.policy.Assets)).Controller
	if err := k.put(ctx, f); err != nil {
		return nil, err
	}
	if len(msg.Deposit) > 0 {
		if err := msg.Deposit.Validate(); err != nil {
			return nil, types.ErrAmount.Wrapf("deposit: %s", err)
		}
		if err := k.keepers.Bank.SendCoins(ctx, owner, account, msg.Deposit); err != nil {
			return nil, err
		}
	}
	emit(ctx, &types.EventCreated{Id: f.Id, Owner: msg.Owner, Address: account.String(), Name: msg.Name})
	return &types.MsgCreateResponse{Id: f.Id, Address: account.String()}, nil
}

// fresh is a portfolio that is not stored yet, without payments.
func (k Keeper) fresh(ctx context.Context, msg *types.MsgCreate) (*folio, error) {
	u, err := k.keepers.Oracle.Universe(ctx)
	if err != nil {
		return nil, err
	}
	id, err := k.NextID.Get(ctx)
	if err != nil {
		return nil, err
	}
	sdkCtx := sdk.UnwrapSDKContext(ctx)
	f := &folio{universe: u, Portfolio: types.Portfolio{
		Id: id, Owner: msg.Owner, Name: msg.Name, NextItem: 1,
		CreatedHeight: sdkCtx.BlockHeight(), CreatedAt: now(ctx),
	}}
	f.memory.State = cycle.NewState(0)
	f.policy, err = msg.Policy.Engine(u)
	if err != nil {
		return nil, err
	}
	return f, k.NextID.Set(ctx, id+1)
}

// room refuses an owner who has as many portfolios as the params allow.
func (k Keeper) room(ctx context.Context, owner sdk.AccAddress) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	ids, err := k.openOf(ctx, owner)
	if err == nil && len(ids) >= int(params.MaxPortfoliosPerOwner) {
		return types.ErrTooMany.Wrapf("expected at most %d open portfolios of an owner: close one first",
			params.MaxPortfoliosPerOwner)
	}
	return err
}

func addressOf(field, text string) (sdk.AccAddress, error) {
	addr, err := sdk.AccAddressFromBech32(text)
	if err != nil {
		return nil, types.ErrAddress.Wrapf("%s: expected an address, got %q: %s", field, text, err)
	}
	return addr, nil
}

func (Keeper) setTrustee(f *folio, trustee string) error {
	if trustee != "" {
		if _, err := addressOf("trustee", trustee); err != nil {
			return err
		}
	}
	if trustee == f.Owner {
		return types.ErrAddress.Wrap("trustee: expected somebody else than the owner")
	}
	f.Trustee = trustee
	return nil
}

// Pause stops decisions.
func (k msgServer) Pause(ctx context.Context, msg *types.MsgPause) (*types.MsgPauseResponse, error) {
	f, err := k.guarded(ctx, msg.Id, msg.Sender)
	if err != nil {
		return nil, err
	}
	by, isOwner := types.Reason_REASON_TRUSTEE, msg.Sender == f.Owner
	if isOwner {
		by = types.Reason_REASON_OWNER
	}
	switch {
	case msg.Payments && !isOwner:
		return nil, types.ErrNotAllowed.Wrap("payments: expected the owner; the trustee pauses decisions only")
	case f.PausedBy == types.Reason_REASON_OWNER && f.PaymentsPaused == msg.Payments, f.PausedBy == by && !isOwner,
		f.PausedBy == types.Reason_REASON_OWNER && !isOwner:
		return nil, types.ErrPaused.Wrapf("portfolio %d is paused by %v", f.Id, f.PausedBy)
	}
	f.memory.State = f.memory.State.Pause()
	f.PausedBy, f.PaymentsPaused = by, msg.Payments
	emit(ctx, &types.EventPaused{Id: f.Id, Reason: by, Payments: msg.Payments})
	return &types.MsgPauseResponse{}, k.put(ctx, f)
}

// Resume lets a portfolio decide again, and frees one from quarantine that can be read now.
func (k msgServer) Resume(ctx context.Context, msg *types.MsgResume) (*types.MsgResumeResponse, error) {
	f, err := k.guarded(ctx, msg.Id, msg.Sender)
	if err != nil {
		return nil, err
	}
	held, err := k.Quarantine.Has(ctx, f.Id)
	switch {
	case err != nil:
		return nil, err
	case !f.memory.State.Paused && !held:
		return nil, types.ErrNotPaused.Wrapf("portfolio %d decides at every interval", f.Id)
	case f.PausedBy == types.Reason_REASON_OWNER && msg.Sender != f.Owner:
		return nil, types.ErrNotAllowed.Wrap("expected the owner, who paused it; the trustee resumes what he paused")
	}
	if held {
		if err := errors.Join(k.free(ctx, f.Id), k.landAll(ctx, f)); err != nil {
			return nil, err
		}
	}
	if f.memory.State.Paused {
		f.memory.State = f.memory.State.Resume()
	}
	f.PausedBy, f.PaymentsPaused = types.Reason_REASON_UNSPECIFIED, false
	emit(ctx, &types.EventResumed{Id: f.Id, By: msg.Sender})
	return &types.MsgResumeResponse{}, k.put(ctx, f)
}

// free ends a quarantine.
func (k Keeper) free(ctx context.Context, id uint64) error {
	if err := k.Quarantine.Remove(ctx, id); err != nil {
		return err
	}
	return k.Open.Set(ctx, id)
}

// TransferOwnership offers a portfolio to a new owner, or takes the offer back.
func (k msgServer) TransferOwnership(
	ctx context.Context, msg *types.MsgTransferOwnership,
) (*types.MsgTransferOwnershipResponse, error) {
	f, err := k.owned(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	if msg.NewOwner != "" {
		if _, err := addressOf("new_owner", msg.NewOwner); err != nil {
			return nil, err
		}
	}
	switch {
	case msg.NewOwner == f.Owner:
		return nil, types.ErrAddress.Wrap("new_owner: expected somebody else than the owner")
	case msg.NewOwner == "" && f.PendingOwner == "":
		return nil, types.ErrAddress.Wrap("new_owner: expected an address: there is no offer to take back")
	}
	f.PendingOwner = msg.NewOwner
	emit(ctx, &types.EventOwnershipOffered{Id: f.Id, NewOwner: msg.NewOwner})
	return &types.MsgTransferOwnershipResponse{}, k.put(ctx, f)
}

// AcceptOwnership takes a portfolio that was offered. The trustee stays; a new owner who was it is no longer.
func (k msgServer) AcceptOwnership(
	ctx context.Context, msg *types.MsgAcceptOwnership,
) (*types.MsgAcceptOwnershipResponse, error) {
	owner, err := addressOf("new_owner", msg.NewOwner)
	if err != nil {
		return nil, err
	}
	f, err := k.find(ctx, msg.Id)
	if err != nil {
		return nil, err
	}
	if f.PendingOwner != msg.NewOwner {
		return nil, types.ErrNotAllowed.Wrapf("expected %q, to whom portfolio %d is offered, got %s",
			f.PendingOwner, f.Id, msg.NewOwner)
	}
	if f.Stage != types.Stage_STAGE_CLOSED {
		if err := k.room(ctx, owner); err != nil {
			return nil, err
		}
	}
	if f.Trustee == msg.NewOwner {
		f.Trustee = ""
	}
	emit(ctx, &types.EventOwnershipTransferred{Id: f.Id, OldOwner: f.Owner, NewOwner: msg.NewOwner})
	f.Owner, f.PendingOwner = msg.NewOwner, ""
	return &types.MsgAcceptOwnershipResponse{}, k.put(ctx, f)
}

// SetTrustee names the trustee.
func (k msgServer) SetTrustee(ctx context.Context, msg *types.MsgSetTrustee) (*types.MsgSetTrusteeResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	if err := k.setTrustee(f, msg.Trustee); err != nil {
		return nil, err
	}
	emit(ctx, &types.EventTrusteeSet{Id: f.Id, Trustee: msg.Trustee})
	return &types.MsgSetTrusteeResponse{}, k.put(ctx, f)
}

// UpdateParams replaces the params.
func (k msgServer) UpdateParams(
	ctx context.Context, msg *types.MsgUpdateParams,
) (*types.MsgUpdateParamsResponse, error) {
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), k.authority, msg.Authority); err != nil {
		return nil, err
	}
	if err := msg.Params.Validate(); err != nil {
		return nil, err
	}
	emit(ctx, &types.EventParamsUpdated{Params: msg.Params})
	return &types.MsgUpdateParamsResponse{}, k.Params.Set(ctx, msg.Params)
}
