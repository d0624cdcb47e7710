package agent

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/ballast-finance/ballast/agents/feed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
)

const feedLong = `Report prices to the chain until interrupted: the last ones of a public exchange, or those of a
recorded history that is played back. The key of --from must be the reporter of a source of every asset that is
reported; assets are found by their display names unless --map says otherwise.

A price that the source does not know is not reported, and the chain lets the last one age. What fails is said and tried
again.`

const feedExample = `  ballastd feed --from feeder --source exchange --provider kraken --every 10s
  ballastd feed --from feeder --source replay --prices prices.csv --speed 3600 --every 1s
  ballastd feed --from feeder --provider binance --map WBTC=ubtc,ETH=aeth`

// Feed makes ballastd feed.
func Feed() *cobra.Command {
	var who account
	var from origin
	every := 10 * time.Second
	once := false
	cmd := &cobra.Command{
		Use: "feed", Short: "Report prices to the chain until interrupted", Long: feedLong, Example: feedExample,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := positive("every", every); err != nil {
				return err
			}
			f, err := feeder(cmd, &who, &from)
			if err != nil {
				return err
			}
			f.Every = every
			ctx, stop := untilInterrupted(cmd)
			defer stop()
			if once {
				return f.Report(ctx)
			}
			return f.Run(ctx)
		},
	}
	who.register(cmd)
	from.register(cmd)
	cmd.Flags().DurationVar(&every, "every", every, "time between two reports")
	cmd.Flags().BoolVar(&once, "once", false, "report once and end")
	cmd.Flags().String(flags.FlagNode, "tcp://localhost:26657", "`URL` of the node")
	return cmd
}

// feeder opens everything that a feeder needs.
func feeder(cmd *cobra.Command, who *account, from *origin) (*feed.Feeder, error) {
	c, err := open(cmd)
	if err != nil {
		return nil, err
	}
	w, err := who.wallet(c)
	if err != nil {
		return nil, err
	}
	list, err := unit.Read(cmd.Context(), c)
	if err != nil {
		return nil, err
	}
	may, err := from.allowed(cmd.Context(), c, list, w.Address().String())
	if err != nil {
		return nil, err
	}
	source, known, err := from.open(cmd, may)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(known))
	for i, p := range known {
		names[i] = p.asset + " as " + p.denom
	}
	cmd.PrintErrf("Reporting %s from %s.\n", strings.Join(names, ", "), w.Address())
	return &feed.Feeder{Wallet: w, Source: source, Log: logger(cmd, false), Reported: func(quotes []feed.Quote) {
		line := make([]string, 0, len(quotes))
		for _, q := range quotes {
			line = append(line, list.Display(q.Denom)+" "+figure.Amount(q.Price))
		}
		cmd.Println(strings.Join(line, "  "))
	}}, nil
}
