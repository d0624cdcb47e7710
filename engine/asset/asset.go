package asset

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Limits of a universe.
const (
	// MaxExponent is the largest exponent of a denom.
	MaxExponent = 18
	// MaxAssets bounds a universe; an Index fits 16 bits and pair tables stay small.
	MaxAssets = 1024
	// MaxDenomLength is the longest denom, as the bank module has it.
	MaxDenomLength = 128
)

var (
	// ErrAsset says that an asset's description is not valid.
	ErrAsset = errors.New("asset: invalid asset")
	// ErrUnknown says that a denom is not in the universe.
	ErrUnknown = errors.New("asset: unknown denom")
	// ErrBasket says that a basket is not sorted, has duplicates, or names an asset outside its universe.
	ErrBasket = errors.New("asset: invalid basket")
)

// ID is a denom.
type ID string

// Amount is a count of base units.
type Amount = fixed.Nat

// Asset is a denom and the exponent of its display unit: one display unit is 10^Exponent base units.
type Asset struct {
	ID       ID
	Exponent uint8
}

// Index is the position of an asset in its universe.
type Index uint16

// Universe is the list of all assets of a cycle. Everything downstream names an asset by its Index.
type Universe struct {
	assets []Asset
	sorted []Index // by denom
}

// NewUniverse sorts the assets by denom and checks each of them.
func NewUniverse(assets []Asset) (Universe, error) {
	sorted := slices.Clone(assets)
	slices.SortFunc(sorted, func(a, b Asset) int { return cmp.Compare(a.ID, b.ID) })
	return Listed(sorted)
}

// Listed is a universe in the order given: that of a register to which assets are only ever added, so that an Index is
// for life. It checks each of them.
func Listed(assets []Asset) (Universe, error) {
	if len(assets) > MaxAssets {
		return Universe{}, fmt.Errorf("%w: expected at most %d assets, got %d", ErrAsset, MaxAssets, len(assets))
	}
	u := Universe{slices.Clone(assets), make([]Index, len(assets))}
	for i := range u.sorted {
		u.sorted[i] = Index(i)
	}
	slices.SortFunc(u.sorted, func(i, j Index) int { return cmp.Compare(u.assets[i].ID, u.assets[j].ID) })
	for i, k := range u.sorted {
		a := u.assets[k]
		switch {
		case a.ID == "" || len(a.ID) > MaxDenomLength:
			return Universe{}, fmt.Errorf("%w: expected a denom of 1..%d bytes, got %d", ErrAsset, MaxDenomLength, len(a.ID))
		case a.Exponent > MaxExponent:
			return Universe{}, fmt.Errorf("%w: %s: expected an exponent of 0..%d, got %d",
				ErrAsset, a.ID, MaxExponent, a.Exponent)
		case i > 0 && u.assets[u.sorted[i-1]].ID == a.ID:
			return Universe{}, fmt.Errorf("%w: %s is listed twice", ErrAsset, a.ID)
		}
	}
	return u, nil
}

// Len is the number of assets.
func (u Universe) Len() int { return len(u.assets) }

// Prefix is the universe of the first n assets, with the same indices; n is at most Len. It is what a round sees that
// started before the others were added.
func (u Universe) Prefix(n int) Universe {
	if n == len(u.assets) {
		return u
	}
	p := Universe{assets: u.assets[:n:n], sorted: make([]Index, 0, n)}
	for _, i := range u.sorted {
		if int(i) < n {
			p.sorted = append(p.sorted, i)
		}
	}
	return p
}

// At returns the asset at i; i must be below Len.
func (u Universe) At(i Index) Asset { return u.assets[i] }

// Find returns the index of a denom.
func (u Universe) Find(id ID) (Index, error) {
	i, found := slices.BinarySearchFunc(u.sorted, id, func(k Index, id ID) int { return cmp.Compare(u.assets[k].ID, id) })
	if !found {
		return 0, fmt.Errorf("%w: %s", ErrUnknown, id)
	}
	return u.sorted[i], nil
}

// Holding is an amount of one asset.
type Holding struct {
	Asset  Index
	Amount Amount
}

// Basket is a list of holdings, sorted by asset, without duplicates.
type Basket []Holding

// Validate checks order, uniqueness and membership.
func (b Basket) Validate(u Universe) error {
	for i, h := range b {
		if int(h.Asset) >= u.Len() {
			return fmt.Errorf("%w: asset %d of a universe of %d", ErrBasket, h.Asset, u.Len())
		}
		if i > 0 && b[i-1].Asset >= h.Asset {
			return fmt.Errorf("%w: asset %d stands after asset %d", ErrBasket, h.Asset, b[i-1].Asset)
		}
	}
	return nil
}

// AmountOf returns the amount of an asset, zero when it is not in the basket.
func (b Basket) AmountOf(a Index) Amount {
	i, found := slices.BinarySearchFunc(b, a, func(h Holding, a Index) int { return cmp.Compare(h.Asset, a) })
	if !found {
		return Amount{}
	}
	return b[i].Amount
}
