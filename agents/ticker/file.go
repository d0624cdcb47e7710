package ticker

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/backtest/price"
)

// fileQuote reads the price of a symbol from a file: JSON when its name says so, else lines of symbol and price. The
// price is as old as the file.
func (e *endpoint) fileQuote(name, symbol string, now time.Time) (q quote, err error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return q, err
	case !info.Mode().IsRegular(): // opening a pipe would wait for its writer
		return q, fmt.Errorf("%w: %s: expected a plain file", ErrAnswer, name)
	case info.Size() > maxBody:
		return q, fmt.Errorf("%w: %s: expected at most %d bytes, got %d", ErrAnswer, name, maxBody, info.Size())
	}
	file, err := os.Open(name) //nolint:gosec // the operator named it
	if err != nil {
		return q, err
	}
	defer func() { _ = file.Close() }()
	body, err := io.ReadAll(io.LimitReader(file, maxBody))
	if err != nil {
		return q, err
	}
	if strings.EqualFold(filepath.Ext(name), ".json") {
		q, err = e.read(body, symbol, now)
	} else {
		q, err = readLines(body, symbol)
	}
	if written := info.ModTime(); err == nil && (q.at.IsZero() || written.Before(q.at)) {
		q.at = written
	}
	return q, err
}

// readLines reads lines of a symbol, a comma and a price. The first line of a symbol counts.
func readLines(body []byte, symbol string) (q quote, err error) {
	lines := bufio.NewScanner(bytes.NewReader(body))
	lines.Buffer(nil, maxBody)
	for lines.Scan() {
		name, text, _ := strings.Cut(lines.Text(), ",")
		if strings.TrimSpace(name) != symbol {
			continue
		}
		if q.price, _, err = price.Parse(text); err != nil {
			return q, fmt.Errorf("%w: %s: %w", ErrAnswer, symbol, err)
		}
		return q, nil
	}
	return q, fmt.Errorf("%w: no line that begins with %q", ErrAnswer, symbol+",")
}
