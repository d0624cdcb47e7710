package daemon

import (
	"github.com/prometheus/client_golang/prometheus"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon/telemetry"
)

// newApp makes the application of a node that starts.
func newApp(logger log.Logger, db dbm.DB, opts servertypes.AppOptions) servertypes.Application {
	a, err := watched(logger, db, opts)
	if err != nil {
		panic(err) //nolint:forbidigo // the SDK asks for an application or nothing; a node that cannot load must not run
	}
	return a
}

// watched makes the application with its metrics, which are served beside those of consensus.
func watched(logger log.Logger, db dbm.DB, opts servertypes.AppOptions) (*app.App, error) {
	m, err := telemetry.New(prometheus.DefaultRegisterer)
	if err != nil {
		return nil, err
	}
	a, err := app.New(logger, db, true, opts, append(server.DefaultBaseappOptions(opts), m.Option())...)
	if err != nil {
		return nil, err
	}
	return a, m.Watch(a)
}

// export writes the state at a height; -1 is the last one. It goes to standard output, where the log would be in it.
func export( //nolint:revive // the SDK calls it with these
	_ log.Logger, db dbm.DB, height int64, _ bool, _ []string, opts servertypes.AppOptions, modules []string,
) (servertypes.ExportedApp, error) {
	a, err := app.New(log.NewNopLogger(), db, height == -1, opts)
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	if height != -1 {
		if err := a.LoadVersion(height); err != nil {
			return servertypes.ExportedApp{}, err
		}
	}
	return a.Export(modules)
}
