package cli

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/backtest/tune"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/policy"
)

func newTune() *cobra.Command {
	var in tune.Intent
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "tune",
		Short: "From horizon, cost, volatility and risk aversion to gains, thresholds and auctions",
		Long: `Work out settings from what you want and what you believe of the market, and show the reasoning.

The formulas describe one asset against the rest of a portfolio without a trend: a place to begin. "ballast frontier"
says over history what the numbers are worth. The last lines can be pasted into a policy.`,
		Example: `  ballast tune
  ballast tune --horizon 30 --close 95% --interval 1d --cost-bps 50 --volatility 90% --weight 40%
  ballast tune --nav 5_000_000 --fixed-cost 20 --impact 0.1 --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := tune.Advise(in)
			if err != nil {
				return usage(cmd, "%s", strings.TrimPrefix(err.Error(), tune.ErrIntent.Error()+": "))
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(a)
			}
			return writeAdvice(cmd.OutOrStdout(), a)
		},
	}
	f := cmd.Flags()
	f.IntVar(&in.Intervals, "horizon", 10, "close a gap within so many `INTERVALS`")
	textFlag(f, ratio{&in.Close}, "close", "90%", "close this part of it")
	textFlag(f, span{&in.IntervalSeconds}, "interval", "1d", "how often the portfolio is looked at")
	textFlag(f, ratio{&in.Fill}, "fill", "100%", "part of an order that fills")
	textFlag(f, bps{&in.Cost}, "cost-bps", "30", "cost of selling a unit of value and buying another asset for it")
	textFlag(f, number{&in.FixedCost}, "fixed-cost", "", "value paid for every rebalance, whatever its size; needs --nav")
	textFlag(f, number{&in.Impact}, "impact", "", "trading the part n of the value at once costs impact*n*n of it")
	textFlag(f, ratio{&in.Volatility}, "volatility", "80%", "annual volatility of the asset against the rest")
	textFlag(f, number{&in.RiskAversion}, "risk-aversion", "2", "1 is bold, 5 is careful")
	textFlag(f, ratio{&in.Weight}, "weight", "50%", "target weight of the asset")
	textFlag(f, number{&in.NAV}, "nav", "", "net asset value, to turn costs into amounts")
	textFlag(f, span{&in.BlockSeconds}, "block", "6s", "time between blocks")
	textFlag(f, bps{&in.Loss}, "loss-bps", "5", "what an auction may lose against the fair price")
	textFlag(f, ratio{&in.Lead}, "lead", "1%", "how far above the fair price an auction starts")
	f.BoolVar(&asJSON, "json", false, "print everything as JSON, with exact decimals")
	return cmd
}

// writeAdvice prints the reasoning, step by step.
func writeAdvice(w io.Writer, a *tune.Advice) error {
	out := &printer{w: w}
	writeSpeed(out, a)
	writeBand(out, a)
	writeChoices(out, a)
	writeClock(out, a)
	out.line("\n5. Into the policy\n\n%s", strings.TrimSuffix(a.Policy, "\n"))
	return out.err
}

func writeSpeed(out *printer, a *tune.Advice) {
	in, g := &a.Intent, &a.Gain
	out.line("1. How fast: the controller closes the part Kp of what is left of a gap, once per interval")
	t := &figure.Table{}
	t.Row("to close", figure.Percent(in.Close, 1)+" within "+figure.Count(in.Intervals)+" intervals of "+
		policy.Span{Seconds: in.IntervalSeconds}.String()+" at a fill of "+figure.Percent(in.Fill, 0))
	t.Row("Kp = (1 - (1-close)^(1/intervals)) / fill", figure.Decimal(g.Horizon, 4))
	if g.CostOptimal != nil {
		t.Row("risk of a gap per interval = gamma/2 * volatility^2 * interval", figure.Decimal(g.Risk, 6))
		t.Row("Kp that balances this risk with the impact", figure.Decimal(*g.CostOptimal, 4))
	}
	t.Row("stability margins S1, S2, S3 (stable above 0)", figure.Decimal(g.Alternation, 3)+", "+
		figure.Decimal(g.Feedback, 3)+", "+figure.Decimal(g.Oscillation, 3))
	t.Left = 1
	out.close(t)
}

func writeBand(out *printer, a *tune.Advice) {
	in, b := &a.Intent, &a.Band
	out.line("\n2. When, and where to stop: a gap costs risk, closing it costs fees")
	t := &figure.Table{}
	t.Row("the weight wanders by s = w(1-w) * volatility", figure.Percent(b.Diffusion, 2)+" a year")
	t.Row("not worth a trade within (3/(2 gamma) * cost * w^2 (1-w)^2)^(1/3)", figure.Percent(b.Edge, 2)+" of the target")
	if !b.FixedEdge.IsZero() {
		t.Row("the same for the fixed cost, (12/gamma * fixed * w^2 (1-w)^2)^(1/4)", figure.Percent(b.FixedEdge, 2))
	}
	t.Row("best band: act at, trade back to within", figure.Percent(b.Outer, 2)+", "+figure.Percent(b.Inner, 2))
	interval := policy.Span{Seconds: in.IntervalSeconds}.String()
	t.Row("seen once in "+interval+", a weight is beyond by 0.5826 s sqrt(interval)", figure.Percent(b.Overshoot, 2))
	threshold := "none: an interval is too long for one"
	if !b.Threshold.IsZero() {
		threshold = figure.Percent(b.Threshold, 2)
	}
	t.Row("threshold that acts like the best band", threshold)
	for _, m := range a.Mistakes {
		var c fixed.Calc
		t.Row("a band of "+figure.Decimal(m.Ratio, 1)+" times the best width costs",
			figure.Percent(c.Sub(m.Cost, fixed.One()), 0)+" more")
	}
	t.Left = 1
	out.close(t)
}

func writeChoices(out *printer, a *tune.Advice) {
	out.line("\n3. What to expect in a year")
	known := a.Intent.NAV.Sign() > 0
	t := &figure.Table{Left: 1}
	header := []string{"way", "setting", "tracking error", "turnover", "trades", "cost", "cost and risk"}
	if known {
		header = append(header, "cost in money")
	}
	t.Row(header...)
	for _, c := range a.Choices {
		trades := "-"
		if !c.Frequency.IsZero() {
			trades = figure.Decimal(c.Frequency, 1)
		}
		row := []string{
			c.Name, c.Setting, figure.Percent(c.TrackingError, 2), figure.Percent(c.Turnover, 0), trades,
			figure.Bps(c.Cost, 1), figure.Bps(c.Objective, 1),
		}
		if known {
			row = append(row, figure.Decimal(c.Money, 0))
		}
		t.Row(row...)
	}
	out.close(t)
}

func writeClock(out *printer, a *tune.Advice) {
	in, p := &a.Intent, &a.Auction
	var c fixed.Calc
	out.line("\n4. How fast a clock may fall: patience is nearly free, haste is not")
	t := &figure.Table{Left: 1}
	block := policy.Span{Seconds: in.BlockSeconds}.String()
	t.Row("lost between two blocks of "+block+", even at rest", figure.Bps(p.LeastLoss, 2))
	t.Row("fall per block that loses "+figure.Bps(in.Loss, 1)+" on average", figure.Bps(p.DecayPerBlock, 2))
	t.Row("per minute", figure.Bps(c.DivIntTrunc(c.MulInt(p.DecayPerBlock, 60), in.BlockSeconds), 1))
	seconds, _ := c.MulDivDown(p.FillSeconds, fixed.FromRaw(1), fixed.One()).RawUint()
	after := figure.Span(int64(seconds)) //nolint:gosec // below 2^63 for every loss that Advise accepts
	t.Row("then a start "+figure.Percent(in.Lead, 1)+" above fair fills after", after)
	out.close(t)
}
