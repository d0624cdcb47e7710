package report

import "github.com/ballast-finance/ballast/backtest"

// What follows is open to the tests of this folder only.
var (
	Grouped   = grouped
	Duration  = duration
	Thin      = thin
	Printable = printable
)

// PointsMax and LotsMax are the limits of a page.
const (
	PointsMax = curvePointsMax
	LotsMax   = lotsMax
)

// NewColumn is a column of values with so many significant digits.
func NewColumn(values []float64, digits int) any { return column{values: values, digits: digits} }

// ClockPoints counts the points of the clocks that a page would hold.
func ClockPoints(all []backtest.Auction) int {
	total := 0
	for _, line := range newLotData(all).Clock {
		total += len(line[0])
	}
	return total
}

// Asset reads an embedded file.
func Asset(name string) (string, error) {
	texts, err := load(name)
	if err != nil {
		return "", err
	}
	return texts[0], nil
}
