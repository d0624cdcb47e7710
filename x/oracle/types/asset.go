package types

import (
	"regexp"
	"strings"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// displayName is what may stand behind an amount: no digit first, so that one can see where the amount ends.
var displayName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,31}$`)

// Validate checks what can be seen of an asset alone.
func (a *Asset) Validate() error {
	if err := sdk.ValidateDenom(a.Denom); err != nil {
		return ErrAsset.Wrapf("expected a denom of the bank, got %q: %v", a.Denom, err)
	}
	if !displayName.MatchString(a.Display) {
		return ErrAsset.Wrapf("%s: expected a display name of 1..32 letters, digits, dots, dashes or underscores, a "+
			"letter first, got %q", a.Denom, a.Display)
	}
	if a.Exponent > asset.MaxExponent {
		return ErrAsset.Wrapf("%s: expected an exponent of 0..%d, got %d", a.Denom, asset.MaxExponent, a.Exponent)
	}
	if _, known := AssetStatus_name[int32(a.Status)]; !known || a.Status == AssetUnspecified {
		return ErrAsset.Wrapf("%s: expected the status active, wind-down or disabled, got %v", a.Denom, a.Status)
	}
	return nil
}

// Engine is the asset as the engine knows it.
func (a *Asset) Engine() asset.Asset {
	return asset.Asset{ID: asset.ID(a.Denom), Exponent: uint8(a.Exponent)} //nolint:gosec // validated: at most 18
}

// Universe is the assets as the engine knows them, in the same order.
func Universe(assets []Asset) (asset.Universe, error) {
	listed := make([]asset.Asset, len(assets))
	for i := range assets {
		listed[i] = assets[i].Engine()
	}
	u, err := asset.Listed(listed)
	return u, Wrap(err)
}

// CheckNames fails when two assets that are not disabled could be mistaken for each other: when they share a display
// name, in any case, or when one's display name is the other's denom.
func CheckNames(assets []Asset) error {
	for i := range assets {
		for j := range i {
			if assets[i].confusable(&assets[j]) {
				return ErrAssetExists.Wrapf("expected a display name that no other asset uses, got %s for %s and %s for %s",
					assets[i].Display, assets[i].Denom, assets[j].Display, assets[j].Denom)
			}
		}
	}
	return nil
}

func (a *Asset) confusable(b *Asset) bool {
	if a.Status == AssetDisabled || b.Status == AssetDisabled {
		return false
	}
	return strings.EqualFold(a.Display, b.Display) || a.Display == b.Denom || b.Display == a.Denom
}

// Engine is the source as the engine knows it.
func (s *Source) Engine() oracle.Source {
	class := oracle.ClassUnspecified
	if _, known := SourceClass_name[int32(s.Class)]; known {
		class = oracle.Class(s.Class) //nolint:gosec // one of the names
	}
	return oracle.Source{
		ID: s.Id, Class: class, Weight: s.Weight, MaxAgeSeconds: s.MaxAgeSeconds, Paused: s.Paused,
	}
}

// ByValidators reports whether a source has no reporter because it is what the validators vote for.
func (s *Source) ByValidators() bool { return s.Class == ClassVote && s.Reporter == "" }

// CheckSources checks the sources of one asset and writes their reporters in the usual form.
func CheckSources(sources []Source) error {
	listed := make([]oracle.Source, len(sources))
	for i := range sources {
		listed[i] = sources[i].Engine()
	}
	if err := oracle.ValidateSources(listed); err != nil {
		return Wrap(err)
	}
	auctions, votes := 0, 0
	for i := range sources {
		s := &sources[i]
		if s.Class == ClassAuction {
			auctions++
		}
		if s.ByValidators() {
			votes++
		}
		if auctions > 1 || votes > 1 {
			return ErrSource.Wrapf("source %d: expected one source of class auction, and one of class vote without a "+
				"reporter, got more", s.Id)
		}
		if err := s.checkReporter(sources[:i]); err != nil {
			return err
		}
	}
	return nil
}

// checkReporter checks who reports for a source: sources that are one person count as one, so nobody is two.
func (s *Source) checkReporter(others []Source) error {
	if s.Class == ClassAuction {
		if s.Reporter != "" {
			return ErrSource.Wrapf("source %d: expected no reporter: auctions need none, got %s", s.Id, s.Reporter)
		}
		return nil
	}
	if s.ByValidators() {
		return nil
	}
	address, err := sdk.AccAddressFromBech32(s.Reporter)
	if err != nil {
		return ErrSource.Wrapf("source %d: expected the address of a reporter, got %q: %v", s.Id, s.Reporter, err)
	}
	s.Reporter = address.String()
	for i := range others {
		if others[i].Reporter == s.Reporter {
			return ErrSource.Wrapf("source %d: expected a reporter of its own, got that of source %d", s.Id, others[i].Id)
		}
	}
	return nil
}
