package num

import (
	"fmt"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Decimal reads a decimal of a message. An empty text is zero: the field was left out.
func Decimal(text string) (fixed.Wad, error) {
	if text == "" {
		return fixed.Wad{}, nil
	}
	return fixed.Parse(text)
}

// Text writes a decimal for a message; zero is left out.
func Text(w fixed.Wad) string {
	if w.IsZero() {
		return ""
	}
	return w.String()
}

// Decimals is Decimal for a list. An empty list stays empty.
func Decimals(texts []string) ([]fixed.Wad, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	list := make([]fixed.Wad, len(texts))
	for i, text := range texts {
		w, err := Decimal(text)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", i, err)
		}
		list[i] = w
	}
	return list, nil
}

// Amount reads a count of base units. A missing one is zero; a negative one or one of 2^128 or more is an error.
func Amount(n math.Int) (fixed.Nat, error) {
	if n.IsNil() {
		return fixed.Nat{}, nil
	}
	return fixed.NatFromBig(n.BigInt())
}

// Held is Amount for what an account holds: what the engine cannot count is managed only up to 2^128-1.
func Held(n math.Int) fixed.Nat {
	held, err := Amount(n)
	if err != nil {
		return fixed.MaxNat()
	}
	return held
}

// Int writes a count of base units.
func Int(n fixed.Nat) math.Int { return math.NewIntFromBigIntMut(n.Big()) }

// Coin writes an amount of a denom.
func Coin(denom string, n fixed.Nat) sdk.Coin { return sdk.Coin{Denom: denom, Amount: Int(n)} }
