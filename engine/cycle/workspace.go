package cycle

import (
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
)

// Workspace keeps the buffers of decisions and steps, so that repeated use does not allocate. It holds no state: a
// new one gives the same results. The zero value is ready; it must not be shared.
type Workspace struct {
	decision   Decision
	target     target.Workspace
	project    project.Workspace
	controller pid.State
	surface    surface.Book
	netting    netting.Workspace
	split      fixed.Splitter
	ledger     settle.Book
	out        Output

	values, gaps, locked, targets, current, sigmas, minOrders, ceilings, realised, weights, parts []fixed.Wad
	maxSell                                                                                       fixed.Wad
	oneTime                                                                                       fixed.Wad
	crossing                                                                                      bool // the portfolio at hand may cross
	bound                                                                                         bool // a floor is worth more than its target
	reserved                                                                                      []asset.Amount
	units, caps                                                                                   []asset.Amount
	sells, buys                                                                                   []surface.Leg
	active                                                                                        []asset.Index
	position                                                                                      []int
	matrix                                                                                        []uint64
}

// grow returns a slice of n zeros, in the memory of s when it is large enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// clone copies a state, so that a step leaves its input alone.
func (st State) clone() State {
	st.Controller.Assets = slices.Clone(st.Controller.Assets)
	st.Samples = slices.Clone(st.Samples)
	st.Widths = slices.Clone(st.Widths)
	st.WidthTargets = slices.Clone(st.WidthTargets)
	st.Orders = slices.Clone(st.Orders)
	st.OneTime = slices.Clone(st.OneTime)
	st.Earmarked = slices.Clone(st.Earmarked)
	st.Payments = slices.Clone(st.Payments)
	return st
}

// NewState returns the state of a portfolio of n assets that has not been decided yet.
func NewState(n int) State { return State{Controller: pid.NewState(n), FillRatio: fixed.One()} }
