package oracle

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// MaxClearings is the number of auctions that a ClearingPrice can remember.
const MaxClearings = 10

// Clearing is an auction that has closed.
type Clearing struct {
	Time      int64     // unix seconds
	Price     fixed.Wad // volume-weighted, unit of account per display unit
	Mid       fixed.Wad // the oracle's price when the auction opened
	Volume    fixed.Wad // value that changed hands
	Owners    int       // distinct owners of the bids that were filled
	AtReserve bool      // some was sold at the reserve price
	SameOwner bool      // a seller filled his own lot
}

// ClearingConfig is how clearing prices become a source (spec 06 §6.6).
type ClearingConfig struct {
	Auctions     int       // how many to average, 1..MaxClearings
	DeepVolume   fixed.Wad // value from which on an auction has its full weight
	DecaySeconds int64     // age at which an auction has lost half of its weight
	MinOwners    int       // distinct owners that must have been filled
	MaxStray     fixed.Wad // relative distance from the mid at opening
	MaxMove      fixed.Wad // relative move of the source at one auction
	AddBack      fixed.Wad // what sellers lose to faster traders, relative to the price: clearing prices are low by it
}

// DefaultClearingConfig is the configuration of the specification, with a full weight from 10,000 on.
func DefaultClearingConfig() ClearingConfig {
	return ClearingConfig{
		Auctions: MaxClearings, DeepVolume: fixed.FromInt(10_000), DecaySeconds: 3_600, MinOwners: 2,
		MaxStray: fixed.FromBps(200), MaxMove: fixed.FromBps(100), AddBack: fixed.FromRaw(350_000_000_000_000),
	}
}

// Validate checks the ranges.
func (cfg *ClearingConfig) Validate() error {
	if cfg.Auctions < 1 || cfg.Auctions > MaxClearings || cfg.MinOwners < 1 {
		return fmt.Errorf("%w: expected 1..%d auctions of an owner or more, got %d and %d",
			ErrConfig, MaxClearings, cfg.Auctions, cfg.MinOwners)
	}
	if cfg.DecaySeconds <= 0 || cfg.DecaySeconds > maxWindowSeconds {
		return fmt.Errorf("%w: expected a decay of 1..%d s, got %d", ErrConfig, maxWindowSeconds, cfg.DecaySeconds)
	}
	return ranges{
		{"deep volume", cfg.DeepVolume, fixed.FromRaw(1), maxPrice()},
		{"largest stray", cfg.MaxStray, fixed.Wad{}, fixed.One()},
		{"largest move", cfg.MaxMove, fixed.Wad{}, fixed.One()},
		{"add-back", cfg.AddBack, fixed.Wad{}, fixed.FromBps(100)},
	}.check()
}

// Refusal is why an auction says nothing about the price.
type Refusal uint8

// Refusals. The zero value is none.
const (
	RefusalNone     Refusal = iota
	RefusalPrice            // its price, its mid or its volume is not in range
	RefusalOrder            // it closed before one that is already in
	RefusalOwners           // too few distinct owners were filled
	RefusalReserve          // it sold at the reserve price, which the oracle itself has set
	RefusalSelf             // a seller filled his own lot
	RefusalStray            // it cleared too far from the mid at its opening
	RefusalDisabled         // its asset has no price any more: said by hosts that know such assets
	refusalCount
)

// String returns the refusal in words.
func (r Refusal) String() string {
	names := [refusalCount]string{
		"none", "price out of range", "out of order", "too few owners", "sold at reserve", "filled by its seller",
		"too far from the mid", "asset disabled",
	}
	if r >= refusalCount {
		return "unknown refusal"
	}
	return names[r]
}

// ClearingPrice is the price that the own auctions clear at, as a source among others. It follows itself, because the
// auctions start from the oracle's price, so that a single one can move it by little and thin ones weigh little. The
// zero value is empty. All fields are state that a host may store.
type ClearingPrice struct {
	Clearings [MaxClearings]Clearing // circular
	Next      uint8
	Count     uint8
	Value     fixed.Wad // after the last auction, with the add-back
	Depth     fixed.Wad // 0..1: the part of the full weight that the auctions deserve by volume
}

