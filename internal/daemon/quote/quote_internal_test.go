package quote

import (
	"testing"

	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

func TestRequest(t *testing.T) {
	t.Parallel()
	list := unit.Assets{
		{Denom: "uatom", Display: "ATOM", Exponent: 6, Status: oracletypes.AssetActive},
		{Denom: "uusdc", Display: "USDC", Exponent: 6, Status: oracletypes.AssetActive},
	}
	lot := &types.Lot{Id: 7, SellDenom: "uatom", BuyDenom: "uusdc"}
	b := bid{amount: "5ATOM", minFill: "100uatom", limit: "9.85", at: "2027-01-31", expiry: "1800000000", whole: true}
	want := types.QueryQuoteRequest{
		LotId: 7, AmountOut: "5000000", MinFill: "100", Limit: "9.85", At: 1_801_353_600, Expiry: 1_800_000_000,
		AllOrNone: true,
	}
	if got, err := b.request(list, lot); err != nil || *got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for _, bad := range []bid{
		{},
		{amount: "5ATOM", pay: "5USDC"},
		{amount: "5USDC"},
		{pay: "5ATOM"},
		{pay: "5DOGE"},
		{amount: "5ATOM", minFill: "5USDC"},
		{amount: "5ATOM", limit: "0"},
		{amount: "5ATOM", limit: "9,85"},
		{amount: "5ATOM", at: "tomorrow"},
		{amount: "5ATOM", expiry: "-5"},
	} {
		if got, err := bad.request(list, lot); err == nil {
			t.Errorf("%+v: expected an error, got %+v", bad, got)
		}
	}
}
