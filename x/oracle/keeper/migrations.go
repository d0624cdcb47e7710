package keeper

import "github.com/cosmos/cosmos-sdk/types/module"

// Migrations are what brings the store from each of its versions to the next, from version 1 on. There is none yet.
func (Keeper) Migrations() []module.MigrationHandler { return nil }
