package votes

import (
	"context"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/isolate"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// PreBlock takes the medians of the votes that a block begins with. The block was decided, and nodes that catch up have
// not judged it: so this does the same on every node whatever the block contains, and never fails.
func (h *Handlers) PreBlock(ctx sdk.Context, txs [][]byte) {
	if !due(ctx) || len(txs) == 0 {
		return
	}
	err := isolate.Run(ctx, func(branch context.Context) error {
		votes, err := Open(txs[0])
		if err != nil {
			return err
		}
		return h.take(branch, votes, ctx.BlockHeight()-1)
	})
	if err == nil {
		return
	}
	if err := ctx.EventManager().EmitTypedEvent(&types.EventMediansFailed{Reason: err.Error()}); err != nil {
		ctx.Logger().Error("event not written", "module", types.ModuleName, "err", err)
	}
}

// take takes the medians of votes for a block.
func (h *Handlers) take(ctx context.Context, votes *abci.ExtendedCommitInfo, height int64) error {
	polled, err := h.Oracle.Polled(ctx)
	if err != nil || len(polled) == 0 {
		return err
	}
	b := count(votes, height)
	event := &types.EventMediansTaken{Voters: b.Voters, Invalid: b.Invalid}
	var poll oracle.Poll
	var medians []types.Opinion
	for _, p := range polled {
		tally, err := poll.Median(b.ballots[p.Asset], b.Power)
		if err != nil {
			return err
		}
		if tally.Status != oracle.StatusOK {
			event.Missed++
			continue
		}
		event.Taken++
		medians = append(medians, types.Opinion{Asset: p.Asset, Price: tally.Value})
	}
	if err := h.Oracle.TakeMedians(ctx, medians); err != nil {
		return err
	}
	return h.Oracle.AnnounceMedians(ctx, event)
}

// Census is who has said what in the votes that a block begins with.
type Census struct {
	Power   uint64 // of all validators, the silent ones too
	Voting  uint64 // of those who had a price for anything
	Voters  uint32 // validators with a price for anything
	Silent  uint32 // those whose vote says nothing
	Invalid uint32 // those whose vote says something that cannot be read
	Absent  uint32 // those who have no vote for the block before in it
}

// Count counts the votes that the block of a height begins with, for whoever watches. It is an error when there are none.
func Count(txs [][]byte, height int64) (Census, error) {
	if len(txs) == 0 {
		return Census{}, types.ErrVote.Wrap("expected the votes for the block before, got no transaction")
	}
	votes, err := Open(txs[0])
	if err != nil {
		return Census{}, err
	}
	return count(votes, height-1).Census, nil
}

// box is the ballots of all validators.
type box struct {
	Census

	ballots [types.MaxAssets][]oracle.Ballot
}

// count opens the votes. What cannot be read counts as silent.
func count(votes *abci.ExtendedCommitInfo, height int64) *box {
	b := new(box)
	for i := range votes.Votes {
		v := &votes.Votes[i]
		power := uint64(max(v.Validator.Power, 0))
		b.Power += power
		if v.BlockIdFlag != cmtproto.BlockIDFlagCommit {
			b.Absent++
			continue
		}
		said, err := types.DecodeVote(v.VoteExtension, height)
		switch {
		case err != nil:
			b.Invalid++
			continue
		case len(said) == 0:
			b.Silent++
			continue
		}
		b.Voters++
		b.Voting += power
		for _, o := range said {
			ballot := oracle.Ballot{Validator: uint32(i), Power: power, Price: o.Price}
			b.ballots[o.Asset] = append(b.ballots[o.Asset], ballot)
		}
	}
	return b
}
