package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/backtest/fetch"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/internal/cli/figure"
)

func newPrices(s Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "prices",
		Short: "Download, check, or make price histories",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDownload(s), newCheck(), newSample())
	return cmd
}

func newDownload(s Streams) *cobra.Command {
	var opt fetch.Options
	var assets string
	cmd := &cobra.Command{
		Use:   "download --provider NAME --assets SYMBOL,... --from TIME -o FILE",
		Short: "Fetch a price history from a public exchange",
		Long: `Fetch closes from a public exchange into a CSV that "backtest" reads. No account is needed. The same command
continues an interrupted download, and extends a finished one.

Providers: ` + strings.Join(fetch.Providers(), ", ") + `.`,
		Example: `  ballast prices download --provider binance --assets BTC,ETH --from 2021-01-01 --step 1h -o prices.csv
  ballast prices download --provider coinbase --assets ETH --quote USD --from 2024-01-01 --step 1d -o eth.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, needed := range []string{"provider", "assets", "from", "out"} {
				if !cmd.Flags().Changed(needed) {
					return usage(cmd, "expected --%s", needed)
				}
			}
			for name := range strings.SplitSeq(assets, ",") {
				opt.Assets = append(opt.Assets, strings.TrimSpace(name))
			}
			bar := s.bar("download")
			defer bar.Close()
			opt.Progress = func(p fetch.Progress) { bar.Set(p.Done, p.Total) }
			r, err := fetch.Download(cmd.Context(), opt)
			if errors.Is(err, fetch.ErrOptions) {
				return usage(cmd, "%w", err)
			}
			if err != nil {
				return err
			}
			bar.Close()
			return tellDownload(cmd, &opt, &r)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opt.Provider, "provider", "", "`NAME` of the exchange: "+strings.Join(fetch.Providers(), ", "))
	f.StringVar(&assets, "assets", "", "`SYMBOLS` of the assets, with commas: the columns of the file")
	f.StringVar(&opt.Quote, "quote", "", "`SYMBOL` of what prices are in (default: the provider's usual one)")
	textFlag(f, moment{&opt.From}, "from", "", "first row")
	textFlag(f, moment{&opt.To}, "to", "", "last row (default: now)")
	textFlag(f, span{&opt.StepSeconds}, "step", "1h", "time between rows")
	f.StringVarP(&opt.Out, "out", "o", "", "write to this `FILE`, or continue it")
	f.StringVar(&opt.BaseURL, "base-url", "", "ask this `URL` instead of the provider's, for mirrors")
	return cmd
}

// tellDownload says what a download found.
func tellDownload(cmd *cobra.Command, opt *fetch.Options, r *fetch.Report) error {
	for _, warning := range r.Warnings {
		_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "warning: %s\n", warning)
	}
	out := &printer{w: cmd.OutOrStdout()}
	out.line("%s: %s rows (%s new), %s to %s", opt.Out, figure.Count(r.Rows), figure.Count(r.Added),
		figure.Stamp(r.First), figure.Stamp(r.Last))
	if len(r.Columns) > 0 {
		t := out.table("asset", "bars", "missing", "from")
		for _, c := range r.Columns {
			from := "-"
			if c.First != 0 {
				from = figure.Stamp(c.First)
			}
			t.Row(c.Asset, figure.Count(int(c.Bars)), figure.Count(int(c.Missing)), from)
		}
		out.close(t)
	}
	out.line("%s requests, %s tried again", figure.Count(r.Requests), figure.Count(r.Retries))
	return out.err
}

func newCheck() *cobra.Command {
	var h history
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Read price files by the rules of a backtest, and say what is in them",
		Example: `  ballast prices check prices.csv
  ballast prices check *.csv --max-gap 100 --forward-fill 3`,
		Args: someArgs("the name of a price file"),
		RunE: func(cmd *cobra.Command, paths []string) error {
			bad := 0
			for i, path := range paths {
				if i > 0 {
					_, _ = fmt.Fprintln(cmd.OutOrStdout())
				}
				one := history{last: h.last, opt: h.opt}
				t, _, err := one.load(cmd, []string{path})
				if err != nil {
					bad++
					_, _ = fmt.Fprintln(cmd.OutOrStdout(), err)
					continue
				}
				if err := describe(cmd.OutOrStdout(), path, t); err != nil {
					return err
				}
			}
			if bad > 0 {
				return fmt.Errorf("%d of %d files cannot be used as they are", bad, len(paths))
			}
			return nil
		},
	}
	h.rules(cmd.Flags())
	return cmd
}

// describe says what is in a table.
func describe(w io.Writer, path string, t *price.Table) error {
	out := &printer{w: w}
	first, last, step := t.Times[0], t.Times[t.Len()-1], t.StepSeconds()
	gaps, longest := 0, int64(0)
	for i := 1; i < t.Len(); i++ {
		if d := t.Times[i] - t.Times[i-1]; d > step {
			gaps++
			longest = max(longest, d)
		}
	}
	out.line("%s: ok", path)
	table := &figure.Table{Left: 1}
	table.Row("rows", figure.Count(t.Len()))
	table.Row("from", figure.Stamp(first))
	table.Row("to", figure.Stamp(last)+" ("+figure.Span(last-first)+")")
	table.Row("step", figure.Span(step))
	switch {
	case gaps > 0:
		table.Row("gaps", figure.Count(gaps)+", the longest "+figure.Span(longest))
	default:
		table.Row("gaps", "none")
	}
	table.Row("assets", strings.Join(t.Assets, ", "))
	if t.Synthetic {
		table.Row("source", t.Source+": drawn, not recorded")
	}
	out.close(table)
	return out.err
}

func newSample() *cobra.Command {
	var path string
	var force bool
	cmd := &cobra.Command{
		Use:   "sample -o FILE",
		Short: "Write the bundled sample history, which is synthetic",
		Long: `Write the bundled sample history: three years by the hour of a token (GOV), BTC, ETH, ATOM and USDC. It is
synthetic: drawn from a seed, with regimes, a crash and a depeg. No market was ever like this.`,
		Example: `  ballast prices sample -o prices.csv`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if path == "" {
				return price.Write(cmd.OutOrStdout(), synth.Sample())
			}
			return create(cmd, path, force, func(w io.Writer) error { return price.Write(w, synth.Sample()) })
		},
	}
	cmd.Flags().StringVarP(&path, "out", "o", "", "write to this `FILE` instead of the terminal")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite the file if it is there")
	return cmd
}
