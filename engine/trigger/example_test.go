package trigger_test

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// Two halves may drift apart by 5 %; once they have, they are brought back to 1 %.
func ExampleEvaluate() {
	cfg := trigger.Config{Mode: trigger.Absolute, Threshold: fixed.FromBps(500), Inner: fixed.FromBps(100)}
	half := fixed.FromBps(5_000)
	state := trigger.Started(0)
	var report drift.Report
	for day, weight := range []int64{5_400, 5_600, 5_300, 5_080} {
		other := fixed.FromBps(10_000 - weight)
		err := drift.Measure(&report, []fixed.Wad{fixed.FromBps(weight), other}, []fixed.Wad{half, half})
		if err != nil {
			fmt.Println(err)
			return
		}
		in := trigger.Input{Now: int64(day+1) * 86_400, Healthy: true}
		var decision trigger.Decision
		if decision, state, err = trigger.Evaluate(&cfg, state, &report, in); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(report.MaxAbs, decision.Fired, decision.Reason)
	}
	// Output:
	// 0.04 false drift below the threshold
	// 0.06 true drift of an asset above its threshold
	// 0.03 true on the way back to the target
	// 0.008 false back near the target
}
