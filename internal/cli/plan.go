package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/internal/entry"
	"github.com/ballast-finance/ballast/policy"
)

// question is the command line of a plan.
type question struct {
	policy, holdings string
	prices           []string
	now              int64
	asJSON           bool
}

func newPlan(s Streams) *cobra.Command {
	q := &question{}
	cmd := &cobra.Command{
		Use:   "plan --policy FILE --holdings SYMBOL=AMOUNT,... --prices SYMBOL=PRICE,...|FILE...",
		Short: "Take one decision and show every step of it",
		Long: `Take one decision and show every step of it: values, weights, distance, trigger, controller, limits, orders.

The treasury has no past: it decides as in its first interval, with nothing remembered. Prices are a list, or a file
whose last row is taken, with the time of that row as the time of the decision.`,
		Example: `  ballast plan --policy policy.yaml --holdings ETH=200,USDC=250_000 --prices ETH=2500,USDC=1
  ballast plan --policy policy.yaml --holdings ETH=200,USDC=250_000 --prices prices.csv --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			q.prices = append(q.prices, args...)
			if !cmd.Flags().Changed("now") {
				q.now = s.Now().Unix()
			}
			p, err := q.answer(cmd)
			if err != nil {
				return err
			}
			if q.asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(p)
			}
			return p.write(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&q.policy, "policy", "", "policy `FILE`")
	cmd.Flags().StringVar(&q.holdings, "holdings", "", "`WHAT` is held, in display units, as SYMBOL=AMOUNT,...")
	cmd.Flags().StringArrayVar(&q.prices, "prices", nil, "`PRICES` as SYMBOL=PRICE,..., or price files")
	textFlag(cmd.Flags(), moment{&q.now}, "now", "", "time of the decision (default: that of the last row, or now)")
	cmd.Flags().BoolVar(&q.asJSON, "json", false, "print the decision as JSON, with exact decimals")
	return cmd
}

// answer takes the decision.
func (q *question) answer(cmd *cobra.Command) (*plan, error) {
	switch {
	case q.policy == "":
		return nil, usage(cmd, "expected --policy FILE; `ballast init -o policy.yaml` writes one to start from")
	case q.holdings == "":
		return nil, usage(cmd, "expected --holdings SYMBOL=AMOUNT,...")
	case len(q.prices) == 0:
		return nil, usage(cmd, "expected --prices SYMBOL=PRICE,... or a file")
	}
	f, _, err := readPolicy(cmd, q.policy)
	if err != nil {
		return nil, err
	}
	p := &plan{Policy: f.Name, Time: q.now}
	if err := p.market(cmd, f, q.prices); err != nil {
		return nil, err
	}
	list, err := entry.Amounts(q.holdings)
	if err == nil {
		p.Holdings, err = entry.ValuesOf(list, p.Assets, entry.NoHolding)
	}
	if err != nil {
		return nil, usage(cmd, "--holdings: %w", err)
	}
	return p, p.decide(f)
}

// plan is a decision with all that it was made of. Lists are parallel to Assets.
type plan struct {
	Policy     string      `json:"policy"`
	Time       int64       `json:"time"`
	Assets     []string    `json:"assets"`
	Holdings   []fixed.Wad `json:"holdings"` // display units
	Prices     []fixed.Wad `json:"prices"`
	Outcome    string      `json:"outcome"`
	Reason     string      `json:"reason"`
	Error      string      `json:"error,omitempty"`
	NAV        fixed.Wad   `json:"nav"`
	Values     []fixed.Wad `json:"values"`
	Weights    []fixed.Wad `json:"weights"`
	Targets    []fixed.Wad `json:"targets"` // of the policy
	Used       []fixed.Wad `json:"used"`    // after minimum balances overrode them
	Overridden bool        `json:"overridden"`
	Gaps       []fixed.Wad `json:"gaps"`   // target less weight
	Floors     []fixed.Wad `json:"floors"` // values that must stay
	MaxDrift   fixed.Wad   `json:"max_drift"`
	L1         fixed.Wad   `json:"turnover_to_target"`
	Fired      bool        `json:"fired"`
	Threshold  fixed.Wad   `json:"threshold"` // 0: none
	Verdict    string      `json:"band_verdict"`
	Band       string      `json:"band_event"`
	Gain       fixed.Wad   `json:"kp"`
	Commands   []fixed.Wad `json:"commands"` // of the controller, in weight
	Raw        []fixed.Wad `json:"raw"`      // the same in value
	Orders     []fixed.Wad `json:"orders"`   // values, sells negative
	Units      []fixed.Wad `json:"units"`    // display units at these prices, toward zero
	Matched    fixed.Wad   `json:"matched"`  // value of all sells
	Limits     []string    `json:"limits"`   // that acted
}

// market sets assets, prices and, when they come from a file, the time.
func (p *plan) market(cmd *cobra.Command, f *policy.File, prices []string) error {
	p.Assets = entry.AssetsOf(f)
	if strings.Contains(prices[0], "=") {
		list, err := entry.Amounts(strings.Join(prices, ","))
		if err == nil {
			p.Prices, err = entry.ValuesOf(list, p.Assets, entry.NoPrice)
		}
		if err != nil {
			return usage(cmd, "--prices: %w", err)
		}
		return nil
	}
	t, warnings, err := price.Load(prices, price.Options{})
	if err != nil {
		return err
	}
	warn(cmd.ErrOrStderr(), warnings)
	if t, err = t.Select(p.Assets); err != nil {
		return err
	}
	p.Prices = t.Row(t.Len() - 1)
	if !cmd.Flags().Changed("now") {
		p.Time = t.Times[t.Len()-1]
	}
	return nil
}

// decide asks the engine.
func (p *plan) decide(f *policy.File) error {
	u, err := policy.Universe(f)
	if err != nil {
		return err
	}
	compiled, err := f.Compile(u)
	if err != nil {
		return err
	}
	n := len(compiled.Assets)
	folio := cycle.Portfolio{ID: 1, Policy: compiled, State: cycle.NewState(n), Holdings: make([]asset.Amount, n)}
	market := cycle.Market{Now: p.Time, Universe: u, Prices: make([]oracle.Price, u.Len())}
	var c fixed.Calc
	for k, a := range compiled.Assets {
		folio.Holdings[k] = asset.UnitsDown(&c, p.Holdings[k], fixed.One(), u.At(a).Exponent)
		market.Prices[a] = oracle.Price{Value: p.Prices[k], TWAP: p.Prices[k], Status: oracle.StatusOK}
	}
	if err := c.Err(); err != nil {
		return fmt.Errorf("--holdings: %w", err)
	}
	var ws cycle.Workspace
	p.Gain = compiled.Gains.Kp
	p.take(ws.Decide(&folio, &market))
	for k, order := range p.Orders {
		p.Units = append(p.Units, c.DivTrunc(order, p.Prices[k]))
	}
	return c.Err()
}

// take copies a decision.
func (p *plan) take(d *cycle.Decision) {
	p.Outcome, p.Reason, p.Limits = d.Outcome.String(), d.Reason.String(), d.Clamp.Reasons()
	if d.HasAsset {
		p.Outcome += ": " + p.Assets[d.Asset]
	}
	if d.Err != nil {
		p.Error = d.Err.Error()
	}
	p.NAV = d.Report.NAV
	if !d.Measured {
		return
	}
	p.Values, p.Weights, p.Targets, p.Used = d.Report.Values, d.Report.Weights, d.Stored, d.Report.Targets
	p.Overridden, p.Gaps, p.Floors = d.Overridden, d.Report.Errors, d.Floors
	p.MaxDrift, p.L1 = d.Report.MaxAbs, d.Report.L1
	p.Fired, p.Threshold = d.Trigger.Fired, d.Trigger.Threshold
	p.Verdict, p.Band = d.Verdict.String(), d.Band.String()
	p.Commands, p.Raw, p.Orders, p.Matched = d.Commands, d.Raw, d.Orders, d.Matched
}

// write prints the steps of the decision.
func (p *plan) write(w io.Writer) error {
	out := &printer{w: w}
	out.line("%s at %s", figure.Printable(p.Policy), figure.Stamp(p.Time))
	out.line("\n1. What is held")
	held := out.table("asset", "holding", "price", "value", "weight")
	for k, name := range p.Assets {
		row := []string{name, figure.Amount(p.Holdings[k]), figure.Amount(p.Prices[k])}
		if p.Values != nil {
			row = append(row, figure.Decimal(p.Values[k], 2), figure.Percent(p.Weights[k], 2))
		}
		held.Row(row...)
	}
	out.close(held)
	out.line("  net asset value %s", figure.Decimal(p.NAV, 2))
	if p.Values != nil {
		p.writeAim(out)
	}
	if len(p.Orders) > 0 && p.Outcome != cycle.Held.String() {
		p.writeOrders(out)
	}
	out.line("\n%s", p.verdict())
	return out.err
}

// writeAim prints the target and the trigger.
func (p *plan) writeAim(out *printer) {
	out.line("\n2. What is wanted")
	aim := out.table("asset", "target", "used now", "gap", "gap in value", "must stay")
	for k, name := range p.Assets {
		var c fixed.Calc
		floor := "-"
		if k < len(p.Floors) && !p.Floors[k].IsZero() {
			floor = figure.Decimal(p.Floors[k], 2)
		}
		aim.Row(name, figure.Percent(p.Targets[k], 2), figure.Percent(p.Used[k], 2), figure.Percent(p.Gaps[k], 2),
			figure.Decimal(c.MulTrunc(p.Gaps[k], p.NAV), 2), floor)
	}
	out.close(aim)
	out.line("  largest gap %s; %s of the value would have to be sold to close all",
		figure.Percent(p.MaxDrift, 2), figure.Percent(p.L1, 2))
	if p.Overridden {
		out.line("  a minimum balance needs more than its target weight: the others make room")
	}
	out.line("\n3. Act or wait")
	if !p.Threshold.IsZero() {
		out.line("  threshold %s", figure.Percent(p.Threshold, 2))
	}
	if p.Verdict != band.VerdictUnspecified.String() {
		out.line("  bands: %s; %s", p.Verdict, p.Band)
	}
	answer := "wait"
	if p.Fired {
		answer = "act"
	}
	out.line("  %s: %s", answer, p.Reason)
}

// writeOrders prints what the controller asks for and what the limits leave of it.
func (p *plan) writeOrders(out *printer) {
	out.line("\n4. How much now: the controller closes %s of a gap", figure.Percent(p.Gain, 2))
	asked := out.table("asset", "part of the value", "value")
	for k, name := range p.Assets {
		asked.Row(name, figure.Percent(p.Commands[k], 3), figure.Decimal(p.Raw[k], 2))
	}
	out.close(asked)
	out.line("\n5. Orders within the limits")
	orders := out.table("asset", "order in value", "in units")
	for k, name := range p.Assets {
		orders.Row(name, figure.Decimal(p.Orders[k], 2), figure.Signed(p.Units[k]))
	}
	out.close(orders)
	out.line("  sold in all %s", figure.Decimal(p.Matched, 2))
	if len(p.Limits) > 0 {
		out.line("  limits that acted: %s", strings.Join(p.Limits, ", "))
	}
}

// verdict is the decision in a line.
func (p *plan) verdict() string {
	switch {
	case p.Error != "":
		return "failed: " + p.Error
	case p.Values == nil:
		return p.Outcome
	case p.Outcome == cycle.Held.String():
		return "no order: " + p.Reason
	case p.Outcome == cycle.Clamped.String():
		return "no order: " + strings.Join(p.Limits, ", ")
	}
	return p.Outcome + ": " + p.Reason
}

// printer writes lines and keeps its first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// table begins a table with its header.
func (*printer) table(header ...string) *figure.Table {
	t := &figure.Table{}
	t.Row(header...)
	return t
}

// close writes a table.
func (p *printer) close(t *figure.Table) {
	if p.err == nil {
		_, p.err = t.WriteTo(p.w)
	}
}