// Validate checks clearings that were stored.
func (p *ClearingPrice) Validate() error {
	if p.Next >= MaxClearings || p.Count > MaxClearings {
		return fmt.Errorf("%w: expected %d clearings or fewer, got %d before %d", ErrState, MaxClearings, p.Count, p.Next)
	}
	if p.Depth.Sign() < 0 || fixed.One().Less(p.Depth) {
		return fmt.Errorf("%w: expected a depth of 0..1, got %v", ErrState, p.Depth)
	}
	if p.Count == 0 {
		return nil
	}
	return CheckPrice(p.Value)
}

// refuse says why an auction is not eligible.
func (p *ClearingPrice) refuse(cfg *ClearingConfig, a *Clearing) Refusal {
	var c fixed.Calc
	switch {
	case CheckPrice(a.Price) != nil || CheckPrice(a.Mid) != nil || a.Volume.Sign() <= 0:
		return RefusalPrice
	case a.Time < 0 || p.Count > 0 && a.Time < p.last().Time:
		return RefusalOrder
	case a.Owners < cfg.MinOwners:
		return RefusalOwners
	case a.AtReserve:
		return RefusalReserve
	case a.SameOwner:
		return RefusalSelf
	case c.MulDown(cfg.MaxStray, a.Mid).Less(c.Sub(a.Price, a.Mid).Abs()):
		return RefusalStray
	}
	return RefusalNone
}

func (p *ClearingPrice) last() *Clearing {
	return &p.Clearings[(int(p.Next)+MaxClearings-1)%MaxClearings]
}

// Add takes an auction in, or says why not. The source moves to the mean of the last auctions, each weighted by its
// volume, up to the full weight, and by its age; at most MaxMove at a time. The configuration must be valid.
func (p *ClearingPrice) Add(cfg *ClearingConfig, a Clearing) Refusal {
	if r := p.refuse(cfg, &a); r != RefusalNone {
		return r
	}
	p.Clearings[p.Next] = a
	p.Next = (p.Next + 1) % MaxClearings
	p.Count = min(p.Count+1, MaxClearings)
	var c fixed.Calc
	mean, depth := p.mean(&c, cfg, a.Time)
	value := c.Add(mean, c.MulDown(mean, cfg.AddBack))
	if step := c.MulDown(p.Value, cfg.MaxMove); !p.Value.IsZero() {
		value = value.Clamp(c.Sub(p.Value, step), c.Add(p.Value, step))
	}
	p.Value, p.Depth = value, depth.Min(fixed.One())
	return RefusalNone
}

// mean is the weighted mean of the last auctions, rounded down, and the sum of their depths.
func (p *ClearingPrice) mean(c *fixed.Calc, cfg *ClearingConfig, now int64) (mean, depth fixed.Wad) {
	var worth, weights fixed.Wad
	for i := range min(int(p.Count), cfg.Auctions) {
		a := &p.Clearings[(int(p.Next)+2*MaxClearings-1-i)%MaxClearings]
		full := c.DivUp(a.Volume.Min(cfg.DeepVolume), cfg.DeepVolume) // up, so that no auction is without weight
		tau := fixed.FromRaw(cfg.DecaySeconds)
		weight := c.MulDivUp(full, tau, c.Add(tau, fixed.FromRaw(now-a.Time)))
		raw, _ := weight.RawUint()                          // at most 1e18
		worth = c.Add(worth, c.MulInt(a.Price, int64(raw))) //nolint:gosec // see above
		weights, depth = c.Add(weights, weight), c.Add(depth, full)
	}
	return c.MulDivDown(worth, fixed.FromRaw(1), weights), depth
}

// Report is what the auctions say, as a report of a source of class Auction whose weight is the full one. Without an
// eligible auction the report has no price, so that Aggregate does not use it.
func (p *ClearingPrice) Report(source Source) Report {
	if p.Count == 0 {
		return Report{Source: source}
	}
	var c fixed.Calc
	weight, _ := c.MulDown(fixed.FromRawUint(uint64(source.Weight)), p.Depth).RawUint()
	source.Weight = uint32(weight) //nolint:gosec // at most what it was
	return Report{Source: source, Price: p.Value, Time: p.last().Time}
}
