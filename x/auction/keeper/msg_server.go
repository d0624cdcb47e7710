package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// reasonBytes is the longest reason of a pause.
const reasonBytes = 256

type msgServer struct{ Keeper }

// NewMsgServer returns the server of the messages.
func NewMsgServer(k Keeper) types.MsgServer { return msgServer{k} }

// address reads an address of a message.
func address(name, text string) (sdk.AccAddress, error) {
	addr, err := sdk.AccAddressFromBech32(text)
	if err != nil {
		return nil, types.ErrInvalid.Wrapf("%s: expected an address, got %q: %v", name, text, err)
	}
	return addr, nil
}

// running refuses what may not come in while the auctions are paused.
func (m msgServer) running(ctx context.Context) error {
	paused, err := m.paused(ctx)
	if err == nil && paused {
		return types.ErrPaused.Wrap("expected running auctions: wait until they are resumed")
	}
	return err
}

// Bid places a bid.
func (m msgServer) Bid(ctx context.Context, msg *types.MsgBid) (*types.MsgBidResponse, error) {
	bidder, err := address("bidder", msg.Bidder)
	if err != nil {
		return nil, err
	}
	terms, err := msg.Terms()
	if err != nil {
		return nil, err
	}
	if err := m.running(ctx); err != nil {
		return nil, err
	}
	h, err := m.hall(ctx, msg.LotId)
	if err != nil {
		return nil, err
	}
	bid, err := terms.Bid(h.Lot.Pair)
	if err != nil {
		return nil, err
	}
	r, err := m.place(ctx, &h, bidder, bid)
	if err != nil {
		return nil, err
	}
	shown := types.ToBid(&h.Lot, &r)
	return &types.MsgBidResponse{BidId: shown.Id, Quantity: shown.Quantity, Escrow: shown.Escrow}, nil
}

// CancelBid takes a bid back.
func (m msgServer) CancelBid(ctx context.Context, msg *types.MsgCancelBid) (*types.MsgCancelBidResponse, error) {
	bidder, err := address("bidder", msg.Bidder)
	if err != nil {
		return nil, err
	}
	over, err := m.cancel(ctx, bidder, msg.LotId, msg.BidId)
	if err != nil {
		return nil, err
	}
	return &types.MsgCancelBidResponse{Over: over}, nil
}

// Sell queues a sale.
func (m msgServer) Sell(ctx context.Context, msg *types.MsgSell) (*types.MsgSellResponse, error) {
	seller, err := address("seller", msg.Seller)
	if err != nil {
		return nil, err
	}
	if err := msg.Offer.Validate(); err != nil || !msg.Offer.IsPositive() {
		return nil, types.ErrInvalid.Wrapf("offer: expected a coin of an amount above 0, got %v", msg.Offer)
	}
	limit, err := num.Decimal(msg.Limit)
	if err != nil || limit.Sign() <= 0 {
		return nil, types.ErrInvalid.Wrapf("limit: expected a decimal above 0, got %q: a sale names its price", msg.Limit)
	}
	if err := m.running(ctx); err != nil {
		return nil, err
	}
	sale, err := m.sell(ctx, seller, msg.Offer, msg.BuyDenom, limit)
	if err != nil {
		return nil, err
	}
	return &types.MsgSellResponse{SaleId: sale.Id}, nil
}

// CancelSale takes a sale back.
func (m msgServer) CancelSale(ctx context.Context, msg *types.MsgCancelSale) (*types.MsgCancelSaleResponse, error) {
	seller, err := address("seller", msg.Seller)
	if err != nil {
		return nil, err
	}
	if err := m.cancelSale(ctx, seller, msg.SaleId); err != nil {
		return nil, err
	}
	return &types.MsgCancelSaleResponse{}, nil
}

// Claim pays what somebody is owed.
func (m msgServer) Claim(ctx context.Context, msg *types.MsgClaim) (*types.MsgClaimResponse, error) {
	owner, err := address("owner", msg.Owner)
	if err != nil {
		return nil, err
	}
	recipient := owner
	if msg.Recipient != "" {
		if recipient, err = address("recipient", msg.Recipient); err != nil {
			return nil, err
		}
	}
	params, err := m.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	coins, err := m.claim(ctx, owner, recipient, int(params.MaxPayoutsPerBlock))
	if err != nil {
		return nil, err
	}
	return &types.MsgClaimResponse{Coins: coins}, nil
}

// guard lets the guardian and the authority pass.
func (m msgServer) guard(ctx context.Context, sender string) error {
	if _, err := address("sender", sender); err != nil {
		return err
	}
	params, err := m.Params.Get(ctx)
	if err != nil {
		return err
	}
	if params.Guardian != "" && sender == params.Guardian {
		return nil
	}
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), m.authority, sender); err != nil {
		return types.ErrUnauthorized.Wrapf("expected the guardian %q or the authority, got %s", params.Guardian, sender)
	}
	return nil
}

// Pause stops all clearings.
func (m msgServer) Pause(ctx context.Context, msg *types.MsgPause) (*types.MsgPauseResponse, error) {
	if err := m.guard(ctx, msg.Sender); err != nil {
		return nil, err
	}
	if len(msg.Reason) > reasonBytes {
		return nil, types.ErrInvalid.Wrapf("reason: expected at most %d bytes, got %d", reasonBytes, len(msg.Reason))
	}
	if err := m.running(ctx); err != nil {
		return nil, err
	}
	if err := m.Paused.Set(ctx, true); err != nil {
		return nil, err
	}
	return &types.MsgPauseResponse{}, emit(ctx, &types.EventPaused{By: msg.Sender, Reason: msg.Reason})
}

// Resume ends a pause.
func (m msgServer) Resume(ctx context.Context, msg *types.MsgResume) (*types.MsgResumeResponse, error) {
	if err := m.guard(ctx, msg.Sender); err != nil {
		return nil, err
	}
	if paused, err := m.paused(ctx); err != nil || !paused {
		return nil, orElse(err, types.ErrPaused.Wrap("expected paused auctions, they run"))
	}
	if err := m.Paused.Remove(ctx); err != nil {
		return nil, err
	}
	return &types.MsgResumeResponse{}, emit(ctx, &types.EventResumed{By: msg.Sender})
}

// UpdateParams replaces the params.
func (m msgServer) UpdateParams(
	ctx context.Context, msg *types.MsgUpdateParams,
) (*types.MsgUpdateParamsResponse, error) {
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), m.authority, msg.Authority); err != nil {
		return nil, types.ErrUnauthorized.Wrap(err.Error())
	}
	if err := msg.Params.Validate(); err != nil {
		return nil, err
	}
	if err := m.Params.Set(ctx, msg.Params); err != nil {
		return nil, err
	}
	return &types.MsgUpdateParamsResponse{}, emit(ctx, &types.EventParamsUpdated{Params: msg.Params})
}

// orElse is an error, or what it means that there is none.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
