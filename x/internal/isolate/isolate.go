package isolate

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// ErrPanic says that something panicked. It is reported like any other failure: a chain does not stop for it.
var ErrPanic = errors.New("panic")

// Run does something in a branch of the state and keeps the branch, with its events, when it succeeds. When it fails
// or panics nothing of it remains but the error.
func Run(ctx context.Context, do func(ctx context.Context) error) error {
	branch, write := sdk.UnwrapSDKContext(ctx).CacheContext()
	if err := guarded(branch, do); err != nil { //nolint:contextcheck // a branch of the given one
		return err
	}
	write()
	return nil
}

func guarded(ctx context.Context, do func(ctx context.Context) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrPanic, r)
		}
	}()
	return do(ctx)
}
