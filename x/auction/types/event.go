package types

import (
	"strconv"

	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// A block may emit thousands of the events below. The SDK writes a typed event by way of JSON and reflection, 40 us
// each, half of the time of a large clearing. These are written directly, to the same bytes: TestEvents compares.

// Event is the typed event.
func (e *EventFilled) Event() sdk.Event {
	return sdk.Event{Type: "ballast.auction.v1.EventFilled", Attributes: []abci.EventAttribute{
		number("bid_id", e.BidId), word("bidder", e.Bidder), number("lot_id", e.LotId),
		word("payment", e.Payment.String()), word("price", e.Price), word("refund", e.Refund.String()),
		word("units", e.Units.String()),
	}}
}

// Event is the typed event.
func (e *EventBidReturned) Event() sdk.Event {
	return sdk.Event{Type: "ballast.auction.v1.EventBidReturned", Attributes: []abci.EventAttribute{
		number("bid_id", e.BidId), word("bidder", e.Bidder), word("escrow", e.Escrow.String()),
		number("lot_id", e.LotId), word("reason", e.Reason.String()),
	}}
}

// Event is the typed event.
func (e *EventClaimPaid) Event() sdk.Event {
	return sdk.Event{Type: "ballast.auction.v1.EventClaimPaid", Attributes: []abci.EventAttribute{
		number("claim_id", e.ClaimId), word("owner", e.Owner), word("recipient", e.Recipient),
	}}
}

func number(key string, n uint64) abci.EventAttribute {
	return abci.EventAttribute{Key: key, Value: `"` + strconv.FormatUint(n, 10) + `"`}
}

// word is a text without anything to escape: an address, a number, a name of a constant.
func word(key, text string) abci.EventAttribute {
	return abci.EventAttribute{Key: key, Value: `"` + text + `"`}
}
