package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

var (
	// ErrOptions says that a download cannot be asked for like this.
	ErrOptions = errors.New("fetch: invalid options")
	// ErrRefused says that the provider does not answer this request, in its own words.
	ErrRefused = errors.New("fetch: refused by the provider")
	// ErrUnavailable says that the provider could not be reached, or was busy, in all attempts.
	ErrUnavailable = errors.New("fetch: provider unavailable")
	// ErrBar says that the provider sent a price that is none, or two prices of one bar.
	ErrBar = errors.New("fetch: invalid bar")
	// ErrEmpty says that there is no bar of an asset, or no row that all assets share.
	ErrEmpty = errors.New("fetch: no prices")
	// ErrOutput says that the output file cannot be written, or does not belong to this download.
	ErrOutput = errors.New("fetch: output file")
)

// Clock is the time that a download sees.
type Clock interface {
	Now() time.Time
	// Sleep waits, or returns the error of the context when that ends first.
	Sleep(ctx context.Context, d time.Duration) error
}

// Options say what to download.
type Options struct {
	Provider    string   // one of Providers
	Assets      []string // base assets, the columns of the file in this order
	Quote       string   // what the prices are in; empty: the provider's usual one
	From, To    int64    // first and last row, seconds of UTC; To 0: until now
	StepSeconds int64    // one of Steps
	Out         string   // the CSV file

	HTTPClient *http.Client   // nil: a client of its own
	BaseURL    string         // empty: the provider's; for mirrors and tests
	Timeout    time.Duration  // of one request; 0: 30 seconds
	Clock      Clock          // nil: the system's
	Progress   func(Progress) // called before every request and at the end; nil: silent
}

// Progress is how far a download is.
type Progress struct {
	Done, Total int   // requests of this run, without those that were tried again
	Rows        int   // in the file so far
	Time        int64 // up to which rows are there
}

// Column says what was found of one asset in this run.
type Column struct {
	Asset   string
	First   int64 // time of the first row with a price; 0: none
	Bars    int64
	Missing int64 // bars that the asset lacks where another has one
}

// Report is what a download did.
type Report struct {
	Provider    string
	Rows        int   // in the file
	Added       int   // by this run
	First, Last int64 // times of the file's first and last row
	Requests    int   // those that were tried again included
	Retries     int
	Columns     []Column
	Warnings    []string
}

const (
	defaultTimeout = 30 * time.Second
	maxSymbolBytes = 20
)

// plan is a download that has been checked.
type plan struct {
	provider    *provider
	opt         Options
	word        string
	first, last int64 // open times of the first and the last bar
	now         int64
}

// newPlan checks the options and fills in what was left out.
func newPlan(opt Options) (*plan, error) {
	p, err := find(opt.Provider)
	if err != nil {
		return nil, err
	}
	word, known := p.steps[opt.StepSeconds]
	if !known {
		return nil, fmt.Errorf("%w: %s has no step of %ds: expected one of %v", ErrOptions, p.name, opt.StepSeconds,
			p.stepList())
	}
	if opt.Quote == "" {
		opt.Quote = p.quote
	}
	if opt.BaseURL == "" {
		opt.BaseURL = p.base
	}
	if opt.Timeout <= 0 {
		opt.Timeout = defaultTimeout
	}
	if opt.HTTPClient == nil {
		opt.HTTPClient = &http.Client{}
	}
	if opt.Clock == nil {
		opt.Clock = systemClock{}
	}
	if err := checkAssets(opt); err != nil {
		return nil, err
	}
	plan := &plan{provider: p, opt: opt, word: word}
	return plan, plan.bound(opt.Clock.Now().Unix())
}

func checkAssets(opt Options) error {
	if len(opt.Assets) == 0 || opt.Out == "" {
		return fmt.Errorf("%w: expected at least one asset and an output file", ErrOptions)
	}
	for i, asset := range append(slices.Clone(opt.Assets), opt.Quote) {
		switch {
		case !symbolLike(asset):
			return fmt.Errorf("%w: expected a symbol like BTC, got %q", ErrOptions, asset)
		case slices.Contains(opt.Assets[:min(i, len(opt.Assets))], asset) && i < len(opt.Assets):
			return fmt.Errorf("%w: %s is there twice", ErrOptions, asset)
		case i < len(opt.Assets) && strings.EqualFold(asset, opt.Quote):
			return fmt.Errorf("%w: %s is the quote itself: choose another --quote", ErrOptions, asset)
		}
	}
	return nil
}

// symbolLike keeps symbols to what needs no quoting in an address or in a file.
func symbolLike(s string) bool {
	return s != "" && len(s) <= maxSymbolBytes && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// bound turns times of rows into open times of bars that are over by now.
func (p *plan) bound(now int64) error {
	step, from, to := p.opt.StepSeconds, p.opt.From, p.opt.To
	if to == 0 || to > now {
		to = now
	}
	if from <= 0 || from > to {
		return fmt.Errorf("%w: expected a first row between 1970 and the last, got %s to %s",
			ErrOptions, stamp(from), stamp(to))
	}
	p.first = (from+step-1)/step*step - step
	p.last = to/step*step - step
	if p.first > p.last {
		return fmt.Errorf("%w: no bar of %ds ends between %s and %s", ErrOptions, step, stamp(from), stamp(to))
	}
	p.now = now
	return nil
}

// resume moves the first bar behind the last row that is there; a row's time is the open time of the next bar.
func (p *plan) resume(last int64) error {
	p.first = max(p.first, last)
	kept, step := p.provider.historyBars, p.opt.StepSeconds
	if kept > 0 && p.first < p.now-kept*step && p.first <= p.last {
		return fmt.Errorf("%w: %s keeps the last %d bars only: begin at %s or later, or choose another provider",
			ErrOptions, p.provider.name, kept, stamp((p.now/step-kept+2)*step))
	}
	return nil
}

// stamp prints seconds as the files have them.
func stamp(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }
