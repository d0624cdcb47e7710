package types_test

import (
	"reflect"
	"testing"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/x/auction/types"
)

// direct is an event that is written without JSON.
type direct interface {
	proto.Message
	Event() sdk.Event
}

// TestEvents: what is written directly is what the SDK writes.
func TestEvents(t *testing.T) {
	t.Parallel()
	for _, event := range []direct{
		&types.EventFilled{
			LotId: 1, BidId: 1<<64 - 1, Bidder: "ballast1abc", Units: math.NewInt(5), Payment: math.NewInt(1 << 62),
			Refund: math.ZeroInt(), Price: "9.85",
		},
		&types.EventFilled{Units: math.ZeroInt(), Payment: math.ZeroInt(), Refund: math.ZeroInt()},
		&types.EventBidReturned{
			LotId: 1 << 40, BidId: 2, Bidder: "ballast1abc", Escrow: math.NewInt(7), Reason: types.CLAIM_REASON_EXPIRY,
		},
		&types.EventBidReturned{Escrow: math.ZeroInt()},
		&types.EventClaimPaid{ClaimId: 9, Owner: "ballast1abc", Recipient: "ballast1def"},
		&types.EventClaimPaid{},
	} {
		want, err := sdk.TypedEventToEvent(event)
		if err != nil {
			t.Fatal(err)
		}
		if got := event.Event(); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	}
}
