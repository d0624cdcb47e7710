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
		if _, err := MemoryCodec.Decode(p.Memory); err != nil {
			return ErrGenesis.Wrapf("portfolios[%d].memory: %s", i, err)
		}
	}
	if g.NextId == 0 {
		return ErrGenesis.Wrap("next_id: expected 1 or more, got 0")
	}
	return g.validateFlights()
}

// validateFlights checks what is under way. Who waits for it is the invariants' matter.
func (g *GenesisState) validateFlights() error {
	for i := range g.Flights {
		fl := &g.Flights[i]
		switch to := (&Destination{Recipient: "-", Channel: fl.Channel}); {
		case fl.Id == 0 || fl.Id >= g.NextId:
			return ErrGenesis.Wrapf("flights[%d].id: expected 1..%d, got %d", i, g.NextId-1, fl.Id)
		case fl.Sequence == 0 || to.Validate() != nil:
			return ErrGenesis.Wrapf("flights[%d]: expected a packet of a channel, got %d of %q", i, fl.Sequence, fl.Channel)
		case i > 0 && !g.Flights[i-1].before(fl):
			return ErrGenesis.Wrapf("flights[%d]: expected them by id, channel and sequence", i)
		case fl.Amount.Validate() != nil || !fl.Amount.IsPositive():
			return ErrGenesis.Wrapf("flights[%d].amount: expected a positive coin, got %v", i, fl.Amount)
		case fl.State < FlightState_FLIGHT_STATE_SENT || fl.State > FlightState_FLIGHT_STATE_REFUNDED:
			return ErrGenesis.Wrapf("flights[%d].state: expected sent, settled or refunded, got %v", i, fl.State)
		}
	}
	return nil
}
