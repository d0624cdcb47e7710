package types_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// TestEvents: what is written directly is what the SDK writes, whatever an error says.
func TestEvents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, number := rapid.String(), rapid.StringMatching(`-?[0-9]{1,20}(\.[0-9]{1,18})?`)
		e := &types.EventPortfolioDecided{
			Portfolio: rapid.Uint64().Draw(t, "portfolio"), Round: rapid.Uint64().Draw(t, "round"),
			Nav: number.Draw(t, "nav"), Drift: number.Draw(t, "drift"), Sells: number.Draw(t, "sells"),
			Outcome: types.PortfolioNote{
				Outcome: text.Draw(t, "outcome"), Reason: text.Draw(t, "reason"), Denom: text.Draw(t, "denom"),
				Clamps: rapid.SliceOfN(text, 0, 3).Draw(t, "clamps"), Error: text.Draw(t, "error"),
			},
		}
		want, err := sdk.TypedEventToEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Event(); !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	})
}
