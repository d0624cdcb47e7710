package fetch

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
	millis = 1000
)

// provider is one exchange.
type provider struct {
	name        string
	base        string // scheme and host
	quote       string // what prices are in when nothing else is asked for
	pageBars    int64  // bars of one request
	historyBars int64  // bars that are kept at all; 0: everything
	pause       time.Duration
	steps       map[int64]string // the word for a step
	symbol      func(asset, quote string) string
	path        func(q query) string // with the query
	decode      func(body []byte) ([]bar, error)
}

// query is one request: the bars that open from..to, both included, in seconds.
type query struct {
	symbol   string
	word     string // for the step
	from, to int64
	step     int64
}

func (q query) bars() int64 { return (q.to-q.from)/q.step + 1 }

// bar is what is needed of a candle.
type bar struct {
	open  int64 // seconds
	close string
	over  bool // false for the bar that is still open, where the provider says so
}

// errBusy is a body that asks for patience, errMalformed one that is not what was expected: both are worth another try.
var (
	errBusy      = errors.New("the provider is busy")
	errMalformed = errors.New("the answer is not what was expected")
)

// providers is a function because a package variable could be changed.
func providers() []provider { return []provider{binance(), bybit(), coinbase(), kraken(), okx()} }

// Providers lists the names that Options.Provider takes.
func Providers() []string {
	all := providers()
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.name
	}
	return names
}

// Steps lists the steps of a provider in seconds, ascending.
func Steps(name string) ([]int64, error) {
	p, err := find(name)
	if err != nil {
		return nil, err
	}
	return p.stepList(), nil
}

func (p *provider) stepList() []int64 {
	steps := make([]int64, 0, len(p.steps))
	for step := range p.steps {
		steps = append(steps, step)
	}
	slices.Sort(steps)
	return steps
}

func find(name string) (*provider, error) {
	for _, p := range providers() {
		if p.name == strings.ToLower(name) {
			return &p, nil
		}
	}
	return nil, fmt.Errorf("%w: no provider %q: expected one of %s", ErrOptions, name, strings.Join(Providers(), ", "))
}

// closeCell is where all of them have the close.
const closeCell = 4

// candles reads rows of cells: the open time, in counts of 1/unit seconds, and the close. Cells may be numbers or
// strings; over tells whether the bar of a row has ended, nil when all have.
func candles(rows [][]json.RawMessage, unit int64, over func(row []json.RawMessage) bool) ([]bar, error) {
	bars := make([]bar, 0, len(rows))
	for _, row := range rows {
		if len(row) <= closeCell {
			return nil, fmt.Errorf("%w: a candle of %d cells", errMalformed, len(row))
		}
		open, err := strconv.ParseInt(text(row[0]), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%w: a candle at %.40q", errMalformed, row[0])
		}
		bars = append(bars, bar{open / unit, text(row[closeCell]), over == nil || over(row)})
	}
	return bars, nil
}

// text is a JSON number or string without quotes.
func text(cell json.RawMessage) string { return strings.Trim(string(cell), `"`) }

// unmarshal reads JSON; what cannot be read is malformed.
func unmarshal(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return nil
}

// refused makes an error of the provider's own words.
func refused(code, message string) error {
	return fmt.Errorf("%w: %.200s", ErrRefused, strings.TrimSpace(code+" "+message))
}

func joined(asset, quote string) string { return strings.ToUpper(asset + quote) }

func dashed(asset, quote string) string { return strings.ToUpper(asset + "-" + quote) }
