package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// leadColumns come before the columns of the assets in intervals.csv.
var leadColumns = []string{"time", "treasury", "nav", "outcome", "reason", "drift", "crossed", "sold", "fill", "cost"}

// CSV writes one line per interval and treasury, treasury after treasury in order of time. Behind the common columns
// come four for every asset of any treasury, in alphabetical order: weight_X, target_X, order_X and filled_X, empty
// where a treasury has no X or the interval did not get that far. Times are RFC 3339 in UTC, decimals exact, values in
// the unit of account, weights, drift and fill fractions of one. A text that a spreadsheet would take for a formula
// gets an apostrophe before it.
func CSV(w io.Writer, r *backtest.Result) error {
	assets := allAssets(r.Treasuries)
	header := slices.Clone(leadColumns)
	for _, a := range assets {
		header = append(header, "weight_"+a, "target_"+a, "order_"+a, "filled_"+a)
	}
	out := csv.NewWriter(w)
	_ = out.Write(header) // the writer keeps its first error
	record := make([]string, len(header))
	for i := range r.Treasuries {
		t := &r.Treasuries[i]
		places := make([]int, len(t.Assets))
		for k, a := range t.Assets {
			places[k], _ = slices.BinarySearch(assets, a)
		}
		for k := range t.Intervals {
			intervalRecord(record, &t.Intervals[k], places)
			record[1] = plain(t.Name)
			_ = out.Write(record)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	return nil
}

// allAssets are the names of the assets of all treasuries, sorted.
func allAssets(all []backtest.Treasury) []string {
	var names []string
	for i := range all {
		names = append(names, all[i].Assets...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// intervalRecord fills a line but for the treasury's name. places are the places of its assets among all.
func intervalRecord(record []string, v *backtest.Interval, places []int) {
	clear(record)
	lead := []string{
		instant(v.Time), "", v.NAV.String(), plain(v.Outcome), plain(v.Reason), v.Drift.String(), v.Crossed.String(),
		v.Sold.String(), v.Fill.String(), v.Cost.String(),
	}
	copy(record, lead)
	for group, values := range [][]fixed.Wad{v.Weights, v.Targets, v.Orders, v.Filled} {
		for k, x := range values[:min(len(values), len(places))] {
			record[len(lead)+4*places[k]+group] = x.String()
		}
	}
}

// plain keeps a spreadsheet from running a text as a formula.
func plain(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
