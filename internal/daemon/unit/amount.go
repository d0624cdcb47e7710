package unit

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/internal/cli/figure"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// ErrAmount says that an amount cannot be read.
var ErrAmount = errors.New("invalid amount")

// amount is a number with optional underscores, and the name of what it is an amount of.
var amount = regexp.MustCompile(`^([0-9][0-9_]*)(\.[0-9_]*[0-9])?\s*([A-Za-z][A-Za-z0-9/:._-]*)$`)

// Coin reads an amount: of display units behind a display name, of base units behind a denom. ErrAmount, ErrAsset.
func (list Assets) Coin(text string) (sdk.Coin, error) {
	part := amount.FindStringSubmatch(strings.TrimSpace(text))
	if part == nil {
		return sdk.Coin{}, fmt.Errorf("%w: expected a number and an asset, such as 1_000.5USDC, got %q", ErrAmount, text)
	}
	a, err := list.Find(part[3])
	if err != nil {
		return sdk.Coin{}, err
	}
	places := 0
	if part[3] != a.Denom {
		places = int(a.Exponent)
	}
	units, err := shift(part[1], strings.TrimPrefix(part[2], "."), places)
	if err != nil {
		return sdk.Coin{}, fmt.Errorf("%q: %w", text, err)
	}
	return sdk.Coin{Denom: a.Denom, Amount: units}, nil
}

// shift moves the point of a number by so many places, after which nothing may be left behind it.
func shift(whole, part string, places int) (math.Int, error) {
	whole, part = strings.ReplaceAll(whole, "_", ""), strings.TrimRight(strings.ReplaceAll(part, "_", ""), "0")
	if len(part) > places {
		if places == 0 {
			return math.Int{}, fmt.Errorf("%w: base units are whole; write the display name for parts of one", ErrAmount)
		}
		return math.Int{}, fmt.Errorf("%w: expected at most %d decimals, got %d", ErrAmount, places, len(part))
	}
	digits := whole + part + strings.Repeat("0", places-len(part))
	n, fine := new(big.Int).SetString(digits, 10) // math.NewIntFromString takes a leading zero for base eight
	if !fine || n.BitLen() > math.MaxBitLen {
		return math.Int{}, fmt.Errorf("%w: expected less than 2^%d base units", ErrAmount, math.MaxBitLen)
	}
	return math.NewIntFromBigInt(n), nil
}

// Coins reads a list of amounts with commas between them. Nothing is no coins.
func (list Assets) Coins(text string) (sdk.Coins, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	coins := sdk.NewCoins()
	for item := range strings.SplitSeq(text, ",") {
		coin, err := list.Coin(item)
		if err != nil {
			return nil, err
		}
		switch {
		case coin.IsZero():
			return nil, fmt.Errorf("%w: expected more than 0, got %q", ErrAmount, item)
		case !coins.AmountOf(coin.Denom).IsZero():
			return nil, fmt.Errorf("%w: %s stands twice in %q", ErrAmount, list.Display(coin.Denom), text)
		}
		coins = coins.Add(coin)
	}
	return coins, nil
}

// Text writes an amount in display units, with commas between thousands; of an unknown denom in base units.
func (list Assets) Text(denom string, units math.Int) string {
	a, err := list.Find(denom)
	if err != nil {
		a = oracletypes.Asset{Display: denom}
	}
	return Display(units, a.Exponent) + " " + a.Display
}

// Exact writes a coin in display units and in base units.
func (list Assets) Exact(c sdk.Coin) string {
	return fmt.Sprintf("%s = %s", list.Text(c.Denom, c.Amount), c)
}

// Display writes base units as display units.
func Display(units math.Int, exponent uint32) string {
	if units.IsNil() {
		return "0"
	}
	digits := units.Abs().String()
	if short := int(exponent) + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - int(exponent)
	text := figure.Grouped(digits[:point])
	if part := strings.TrimRight(digits[point:], "0"); part != "" {
		text += "." + part
	}
	if units.IsNegative() {
		text = "-" + text
	}
	return text
}

// Number is Text without the name.
func (list Assets) Number(denom string, units math.Int) string {
	a, err := list.Find(denom)
	if err != nil {
		a = oracletypes.Asset{}
	}
	return Display(units, a.Exponent)
}
