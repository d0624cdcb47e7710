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
// decides, where a half rounded down would give the lowest price a third of the power. Ballots of one validator twice,
// or more power than the total, are ErrSource; a ballot
// without a price in (0, 1e18] abstains.
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
	var sum uint64
	for i := range p.ballots {
		if sum += p.ballots[i].Power; !less(2, sum, 1, reported) {
			t.Status, t.Value = StatusOK, p.ballots[i].Price
			break
		}
	}
	return t, nil
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
