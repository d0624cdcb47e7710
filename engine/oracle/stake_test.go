package oracle_test

import (
	"errors"
	"math"
	"testing"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// TestThreeValidators is why half of the power is exact: rounded down, one of three would set the price.
func TestThreeValidators(t *testing.T) {
	t.Parallel()
	ballot := func(v uint32, power uint64, price int64) oracle.Ballot {
		return oracle.Ballot{Validator: v, Power: power, Price: fixed.FromInt(price)}
	}
	many := make([]oracle.Ballot, oracle.MaxVotes+1)
	for _, test := range []struct {
		name    string
		ballots []oracle.Ballot
		total   uint64
		want    oracle.Tally
		err     error
	}{
		{
			"the middle one",
			[]oracle.Ballot{ballot(1, 1, 10), ballot(2, 1, 1), ballot(3, 1, 11)},
			3,
			oracle.Tally{Status: oracle.StatusOK, Value: fixed.FromInt(10), Reported: 3},
			nil,
		},
		{
			"two thirds are enough",
			[]oracle.Ballot{ballot(1, 1, 10), ballot(2, 2, 12), ballot(3, 1, 14)},
			6,
			oracle.Tally{Status: oracle.StatusOK, Value: fixed.FromInt(12), Reported: 4},
			nil,
		},
		{
			"two thirds that agree",
			[]oracle.Ballot{ballot(1, 1, 10), ballot(2, 1, 10)},
			3,
			oracle.Tally{Status: oracle.StatusOK, Value: fixed.FromInt(10), Reported: 2},
			nil,
		},
		{
			"two thirds, of which either may be the third that lies",
			[]oracle.Ballot{ballot(1, 1, 10), ballot(2, 1, 12)},
			3,
			oracle.Tally{Status: oracle.StatusNoQuorum, Reported: 2},
			nil,
		},
		{
			"two halves of more than two thirds",
			[]oracle.Ballot{ballot(1, 34, 10), ballot(2, 34, 12)},
			101,
			oracle.Tally{Status: oracle.StatusOK, Value: fixed.FromInt(10), Reported: 68},
			nil,
		},
		{
			"abstentions do not count",
			[]oracle.Ballot{ballot(1, 1, 10), ballot(2, 1, 0), ballot(3, 0, 10)},
			3,
			oracle.Tally{Status: oracle.StatusNoQuorum, Reported: 1},
			nil,
		},
		{
			"a price too large abstains",
			[]oracle.Ballot{{Validator: 1, Power: 1, Price: fixed.Max()}},
			1,
			oracle.Tally{Status: oracle.StatusNoQuorum},
			nil,
		},
		{
			"large powers",
			[]oracle.Ballot{ballot(1, math.MaxUint64-1, 10), ballot(2, 1, 12)},
			math.MaxUint64,
			oracle.Tally{Status: oracle.StatusOK, Value: fixed.FromInt(10), Reported: math.MaxUint64},
			nil,
		},
		{
			"too large powers",
			[]oracle.Ballot{ballot(1, math.MaxUint64, 10), ballot(2, 1, 12)},
			math.MaxUint64,
			oracle.Tally{},
			oracle.ErrSource,
		},
		{"more than the total", []oracle.Ballot{ballot(1, 3, 10)}, 2, oracle.Tally{}, oracle.ErrSource},
		{"twice", []oracle.Ballot{ballot(7, 1, 9), ballot(2, 1, 9), ballot(7, 1, 8)}, 9, oracle.Tally{}, oracle.ErrSource},
		{"too many", many, 9, oracle.Tally{}, oracle.ErrSource},
		{"nobody", nil, 0, oracle.Tally{Status: oracle.StatusNoQuorum}, nil},
	} {
		var p oracle.Poll
		if got, err := p.Median(test.ballots, test.total); got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: %+v, %v, want %+v, %v", test.name, got, err, test.want, test.err)
		}
	}
}
