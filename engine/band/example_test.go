package band_test

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// A portfolio falls out of its outer band, stays out for a day of healthy prices, and goes back in small steps.
func ExampleMachine_Next() {
	cfg := band.Default()
	width, err := cfg.Width(&band.Samples{}, fixed.FromBps(2_500), fixed.Wad{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var c fixed.Calc
	points := width.Around(&c, fixed.FromBps(2_500))
	fmt.Println("halts from", points.AUB, "and down to", points.BUB)

	machine := band.Machine{Phase: band.Armed}
	for hour, weight := range []int64{3_200, 3_150, 3_140} {
		var event band.Event
		machine, event = machine.Next(&cfg, band.Observation{
			Now: int64(hour) * 43_200, Verdict: points.Classify(fixed.FromBps(weight)), Healthy: true, Confirmed: true,
		})
		fmt.Println(event)
	}
	fmt.Println("sells at most", machine.Terms().SellScale, "of the usual")
	// Output:
	// halts from 0.3125 and down to 0.1875
	// armed -> halted: a weight is outside the outer band
	// halted: nothing
	// halted -> recovery: healthy prices confirmed the move
	// sells at most 0.25 of the usual
}
