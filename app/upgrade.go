package app

import (
	"context"

	"github.com/cosmos/cosmos-sdk/types/module"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"
)

// upgrades are the names of the upgrades that this program knows how to perform. Each runs the migrations of all
// modules from the versions that the state has to those of the program.
func upgrades() []string { return []string{"v1"} }

func (app *App) setUpgrades() {
	for _, name := range upgrades() {
		app.Upgrade.SetUpgradeHandler(name, app.migrate)
	}
}

func (app *App) migrate(
	ctx context.Context, _ upgradetypes.Plan, from module.VersionMap,
) (module.VersionMap, error) {
	return app.ModuleManager.RunMigrations(ctx, app.configurator, from)
}
