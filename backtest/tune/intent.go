package tune

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrIntent says that an intention cannot be turned into settings.
var ErrIntent = errors.New("tune: invalid intention")

// Intent is what a treasury wants and what it believes of the market. Ratios are fractions of one.
type Intent struct {
	Close           fixed.Wad `json:"close"`            // this part of a gap ...
	Intervals       int       `json:"intervals"`        // ... within so many intervals
	IntervalSeconds int64     `json:"interval_seconds"` //
	Fill            fixed.Wad `json:"fill"`             // expected part of an order that fills
	Volatility      fixed.Wad `json:"volatility"`       // annual, of the asset against the rest
	Weight          fixed.Wad `json:"weight"`           // target weight of the asset
	RiskAversion    fixed.Wad `json:"risk_aversion"`    // gamma: variance costs gamma/2 of itself
	Cost            fixed.Wad `json:"cost"`             // of a unit sold and bought again as another asset
	FixedCost       fixed.Wad `json:"fixed_cost"`       // value paid for every rebalance; needs NAV
	Impact          fixed.Wad `json:"impact"`           // trading the part n of the value costs Impact*n^2; 0 unknown
	NAV             fixed.Wad `json:"nav"`              // 0 unknown
	BlockSeconds    int64     `json:"block_seconds"`    //
	Loss            fixed.Wad `json:"loss"`             // what an auction may lose against the fair price
	Lead            fixed.Wad `json:"lead"`             // how far above the fair price an auction starts
}

// Bounds of what can be asked.
const (
	maxIntervals = 100_000
	leastCost    = 1_000_000_000_000 // 0.01 bp: below it the closed forms run out of digits
	maxRatio     = 10                // of volatility, which unlike the other ratios may pass one
)

// Validate returns ErrIntent for what is out of range.
func (in *Intent) Validate() error {
	switch {
	case in.Intervals < 1 || in.Intervals > maxIntervals:
		return fmt.Errorf("%w: expected a horizon of 1 to %d intervals, got %d", ErrIntent, maxIntervals, in.Intervals)
	case in.Close == fixed.One() && in.Intervals > 1:
		return fmt.Errorf("%w: equal parts of what is left never close all of a gap in %d intervals; ask for 99%%, or for "+
			"one interval", ErrIntent, in.Intervals)
	case in.IntervalSeconds <= 0 || in.BlockSeconds <= 0:
		return fmt.Errorf("%w: expected an interval and a block of at least 1s, got %ds and %ds",
			ErrIntent, in.IntervalSeconds, in.BlockSeconds)
	case in.FixedCost.Sign() > 0 && in.NAV.Sign() <= 0:
		return fmt.Errorf("%w: a fixed cost per rebalance needs the net asset value that it is a part of", ErrIntent)
	}
	one, most := fixed.One(), fixed.FromInt(maxRatio)
	checks := []struct {
		name   string
		value  fixed.Wad
		lo, hi fixed.Wad
		inside bool // the bounds themselves are not allowed
	}{
		{"a part to close", in.Close, fixed.FromBps(1), one, false},
		{"an expected fill", in.Fill, fixed.FromBps(1), one, false},
		{"a volatility", in.Volatility, fixed.Wad{}, most, true},
		{"a weight", in.Weight, fixed.Wad{}, one, true},
		{"a risk aversion", in.RiskAversion, fixed.Wad{}, fixed.FromInt(1_000_000), true},
		{"a cost", in.Cost, fixed.FromRaw(leastCost), fixed.FromBps(9_999), false},
		{"a fixed cost", in.FixedCost, fixed.Wad{}, fixed.FromInt(1_000_000_000), false},
		{"an impact", in.Impact, fixed.Wad{}, fixed.FromInt(1_000_000), false},
		{"a net asset value", in.NAV, fixed.Wad{}, fixed.FromInt(1_000_000_000_000_000), false},
		{"a loss", in.Loss, fixed.Wad{}, one, true},
		{"a lead", in.Lead, fixed.Wad{}, one, true},
	}
	for _, c := range checks {
		if c.inside && (c.value.Cmp(c.lo) <= 0 || c.hi.Cmp(c.value) <= 0) {
			return fmt.Errorf("%w: expected %s above %s and below %s, got %s", ErrIntent, c.name, c.lo, c.hi, c.value)
		}
		if c.value.Less(c.lo) || c.hi.Less(c.value) {
			return fmt.Errorf("%w: expected %s of %s to %s, got %s", ErrIntent, c.name, c.lo, c.hi, c.value)
		}
	}
	return nil
}
