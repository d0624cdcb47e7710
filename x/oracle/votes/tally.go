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
	event := &types.EventMediansTaken{Voters: b.voters, Invalid: b.invalid}
	var poll oracle.Poll
	var medians []types.Opinion
	for _, p := range polled {
		tally, err := poll.Median(b.ballots[p.Asset], b.power)
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

// box is the ballots of all validators.
type box struct {
	ballots         [types.MaxAssets][]oracle.Ballot
	power           uint64 // of all validators, the silent ones too
	voters, invalid uint32
}

// count opens the votes. What cannot be read counts as silent.
func count(votes *abci.ExtendedCommitInfo, height int64) *box {
	b := new(box)
	for i := range votes.Votes {
		v := &votes.Votes[i]
		power := uint64(max(v.Validator.Power, 0))
		b.power += power
		if v.BlockIdFlag != cmtproto.BlockIDFlagCommit {
			continue
		}
		said, err := types.DecodeVote(v.VoteExtension, height)
		if err != nil {
			b.invalid++
			continue
		}
		if len(said) > 0 {
			b.voters++
		}
		for _, o := range said {
			ballot := oracle.Ballot{Validator: uint32(i), Power: power, Price: o.Price}
			b.ballots[o.Asset] = append(b.ballots[o.Asset], ballot)
		}
	}
	return b
}
