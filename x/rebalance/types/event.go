package types

import (
	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/x/internal/tell"
)

// Event is the typed event, written directly: when prices come back a page of portfolios has as many of them.
func (e *EventPortfolioDecided) Event() sdk.Event {
	n := &e.Outcome
	outcome := make(tell.Object, 0, room).Text("outcome", n.Outcome).Text("reason", n.Reason).
		Raw("clamps", tell.Texts(n.Clamps)).Text("denom", n.Denom).Text("error", n.Error)
	return sdk.Event{Type: "ballast.rebalance.v1.EventPortfolioDecided", Attributes: []abci.EventAttribute{
		tell.Word("drift", e.Drift), tell.Word("nav", e.Nav),
		{Key: "outcome", Value: outcome.String()},
		tell.Number("portfolio", e.Portfolio), tell.Number("round", e.Round), tell.Word("sells", e.Sells),
	}}
}

// Event is the typed event, written directly: every portfolio that trades has one.
func (e *EventPortfolioSettled) Event() sdk.Event {
	return sdk.Event{Type: "ballast.rebalance.v1.EventPortfolioSettled", Attributes: []abci.EventAttribute{
		{Key: "fill", Value: e.Fill.json()},
		{Key: "orders", Value: tell.List(e.Orders, (*PlacedOrder).json)},
		tell.Number("portfolio", e.Portfolio), tell.Number("round", e.Round),
		{Key: "slices", Value: tell.List(e.Slices, (*SliceFill).json)},
	}}
}

// room is for a usual object.
const room = 256

func (f *Fill) json() string {
	return make(tell.Object, 0, room).Text("ordered", f.Ordered).Text("crossed", f.Crossed).Text("sold", f.Sold).
		Text("got", f.Got).Text("lost", f.Lost).Text("fill", f.Fill).Text("cost_bps", f.CostBps).String()
}

func (o *PlacedOrder) json() string {
	return make(tell.Object, 0, room).Text("sell", o.Sell).Text("buy", o.Buy).Text("units", o.Units.String()).
		Flag("crossable", o.Crossable).Number("one_time", o.OneTime).Number("lot", o.Lot).
		Text("unsold", o.Unsold.String()).Text("got", o.Got.String()).String()
}

func (s *SliceFill) json() string {
	return make(tell.Object, 0, room).Number("one_time", s.OneTime).Raw("sold", coin(&s.Sold)).
		Raw("bought", coin(&s.Bought)).Text("left", s.Left.String()).String()
}

func coin(c *sdk.Coin) string {
	return tell.Object(nil).Text("denom", c.Denom).Text("amount", c.Amount.String()).String()
}
