package metrics_test

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
)

// A week of NAVs against a benchmark that stood still: the portfolio gained 5 % and fell 3.1 % on the way.
func ExamplePerformance() {
	var p metrics.Performance
	for _, nav := range []int64{1000, 1015, 1002, 1030, 998, 1041, 1050} {
		if err := p.Observe(fixed.FromInt(nav), fixed.Wad{}); err != nil {
			fmt.Println(err)
			return
		}
	}
	f, err := p.Figures(365, fixed.Wad{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("return", f.TotalReturn, "over", f.Returns, "days, too few:", f.Insufficient)
	fmt.Println("volatility", f.Volatility, "a year, drawdown", f.Drawdown.Depth)
	// Output:
	// return 0.05 over 6 days, too few: true
	// volatility 0.515210559127875545 a year, drawdown 0.031067961165048543
}
