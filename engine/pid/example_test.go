package pid_test

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
)

// A treasury wants to be 90 % of the way in ten days. It is 10 % short of dollars.
func ExampleStep() {
	kp, _ := pid.HorizonGain(fixed.FromBps(9000), 10, fixed.One())
	gains := pid.Default(kp)
	state := pid.NewState(2)
	command := make([]fixed.Wad, 2)
	_ = pid.Step(&gains, &state, pid.Input{
		Now: 86400, PeriodSeconds: 86400, Active: true,
		Errors:  []fixed.Wad{fixed.FromBps(1000), fixed.FromBps(-1000)},
		Weights: []fixed.Wad{{}, fixed.One()},
	}, command)
	fmt.Println("Kp", kp)
	fmt.Println("buy dollars", command[0], "sell the rest", command[1])
	// Output:
	// Kp 0.205671765275718497
	// buy dollars 0.020567176527571849 sell the rest -0.020567176527571849
}
