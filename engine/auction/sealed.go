package auction

import (
	"fmt"
	"math/big"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// optionFactorRaw is 1/sqrt(2*pi) = 0.398942280401432677: an option at the money is worth so many standard
// deviations.
const optionFactorRaw = 398_942_280_401_432_677

// bondCover is how many times the value of not revealing a bond must be worth.
const bondCover = 2

// Sealed is the timetable of a sealed-bid lot (spec 05 §5.6), for thin or very large lots: bidders first commit to a
// hash and a deposit, then reveal; the revealed bids clear at once in a lot whose curve is flat at the reserve. Both
// times are the last second of their phase.
type Sealed struct{ CommitUntil, RevealUntil int64 }

// CheckCommit refuses a commitment outside its phase.
func (s Sealed) CheckCommit(now int64) error {
	if now > s.CommitUntil {
		return fmt.Errorf("%w: commitments ended at %d, now is %d", ErrReveal, s.CommitUntil, now)
	}
	return nil
}

// CheckReveal refuses a reveal outside its phase and one that the deposit does not cover. The host has compared the
// hash of the Preimage with the commitment.
func (s Sealed) CheckReveal(b *Bid, p asset.Pair, deposit asset.Amount, now int64) error {
	if now <= s.CommitUntil || now > s.RevealUntil {
		return fmt.Errorf("%w: expected a time in %d..%d, got %d", ErrReveal, s.CommitUntil+1, s.RevealUntil, now)
	}
	var c fixed.Calc
	escrow := b.Escrow(&c, p)
	if err := c.Err(); err != nil {
		return fmt.Errorf("%w: escrow of %v at %v: %w", ErrReveal, b.Quantity, b.Limit, err)
	}
	if deposit.Less(escrow) {
		return fmt.Errorf("%w: expected a deposit of at least %v, got %v", ErrReveal, escrow, deposit)
	}
	return nil
}

// AppendPreimage appends what a commitment is the hash of: lot and bidder in 8 bytes each, quantity and minimum fill
// in 16 each, the raw limit in 32, all big-endian, and the salt. The minimum is part of it, or it would be an option
// that the bidder keeps until the reveal. The limit must not be negative.
func AppendPreimage(dst []byte, lot uint64, b *Bid, salt []byte) []byte {
	var buf [80]byte
	new(big.Int).SetUint64(lot).FillBytes(buf[0:8])
	new(big.Int).SetUint64(b.Bidder).FillBytes(buf[8:16])
	b.Quantity.Big().FillBytes(buf[16:32])
	b.MinFill.Big().FillBytes(buf[32:48])
	b.Limit.Abs().Big().FillBytes(buf[48:80])
	return append(append(dst, buf[:]...), salt...)
}

// BondFraction is what not revealing is worth, as a fraction of the notional: 0.3989*sigma*sqrt(t), an option at the
// money over the reveal phase; sigma is annual. Every step rounds down.
func BondFraction(c *fixed.Calc, sigma fixed.Wad, revealSeconds int64) fixed.Wad {
	years := c.DivIntTrunc(fixed.FromInt(revealSeconds), oracle.SecondsPerYear)
	return c.MulDown(fixed.FromRaw(optionFactorRaw), c.MulDown(sigma, c.Sqrt(years)))
}

// Bond is the smallest bond for a notional in the same units: twice the fraction, rounded up, and at least a fixed
// minimum. It is slashed to the sellers when the bidder does not reveal.
func Bond(c *fixed.Calc, fraction fixed.Wad, notional, minimum asset.Amount) asset.Amount {
	return c.Nat(c.MulUp(c.MulInt(fraction, bondCover), notional.Raw())).Max(minimum)
}
