package types

import (
	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/x/internal/tell"
)

// Event is the typed event, written directly: when prices come back a page of portfolios has as many of them.
func (e *EventPortfolioDecided) Event() sdk.Event {
	return sdk.Event{Type: "ballast.rebalance.v1.EventPortfolioDecided", Attributes: []abci.EventAttribute{
		tell.Word("drift", e.Drift), tell.Word("nav", e.Nav),
		{Key: "outcome", Value: e.Outcome.json()},
		tell.Number("portfolio", e.Portfolio), tell.Number("round", e.Round), tell.Word("sells", e.Sells),
	}}
}

// json is the note as the SDK's JSON has it.
func (n *PortfolioNote) json() string {
	out := make([]byte, 0, 160) //nolint:mnd // a usual note
	out = tell.Quote(append(out, `{"outcome":`...), n.Outcome)
	out = tell.Quote(append(out, `,"reason":`...), n.Reason)
	out = append(out, `,"clamps":[`...)
	for i, clamp := range n.Clamps {
		if i > 0 {
			out = append(out, ',')
		}
		out = tell.Quote(out, clamp)
	}
	out = tell.Quote(append(out, `],"denom":`...), n.Denom)
	out = tell.Quote(append(out, `,"error":`...), n.Error)
	return string(append(out, '}'))
}
