package keeper

import (
	"context"
	"math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/isolate"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// maxSteps is the number of phases that a block can go through: crossing, auctioning, settling, and the freeze of the
// next round. Each takes one page at most.
const maxSteps = 4

// EndBlock takes the round as far as the block's work lasts. Whatever fails stays undone, is told by an event and
// tried again in the next block; it never stops the chain.
func (k Keeper) EndBlock(ctx context.Context) error {
	var p *pass
	err := isolate.Run(ctx, func(ctx context.Context) error {
		var err error
		p, err = k.begin(ctx)
		return err
	})
	if err != nil {
		k.failed(ctx, &cycle.Round{}, err)
		return nil
	}
	for range maxSteps {
		before := p.round.Phase
		if err := k.step(ctx, p); err != nil {
			k.failed(ctx, &p.round, err)
			return nil
		}
		// After a page of decisions nothing crosses in this block: its prices were known to who sent messages in it.
		if after := p.round.Phase; after == before || after == cycle.Crossing || after == cycle.Collecting {
			break
		}
	}
	return nil
}

// pass is a block's work: what it needs of the state, and how far it has come.
type pass struct {
	params   types.Params
	cfg      cycle.Config
	round    cycle.Round
	progress types.Progress
	now      int64
	height   int64
	prices   []oracle.Price
	ws       cycle.Workspace
}

// begin loads what every step needs. Terms that wait take effect when no round runs.
func (k Keeper) begin(ctx context.Context) (*pass, error) {
	sdkCtx := sdk.UnwrapSDKContext(ctx)
	p := &pass{now: sdkCtx.BlockTime().Unix(), height: sdkCtx.BlockHeight()}
	var err error
	if p.round, err = get(ctx, k.Round); err != nil {
		return nil, err
	}
	if p.progress, err = get(ctx, k.Progress); err != nil {
		return nil, err
	}
	return p, k.terms(ctx, p)
}

// terms sets parameters, assets and prices of a pass for the phase of its round. A running round knows the assets of
// its freeze.
func (k Keeper) terms(ctx context.Context, p *pass) error {
	if p.round.Phase == cycle.Idle {
		if err := k.adopt(ctx); err != nil {
			return err
		}
	}
	var err error
	if p.params, err = k.Params.Get(ctx); err != nil {
		return err
	}
	universe, err := k.keepers.Oracle.Universe(ctx)
	if err != nil {
		return err
	}
	snapshot, err := k.keepers.Oracle.Snapshot(ctx)
	if err != nil {
		return err
	}
	n := universe.Len()
	if p.round.Phase != cycle.Idle {
		n = len(p.round.Frozen)
	}
	if n > universe.Len() || n > len(snapshot.Prices) {
		return types.ErrStep.Wrapf("expected %d assets and prices or more, got %d and %d",
			n, universe.Len(), len(snapshot.Prices))
	}
	p.prices = snapshot.Prices[:n:n]
	p.cfg, err = p.params.Config(universe.Prefix(n))
	return err
}

// adopt puts parameters in force that waited for the end of a round.
func (k Keeper) adopt(ctx context.Context) error {
	pending, err := k.Pending.Has(ctx)
	if err != nil || !pending {
		return err
	}
	params, err := k.Pending.Get(ctx)
	if err != nil {
		return err
	}
	if err := k.Params.Set(ctx, params); err != nil {
		return err
	}
	return k.Pending.Remove(ctx)
}

// step advances the round. When that ends it, the terms of the next one hold from here on.
func (k Keeper) step(ctx context.Context, p *pass) error {
	before := p.round.Phase
	if err := k.advance(ctx, p); err != nil || p.round.Phase != cycle.Idle || before == cycle.Idle {
		return err
	}
	return isolate.Run(ctx, func(ctx context.Context) error { return k.terms(ctx, p) })
}

// advance does what the phase asks for, one page of it.
func (k Keeper) advance(ctx context.Context, p *pass) error {
	switch p.round.Phase {
	case cycle.Idle:
		return k.rest(ctx, p)
	case cycle.Collecting:
		return k.collect(ctx, p)
	case cycle.Crossing:
		if p.height <= p.round.Height {
			return nil
		}
		return k.cross(ctx, p)
	case cycle.Auctioning:
		return k.gather(ctx, p)
	case cycle.Settling:
		return k.settle(ctx, p)
	default:
		return types.ErrStep.Wrapf("expected a known phase, got %d", p.round.Phase)
	}
}

// rest starts the next round when it is due, and tidies the log until then.
func (k Keeper) rest(ctx context.Context, p *pass) error {
	halted, err := get(ctx, k.Halted)
	if err != nil {
		return err
	}
	if halted || p.cfg.Universe.Len() == 0 || !p.cfg.Due(&p.round, p.now) {
		return isolate.Run(ctx, func(ctx context.Context) error { return k.sweep(ctx, p) })
	}
	return k.collect(ctx, p)
}

// failed tells that nothing was done in this block.
func (Keeper) failed(ctx context.Context, r *cycle.Round, err error) {
	emit(ctx, &types.EventStepFailed{Round: r.Number, Phase: types.PhaseOf(r.Phase), Error: err.Error()})
}

// try does a step in a branch of the state and keeps it, and its round, when all of it succeeds.
func (k Keeper) try(ctx context.Context, p *pass, do func(ctx context.Context) (cycle.Round, error)) error {
	var next cycle.Round
	progress := p.progress
	err := isolate.Run(ctx, func(ctx context.Context) error {
		var err error
		if next, err = do(ctx); err != nil {
			return err
		}
		if err := k.Progress.Set(ctx, p.progress); err != nil {
			return err
		}
		return k.Round.Set(ctx, next)
	})
	if err != nil {
		p.progress = progress
		return err
	}
	p.round = next
	return nil
}

// narrow tries a page, and as long as it fails the first half of it. What stands before something that cannot be
// handled is done, and after a few blocks it stands alone: then it is left out. All tries of a block are at most two
// pages. It returns the size of the last page that was tried, and its error.
func narrow(limit int, page func(limit int) (n int, err error)) (int, error) {
	for range math.MaxUint16 {
		n, err := page(limit)
		if err == nil || n <= 1 {
			return n, err
		}
		limit = n >> 1
	}
	return 0, types.ErrStep.Wrap("expected a smaller page")
}
