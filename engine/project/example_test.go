package project_test

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// A treasury wants to sell 165 of two assets for 153 of three others. One may not fall below its minimum balance, one
// has a cap, one order is too small, and no more than 100 may be sold at once.
func ExampleFeasible() {
	none, least := fixed.Max(), fixed.FromInt(5)
	var ws project.Workspace
	orders := make([]fixed.Wad, 5)
	result, _ := project.Feasible(&ws, project.Input{
		Raw:       ints(-120, -45, 3, 110, 40),
		Values:    ints(400, 260, 90, 150, 100),
		Floors:    ints(0, 240, 0, 0, 0),
		Ceilings:  []fixed.Wad{none, none, none, none, fixed.FromInt(130)},
		MinOrders: []fixed.Wad{least, least, least, least, least},
		MaxSell:   fixed.FromInt(100),
		Quantum:   fixed.FromBps(1),
	}, orders)
	fmt.Println(orders)
	fmt.Println(result.Matched, "because of:", result.Clamp)
	// Output:
	// [-85.7143 -14.2857 0 78.5714 21.4286]
	// 100 because of: clamped by max sell, min balance, cap, below min order
}
