package demo

import (
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
)

// Command is `ballastd demo`.
func Command() *cobra.Command {
	var opt Options
	plain := false
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run a chain in this process: treasuries, prices, market makers, and how it ended",
		Long: `Run a whole chain in this process for about a minute: treasuries that rebalance by their policies, feeders
that play history back, and market makers that compete for what the treasuries sell. A round of six seconds stands for a
day. On a terminal one watches it live (q ends it early), in a pipe there is a line for every round. It ends with a
table of every treasury and with the verdict of the invariants; the exit status follows the verdict.

The bundled history is synthetic: drawn from a seed, never quoted. Give --prices to play real files, in the form that
` + "`ballast backtest`" + ` reads.`,
		Example: `  ballastd demo
  ballastd demo --prices hourly.csv --treasuries 8 --makers 5
  ballastd demo --keep demo-chain`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !plain {
				opt.Terminal = terminal(cmd)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return Run(ctx, opt, cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&opt.Prices, "prices", nil, "play this price `FILE` (CSV); several are joined")
	f.IntVar(&opt.Treasuries, "treasuries", DefaultTreasuries, "how many treasuries")
	f.IntVar(&opt.Makers, "makers", DefaultMakers, "how many market makers")
	f.Int64Var(&opt.Speed, "speed", DefaultSpeed, "seconds of history in a second")
	f.IntVar(&opt.Rounds, "rounds", DefaultRounds, "how many rounds")
	f.Uint64Var(&opt.Seed, "seed", 1, "seed of the noise between sources")
	f.StringVar(&opt.Dir, "keep", "", "keep the chain's files in this `DIR`; without it they are removed")
	f.BoolVar(&opt.NoIndex, "no-index", false, "keep no history, although ballast-index is beside this program")
	f.BoolVar(&plain, "plain", false, "plain lines on a terminal too")
	return cmd
}

// terminal is where keys come from when both sides of the command are one that can draw.
func terminal(cmd *cobra.Command) io.Reader {
	in, isFile := cmd.InOrStdin().(*os.File)
	out, drawn := cmd.OutOrStdout().(*os.File)
	if isFile && drawn && term.IsTerminal(in.Fd()) && term.IsTerminal(out.Fd()) && os.Getenv("TERM") != "dumb" {
		return in
	}
	return nil
}

// codecOf is the codec of a key ring.
func codecOf() codec.Codec {
	registry := codectypes.NewInterfaceRegistry()
	cryptocodec.RegisterInterfaces(registry)
	return codec.NewProtoCodec(registry)
}
