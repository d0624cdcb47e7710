package project

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// LeadTime returns how many intervals before a payment its purchase starts: min(longest, ceil(missing/capacity)+1).
// missing is the value still to be bought for all that is due within longest intervals, capacity what one interval is
// expected to buy (max sell times value times the mean fill). ErrInput.
func LeadTime(missing, capacity fixed.Wad, longest int64) (int64, error) {
	if missing.Sign() < 0 || capacity.Sign() < 0 || longest < 1 {
		return 0, fmt.Errorf("%w: expected a missing value and a capacity of 0 or more, and 1 interval or more, "+
			"got %v, %v and %d", ErrInput, missing, capacity, longest)
	}
	if missing.IsZero() {
		return 1, nil
	}
	if capacity.IsZero() {
		return longest, nil
	}
	var c fixed.Calc
	n, _ := c.MulDivUp(missing, fixed.FromRaw(1), capacity).Min(fixed.FromRaw(longest)).RawUint()
	return min(longest-1, int64(n)) + 1, c.Err() //nolint:gosec // at most longest
}

// Reserve returns how much of an asset the portfolio must hold now for what it will owe (spec 12.2), in base units.
// It is a minimum balance. An occurrence that is j whole intervals away counts ceil(amount*(lead-j+1)/lead) from
// j = lead on, and whole from j = 1 on: it is bought in equal slices and is complete one interval before it is due.
// ErrInput, or fixed.ErrOverflow when the sum is no Amount.
func (p *Plan) Reserve(a asset.Index, now, periodSeconds, lead int64) (asset.Amount, error) {
	if err := p.check(); err != nil {
		return asset.Amount{}, err
	}
	if now < 0 || periodSeconds < 1 || lead < 1 {
		return asset.Amount{}, fmt.Errorf("%w: expected a time of 0 or more, and a period and a lead of 1 or more, "+
			"got %d, %d and %d", ErrInput, now, periodSeconds, lead)
	}
	var c fixed.Calc
	var sum asset.Amount
	for i := range p.Payments {
		if p.Payments[i].Asset != a {
			continue
		}
		for k := int64(0); ; k++ {
			due, amount, ok := p.Payments[i].ahead(p.Owed[i], k)
			away := max(due-now, 0) / periodSeconds
			if !ok || away > lead {
				break
			}
			steps := lead - max(away, 1) + 1
			sum = c.AddNat(sum, c.MulDivNatUp(amount, natOf(steps), natOf(lead)))
		}
	}
	return sum, c.Err()
}

// natOf converts a count that is not negative.
func natOf(n int64) fixed.Nat { return fixed.NatOf(uint64(n)) } //nolint:gosec // not negative
