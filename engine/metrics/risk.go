package metrics

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrCovariance says that a matrix is not a covariance matrix.
var ErrCovariance = errors.New("metrics: not a covariance matrix")

// ExAnteTrackingError is sqrt(d'Sd), the annual deviation to expect from holding weights that differ from the target by
// d, each in -1..1, when S is the annual covariance matrix of the returns, row after row. ErrSample when the sizes do
// not fit, ErrCovariance when d'Sd is negative beyond rounding.
func ExAnteTrackingError(deviations, covariances []fixed.Wad) (fixed.Wad, error) {
	n := len(deviations)
	if len(covariances) != n*n {
		return fixed.Wad{}, fmt.Errorf("%w: expected %d covariances for %d assets, got %d",
			ErrSample, n*n, n, len(covariances))
	}
	var c fixed.Calc
	var sum fixed.Wad
	for i, d := range deviations {
		var row fixed.Wad
		for j, s := range covariances[i*n : (i+1)*n] {
			row = c.Add(row, c.MulTrunc(s, deviations[j]))
		}
		sum = c.Add(sum, c.MulTrunc(row, d))
	}
	// Every product is off by less than one unit of the last place, and a riskless mix is zero only up to that.
	slack := fixed.FromRaw(-int64(n * (n + 1)))
	te := c.Sqrt(sum.Max(fixed.Wad{}))
	if err := c.Err(); err != nil {
		return fixed.Wad{}, fmt.Errorf("metrics: tracking error: %w", err)
	}
	if sum.Less(slack) {
		return fixed.Wad{}, fmt.Errorf("%w: expected a variance of zero or more, got %v", ErrCovariance, sum)
	}
	return te, nil
}
