package app

import (
	"github.com/cosmos/cosmos-sdk/types/module"

	"github.com/ballast-finance/ballast/x/oracle"
	oraclekeeper "github.com/ballast-finance/ballast/x/oracle/keeper"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// Ballast are the keepers of our own modules.
type Ballast struct {
	Oracle oraclekeeper.Keeper
}

func ballastStores() []string { return []string{oracletypes.StoreKey} }

func ballastAccounts() []string { return nil }

// newBallast makes the keepers. Each knows only those before it.
func (app *App) newBallast() (err error) {
	b, authority := &app.Ballast, Authority()
	b.Oracle, err = oraclekeeper.New(app.cdc, app.store(oracletypes.StoreKey), authority)
	return err
}

func (app *App) ballastModules() []module.AppModule {
	b := &app.Ballast
	return []module.AppModule{oracle.NewAppModule(b.Oracle)}
}

// ballastBegin: prices come first, so that everything else in the block sees them.
func ballastBegin() []string { return []string{oracletypes.ModuleName} }

func ballastEnd() []string { return nil }

func ballastGenesis() []string { return []string{oracletypes.ModuleName} }
