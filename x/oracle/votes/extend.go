package votes

import (
	"context"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/cosmos/cosmos-sdk/baseapp"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// Prices is what this node knows. It answers at once, from memory, and may be asked by several goroutines.
type Prices interface {
	// Price is that of a display unit in units of account. What is not known, or too old, is not there.
	Price(denom string) (price fixed.Wad, known bool)
}

// Oracle is the keeper of the module.
type Oracle interface {
	Polled(ctx context.Context) ([]types.Polled, error)
	TakeMedians(ctx context.Context, medians []types.Opinion) error
	AnnounceMedians(ctx context.Context, event *types.EventMediansTaken) error
}

// Config is what the handlers are made of.
type Config struct {
	Oracle     Oracle
	Validators baseapp.ValidatorStore
	Decode     sdk.TxDecoder
	// Prices is what this node says; nil: it says nothing.
	Prices func() Prices
	// Prepare and Process handle the other transactions of a proposal.
	Prepare sdk.PrepareProposalHandler
	Process sdk.ProcessProposalHandler
}

// Handlers are what consensus calls.
type Handlers struct{ Config }

// due reports whether a block must begin with the votes for the one before.
func due(ctx sdk.Context) bool {
	p := ctx.ConsensusParams().Abci
	return p != nil && p.VoteExtensionsEnableHeight > 0 && ctx.BlockHeight() > p.VoteExtensionsEnableHeight
}

// Extend says what this node knows of the assets that are polled. It never fails: a validator without prices is no less
// a validator.
func (h *Handlers) Extend(ctx sdk.Context, req *abci.RequestExtendVote) (*abci.ResponseExtendVote, error) {
	b, err := h.extension(ctx, req.Height)
	if err != nil {
		ctx.Logger().Error("no prices in this vote", "module", types.ModuleName, "height", req.Height, "error", err)
		b = nil
	}
	return &abci.ResponseExtendVote{VoteExtension: b}, nil
}

func (h *Handlers) extension(ctx sdk.Context, height int64) ([]byte, error) {
	prices := h.Prices()
	if prices == nil {
		return nil, nil
	}
	polled, err := h.Oracle.Polled(ctx)
	if err != nil {
		return nil, err
	}
	var said []types.Opinion
	for _, p := range polled {
		if price, known := prices.Price(p.Denom); known {
			said = append(said, types.Opinion{Asset: p.Asset, Price: price})
		}
	}
	if len(said) == 0 {
		return nil, nil
	}
	return types.EncodeVote(height, said)
}

// Verify accepts an extension that says nothing or is well-formed, whatever it says.
func (*Handlers) Verify(
	_ sdk.Context, req *abci.RequestVerifyVoteExtension,
) (*abci.ResponseVerifyVoteExtension, error) {
	status := abci.ResponseVerifyVoteExtension_ACCEPT
	if _, err := types.DecodeVote(req.VoteExtension, req.Height); err != nil {
		status = abci.ResponseVerifyVoteExtension_REJECT
	}
	return &abci.ResponseVerifyVoteExtension{Status: status}, nil
}
