package types_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// direct is an event that is written without JSON.
type direct interface {
	proto.Message
	Event() sdk.Event
}

// TestEvents: what is written directly is what the SDK writes, whatever an error says and a denom is called.
func TestEvents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, event := range []direct{decided(t), settled(t)} {
			want, err := sdk.TypedEventToEvent(event)
			if err != nil {
				t.Fatal(err)
			}
			if got := event.Event(); !reflect.DeepEqual(got, want) {
				t.Fatalf("got  %v\nwant %v", got, want)
			}
		}
	})
}

var (
	text    = rapid.String()
	decimal = rapid.StringMatching(`-?[0-9]{1,20}(\.[0-9]{1,18})?`)
)

func decided(t *rapid.T) *types.EventPortfolioDecided {
	return &types.EventPortfolioDecided{
		Portfolio: rapid.Uint64().Draw(t, "portfolio"), Round: rapid.Uint64().Draw(t, "round"),
		Nav: decimal.Draw(t, "nav"), Drift: decimal.Draw(t, "drift"), Sells: decimal.Draw(t, "sells"),
		Outcome: types.PortfolioNote{
			Outcome: text.Draw(t, "outcome"), Reason: text.Draw(t, "reason"), Denom: text.Draw(t, "denom"),
			Clamps: rapid.SliceOfN(text, 0, 3).Draw(t, "clamps"), Error: text.Draw(t, "error"),
		},
	}
}

func settled(t *rapid.T) *types.EventPortfolioSettled {
	amount := func(name string) math.Int { return math.NewIntFromUint64(rapid.Uint64().Draw(t, name)) }
	e := &types.EventPortfolioSettled{
		Portfolio: rapid.Uint64().Draw(t, "portfolio"), Round: rapid.Uint64().Draw(t, "round"),
		Fill: types.Fill{
			Ordered: decimal.Draw(t, "ordered"), Crossed: decimal.Draw(t, "crossed"), Sold: decimal.Draw(t, "sold"),
			Got: decimal.Draw(t, "got"), Lost: decimal.Draw(t, "lost"), Fill: decimal.Draw(t, "fill"),
			CostBps: decimal.Draw(t, "cost"),
		},
	}
	for range rapid.IntRange(0, 3).Draw(t, "orders") {
		e.Orders = append(e.Orders, types.PlacedOrder{
			Sell: text.Draw(t, "sell"), Buy: text.Draw(t, "buy"), Units: amount("units"), Unsold: amount("unsold"),
			Got: amount("got"), Crossable: rapid.Bool().Draw(t, "crossable"), OneTime: rapid.Uint64().Draw(t, "one_time"),
			Lot: rapid.Uint64().Draw(t, "lot"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "slices") {
		e.Slices = append(e.Slices, types.SliceFill{
			OneTime: rapid.Uint64().Draw(t, "one_time"), Left: amount("left"),
			Sold:   sdk.Coin{Denom: text.Draw(t, "sold"), Amount: amount("sold")},
			Bought: sdk.Coin{Denom: text.Draw(t, "bought"), Amount: amount("bought")},
		})
	}
	return e
}
