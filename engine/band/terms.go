package band

import "github.com/ballast-finance/ballast/engine/fixed"

// Terms are what a phase allows a portfolio to do.
type Terms struct {
	// Trade is false while nothing may be ordered and what is not opened yet must be cancelled.
	Trade bool
	// Cross says whether flows may be netted inside at the oracle price.
	Cross bool
	// Mint says whether shares may be minted and redeemed at net asset value.
	Mint bool
	// SellScale is the part of the largest sale per interval that is allowed.
	SellScale fixed.Wad
	// ReserveScale is the part of an auction's width below the mid that is allowed.
	ReserveScale fixed.Wad
	// IntervalSeconds is the least time between two intervals with orders; 0 adds nothing to the policy's own.
	IntervalSeconds int64
}

// Terms returns what the phase allows. In Recovery the portfolio goes back on a quarter of its largest sale, once a
// day, at reserves half as wide, and by auction only.
func (m Machine) Terms() Terms {
	if m.Phase == Halted {
		return Terms{}
	}
	if m.Phase == Recovery {
		return Terms{
			Trade: true, Mint: true,
			SellScale: fixed.FromBps(2_500), ReserveScale: fixed.FromBps(5_000), IntervalSeconds: daySeconds,
		}
	}
	return Terms{Trade: true, Cross: true, Mint: true, SellScale: fixed.One(), ReserveScale: fixed.One()}
}
