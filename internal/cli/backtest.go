package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/internal/entry"
)

// treasuries are the policies of a run and what each begins with.
type treasuries struct {
	policies, initial []string
}

func (t *treasuries) bind(f *pflag.FlagSet) {
	f.StringArrayVar(&t.policies, "policy", nil, "policy `FILE`; may be repeated: all treasuries share the auctions")
	f.StringArrayVar(&t.initial, "initial", nil,
		"`WHAT` a treasury begins with: a value in cash that buys the target, or holdings as SYMBOL=AMOUNT,...; "+
			"once for all policies, or once for each (default "+entry.UsualCapital+")")
}

// holders reads the policies. table is for what can be said about them beforehand.
func (t *treasuries) holders(cmd *cobra.Command, table *price.Table) ([]backtest.Holder, error) {
	if len(t.initial) > 1 && len(t.initial) != len(t.policies) {
		return nil, usage(cmd, "expected --initial once, or once for each of the %d policies, got %d of them",
			len(t.policies), len(t.initial))
	}
	var all []backtest.Holder
	for i, path := range t.policies {
		_, text, err := readPolicy(cmd, path)
		if err != nil {
			return nil, err
		}
		initial := entry.UsualCapital
		if len(t.initial) > 0 {
			initial = t.initial[min(i, len(t.initial)-1)]
		}
		h, err := entry.Holder(path, text, initial, table, all)
		if err != nil {
			return nil, usage(cmd, "--initial for %s: %w", path, err)
		}
		all = append(all, h)
	}
	return all, nil
}

func newBacktest(s Streams) *cobra.Command {
	var who treasuries
	var prices history
	var how market
	var out string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "backtest --policy FILE --prices FILE...",
		Short: "Show what policies would have done over recorded prices",
		Long: `Show what policies would have done over recorded prices.

The summary goes to the standard output. With --out DIR three files are written there: report.html, which opens in a
browser without a network, result.json and intervals.csv. Without --out nothing is written.

In the auction market orders go through the engine's own auctions, block by block, against market makers, and what was
really filled goes back to the controller. In the ideal market every order fills at the row's close at a fee: that is
for comparison with other backtesters.`,
		Example: `  ballast backtest --policy policy.yaml --prices prices.csv --out report
  ballast backtest --policy a.yaml --policy b.yaml --initial 5_000_000 --initial GOV=100_000,USDC=0 --prices *.csv
  ballast backtest --policy policy.yaml --prices prices.csv --from 2022-01-01 --to 2022-12-31 --window 1h
  ballast backtest --policy policy.yaml --prices prices.csv --market ideal --fee-bps 10 --json > result.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg := backtest.Config{}
			if len(who.policies) == 0 {
				return usage(cmd, "expected --policy FILE; `ballast init -o policy.yaml` writes one to start from")
			}
			if err := how.configure(cmd, &cfg); err != nil {
				return err
			}
			var warnings []string
			var err error
			if cfg.Table, warnings, err = prices.load(cmd, args); err != nil {
				return err
			}
			if cfg.Treasuries, err = who.holders(cmd, cfg.Table); err != nil {
				return err
			}
			// The table on a terminal shows no curve, no interval and, in the ideal market, no auction.
			cfg.Brief = out == "" && !asJSON && cfg.Market == backtest.IdealMarket
			r, err := play(cmd.Context(), s, cfg)
			if err != nil {
				return err
			}
			return publish(cmd, r, warnings, out, asJSON)
		},
	}
	who.bind(cmd.Flags())
	prices.bind(cmd.Flags())
	how.bind(cmd.Flags(), backtest.AuctionMarket)
	cmd.Flags().StringVar(&out, "out", "", "write the report into this `DIR`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the full result as JSON instead of the summary")
	return cmd
}

// play runs a backtest with a progress bar.
func play(ctx context.Context, s Streams, cfg backtest.Config) (*backtest.Result, error) {
	bar := s.bar("backtest")
	defer bar.Close()
	cfg.Progress = bar.Set
	return backtest.Run(ctx, cfg)
}

// publish prints and writes a result. Warnings that stand on the standard error are not printed a second time.
func publish(cmd *cobra.Command, r *backtest.Result, warnings []string, out string, asJSON bool) error {
	w := cmd.OutOrStdout()
	if asJSON {
		r.Warnings = append(warnings, r.Warnings...)
		if err := report.JSON(w, r); err != nil {
			return err
		}
		w = cmd.ErrOrStderr()
	} else {
		if err := report.Summary(w, r); err != nil {
			return err
		}
		r.Warnings = append(warnings, r.Warnings...)
	}
	if out == "" {
		return nil
	}
	paths, err := report.Write(out, r)
	if err != nil {
		return err
	}
	return tellPaths(w, paths)
}

// tellPaths says where files are.
func tellPaths(w io.Writer, paths []string) error {
	_, err := fmt.Fprintf(w, "\nwrote %s\n", strings.Join(paths, "\n      "))
	return err
}
