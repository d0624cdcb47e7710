package ticker

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
)

var (
	// ErrAnswer says that an answer has no price that may be used.
	ErrAnswer = errors.New("ticker: no price in the answer")
	// ErrBusy says that a provider wants to be left alone for a while.
	ErrBusy = errors.New("ticker: the provider is busy")
	// ErrOld says that a price is older than the configuration allows.
	ErrOld = errors.New("ticker: the price is too old")
)

// quote is a price and when it was one.
type quote struct {
	price fixed.Wad
	at    time.Time
}

// read reads the answer to a question for a symbol that came at a time.
func (e *endpoint) read(body []byte, symbol string, now time.Time) (q quote, err error) {
	tree, err := decode(body)
	if err != nil {
		return q, err
	}
	text, err := scalar(tree, e.price, symbol)
	if err != nil {
		return q, e.explain(tree, symbol, err)
	}
	if q.price, _, err = price.Parse(text); err != nil {
		return q, fmt.Errorf("%w: %s: %w", ErrAnswer, e.price, err)
	}
	if e.symbol != "" {
		about, err := scalar(tree, e.symbol, symbol)
		if err != nil {
			return q, err
		}
		if about != symbol {
			return q, fmt.Errorf("%w: expected one about %s, got one about %.40q", ErrAnswer, symbol, about)
		}
	}
	q.at = now
	if e.time != "" {
		at, err := moment(tree, e.time, symbol)
		if err != nil {
			return q, err
		}
		if at.Before(now) { // a provider whose clock is ahead has no younger prices than others
			q.at = at
		}
	}
	return q, nil
}

// explain adds the provider's own words to an error.
func (e *endpoint) explain(tree any, symbol string, err error) error {
	if e.words == "" {
		return err
	}
	words, missing := scalar(tree, e.words, symbol)
	if missing != nil || words == "" {
		return err
	}
	for _, b := range e.busy {
		if strings.Contains(words, b) {
			return fmt.Errorf("%w: %.200q", ErrBusy, words)
		}
	}
	return fmt.Errorf("%w; the provider says %.200q", err, words)
}

// decode reads one JSON value and nothing behind it. Numbers stay text.
func decode(body []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return nil, fmt.Errorf("%w: expected JSON: %w", ErrAnswer, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: expected one JSON value, got something behind it", ErrAnswer)
	}
	return tree, nil
}

// scalar is the number or string at a path, as text.
func scalar(tree any, path, symbol string) (string, error) {
	at := tree
	for step := range strings.SplitSeq(path, ".") {
		step = strings.ReplaceAll(step, placeholder, symbol)
		next, found := child(at, step)
		if !found {
			return "", fmt.Errorf("%w: nothing at %q of %s", ErrAnswer, step, path)
		}
		at = next
	}
	switch v := at.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	}
	return "", fmt.Errorf("%w: %s: expected a number or a string, got %T", ErrAnswer, path, at)
}

// child is what an object has under a name, or an array at a position.
func child(of any, step string) (next any, found bool) {
	switch v := of.(type) {
	case map[string]any:
		next, found = v[step]
	case []any:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(v) {
			return v[i], true
		}
	}
	return next, found
}

// Counts of seconds end where counts of milliseconds begin, in the year 5138.
const (
	manySeconds = 100_000_000_000
	milli       = 1000
)

// moment is the time at a path: seconds or milliseconds since 1970, or RFC 3339.
func moment(tree any, path, symbol string) (at time.Time, err error) {
	text, err := scalar(tree, path, symbol)
	if err != nil {
		return at, err
	}
	if at, err = time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	whole, fraction, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/milli || strings.Trim(fraction, "0123456789") != "" {
		return at, fmt.Errorf("%w: %s: expected seconds, milliseconds or an RFC 3339 time, got %.40q",
			ErrAnswer, path, text)
	}
	if n >= manySeconds {
		return time.UnixMilli(n), nil
	}
	return time.Unix(n, 0), nil
}
