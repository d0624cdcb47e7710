package demo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// market is what is traded, and at which prices. Assets, denoms and the table's columns are parallel.
type market struct {
	table *price.Table
	cash  int // the column of the stablecoin
}

const (
	// maxAssets keeps the table on a screen.
	maxAssets = 6
	exponent  = 6
	// stable is the name of the stablecoin that is added to a history without one.
	stable = "USD"
)

// newMarket loads the files, or draws the bundled history.
func newMarket(files []string) (*market, error) {
	table := synth.Sample()
	if len(files) > 0 {
		loaded, _, err := price.Load(files, price.Options{})
		if err != nil {
			return nil, err
		}
		table = loaded
	}
	m := &market{table: table, cash: slices.IndexFunc(table.Assets, isStable)}
	if m.cash < 0 {
		m.addCash()
	}
	if err := m.cut(); err != nil {
		return nil, err
	}
	if len(m.table.Assets) < 2 {
		return nil, fmt.Errorf("%w: expected prices of at least one asset beside the stablecoin", ErrOptions)
	}
	return m, nil
}

func isStable(name string) bool {
	return slices.Contains([]string{"USDC", "USDT", "DAI", "USD"}, strings.ToUpper(name))
}

// addCash adds a column of ones.
func (m *market) addCash() {
	t, n := *m.table, len(m.table.Assets)
	t.Assets = append(slices.Clone(t.Assets), stable)
	t.Prices = make([]fixed.Wad, 0, (n+1)*m.table.Len())
	for i := range m.table.Len() {
		t.Prices = append(append(t.Prices, m.table.Row(i)...), fixed.One())
	}
	m.table, m.cash = &t, n
}

// cut keeps the first assets and the stablecoin.
func (m *market) cut() error {
	names := slices.Clone(m.table.Assets)
	cash := names[m.cash]
	names = slices.DeleteFunc(names, func(n string) bool { return n == cash })
	names = append(names[:min(len(names), maxAssets-1)], cash)
	table, err := m.table.Select(names)
	if err != nil {
		return err
	}
	m.table, m.cash = table, len(names)-1
	return nil
}

// denom is the base unit of an asset: a millionth.
func denom(name string) string { return "u" + strings.ToLower(name) }

func (m *market) denoms() []string {
	list := make([]string, len(m.table.Assets))
	for i, name := range m.table.Assets {
		list[i] = denom(name)
	}
	return list
}

// units is how many base units of a column a value is at the start.
func (m *market) units(column int, value fixed.Wad) (asset.Amount, error) {
	var c fixed.Calc
	units := asset.UnitsDown(&c, value, m.table.Row(0)[column], exponent)
	return units, c.Err()
}
