package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/frontier"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
)

// sweep is the command line of a frontier.
type sweep struct {
	treasuries
	history
	market

	parameters []string
	aversion   fixed.Wad
	out        string
	asCSV      bool
}

func newFrontier(s Streams) *cobra.Command {
	f := &sweep{}
	cmd := &cobra.Command{
		Use:   "frontier --policy FILE --prices FILE... --param PATH=FROM..TO/STEPS",
		Short: "Sweep one or two parameters: what following the target more closely costs",
		Long: `Sweep one or two parameters of a policy over history, and show for every value what it costs and how well the
target is followed, with the closed forms of the theory beside it.

A parameter is a path in the policy file and the values to try there: a range with a number of values, in equal steps
or (,log) in equal ratios, or a list. The assets of a policy are named by their symbols.

The plot and the points that no other point beats go to the standard output; --csv prints all points instead. With
--out DIR frontier.html and frontier.csv are written there.`,
		Example: `  ballast frontier --policy policy.yaml --prices prices.csv --param trigger.threshold=0.5%..20%/40,log
  ballast frontier --policy policy.yaml --prices prices.csv --param trigger.threshold=1%..10%/10 \
    --param speed.within=1,2,5,10,20 --out report
  ballast frontier --policy policy.yaml --prices prices.csv --param trigger.every=day,week,month,quarter
  ballast frontier --policy policy.yaml --prices prices.csv --param assets.ETH.threshold=1%..5%/5 --market auction`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, warnings, err := f.config(cmd, args)
			if err != nil {
				return err
			}
			bar := s.bar("frontier")
			defer bar.Close()
			cfg.Progress = bar.Set
			r, err := frontier.Run(cmd.Context(), cfg)
			if errors.Is(err, frontier.ErrParameter) {
				return usage(cmd, "%w", err)
			}
			if err != nil {
				return err
			}
			bar.Close()
			r.Frontier.Warnings = append(warnings, r.Frontier.Warnings...)
			return f.publish(cmd, r, len(warnings))
		},
	}
	f.treasuries.bind(cmd.Flags())
	f.history.bind(cmd.Flags())
	f.market.bind(cmd.Flags(), backtest.IdealMarket)
	cmd.Flags().StringArrayVar(&f.parameters, "param", nil, "what to sweep, as `PATH=VALUES`; at most two")
	textFlag(cmd.Flags(), number{&f.aversion}, "risk-aversion", "2",
		"weight of risk against cost, where the policy names none")
	cmd.Flags().StringVar(&f.out, "out", "", "write frontier.html and frontier.csv into this `DIR`")
	cmd.Flags().BoolVar(&f.asCSV, "csv", false, "print all points as CSV instead of the plot")
	return cmd
}

// config is the sweep that the flags ask for, with the warnings of its prices.
func (f *sweep) config(cmd *cobra.Command, args []string) (cfg frontier.Config, warnings []string, err error) {
	cfg.RiskAversion = f.aversion
	if len(f.policies) != 1 {
		return cfg, nil, usage(cmd, "expected one --policy FILE, got %d", len(f.policies))
	}
	for _, text := range f.parameters {
		p, err := frontier.ParseParameter(text)
		if err != nil {
			return cfg, nil, usage(cmd, "--param: %w", err)
		}
		cfg.Parameters = append(cfg.Parameters, p)
	}
	if n := len(cfg.Parameters); n < 1 || n > 2 {
		return cfg, nil, usage(cmd, "expected one or two --param, such as --param %s, got %d",
			"trigger.threshold=0.5%..20%/40,log", n)
	}
	if err := f.configure(cmd, &cfg.Run); err != nil {
		return cfg, nil, err
	}
	if cfg.Run.Table, warnings, err = f.load(cmd, args); err != nil {
		return cfg, nil, err
	}
	cfg.Run.Treasuries, err = f.holders(cmd, cfg.Run.Table)
	return cfg, warnings, err
}

// Size of a plot on a terminal.
const (
	plotColumns = 80
	plotLines   = 22
)

// publish prints and writes a sweep. So many warnings, the first ones, were told already.
func (f *sweep) publish(cmd *cobra.Command, r *frontier.Result, told int) error {
	w := cmd.OutOrStdout()
	for _, warning := range r.Frontier.Warnings[told:] {
		_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "warning: %s\n", warning)
	}
	show := draw
	if f.asCSV {
		show = func(w io.Writer, r *frontier.Result) error { return report.FrontierCSV(w, &r.Frontier) }
	}
	if err := show(w, r); err != nil || f.out == "" {
		return err
	}
	paths, err := report.WriteFrontier(f.out, &r.Frontier)
	if err != nil {
		return err
	}
	if f.asCSV {
		w = cmd.ErrOrStderr()
	}
	return tellPaths(w, paths)
}

// draw prints the plot, the table and the optimum of the theory.
func draw(w io.Writer, r *frontier.Result) error {
	if err := report.FrontierPlot(w, &r.Frontier, plotColumns, plotLines); err != nil {
		return err
	}
	if err := summary(w, r); err != nil {
		return err
	}
	o := r.Frontier.Optimum
	if o == nil {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nin theory  %s: tracking error %s, cost %s a year\n",
		o.Label, figure.Percent(o.TrackingError, 2), figure.Bps(o.CostYear, 1))
	return err
}

// listed bounds the points of the table on a terminal.
const listed = 20

// summary is a table of the points that no other point beats, thinned when they are many, with the policy as it stands
// and the best point always in it.
func summary(w io.Writer, r *frontier.Result) error {
	f := &r.Frontier
	efficient := 0
	for i := range f.Points {
		if !f.Points[i].Dominated {
			efficient++
		}
	}
	stride := (efficient + listed - 1) / listed
	t := &figure.Table{}
	t.Row(slices.Concat(f.Parameters,
		[]string{"tracking error", "cost a year", "turnover", "rebalances", "drawdown", ""})...)
	seen := 0
	for i := range f.Points {
		p := &f.Points[i]
		thinned := p.Dominated || seen%stride != 0
		if !p.Dominated {
			seen++
		}
		if !thinned || i == r.Best || p.Chosen {
			t.Row(slices.Concat(p.Values, cells(r, i))...)
		}
	}
	_, err := fmt.Fprintf(w, "\n%d of %d points are beaten by no other one%s:\n",
		efficient, len(f.Points), several(stride))
	if err != nil {
		return err
	}
	_, err = t.WriteTo(w)
	return err
}

// several says how many of the points are shown.
func several(stride int) string {
	if stride < 2 {
		return ""
	}
	return ", one in " + strconv.Itoa(stride) + " is shown"
}

// cells are the figures of a point.
func cells(r *frontier.Result, i int) []string {
	p := &r.Frontier.Points[i]
	var notes []string
	if p.Chosen {
		notes = append(notes, "the policy now")
	}
	if i == r.Best {
		notes = append(notes, "least cost and risk")
	}
	return []string{
		figure.Percent(p.TrackingError, 2), figure.Bps(p.CostYear, 1), figure.Percent(p.TurnoverYear, 0),
		figure.Count(p.Rebalances), figure.Percent(p.MaxDrawdown, 1), strings.Join(notes, ", "),
	}
}
