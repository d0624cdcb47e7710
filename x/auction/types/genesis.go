package types

// DefaultGenesis is an empty house.
func DefaultGenesis() *GenesisState {
	return &GenesisState{Params: DefaultParams(), NextClaimId: 1, NextSaleId: 1}
}

// Validate checks what can be seen without the state of others: order, uniqueness, encodings.
func (g *GenesisState) Validate() error {
	if err := g.Params.Validate(); err != nil {
		return err
	}
	if g.LastBlockTime < 0 || g.NextClaimId == 0 || g.NextSaleId == 0 { // pages of the engine begin above 0
		return ErrGenesis.Wrapf("expected a last_block_time of 0 or more, and next ids of 1 or more, got %d, %d, %d",
			g.LastBlockTime, g.NextClaimId, g.NextSaleId)
	}
	for _, check := range []func() error{g.validateLots, g.validateBids, g.validateOwed} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (g *GenesisState) validateLots() error {
	for i := range g.Lots {
		l := &g.Lots[i]
		if i > 0 && g.Lots[i-1].Id >= l.Id {
			return ErrGenesis.Wrapf("lots: expected ascending ids, got %d after %d", l.Id, g.Lots[i-1].Id)
		}
		hall, err := HallCodec.Decode(l.State)
		if err != nil || hall.Lot.ID != l.Id {
			return ErrGenesis.Wrapf("lot %d: expected its own record, got that of %d, %v", l.Id, hall.Lot.ID, err)
		}
	}
	return nil
}

func (g *GenesisState) validateBids() error {
	for i := range g.Bids {
		b := &g.Bids[i]
		if resting, err := RestingCodec.Decode(b.State); err != nil || resting.Bid.ID != b.Id {
			return ErrGenesis.Wrapf("bid %d of lot %d: expected its own record, got that of %d, %v",
				b.Id, b.LotId, resting.Bid.ID, err)
		}
	}
	return nil
}

func (g *GenesisState) validateOwed() error {
	for i := range g.Claims {
		c := &g.Claims[i]
		if c.Id >= g.NextClaimId || !c.Coins.IsValid() {
			return ErrGenesis.Wrapf("claim %d: expected an id below %d and valid coins, got %v", c.Id, g.NextClaimId, c.Coins)
		}
	}
	for i := range g.Sales {
		if s := &g.Sales[i]; s.Id >= g.NextSaleId || i > 0 && g.Sales[i-1].Id >= s.Id {
			return ErrGenesis.Wrapf("sale %d: expected ascending ids below %d", s.Id, g.NextSaleId)
		}
	}
	return nil
}
