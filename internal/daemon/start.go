package daemon

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"

	"github.com/ballast-finance/ballast/agents/ticker"
	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/database"
	"github.com/ballast-finance/ballast/internal/daemon/historian"
	"github.com/ballast-finance/ballast/internal/daemon/telemetry"
)

// running is the node of the start command: its application, and what runs beside it: the prices that it votes with,
// and a history.
type running struct {
	app     *app.App
	prices  ticker.Config
	history historian.Config
}

// addServer puts the commands of a node into the tree. The one that starts it also asks for prices.
func addServer(root *cobra.Command, home string) {
	var r running
	server.AddCommandsWithStartCmdOptions(root, home, r.newApp, export, server.StartCmdOptions{
		DBOpener: func(home string, backend dbm.BackendType) (dbm.DB, error) {
			return database.Open(filepath.Join(home, "data"), backend)
		},
		PostSetup: r.beside, PostSetupStandalone: r.beside,
	})
	start := named(root, "start")
	run := start.RunE
	start.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if r.prices, err = ticker.Read(server.GetServerContextFromCmd(cmd).Viper.Get); err != nil {
			return err
		}
		if r.history, err = historian.Read(server.GetServerContextFromCmd(cmd).Viper.Get); err != nil {
			return err
		}
		return run(cmd, args)
	}
}

// newApp makes the application and keeps it at hand.
func (r *running) newApp(
	logger log.Logger, db dbm.DB, opts servertypes.AppOptions,
) servertypes.Application {
	a := newApp(logger, db, opts)
	r.app, _ = a.(*app.App)
	return a
}

// beside starts what runs beside the node, for as long as it does.
func (r *running) beside(
	s *server.Context, _ client.Context, ctx context.Context, group *errgroup.Group, //nolint:revive // the SDK's order
) error {
	r.keepHistory(ctx, s, group)
	return r.askPrices(ctx, s, group)
}

// keepHistory runs the program that keeps a history. Nothing that happens to it is an error of the node.
func (r *running) keepHistory(ctx context.Context, s *server.Context, group *errgroup.Group) {
	if !r.history.Enabled {
		return
	}
	file, err := historian.Find()
	if err != nil {
		s.Logger.Error("no history is kept", "error", err)
		return
	}
	rest := strings.Replace(s.Viper.GetString("api.address"), "tcp://", "http://", 1)
	rest = strings.Replace(rest, "://0.0.0.0", "://localhost", 1)
	child := historian.Child{
		File: file, Args: r.history.Args(s.Config.RootDir, s.Config.RPC.ListenAddress, rest), Out: os.Stderr,
		Ended: func(err error, pause time.Duration) {
			s.Logger.Error("the history ended; it is started again", "error", err, "in", pause)
		},
	}
	s.Logger.Info("a history is kept", "program", file, "address", "http://"+r.history.Listen)
	group.Go(func() error {
		child.Run(ctx)
		return nil
	})
}

// askPrices asks for prices for as long as the node runs.
func (r *running) askPrices(ctx context.Context, s *server.Context, group *errgroup.Group) error {
	if !r.prices.Enabled {
		return nil
	}
	t := ticker.New(r.prices, s.Logger)
	if err := telemetry.WatchProviders(prometheus.DefaultRegisterer, t.Health); err != nil {
		return err
	}
	r.app.SetPrices(t)
	group.Go(func() error { return t.Run(ctx) })
	return nil
}
