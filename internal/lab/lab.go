package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/policy"
)

var (
	// ErrCall says that there is no call of a name.
	ErrCall = errors.New("lab: unknown call")
	// ErrRequest says that a request cannot be read, or asks for what cannot be.
	ErrRequest = errors.New("lab: invalid request")
)

// call is one of the calls. progress may be nil.
type call struct {
	name string
	do   func(ctx context.Context, request []byte, progress func(done, total int)) (any, error)
}

// calls returns all calls, in the order of doc.go.
func calls() []call {
	return []call{
		{"templates", func(context.Context, []byte, func(int, int)) (any, error) {
			return map[string][]string{"names": policy.Templates()}, nil
		}},
		{"template", plain(template)},
		{"schema", func(context.Context, []byte, func(int, int)) (any, error) {
			return json.RawMessage(policy.Schema()), nil
		}},
		{"validate", plain(validate)},
		{"explain", plain(explain)},
		{"sample", plain(sample)},
		{"backtest", backtests},
	}
}

// Names lists the calls.
func Names() []string {
	all := calls()
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.name
	}
	return names
}

// Call answers a request with JSON. progress, which may be nil, hears of a call that takes a while.
func Call(ctx context.Context, name string, request []byte, progress func(done, total int)) ([]byte, error) {
	all := calls()
	at := slices.IndexFunc(all, func(c call) bool { return c.name == name })
	if at < 0 {
		return nil, fmt.Errorf("%w: expected one of %v, got %q", ErrCall, Names(), name)
	}
	answer, err := all[at].do(ctx, request, progress)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// plain makes a call of a function that is quick.
func plain[Q, A any](do func(*Q) (A, error)) func(context.Context, []byte, func(int, int)) (any, error) {
	return func(_ context.Context, request []byte, _ func(int, int)) (any, error) {
		var q Q
		if err := read(request, &q); err != nil {
			return nil, err
		}
		return do(&q)
	}
}

// read reads a request. Fields that nobody knows are mistakes.
func read(request []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(request))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", ErrRequest, err)
	}
	return nil
}
