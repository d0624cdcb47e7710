package entry

import (
	"fmt"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// Amount is a number that belongs to an asset.
type Amount struct {
	Asset string
	Value fixed.Wad
}

// Amounts reads "SYMBOL=AMOUNT,SYMBOL=AMOUNT".
func Amounts(list string) ([]Amount, error) {
	var all []Amount
	for item := range strings.SplitSeq(list, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(item), "=")
		var v policy.Decimal
		err := v.UnmarshalText([]byte(value))
		if !found || name == "" || err != nil || v.Sign() < 0 {
			return nil, fmt.Errorf("expected a list like ETH=12.5,USDC=1_000_000, got %q", item)
		}
		for _, a := range all {
			if a.Asset == name {
				return nil, fmt.Errorf("%s is listed twice; name each asset once", name)
			}
		}
		all = append(all, Amount{name, v.Wad})
	}
	return all, nil
}

// What to do about an asset that a list lacks.
const (
	NoHolding = "write %s=0 when none is held"
	NoPrice   = "add %s=PRICE"
)

// ValuesOf are the numbers of a list for some assets, in their order. A list may neither lack one nor have others.
func ValuesOf(list []Amount, assets []string, hint string) ([]fixed.Wad, error) {
	values := make([]fixed.Wad, len(assets))
	var missing []string
	known := 0
	for i, name := range assets {
		found := false
		for _, a := range list {
			if a.Asset == name {
				values[i], found = a.Value, true
				known++
			}
		}
		if !found {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("expected a number for every asset of the policy, %s is missing; %s",
			strings.Join(missing, ", "), fmt.Sprintf(hint, missing[0]))
	}
	if known < len(list) {
		return nil, fmt.Errorf("expected only assets of the policy, which are %s", strings.Join(assets, ", "))
	}
	return values, nil
}
