package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// InitGenesis stores a genesis. The indices follow from the portfolios.
func (k Keeper) InitGenesis(ctx context.Context, g *types.GenesisState) error {
	if err := g.Validate(); err != nil {
		return err
	}
	if err := errors.Join(k.Params.Set(ctx, g.Params), k.NextID.Set(ctx, g.NextId)); err != nil {
		return err
	}
	for i := range g.Portfolios {
		p := &g.Portfolios[i]
		f := &folio{Portfolio: p.Portfolio}
		var err error
		if f.memory, err = types.MemoryCodec.Decode(p.Memory); err != nil {
			return types.ErrGenesis.Wrapf("portfolio %d: memory: %s", f.Id, err)
		}
		if err := k.put(ctx, f); err != nil {
			return types.ErrGenesis.Wrapf("portfolio %d: %s", f.Id, err)
		}
		if p.Quarantine != "" {
			if err := errors.Join(k.Open.Remove(ctx, f.Id), k.Quarantine.Set(ctx, f.Id, p.Quarantine)); err != nil {
				return err
			}
		}
	}
	for i := range g.Flights {
		if err := k.Flights.Set(ctx, g.Flights[i].Key(), g.Flights[i]); err != nil {
			return err
		}
	}
	return nil
}

// ExportGenesis reads everything that is stored.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	g := &types.GenesisState{}
	var err error
	if g.Params, err = k.Params.Get(ctx); err != nil {
		return nil, err
	}
	if g.NextId, err = k.NextID.Get(ctx); err != nil {
		return nil, err
	}
	err = k.Records.Walk(ctx, nil, func(id uint64, record types.Portfolio) (bool, error) {
		m, err := k.Memory.Get(ctx, id)
		if err != nil {
			return true, err
		}
		p := types.GenesisPortfolio{Portfolio: record}
		if p.Memory, err = types.MemoryCodec.Encode(m); err != nil {
			return true, err
		}
		p.Quarantine, err = k.Quarantine.Get(ctx, id)
		if err != nil && !errors.Is(err, collections.ErrNotFound) {
			return true, err
		}
		g.Portfolios = append(g.Portfolios, p)
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	err = k.Flights.Walk(ctx, nil, func(_ types.FlightKey, fl types.Flight) (bool, error) {
		g.Flights = append(g.Flights, fl)
		return false, nil
	})
	return g, err
}
