package votes

import (
	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	"github.com/cosmos/cosmos-sdk/baseapp"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/x/oracle/types"
)

// PrepareProposal puts the votes for the block before in front of the transactions, when they are due. An error costs
// this proposer its turn, no more.
func (h *Handlers) PrepareProposal(
	ctx sdk.Context, req *abci.RequestPrepareProposal,
) (*abci.ResponsePrepareProposal, error) {
	if !due(ctx) {
		return h.Prepare(ctx, req)
	}
	votes := shorten(req.LocalLastCommit)
	if err := baseapp.ValidateVoteExtensions(ctx, h.Validators, req.Height, ctx.ChainID(), votes); err != nil {
		return nil, err
	}
	first, err := Inject(&votes)
	if err != nil {
		return nil, err
	}
	rest := *req
	rest.MaxTxBytes -= cmttypes.ComputeProtoSizeForTxs([]cmttypes.Tx{first})
	if rest.MaxTxBytes < 0 {
		return nil, types.ErrVote.Wrapf("expected votes of at most %d bytes, got %d: block.max_bytes is too small for "+
			"this many validators", req.MaxTxBytes, len(first))
	}
	return &abci.ResponsePrepareProposal{Txs: append([][]byte{first}, h.others(ctx, &rest)...)}, nil
}

// others are the other transactions of a proposal. One bad transaction in the pool must not cost the turn: then there
// are none.
func (h *Handlers) others(ctx sdk.Context, req *abci.RequestPrepareProposal) (txs [][]byte) {
	defer func() {
		if r := recover(); r != nil {
			ctx.Logger().Error("a proposal without transactions", "height", req.Height, "panic", r)
			txs = nil
		}
	}()
	response, err := h.Prepare(ctx, req)
	if err != nil {
		ctx.Logger().Error("a proposal without transactions", "height", req.Height, "error", err)
		return nil
	}
	return response.Txs
}

// ProcessProposal rejects a proposal that does not begin with the votes for the block before when they are due, or in
// which another transaction cannot be read: executors would answer that one differently.
func (h *Handlers) ProcessProposal(
	ctx sdk.Context, req *abci.RequestProcessProposal,
) (*abci.ResponseProcessProposal, error) {
	rest := *req
	if due(ctx) {
		if err := h.judge(ctx, req); err != nil {
			return nil, err
		}
		rest.Txs = req.Txs[1:]
	}
	for i, tx := range rest.Txs {
		if _, err := h.Decode(tx); err != nil {
			return nil, types.ErrVote.Wrapf("transaction %d of %d: %v", i, len(rest.Txs), err)
		}
	}
	return h.Process(ctx, &rest)
}

// judge checks the votes that a proposal begins with.
func (h *Handlers) judge(ctx sdk.Context, req *abci.RequestProcessProposal) error {
	if len(req.Txs) == 0 {
		return types.ErrVote.Wrap("expected the votes for the block before as the first transaction, got none")
	}
	votes, err := Open(req.Txs[0])
	if err != nil {
		return err
	}
	if err := agree(votes, req.ProposedLastCommit.Votes); err != nil {
		return err
	}
	return baseapp.ValidateVoteExtensions(ctx, h.Validators, req.Height, ctx.ChainID(), *votes)
}
