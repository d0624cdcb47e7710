package netting_test

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/netting"
)

// The flows of spec 04 §4.4: of 2580 only 140 go to auction.
func ExampleCross() {
	flows := []uint64{ // A, B, C, D by row of the asset sold
		0, 1000, 0, 0,
		650, 0, 400, 0,
		300, 0, 0, 120,
		90, 0, 20, 0,
	}
	var ws netting.Workspace
	cycles, err := netting.Cross(&ws, 4, flows, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range cycles {
		for _, node := range c.Nodes {
			fmt.Printf("%c-", 'A'+rune(node))
		}
		fmt.Printf("%c %d\n", 'A'+rune(c.Nodes[0]), c.Value)
	}
	fmt.Println(flows)
	// Output:
	// A-B-A 650
	// C-D-C 20
	// A-B-C-A 300
	// A-B-C-D-A 50
	// [0 0 0 0 0 0 50 0 0 0 0 50 40 0 0 0]
}
