package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	cmtcfg "github.com/cometbft/cometbft/config"
	"github.com/spf13/cobra"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/config"
	"github.com/cosmos/cosmos-sdk/client/keys"
	"github.com/cosmos/cosmos-sdk/client/rpc"
	"github.com/cosmos/cosmos-sdk/server"
	svrcmd "github.com/cosmos/cosmos-sdk/server/cmd"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	authcmd "github.com/cosmos/cosmos-sdk/x/auth/client/cli"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"
)

// environment is what names of variables start with that set flags and settings, such as PLAIND_NODE.
const environment = "PLAIND"

func main() {
	root, err := commands()
	if err == nil {
		err = svrcmd.Execute(root, environment, home())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

// home is the folder of a node.
func home() string {
	if folder := os.Getenv(environment + "_HOME"); folder != "" {
		return folder
	}
	folder, err := os.UserHomeDir()
	if err != nil {
		folder = "."
	}
	return filepath.Join(folder, "."+name)
}

func newApp(logger log.Logger, db dbm.DB, opts servertypes.AppOptions) servertypes.Application {
	a, err := newPlain(logger, db, true, server.DefaultBaseappOptions(opts)...)
	if err != nil {
		panic(err) //nolint:forbidigo // the SDK asks for an application or nothing
	}
	return a
}

func export(
	log.Logger, dbm.DB, int64, bool, []string, servertypes.AppOptions, []string,
) (servertypes.ExportedApp, error) {
	return servertypes.ExportedApp{}, errors.New("this chain is for tests and has no export")
}

func commands() (*cobra.Command, error) {
	a, err := newPlain(log.NewNopLogger(), dbm.NewMemDB(), false)
	if err != nil {
		return nil, err
	}
	ctx := client.Context{}.
		WithCodec(a.cdc).WithInterfaceRegistry(a.registry).WithTxConfig(a.tx).WithLegacyAmino(a.amino).
		WithInput(os.Stdin).WithAccountRetriever(authtypes.AccountRetriever{}).WithHomeDir(home()).WithViper(environment)
	root := &cobra.Command{
		Use: name, Short: "A plain chain for tests", SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return prepare(cmd, ctx) },
	}
	query := &cobra.Command{Use: "query", Aliases: []string{"q"}, RunE: client.ValidateCmd}
	query.AddCommand(rpc.WaitTxCmd(), server.QueryBlockCmd(), authcmd.QueryTxsByEventsCmd(), authcmd.QueryTxCmd())
	tx := &cobra.Command{Use: "tx", RunE: client.ValidateCmd}
	tx.AddCommand(authcmd.GetSignCommand(), authcmd.GetMultiSignCommand(), authcmd.GetBroadcastCommand())
	root.AddCommand(
		genutilcli.InitCmd(a.basics, home()), genutilcli.Commands(a.tx, a.basics, home()), server.StatusCommand(), query,
		tx, keys.Commands())
	server.AddCommands(root, home(), newApp, export, func(*cobra.Command) {})
	opts := a.autoCLI()
	if opts.ClientCtx, err = config.ReadFromClientConfig(ctx); err != nil {
		return nil, err
	}
	return root, opts.EnhanceRootCommand(root)
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
	node := serverconfig.DefaultConfig()
	node.MinGasPrices = "0stake"
	node.API.Enable = true
	return server.InterceptConfigsPreRunHandler(cmd, serverconfig.DefaultConfigTemplate, node, cmtcfg.DefaultConfig())
}
