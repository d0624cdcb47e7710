package history

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"cosmossdk.io/log/v2"

	"github.com/ballast-finance/ballast/index/api"
	"github.com/ballast-finance/ballast/internal/daemon/historian"
	"github.com/ballast-finance/ballast/web"
)

const long = `Follow a node's blocks into a database and serve what happened: portfolios with their values and weights
at every interval, orders and what they brought, auctions with their clearings, bids and fills, prices with their
sources, pauses with their reasons, payments.

It goes on where it stopped. Killed at any moment it loses nothing and doubles nothing: a block is written whole, or not
at all. The node is only asked; a history can be thrown away and made again.

  --node URL        asks this node; it should keep the blocks that the history misses
  --db FILE         SQLite in one file
  --dsn URL         PostgreSQL instead: postgres://user@host/database (or BALLAST_INDEX_DSN, which shows no password to
                    whoever lists processes)
  --listen ADDRESS  serves the history over HTTP, read-only; http://ADDRESS is a page for people,
                    http://ADDRESS/openapi.json describes the API
  --chain URL       the node's REST API: what is asked below /chain/ is handed on to it, as far as a page needs it`

// Command makes `ballast-index`.
func Command() *cobra.Command {
	var opt Options
	quiet := false
	cmd := &cobra.Command{
		Use:           "ballast-index",
		Short:         "Follow a node into a database, and serve the history of the chain",
		SilenceErrors: true, SilenceUsage: true,
		Long: long,
		Example: `  ballast-index --node tcp://localhost:26657 --db history.db --listen localhost:1318
  BALLAST_INDEX_DSN=postgres://ballast@db/history ballast-index --listen :1318
  ballast-index --from-genesis`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("db") && opt.DSN == "" {
				opt.DSN = os.Getenv("BALLAST_INDEX_DSN")
			}
			opt.Page = web.Page()
			opt.Log = log.NewNopLogger()
			if !quiet {
				opt.Log = log.NewLogger(cmd.ErrOrStderr())
			}
			held, release := historian.Held(cmd.Context())
			defer release()
			ctx, stop := signal.NotifyContext(held, os.Interrupt, syscall.SIGTERM)
			defer stop()
			return Run(ctx, opt)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opt.Node, "node", "tcp://localhost:26657", "`URL` of the node's RPC")
	f.StringVar(&opt.File, "db", "history.db", "SQLite `FILE`")
	f.StringVar(&opt.DSN, "dsn", "", "PostgreSQL, a `URL`, instead of a file")
	f.StringVar(&opt.Listen, "listen", "localhost:1318", "`ADDRESS` of the API; empty serves nothing")
	f.StringVar(&opt.Chain, "chain", "http://localhost:1317", "`URL` of the node's REST API; empty hands nothing on")
	f.Float64Var(&opt.Rate, "rate", api.DefaultRate, "`REQUESTS` of a client in a second; less than 0 is no limit")
	f.BoolVar(&opt.Forwarded, "behind-proxy", false, "clients are those that a proxy names last in X-Forwarded-For")
	f.BoolVar(&opt.Anew, "from-genesis", false, "forget what the history has and begin with the node's first block")
	f.BoolVar(&opt.Gaps, "skip-gap", false, "go on although the node no longer has blocks that the history misses")
	f.Int64Var(&opt.Until, "until", 0, "stop after the block of this `HEIGHT`; 0 never stops")
	f.BoolVar(&quiet, "quiet", false, "no log")
	cmd.MarkFlagsMutuallyExclusive("db", "dsn")
	return cmd
}
