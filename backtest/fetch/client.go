package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	attempts     = 6
	firstBackoff = time.Second
	maxWait      = 2 * time.Minute // a longer Retry-After ends the download: it can be continued
	maxBodyBytes = 8 << 20
	excerptBytes = 200
	userAgent    = "ballast" // Coinbase wants a name
)

// client sends the requests of one download, one after the other.
type client struct {
	plan     *plan
	last     time.Time // of the last request
	requests int
	retries  int
}

// bars sends one query until it is answered.
func (c *client) bars(ctx context.Context, q query) ([]bar, error) {
	address := strings.TrimRight(c.plan.opt.BaseURL, "/") + c.plan.provider.path(q)
	backoff := firstBackoff
	for try := 1; ; try++ {
		if err := c.pace(ctx); err != nil {
			return nil, err
		}
		bars, wait, err := c.once(ctx, address)
		switch {
		case err == nil:
			return bars, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, ErrRefused):
			return nil, fmt.Errorf("%s, %s: %w", c.plan.provider.name, q.symbol, err)
		case try == attempts || wait > maxWait:
			return nil, c.giveUp(q, try, wait, err)
		}
		c.retries++
		if err := c.plan.opt.Clock.Sleep(ctx, max(wait, backoff)); err != nil {
			return nil, err
		}
		backoff *= 2
	}
}

func (c *client) giveUp(q query, tries int, wait time.Duration, err error) error {
	again := "try again later"
	if wait > maxWait {
		again = "try again in " + wait.String()
	}
	return fmt.Errorf("%w: %s, %s: attempt %d: %w: %s, the same command continues",
		ErrUnavailable, c.plan.provider.name, q.symbol, tries, err, again)
}

// pace keeps the provider's distance between two requests.
func (c *client) pace(ctx context.Context) error {
	clock := c.plan.opt.Clock
	if c.requests > 0 {
		if rest := c.plan.provider.pause - clock.Now().Sub(c.last); rest > 0 {
			if err := clock.Sleep(ctx, rest); err != nil {
				return err
			}
		}
	}
	c.last = clock.Now()
	c.requests++
	return nil
}

// once sends one request. Its error wraps ErrRefused when another try is useless; wait is what the provider asked for.
func (c *client) once(ctx context.Context, address string) (bars []bar, wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.plan.opt.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	request.Header.Set("User-Agent", userAgent)
	response, err := c.plan.opt.HTTPClient.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBodyBytes))
	if err != nil {
		return nil, 0, err
	}
	if response.StatusCode == http.StatusOK {
		bars, err = c.plan.provider.decode(body)
		return bars, 0, err
	}
	return nil, RetryAfter(response.Header.Get("Retry-After"), c.plan.opt.Clock.Now()), failure(response, body)
}

// failure makes an error of a status that is not 200.
func failure(response *http.Response, body []byte) error {
	words := response.Status + ": " + strings.TrimSpace(string(body[:min(len(body), excerptBytes)]))
	switch status := response.StatusCode; {
	case Passes(status):
		return fmt.Errorf("%w: %s", errBusy, words)
	case status == http.StatusForbidden, status == http.StatusUnavailableForLegalReasons:
		words += " (it may not serve your region: choose another --provider)"
	}
	return fmt.Errorf("%w: %s", ErrRefused, words)
}

// Passes reports whether an HTTP status asks for patience: the same request may be answered later.
func Passes(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests ||
		status == http.StatusTeapot || status >= http.StatusInternalServerError
}

// RetryAfter reads the header of that name, seconds or a date; 0 for none.
func RetryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// systemClock is the machine's.
type systemClock struct{}

// Now returns the time of the machine.
func (systemClock) Now() time.Time {
	return time.Now() //nolint:forbidigo // the one place where the clock of a download comes from
}

// Sleep waits, or returns the error of the context when that ends first.
func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
