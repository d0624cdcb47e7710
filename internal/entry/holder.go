package entry

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// UsualCapital is what a treasury begins with when nobody says.
const UsualCapital = "1_000_000"

// Holder is a treasury with a policy, which was read from the file or the name given, and what it begins with: a value
// in cash that buys the target, or holdings as SYMBOL=AMOUNT,.... table is for what can be said about them beforehand.
func Holder(
	path string, text []byte, initial string, table *price.Table, others []backtest.Holder,
) (backtest.Holder, error) {
	f, err := policy.Parse(text)
	if err != nil {
		return backtest.Holder{}, err
	}
	h := backtest.Holder{Name: nameOf(f, path, others), Policy: f, Text: string(text)}
	if err := begin(&h, initial); err != nil {
		return h, err
	}
	h.Explain, err = policy.Explain(f, known(&h, table))
	return h, err
}

// nameOf is a policy's name, or that of its file, with a number behind it when another treasury has it.
func nameOf(f *policy.File, path string, others []backtest.Holder) string {
	name := f.Name
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	taken := func(name string) bool {
		return slices.ContainsFunc(others, func(h backtest.Holder) bool { return h.Name == name })
	}
	unique := name
	for n := 2; taken(unique); n++ {
		unique = fmt.Sprintf("%s (%d)", name, n)
	}
	return unique
}

// begin sets what a treasury begins with.
func begin(h *backtest.Holder, text string) error {
	if !strings.Contains(text, "=") {
		var capital policy.Decimal
		err := capital.UnmarshalText([]byte(text))
		if h.Capital = capital.Wad; err != nil || h.Capital.Sign() <= 0 {
			return fmt.Errorf("expected a value above zero like 1_000_000, or holdings like ETH=12.5,USDC=0, got %q", text)
		}
		return nil
	}
	list, err := Amounts(text)
	if err != nil {
		return err
	}
	h.Holdings, err = ValuesOf(list, AssetsOf(h.Policy), NoHolding)
	return err
}

// AssetsOf are the assets of a policy in the engine's order.
func AssetsOf(f *policy.File) []string {
	names := make([]string, len(f.Assets))
	for i := range f.Assets {
		names[i] = f.Assets[i].Asset
	}
	slices.Sort(names)
	return names
}

// known is what the first row tells about the world.
func known(h *backtest.Holder, t *price.Table) policy.ExplainOptions {
	opt := policy.ExplainOptions{NAV: h.Capital, Now: t.Times[0], Prices: make(map[string]fixed.Wad)}
	for i, name := range t.Assets {
		opt.Prices[name] = t.Row(0)[i]
	}
	return opt
}
