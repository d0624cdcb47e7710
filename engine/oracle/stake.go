package oracle

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// MaxVotes is the most votes that a tally takes.
const MaxVotes = 512

// Ballot is a validator's price and voting power.
type Ballot struct {
	Validator uint32 // its position in the validator set
	Power     uint64
	Price     fixed.Wad // unit of account per display unit
}

// Tally is the outcome of a vote on a price. The value counts only with StatusOK.
type Tally struct {
	Status   Status    // StatusOK or StatusNoQuorum
	Value    fixed.Wad // the stake-weighted lower median
	Reported uint64    // power that voted
}

// Poll keeps the working space of Median, so that it does not allocate after the first use. The zero value is ready.
type Poll struct{ ballots []Ballot }

// Median is the first price, in the order of price and validator, up to which half of the reported power lies; without
// two thirds of the total power there is none (spec 06 §6.4). Half is exact: of three equal validators the middle one
// decides, where a half rounded down would give the lowest price a third of the power.
//
// More than a third of the total power must have said that much or less, and more than a third that much or more: then
// no third of the power, whatever it says and whoever else is silent, moves the median out of what the others say. With
// more than two thirds reported that is always so. With two thirds exactly, it is not when they fall apart into halves:
// either may be the third that lies, and there is no median.
//
// Ballots of one validator twice, or more power than the total, are ErrSource; a ballot without a price in (0, 1e18]
// abstains.
func (p *Poll) Median(ballots []Ballot, totalPower uint64) (Tally, error) {
	if len(ballots) > MaxVotes {
		return Tally{}, fmt.Errorf("%w: expected at most %d ballots, got %d", ErrSource, MaxVotes, len(ballots))
	}
	reported, err := p.collect(ballots)
	if err != nil {
		return Tally{}, err
	}
	if reported > totalPower {
		return Tally{}, fmt.Errorf("%w: expected at most the power %d, got %d", ErrSource, totalPower, reported)
	}
	t := Tally{Status: StatusNoQuorum, Reported: reported}
	if reported == 0 || less(3, reported, 2, totalPower) {
		return t, nil
	}
	slices.SortFunc(p.ballots, func(a, b Ballot) int {
		return cmp.Or(a.Price.Cmp(b.Price), cmp.Compare(a.Validator, b.Validator))
	})
	if value, upTo := p.middle(reported); less(1, totalPower, 3, upTo) {
		t.Status, t.Value = StatusOK, value
	}
	return t, nil
}

// middle is the lower median of the sorted ballots, of which there is one, and the power that said that much or less.
// What said that much or more is always more than half of the reported power.
func (p *Poll) middle(reported uint64) (value fixed.Wad, upTo uint64) {
	i := 0
	for upTo = p.ballots[0].Power; less(2, upTo, 1, reported); upTo += p.ballots[i].Power {
		i++
	}
	value = p.ballots[i].Price
	for i++; i < len(p.ballots) && p.ballots[i].Price == value; i++ {
		upTo += p.ballots[i].Power
	}
	return value, upTo
}

// collect keeps the ballots with a price and a power, and returns their power.
func (p *Poll) collect(ballots []Ballot) (reported uint64, err error) {
	p.ballots = append(p.ballots[:0], ballots...)
	slices.SortFunc(p.ballots, func(a, b Ballot) int { return cmp.Compare(a.Validator, b.Validator) })
	highest, kept, before := maxPrice(), p.ballots[:0], int64(-1)
	for _, b := range p.ballots {
		if int64(b.Validator) == before {
			return 0, fmt.Errorf("%w: two ballots of validator %d", ErrSource, b.Validator)
		}
		before = int64(b.Validator)
		if b.Price.Sign() <= 0 || highest.Less(b.Price) || b.Power == 0 {
			continue
		}
		sum, carry := bits.Add64(reported, b.Power, 0)
		if carry != 0 {
			return 0, fmt.Errorf("%w: expected a power below 2^64, got more", ErrSource)
		}
		reported, kept = sum, append(kept, b)
	}
	p.ballots = kept
	return reported, nil
}

// less reports a*x < b*y without overflow.
func less(a, x, b, y uint64) bool {
	h, l := bits.Mul64(a, x)
	k, m := bits.Mul64(b, y)
	return h < k || h == k && l < m
}
