package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/internal/entry"
	"github.com/ballast-finance/ballast/policy"
)

// demoTreasuries are the templates of the demonstration and what each begins with. One has nearly all in its own token
// and sells it, the other has cash and buys, so that some of their trades meet without an auction.
var demoTreasuries = []struct{ template, initial string }{
	{"dao-treasury", "GOV=4_500_000,USDC=1_000_000,ATOM=0,BTC=0,ETH=0"},
	{"stable-runway", "USDC=20_000_000,BTC=0,ETH=0,GOV=0"},
}

func newDemo(s Streams) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Backtest two sample treasuries on synthetic prices, and write the report",
		Long: `Backtest two sample treasuries on the bundled history, which is synthetic, in the auction market, and write
the report. One begins with nearly all in its own token and diversifies, the other begins with cash and makes
payments. It takes some seconds and needs nothing but this program.`,
		Example: `  ballast demo --out demo`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg := backtest.Config{
				Table: synth.Sample(), Market: backtest.AuctionMarket, Settings: backtest.DefaultSettings(), Seed: 1,
			}
			for _, d := range demoTreasuries {
				text, err := policy.Template(d.template)
				if err != nil {
					return err
				}
				h, err := entry.Holder(d.template, text, d.initial, cfg.Table, cfg.Treasuries)
				if err != nil {
					return err
				}
				cfg.Treasuries = append(cfg.Treasuries, h)
			}
			r, err := play(cmd.Context(), s, cfg)
			if err != nil {
				return err
			}
			if err := report.Summary(cmd.OutOrStdout(), r); err != nil {
				return err
			}
			paths, err := report.Write(out, r)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(),
				"\nThe prices are synthetic: drawn from a seed, never quoted. Open the report in a browser:\n%s\n", paths[0])
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "ballast-demo", "write the report into this `DIR`")
	return cmd
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this program",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			build, known := debug.ReadBuildInfo()
			if !known {
				_, err := fmt.Fprintln(cmd.OutOrStdout(), "ballast, version unknown")
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), version(build))
			return err
		},
	}
}

// version is a line about a build.
func version(build *debug.BuildInfo) string {
	line := "ballast " + build.Main.Version
	settings := make(map[string]string)
	for _, s := range build.Settings {
		settings[s.Key] = s.Value
	}
	if commit := settings["vcs.revision"]; commit != "" {
		line += ", commit " + commit[:min(len(commit), 12)]
		if settings["vcs.modified"] == "true" {
			line += " with changes"
		}
		line += " of " + settings["vcs.time"]
	}
	return line + ", " + build.GoVersion + " " + settings["GOOS"] + "/" + settings["GOARCH"]
}
