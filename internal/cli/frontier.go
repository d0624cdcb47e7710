package cli

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/frontier"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
)

func newFrontier(s Streams) *cobra.Command {
	var who treasuries
	var prices history
	var how market
	var parameters []string
	var aversion fixed.Wad
	var out string
	var asCSV bool
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
			cfg := frontier.Config{RiskAversion: aversion}
			if len(who.policies) != 1 {
				return usage(cmd, "expected one --policy FILE, got %d", len(who.policies))
			}
			for _, text := range parameters {
				p, err := frontier.ParseParameter(text)
				if err != nil {
					return usage(cmd, "--param: %w", err)
				}
				cfg.Parameters = append(cfg.Parameters, p)
			}
			if n := len(cfg.Parameters); n < 1 || n > 2 {
				return usage(cmd, "expected one or two --param, such as --param trigger.threshold=0.5%%..20%%/40,log, got %d", n)
			}
			if err := how.configure(cmd, &cfg.Run); err != nil {
				return err
			}
			var warnings []string
			var err error
			if cfg.Run.Table, warnings, err = prices.load(cmd, args); err != nil {
				return err
			}
			if cfg.Run.Treasuries, err = who.holders(cmd, cfg.Run.Table); err != nil {
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
			return publishFrontier(cmd, r, len(warnings), out, asCSV)
		},
	}
	who.bind(cmd.Flags())
	prices.bind(cmd.Flags())
	how.bind(cmd.Flags(), backtest.IdealMarket)
	cmd.Flags().StringArrayVar(&parameters, "param", nil, "what to sweep, as `PATH=VALUES`; at most two")
	textFlag(cmd.Flags(), number{&aversion}, "risk-aversion", "2", "weight of risk against cost, where the policy names none")
	cmd.Flags().StringVar(&out, "out", "", "write frontier.html and frontier.csv into this `DIR`")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print all points as CSV instead of the plot")
	return cmd
}

// Size of a plot on a terminal.
const (
	plotColumns = 80
	plotLines   = 22
)

// publishFrontier prints and writes a sweep. The first warnings were told already.
func publishFrontier(cmd *cobra.Command, r *frontier.Result, told int, out string, asCSV bool) error {
	w, f := cmd.OutOrStdout(), &r.Frontier
	for _, warning := range f.Warnings[told:] {
		_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "warning: %s\n", warning)
	}
	if asCSV {
		if err := report.FrontierCSV(w, f); err != nil {
			return err
		}
		w = cmd.ErrOrStderr()
	} else {
		if err := report.FrontierPlot(w, f, plotColumns, plotLines); err != nil {
			return err
		}
		if err := summary(w, r); err != nil {
			return err
		}
	}
	if out == "" {
		return nil
	}
	paths, err := report.WriteFrontier(out, f)
	if err != nil {
		return err
	}
	return tellPaths(w, paths)
}

// listed bounds the points of the table on a terminal.
const listed = 20

// summary is a table of the points that no other point beats, thinned when they are many, with the policy as it stands
// and the best point always in it.
func summary(w io.Writer, r *frontier.Result) error {
	f := &r.Frontier
	var efficient []int
	for i := range f.Points {
		if !f.Points[i].Dominated {
			efficient = append(efficient, i)
		}
	}
	stride := (len(efficient) + listed - 1) / listed
	var t figure.Table
	t.Row(append(append([]string{}, f.Parameters...), "tracking error", "cost a year", "turnover", "rebalances", "drawdown", "")...)
	next := 0
	for i := range f.Points {
		thinned := false
		if next < len(efficient) && efficient[next] == i {
			thinned = next%stride == 0
			next++
		}
		if thinned || i == r.Best || f.Points[i].Chosen {
			t.Row(append(append([]string{}, f.Points[i].Values...), cells(r, i)...)...)
		}
	}
	_, err := fmt.Fprintf(w, "\n%d of %d points are beaten by no other one%s:\n", len(efficient), len(f.Points), several(stride))
	if err != nil {
		return err
	}
	if _, err := t.WriteTo(w); err != nil {
		return err
	}
	if o := f.Optimum; o != nil {
		_, err = fmt.Fprintf(w, "\nin theory  %s: tracking error %s, cost %s a year\n",
			o.Label, figure.Percent(o.TrackingError, 2), figure.Bps(o.CostYear, 1))
	}
	return err
}

func several(stride int) string {
	switch {
	case stride < 2:
		return ""
	case stride == 2:
		return ", every 2nd of them here"
	}
	return ", every " + strconv.Itoa(stride) + "th of them here"
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
