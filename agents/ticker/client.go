package ticker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/backtest/fetch"
)

const (
	maxBody     = 1 << 20
	maxHeaders  = 64 << 10
	maxExcerpt  = 200
	userAgent   = "ballast" // Coinbase wants a name
	placeholder = "{symbol}"
)

// unavailableError says that a provider cannot be asked now, and for how long it asks to be left alone.
type unavailableError struct {
	wait time.Duration
	err  error
}

// Error says why.
func (e *unavailableError) Error() string { return e.err.Error() }

// Unwrap is why.
func (e *unavailableError) Unwrap() error { return e.err }

// newClient makes a client that goes nowhere but where it is sent.
func newClient() *http.Client {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: maxHeaders,
		IdleConnTimeout: time.Minute, TLSHandshakeTimeout: time.Minute,
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// address is where the price of a symbol is asked for.
func (e *endpoint) address(symbol string) string {
	path, query, asks := strings.Cut(e.url, "?")
	path = strings.ReplaceAll(path, placeholder, url.PathEscape(symbol))
	if !asks {
		return path
	}
	return path + "?" + strings.ReplaceAll(query, placeholder, url.QueryEscape(symbol))
}

// ask asks for the price of a symbol.
func (t *Ticker) ask(ctx context.Context, e *endpoint, symbol string) (quote, error) {
	ctx, cancel := context.WithTimeout(ctx, t.config.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.address(symbol), nil)
	if err != nil {
		return quote{}, err
	}
	request.Header.Set("User-Agent", userAgent)
	request.Header.Set("Accept", "application/json")
	response, err := t.client.Do(request)
	if err != nil {
		return quote{}, &unavailableError{err: reason(err)}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	switch status := response.StatusCode; {
	case err != nil:
		return quote{}, &unavailableError{err: reason(err)}
	case fetch.Passes(status):
		wait := fetch.RetryAfter(response.Header.Get("Retry-After"), t.now())
		return quote{}, &unavailableError{wait, refusal(ErrBusy, response, body)}
	case status != http.StatusOK:
		return quote{}, refusal(ErrAnswer, response, body)
	case len(body) > maxBody:
		return quote{}, fmt.Errorf("%w: expected at most %d bytes, got more", ErrAnswer, maxBody)
	}
	q, err := e.read(body, symbol, t.now())
	if errors.Is(err, ErrBusy) {
		err = &unavailableError{err: err}
	}
	return q, err
}

// reason is an error of the network without the address: that may hold a secret.
func reason(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w: no answer within the timeout", ErrBusy)
	}
	return fmt.Errorf("%w: %w", ErrBusy, err)
}

// refusal makes an error of an answer whose status is not 200.
func refusal(kind error, response *http.Response, body []byte) error {
	if to := response.Header.Get("Location"); to != "" {
		return fmt.Errorf("%w: %s to another address, which is not followed", kind, response.Status)
	}
	words := strings.TrimSpace(string(body[:min(len(body), maxExcerpt)]))
	return fmt.Errorf("%w: %s: %q", kind, response.Status, words)
}
