package types

// DefaultGenesis has no portfolios.
func DefaultGenesis() *GenesisState { return &GenesisState{Params: DefaultParams(), NextId: 1} }

// Validate checks what can be said without the assets of the chain, and names the field that is wrong.
func (g *GenesisState) Validate() error {
	if err := g.Params.Validate(); err != nil {
		return ErrGenesis.Wrapf("params: %s", err)
	}
	last := uint64(0)
	for i := range g.Portfolios {
		p := &g.Portfolios[i]
		id := p.Portfolio.Id
		switch {
		case id <= last:
			return ErrGenesis.Wrapf("portfolios[%d]: expected an id above %d, got %d", i, last, id)
		case id >= g.NextId:
			return ErrGenesis.Wrapf("portfolios[%d]: expected an id below next_id %d, got %d", i, g.NextId, id)
		}
		last = id
		if _, err := MemoryCodec().Decode(p.Memory); err != nil {
			return ErrGenesis.Wrapf("portfolios[%d].memory: %s", i, err)
		}
	}
	if g.NextId == 0 {
		return ErrGenesis.Wrap("next_id: expected 1 or more, got 0")
	}
	return nil
}
