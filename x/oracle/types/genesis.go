package types

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/oracle"
)

// DefaultGenesis is an oracle without assets.
func DefaultGenesis() *GenesisState { return &GenesisState{Params: DefaultParams()} }

// Validate checks a genesis and names the field that is wrong.
func (g *GenesisState) Validate() error {
	if err := g.Params.Validate(); err != nil {
		return wrong("params", err)
	}
	if len(g.Assets) > MaxAssets {
		return ErrGenesis.Wrapf("assets: expected at most %d, got %d", MaxAssets, len(g.Assets))
	}
	assets := make([]Asset, len(g.Assets))
	for i := range g.Assets {
		if err := g.Assets[i].validate(); err != nil {
			return wrong(fmt.Sprintf("assets[%d]", i), err)
		}
		assets[i] = g.Assets[i].Asset
	}
	_, err := Universe(assets)
	if err = errors.Join(err, CheckNames(assets)); err != nil {
		return wrong("assets", err)
	}
	if _, err := DecodeSnapshot(g.Snapshot, len(g.Assets)); err != nil {
		return wrong("snapshot", err)
	}
	for i := range g.Points {
		if err := g.validatePoint(i); err != nil {
			return wrong(fmt.Sprintf("points[%d]", i), err)
		}
	}
	return nil
}

func wrong(field string, err error) error { return ErrGenesis.Wrapf("%s: %v", field, err) }

// DecodeSnapshot reads published prices, one for each of a number of assets. Nothing is no prices yet.
func DecodeSnapshot(b []byte, assets int) (oracle.Snapshot, error) {
	if len(b) == 0 {
		return oracle.Snapshot{Prices: make([]oracle.Price, assets)}, nil
	}
	s, err := SnapshotCodec().Decode(b)
	if err == nil && len(s.Prices) != assets {
		err = ErrGenesis.Wrapf("expected a price for each of %d assets, got %d", assets, len(s.Prices))
	}
	for i := range s.Prices {
		err = cmp.Or(err, s.Prices[i].Validate())
	}
	return s, err
}

// Decoded is what is remembered of an asset.
type Decoded struct {
	Reports   []LastReport
	History   oracle.History
	Clearings oracle.ClearingPrice
}

// Decode reads what is remembered of an asset. Nothing is nothing yet.
func (s *StoredAsset) Decode() (d Decoded, err error) {
	if len(s.Reports) > 0 {
		if d.Reports, err = ReportsCodec().Decode(s.Reports); err != nil {
			return d, fmt.Errorf("reports: %w", err)
		}
	}
	if len(s.History) > 0 {
		d.History, err = HistoryCodec().Decode(s.History)
		if err = cmp.Or(err, d.History.Validate()); err != nil {
			return d, fmt.Errorf("history: %w", err)
		}
	}
	if len(s.Clearings) > 0 {
		d.Clearings, err = ClearingsCodec().Decode(s.Clearings)
		if err = cmp.Or(err, d.Clearings.Validate()); err != nil {
			return d, fmt.Errorf("clearings: %w", err)
		}
	}
	return d, nil
}

func (s *StoredAsset) validate() error {
	if err := s.Asset.Validate(); err != nil {
		return fmt.Errorf("asset: %w", err)
	}
	sources := slices.Clone(s.Sources)
	if err := CheckSources(sources); err != nil {
		return fmt.Errorf("sources: %w", err)
	}
	for i := range sources {
		if sources[i].Reporter != s.Sources[i].Reporter {
			return fmt.Errorf("sources[%d].reporter: expected %s, got %s", i, sources[i].Reporter, s.Sources[i].Reporter)
		}
	}
	d, err := s.Decode()
	if err != nil {
		return err
	}
	if s.Asset.Status == AssetDisabled && len(s.Reports)+len(s.History)+len(s.Clearings) > 0 {
		return errors.New("expected nothing remembered of a disabled asset")
	}
	if err := CheckReports(d.Reports, s.Sources); err != nil {
		return fmt.Errorf("reports: %w", err)
	}
	return nil
}

func (g *GenesisState) validatePoint(i int) error {
	p := &g.Points[i]
	if int(p.Asset) >= len(g.Assets) || p.TimeSeconds < 0 {
		return fmt.Errorf("expected one of %d assets and a time, got %d and %d", len(g.Assets), p.Asset, p.TimeSeconds)
	}
	if i > 0 {
		b := &g.Points[i-1]
		if b.Asset > p.Asset || b.Asset == p.Asset && b.TimeSeconds >= p.TimeSeconds {
			return errors.New("expected points by asset and time, each once")
		}
	}
	price, err := PriceCodec().Decode(p.Price)
	return cmp.Or(err, price.Validate())
}
