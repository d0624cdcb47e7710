package daemon

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/config"
	"github.com/cosmos/cosmos-sdk/client/debug"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/client/keys"
	"github.com/cosmos/cosmos-sdk/client/pruning"
	"github.com/cosmos/cosmos-sdk/client/rpc"
	"github.com/cosmos/cosmos-sdk/client/snapshot"
	"github.com/cosmos/cosmos-sdk/server"
	svrcmd "github.com/cosmos/cosmos-sdk/server/cmd"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	"github.com/cosmos/cosmos-sdk/version"
	authcmd "github.com/cosmos/cosmos-sdk/x/auth/client/cli"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon/demo"
	"github.com/ballast-finance/ballast/internal/daemon/localnet"
	"github.com/ballast-finance/ballast/internal/daemon/setup"
)

// Main runs the program and returns its exit status.
func Main() int {
	root, err := New()
	if err == nil {
		err = svrcmd.Execute(root, "BALLASTD", app.DefaultHome())
	}
	if err == nil {
		return 0
	}
	if status, ok := errors.AsType[statusError](err); ok {
		return int(status)
	}
	fmt.Fprintln(os.Stderr, "Error:", err)
	return 1
}

// statusError ends the program without another word: what is to be said has been said.
type statusError int

// Error says what the status is.
func (e statusError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// New makes the tree of commands. Those that are made from the services' descriptions need an application: one over an
// empty database that never runs.
func New() (*cobra.Command, error) {
	version.Name, version.AppName = "ballast", app.Name // examples and the genesis name the program
	home, err := os.MkdirTemp("", app.Name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(home) }()
	a, err := app.New(log.NewNopLogger(), dbm.NewMemDB(), false, simtestutil.NewAppOptionsWithFlagHome(home))
	if err != nil {
		return nil, err
	}
	ctx := clientContext(a)
	root := &cobra.Command{
		Use:           app.Name,
		Short:         "Ballast: treasuries that are kept at the portfolio their owners decided on",
		Long:          rootLong,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return prepare(cmd, ctx)
		},
	}
	addCommands(root, a)
	opts := a.AutoCLI()
	opts.ClientCtx = ctx // what a home says is read when a command runs: only then is it known which home
	if err := opts.EnhanceRootCommand(root); err != nil {
		return nil, fmt.Errorf("commands: %w", err)
	}
	extend(root)
	return root, nil
}

const rootLong = `Ballast keeps the treasury of a protocol at the portfolio that its owners decided on.

Start with one of these:

  ballastd demo                 a chain in this process: treasuries, prices, market makers, and how it ended
  ballastd localnet             a network of validators on this machine, one process each
  ballastd query portfolio ...  what a treasury holds, what happened to it and why
  ballastd tx portfolio ...     create and steer a treasury
  ballastd tx auction bid ...   buy what treasuries sell
  ballastd init, start          run a node`

// clientContext is what every command starts from.
func clientContext(a *app.App) client.Context {
	return client.Context{}.
		WithCodec(a.AppCodec()).WithInterfaceRegistry(a.InterfaceRegistry()).WithTxConfig(a.TxConfig()).
		WithLegacyAmino(a.LegacyAmino()).WithInput(os.Stdin).WithAccountRetriever(authtypes.AccountRetriever{}).
		WithHomeDir(app.DefaultHome()).WithViper("BALLASTD")
}

// prepare reads flags and files before a command runs.
func prepare(cmd *cobra.Command, ctx client.Context) error {
	cmd.SetOut(cmd.OutOrStdout())
	cmd.SetErr(cmd.ErrOrStderr())
	ctx, err := client.ReadPersistentCommandFlags(
		ctx.WithCmdContext(cmd.Context()).WithOutput(cmd.OutOrStdout()), cmd.Flags())
	if err != nil {
		return err
	}
	if ctx, err = config.ReadFromClientConfig(ctx); err != nil {
		return err
	}
	if err := client.SetCmdClientContextHandler(ctx, cmd); err != nil {
		return err
	}
	template, node, comet := setup.Node()
	return server.InterceptConfigsPreRunHandler(cmd, template, node, comet)
}

// addCommands puts the commands that are not made from descriptions into the tree.
func addCommands(root *cobra.Command, a *app.App) {
	home := app.DefaultHome()
	query := &cobra.Command{
		Use: "query", Aliases: []string{"q"}, Short: "Ask a node", RunE: client.ValidateCmd, SuggestionsMinimumDistance: 2,
	}
	query.AddCommand(
		rpc.WaitTxCmd(), server.QueryBlockCmd(), server.QueryBlocksCmd(), server.QueryBlockResultsCmd(),
		authcmd.QueryTxsByEventsCmd(), authcmd.QueryTxCmd())
	tx := &cobra.Command{
		Use: "tx", Short: "Make, sign and send transactions", RunE: client.ValidateCmd, SuggestionsMinimumDistance: 2,
	}
	tx.AddCommand(
		authcmd.GetSignCommand(), authcmd.GetSignBatchCommand(), authcmd.GetMultiSignCommand(),
		authcmd.GetMultiSignBatchCmd(), authcmd.GetValidateSignaturesCommand(), authcmd.GetBroadcastCommand(),
		authcmd.GetEncodeCommand(), authcmd.GetDecodeCommand(), authcmd.GetSimulateCmd())
	for _, c := range []*cobra.Command{query, tx} {
		c.PersistentFlags().String(flags.FlagChainID, "", "The id of the chain")
	}
	root.AddCommand(
		genutilcli.InitCmd(a.BasicManager, home), genutilcli.Commands(a.TxConfig(), a.BasicManager, home),
		debug.Cmd(), pruning.Cmd(newApp, home), snapshot.Cmd(newApp), server.StatusCommand(), query, tx,
		keys.Commands(), demo.Command(), localnet.Command())
	addServer(root, home)
}
