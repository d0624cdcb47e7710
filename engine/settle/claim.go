package settle

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

var (
	// ErrSale says that more was sold than there was, or that nothing brought something.
	ErrSale = errors.New("settle: invalid sale")
	// ErrClaim says that an order reaches beyond the end of the line, or that orders do not fill it.
	ErrClaim = errors.New("settle: invalid claim")
)

// Share returns the part of total that falls to the claim [offset, offset+weight) of 0..sum, by prefix rounding. Shares
// of claims that fill the line add up to total exactly.
func Share(c *fixed.Calc, offset, weight, sum, total asset.Amount) asset.Amount {
	return c.PrefixShare(offset, weight, sum, total)
}

// Sale is what became of the orders on a line: of Total base units Sold were sold, for Proceeds base units of the asset
// bought.
type Sale struct{ Total, Sold, Proceeds asset.Amount }

// Claim is one order's part of a sale: Sold and Refund add up to its weight.
type Claim struct{ Sold, Refund, Proceeds asset.Amount }

// Validate checks that the sale can be split without losing a unit.
func (s Sale) Validate() error {
	if s.Total.Less(s.Sold) || s.Total.IsZero() && !s.Proceeds.IsZero() {
		return fmt.Errorf("%w: sold %v of %v for %v", ErrSale, s.Sold, s.Total, s.Proceeds)
	}
	return nil
}

// Claim returns the part of the order that stands on [offset, offset+weight).
func (s Sale) Claim(offset, weight asset.Amount) (Claim, error) {
	r, err := s.Run(offset)
	if err != nil {
		return Claim{}, err
	}
	return r.Next(weight)
}

// Claims settles orders that fill the line, in their order: it appends one claim per weight to dst. On error it returns
// dst as it was.
func (s Sale) Claims(dst []Claim, weights []asset.Amount) ([]Claim, error) {
	r, err := s.Run(asset.Amount{})
	if err != nil {
		return dst, err
	}
	out := dst
	for k, w := range weights {
		claim, err := r.Next(w)
		if err != nil {
			return dst, fmt.Errorf("order %d: %w", k, err)
		}
		out = append(out, claim)
	}
	if r.offset != s.Total {
		return dst, fmt.Errorf("%w: orders of %v units on a line of %v", ErrClaim, r.offset, s.Total)
	}
	return out, nil
}

// Run claims for consecutive orders. It is a value: a copy goes on from where the original was.
type Run struct {
	sold, proceeds           fixed.Prefix
	total                    asset.Amount
	offset                   asset.Amount
	soldBefore, earnedBefore asset.Amount // the running floors at offset
}

// Run starts a run at the order that stands at offset.
func (s Sale) Run(offset asset.Amount) (Run, error) {
	if err := s.Validate(); err != nil {
		return Run{}, err
	}
	if s.Total.Less(offset) {
		return Run{}, fmt.Errorf("%w: offset %v on a line of %v units", ErrClaim, offset, s.Total)
	}
	r := Run{
		sold: fixed.NewPrefix(s.Total, s.Sold), proceeds: fixed.NewPrefix(s.Total, s.Proceeds),
		total: s.Total, offset: offset,
	}
	r.soldBefore, r.earnedBefore = r.sold.At(offset), r.proceeds.At(offset)
	return r, nil
}

// Offset is where the next order stands.
func (r *Run) Offset() asset.Amount { return r.offset }

// Next returns the claim of the next order. An order that reaches beyond the end of the line is ErrClaim, and the run
// stays where it is.
func (r *Run) Next(weight asset.Amount) (Claim, error) {
	if r.total.Monus(r.offset).Less(weight) {
		return Claim{}, fmt.Errorf("%w: %v units at offset %v on a line of %v", ErrClaim, weight, r.offset, r.total)
	}
	var c fixed.Calc // cannot fail: the running floors ascend, and none passes its total
	r.offset = c.AddNat(r.offset, weight)
	sold, earned := r.sold.At(r.offset), r.proceeds.At(r.offset)
	claim := Claim{Sold: sold.Monus(r.soldBefore), Proceeds: earned.Monus(r.earnedBefore)}
	claim.Refund = weight.Monus(claim.Sold)
	r.soldBefore, r.earnedBefore = sold, earned
	return claim, nil
}
