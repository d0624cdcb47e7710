package types

import (
	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/x/internal/tell"
)

// A block may emit thousands of the events below: by way of JSON they were half of the time of a large clearing.

// Event is the typed event.
func (e *EventFilled) Event() sdk.Event {
	return sdk.Event{Type: "ballast.auction.v1.EventFilled", Attributes: []abci.EventAttribute{
		tell.Number("bid_id", e.BidId), tell.Word("bidder", e.Bidder), tell.Number("lot_id", e.LotId),
		tell.Word("payment", e.Payment.String()), tell.Word("price", e.Price), tell.Word("refund", e.Refund.String()),
		tell.Word("units", e.Units.String()),
	}}
}

// Event is the typed event.
func (e *EventBidReturned) Event() sdk.Event {
	return sdk.Event{Type: "ballast.auction.v1.EventBidReturned", Attributes: []abci.EventAttribute{
		tell.Number("bid_id", e.BidId), tell.Word("bidder", e.Bidder), tell.Word("escrow", e.Escrow.String()),
		tell.Number("lot_id", e.LotId), tell.Word("reason", e.Reason.String()),
	}}
}

// Event is the typed event.
func (e *EventClaimPaid) Event() sdk.Event {
	return sdk.Event{Type: "ballast.auction.v1.EventClaimPaid", Attributes: []abci.EventAttribute{
		tell.Number("claim_id", e.ClaimId), tell.Word("owner", e.Owner), tell.Word("recipient", e.Recipient),
	}}
}
