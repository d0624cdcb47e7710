package surface_test

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/surface"
)

// Three portfolios of spec 03 §3.6. The first sells A and B for C and D, the second A for C, the third C for B: nobody
// swaps A and B, so that they do not trade although both move.
func Example() {
	const a, b, c, d = 0, 1, 2, 3
	var book surface.Book
	if err := book.Reset(4); err != nil {
		fmt.Println(err)
		return
	}
	for owner, p := range []struct{ sells, buys []surface.Leg }{
		{
			[]surface.Leg{{Asset: a, Value: 600}, {Asset: b, Value: 400}},
			[]surface.Leg{{Asset: c, Value: 700}, {Asset: d, Value: 300}},
		},
		{[]surface.Leg{{Asset: a, Value: 500}}, []surface.Leg{{Asset: c, Value: 500}}},
		{[]surface.Leg{{Asset: c, Value: 250}}, []surface.Leg{{Asset: b, Value: 250}}},
	} {
		if err := book.Add(uint32(owner+1), p.sells, p.buys, surface.Proportional, 0); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, f := range book.Flows() {
		fmt.Printf("portfolio %d: %c->%c %d at %d\n", f.Owner, 'A'+rune(f.Sell), 'A'+rune(f.Buy), f.Value, f.Offset)
	}
	fmt.Println("A->C:", book.Total(a, c), "at most", book.MaxCorrection(a, c))
	fmt.Println("A->B:", book.Total(a, b))
	// Output:
	// portfolio 1: A->C 420 at 0
	// portfolio 1: A->D 180 at 0
	// portfolio 1: B->C 280 at 0
	// portfolio 1: B->D 120 at 0
	// portfolio 2: A->C 500 at 420
	// portfolio 3: C->B 250 at 0
	// A->C: 920 at most 1100
	// A->B: 0
}
