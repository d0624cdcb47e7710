package daemon

import (
	"context"

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
	"github.com/ballast-finance/ballast/internal/daemon/telemetry"
)

// running is the node of the start command: its application, and the prices that it votes with.
type running struct {
	app    *app.App
	prices ticker.Config
}

// addServer puts the commands of a node into the tree. The one that starts it also asks for prices.
func addServer(root *cobra.Command, home string) {
	var r running
	server.AddCommandsWithStartCmdOptions(root, home, r.newApp, export, server.StartCmdOptions{
		PostSetup: r.askPrices, PostSetupStandalone: r.askPrices,
	})
	start := named(root, "start")
	run := start.RunE
	start.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if r.prices, err = ticker.Read(server.GetServerContextFromCmd(cmd).Viper.Get); err != nil {
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

// askPrices asks for prices for as long as the node runs.
func (r *running) askPrices(
	s *server.Context, _ client.Context, ctx context.Context, group *errgroup.Group, //nolint:revive // the SDK's order
) error {
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
