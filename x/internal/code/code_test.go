package code_test

import (
	"errors"
	"fmt"
	"testing"

	errorsmod "cosmossdk.io/errors"

	"github.com/ballast-finance/ballast/x/internal/code"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	narrow, wide, other := errors.New("narrow"), errors.New("wide"), errors.New("other")
	first, second := errorsmod.Register("codetest", 2, "first"), errorsmod.Register("codetest", 3, "second")
	list := []code.Code{{Engine: narrow, Registered: first}, {Engine: wide, Registered: second}}
	tests := []struct {
		name      string
		err, want error
	}{
		{"nothing", nil, nil},
		{"known", fmt.Errorf("at 3: %w", wide), second},
		{"known twice", fmt.Errorf("%w: %w", wide, narrow), first},
		{"unknown", other, other},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := code.Wrap(test.err, list); !errors.Is(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
