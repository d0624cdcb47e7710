package keeper

import (
	"context"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// InitGenesis stores a genesis.
func (k Keeper) InitGenesis(ctx context.Context, g *types.GenesisState) error {
	if err := g.Validate(); err != nil {
		return err
	}
	if err := k.Params.Set(ctx, g.Params); err != nil {
		return err
	}
	if g.Pending != nil {
		if err := k.Pending.Set(ctx, *g.Pending); err != nil {
			return err
		}
	}
	if g.Halted {
		if err := k.Halted.Set(ctx, true); err != nil {
			return err
		}
	}
	if err := k.importRound(ctx, g); err != nil {
		return err
	}
	return k.importLog(ctx, g)
}

func (k Keeper) importRound(ctx context.Context, g *types.GenesisState) error {
	if len(g.Round) > 0 {
		round, err := types.RoundCodec.Decode(g.Round)
		if err != nil {
			return err
		}
		if err := k.Round.Set(ctx, round); err != nil {
			return err
		}
	}
	if len(g.Progress) > 0 {
		progress, err := types.ProgressCodec.Decode(g.Progress)
		if err != nil {
			return err
		}
		if err := k.Progress.Set(ctx, progress); err != nil {
			return err
		}
	}
	for i := range g.Debts {
		if err := k.Debts.Set(ctx, g.Debts[i].Portfolio, g.Debts[i]); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) importLog(ctx context.Context, g *types.GenesisState) error {
	for i := range g.Summaries {
		s, err := types.SummaryCodec.Decode(g.Summaries[i].Value)
		if err != nil {
			return err
		}
		if err := k.Summaries.Set(ctx, g.Summaries[i].Slot, s); err != nil {
			return err
		}
	}
	for i := range g.Records {
		x := &g.Records[i]
		e, err := types.EntryCodec.Decode(x.Value)
		if err != nil {
			return err
		}
		if err := k.Records.Set(ctx, collections.Join(x.Slot, x.Portfolio), e); err != nil {
			return err
		}
	}
	return nil
}

// ExportGenesis reads everything that is stored.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	var g types.GenesisState
	var err error
	if g.Params, err = k.Params.Get(ctx); err != nil {
		return nil, err
	}
	pending, found, err := item(ctx, k.Pending)
	if err != nil {
		return nil, err
	}
	if found {
		g.Pending = &pending
	}
	if g.Halted, err = get(ctx, k.Halted); err != nil {
		return nil, err
	}
	if err := k.exportRound(ctx, &g); err != nil {
		return nil, err
	}
	return &g, k.exportLog(ctx, &g)
}

// item reads an item that may not be there.
func item[V any](ctx context.Context, i collections.Item[V]) (v V, found bool, err error) {
	if found, err = i.Has(ctx); err != nil || !found {
		return v, false, err
	}
	v, err = i.Get(ctx)
	return v, err == nil, err
}

func (k Keeper) exportRound(ctx context.Context, g *types.GenesisState) error {
	round, found, err := item(ctx, k.Round)
	if err != nil {
		return err
	}
	if found {
		g.Phase, g.Number = types.PhaseOf(round.Phase), round.Number
		if g.Round, err = types.RoundCodec.Encode(round); err != nil {
			return err
		}
	}
	progress, found, err := item(ctx, k.Progress)
	if err != nil {
		return err
	}
	if found {
		if g.Progress, err = types.ProgressCodec.Encode(progress); err != nil {
			return err
		}
	}
	return k.Debts.Walk(ctx, nil, func(_ uint64, d types.Debt) (bool, error) {
		g.Debts = append(g.Debts, d)
		return false, nil
	})
}

func (k Keeper) exportLog(ctx context.Context, g *types.GenesisState) error {
	err := k.Summaries.Walk(ctx, nil, func(slot uint64, s report.Summary) (bool, error) {
		b, err := types.SummaryCodec.Encode(s)
		g.Summaries = append(g.Summaries, types.StoredSummary{Slot: slot, Value: b})
		return false, err
	})
	if err != nil {
		return err
	}
	return k.Records.Walk(ctx, nil, func(key collections.Pair[uint64, uint64], e report.Entry) (bool, error) {
		b, err := types.EntryCodec.Encode(e)
		g.Records = append(g.Records, types.StoredRecord{Slot: key.K1(), Portfolio: key.K2(), Value: b})
		return false, err
	})
}
