package localnet

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
)

// Command is `ballastd localnet`.
func Command() *cobra.Command {
	var opt Options
	var start bool
	cmd := &cobra.Command{
		Use:   "localnet",
		Short: "Make a network of validators on this machine, one process each",
		Long: `Make a network of validators on this machine: a home for each, with its own keys, files and ports on the
loopback, and a genesis with assets, sources of prices and money for a steward, feeders and makers.

With --start the nodes run until this command is interrupted. Each writes its log to node.log in its home; one that ends
by itself is started again, five times at most. A network that exists is started as it is.

The keys lie unencrypted in the homes. This is for trying and for tests, never for money.`,
		Example: `  ballastd localnet --validators 4 --output net --start
  ballastd status --home net/node0
  ballastd feed --home net/node0 --from feeder1 --provider binance`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd, opt, start)
		},
	}
	f := cmd.Flags()
	f.IntVar(&opt.Validators, "validators", DefaultValidators, "how many validators")
	f.StringVar(&opt.Dir, "output", "localnet", "put the homes into this `DIR`")
	f.StringVar(&opt.ChainID, "chain-id", DefaultChainID, "the `ID` of the chain")
	f.DurationVar(&opt.BlockTime, "block-time", DefaultBlockTime, "pause after each block")
	f.DurationVar(&opt.Interval, "interval", DefaultInterval, "time between rounds")
	f.DurationVar(&opt.Voting, "voting", DefaultVoting, "how long a proposal can be voted on")
	f.IntVar(&opt.FirstPort, "first-port", DefaultFirstPort, "the first of ten ports for each node")
	f.Uint64Var(&opt.Snapshots, "snapshots", DefaultSnapshots, "blocks between snapshots for state sync")
	f.BoolVar(&start, "start", false, "run the nodes until interrupted")
	return cmd
}

func run(cmd *cobra.Command, opt Options, start bool) error {
	dir, err := filepath.Abs(opt.Dir)
	if err != nil {
		return err
	}
	opt.Dir = dir
	n, err := Open(dir)
	if !start || errors.Is(err, os.ErrNotExist) {
		n, err = Write(opt)
	}
	if err != nil {
		return err
	}
	n.tell(cmd.OutOrStdout())
	if !start {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := n.Supervise(ctx, program, cmd.OutOrStdout()); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(cmd.OutOrStdout(), "All nodes have stopped.")
	return nil
}

// tell says where everything is.
func (n *Network) tell(out io.Writer) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	say("%-7s %-22s %-22s %-22s %-22s %s", "", "RPC", "gRPC", "HTTP", "metrics", "home")
	for _, node := range n.Nodes {
		say("%-7s %-22s %-22s %-22s %-22s %s", node.Name, node.RPC, node.GRPC, node.API, node.Metrics, node.Home)
	}
	first := n.Nodes[0].Home
	say("\nKeys in %s: %s, %s to %s, %s to %s.", first, StewardKey, FeederKey(0), FeederKey(Feeders-1), MakerKey(0),
		MakerKey(Makers-1))
	say("Start a node:   ballastd start --home %s", first)
	say("Report prices:  ballastd feed --home %s --from %s --provider binance   (and %s with kraken: two must agree)",
		first, FeederKey(0), FeederKey(1))
	say("Look:           ballastd query rebalance round --home %s", first)
}
