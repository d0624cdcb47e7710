package app

import "github.com/cosmos/cosmos-sdk/types/module"

// Ballast are the keepers of our own modules.
type Ballast struct{}

func ballastStores() []string { return nil }

func ballastAccounts() []string { return nil }

func (app *App) newBallast() {}

func (app *App) ballastModules() []module.AppModule { return nil }

func ballastBegin() []string { return nil }

func ballastEnd() []string { return nil }

func ballastGenesis() []string { return nil }
