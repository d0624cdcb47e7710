package agent

import (
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/ballast-finance/ballast/agents/maker"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy/form"
)

const makerLong = `Buy what treasuries sell, until interrupted: look at the lots, bid the fair price less a margin, move
bids when prices move. Fair are the oracle's prices. The price of a lot at any future block is computed here, by the
code that the chain runs.

Name several nodes with --node: the first that answers is asked, the others when it no longer does. With --dry-run it
says what it would bid and sends nothing.`

const makerExample = `  ballastd maker --from maker --margin 0.3% --max-value 50_000 --keep 1_000USDC
  ballastd maker --from maker --denoms ATOM,ETH --node tcp://a:26657 --node tcp://b:26657 --metrics :9464
  ballastd maker --from maker --dry-run
  ballastd maker status --from maker
  ballastd maker fills ballast1...`

// terms are what a maker wants, as it is written.
type terms struct {
	margin, requote form.Ratio
	most            form.Decimal
	keep            string
	denoms          []string
	poll            time.Duration
	dry, verbose    bool
	metrics         string
}

func (m *terms) register(cmd *cobra.Command) {
	f := cmd.Flags()
	textFlag(cmd, &m.margin, "ratio", "margin", "0.3%", "how far below the fair price it buys")
	textFlag(cmd, &m.requote, "ratio", "requote", "0.1%", "move of its limit from which on a resting bid is replaced")
	textFlag(cmd, &m.most, "number", "max-value", "", "most `VALUE` that it takes of one lot (default: no limit)")
	f.StringVar(&m.keep, "keep", "", "`AMOUNTS` that it never spends, such as 1_000USDC,5ATOM")
	f.StringSliceVar(&m.denoms, "denoms", nil, "`ASSETS` that it buys, by display name or denom (default: all)")
	f.DurationVar(&m.poll, "poll", time.Second, "time between two looks")
	f.Var(dryRun{&m.dry}, flags.FlagDryRun, "say what it would do, and send nothing")
	f.Lookup(flags.FlagDryRun).NoOptDefVal = "true"
	f.BoolVar(&m.verbose, "verbose", false, "say why it does not bid, too")
	f.StringVar(&m.metrics, "metrics", "", "serve counters for Prometheus at this `ADDRESS`, such as :9464")
}

// config is the maker's form of the terms, for the assets of the chain.
func (m *terms) config(cmd *cobra.Command, list unit.Assets) (cfg maker.Config, err error) {
	cfg = maker.Config{
		Strategy: maker.Strategy{Margin: m.margin.Wad, MaxValue: m.most.Wad, Requote: m.requote.Wad},
		Poll:     m.poll, DryRun: m.dry, Log: logger(cmd, m.verbose),
	}
	if err := positive("poll", m.poll); err != nil {
		return cfg, err
	}
	if cfg.Keep, err = list.Coins(m.keep); err != nil {
		return cfg, fmt.Errorf("--keep: %w", err)
	}
	for _, coin := range cfg.Keep {
		cmd.PrintErrf("Never spent: %s\n", list.Exact(coin))
	}
	for _, name := range m.denoms {
		a, err := list.Find(name)
		if err != nil {
			return cfg, fmt.Errorf("--denoms: %w", err)
		}
		cfg.Denoms = append(cfg.Denoms, a.Denom)
	}
	return cfg, cfg.Strategy.Validate()
}

// Maker makes ballastd maker.
func Maker() *cobra.Command {
	var who account
	var want terms
	once := false
	cmd := &cobra.Command{
		Use: "maker", Short: "Buy what treasuries sell, until interrupted", Long: makerLong, Example: makerExample,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runMaker(cmd, &who, &want, once) },
	}
	who.register(cmd)
	want.register(cmd)
	cmd.Flags().BoolVar(&once, "once", false, "look once and end")
	nodeFlag(cmd)
	cmd.AddCommand(status(), fills())
	return cmd
}

// nodeFlag adds --node, of which there may be several: the first one is also that of the SDK's flag.
func nodeFlag(cmd *cobra.Command) {
	cmd.Flags().Var(&urls{list: []string{localNode}}, flags.FlagNode, "`URL` of a node; more may follow")
}

const localNode = "tcp://localhost:26657"

// dryRun is a switch that the SDK does not take for its own flag of that name, which would hide the keys.
type dryRun struct{ to *bool }

// Set reads the switch.
func (d dryRun) Set(text string) (err error) {
	*d.to, err = strconv.ParseBool(text)
	return err
}

// String says how the switch stands.
func (d dryRun) String() string { return strconv.FormatBool(d.to != nil && *d.to) }

// Type names what the flag takes.
func (dryRun) Type() string { return "switch" }

// urls is a list that reads as its first one.
type urls struct {
	list []string
	set  bool
}

// Set adds one.
func (u *urls) Set(text string) error {
	if !u.set {
		u.list, u.set = nil, true
	}
	u.list = append(u.list, text)
	return nil
}

// String is the first one: that which the SDK connects to.
func (u *urls) String() string {
	if len(u.list) == 0 {
		return ""
	}
	return u.list[0]
}

// Type is that of the SDK's flag.
func (*urls) Type() string { return "string" }

// chain connects to all nodes.
func chain(cmd *cobra.Command, c client.Context) (*maker.Chain, error) {
	endpoints := []client.Context{c}
	if u, several := cmd.Flags().Lookup(flags.FlagNode).Value.(*urls); several && len(u.list) > 1 {
		for _, url := range u.list[1:] {
			rpc, err := client.NewClientFromNode(url)
			if err != nil {
				return nil, fmt.Errorf("--node: expected such as %s, got %q: %w", localNode, url, err)
			}
			endpoints = append(endpoints, c.WithClient(rpc).WithNodeURI(url))
		}
	}
	return maker.NewChain(endpoints...)
}

func runMaker(cmd *cobra.Command, who *account, want *terms, once bool) error {
	c, err := open(cmd)
	if err != nil {
		return err
	}
	w, err := who.wallet(c)
	if err != nil {
		return err
	}
	list, err := unit.Read(cmd.Context(), c)
	if err != nil {
		return err
	}
	cfg, err := want.config(cmd, list)
	if err != nil {
		return err
	}
	ctx, stop := untilInterrupted(cmd)
	defer stop()
	if want.metrics != "" {
		m, err := serve(ctx, want.metrics)
		if err != nil {
			return err
		}
		defer m.close()
		cfg.Looked = m.take
		cmd.PrintErrf("Counters are at http://%s/metrics.\n", m.address)
	}
	nodes, err := chain(cmd, c)
	if err != nil {
		return err
	}
	m, err := maker.New(cfg, nodes, w)
	if err != nil {
		return err
	}
	cmd.PrintErrf("Buying as %s, %v below the fair price.\n", w.Address(), want.margin)
	run := m.Run
	if once {
		run = m.Look
	}
	err = run(ctx)
	tell(cmd, m.Stats())
	return err
}

// tell says what came of it.
func tell(cmd *cobra.Command, s maker.Stats) {
	cmd.Printf("%d looks, %d bids, %d cancelled, %d fills, %d failures.\n", s.Looks, s.Bids, s.Cancels, s.Fills,
		s.Failures)
	if s.Fills > 0 {
		cmd.Printf("Bought for %s what was worth %s: a margin of %s.\n", figure.Amount(s.Paid), figure.Amount(s.Taken),
			figure.Bps(s.Margin(), 1))
	}
}
