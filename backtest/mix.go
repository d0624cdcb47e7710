package backtest

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Mix is what a mix of assets returns without costs, row by row of a table. It is the same in every run of a sweep that
// leaves the weights alone, so that a sweep computes it once. Runs only read it.
type Mix struct {
	table   *price.Table
	columns []int       // of the assets of the policy
	weights []fixed.Wad // parallel to them
	returns []fixed.Wad // returns[i] is that from row i-1 to row i
}

// NewMix computes the mix that the policy of the first treasury names, to be the Mix of runs over the same table. A run
// with other assets, and one from the row on at which its target is another, computes its own.
func NewMix(cfg *Config) (*Mix, error) {
	u, policies, err := cfg.compile()
	if err != nil {
		return nil, err
	}
	columns, err := columnsOf(cfg, u)
	if err != nil {
		return nil, err
	}
	pol := policies[0]
	m := &Mix{
		table: cfg.Table, columns: chosen(columns, pol), weights: slices.Clone(pol.Target.Weights),
		returns: make([]fixed.Wad, cfg.Table.Len()),
	}
	var c fixed.Calc
	for i := 1; i < len(m.returns); i++ {
		before, now := m.table.Row(i-1), m.table.Row(i)
		var grown fixed.Wad
		for k, column := range m.columns {
			grown = c.Add(grown, c.MulDivDown(m.weights[k], now[column], before[column]))
		}
		m.returns[i] = c.Sub(grown, fixed.One())
	}
	if err := c.Err(); err != nil {
		return nil, fmt.Errorf("%w: the target mix without costs: %w", ErrRun, err)
	}
	return m, nil
}

// chosen are the columns of a policy's assets.
func chosen(columns []int, pol *cycle.Policy) []int {
	list := make([]int, len(pol.Assets))
	for k, a := range pol.Assets {
		list[k] = columns[a]
	}
	return list
}

// of returns the mix for a run of a policy, nil when it is of other assets or prices.
func (m *Mix) of(table *price.Table, columns []int, pol *cycle.Policy) *Mix {
	if m == nil || m.table != table || !slices.Equal(m.columns, chosen(columns, pol)) {
		return nil
	}
	return m
}

// prices sets dst to the prices of a row.
func (m *Mix) prices(row int, dst []fixed.Wad) {
	for k, column := range m.columns {
		dst[k] = m.table.Row(row)[column]
	}
}
