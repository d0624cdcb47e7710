package fake

import (
	"testing"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	corestore "cosmossdk.io/core/store"
	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/store/v2"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Context returns a context over an in-memory database with a store for each name, and the stores in the same order.
func Context(tb testing.TB, names ...string) (sdk.Context, []corestore.KVStoreService) {
	tb.Helper()
	root := store.NewCommitMultiStore(dbm.NewMemDB(), log.NewNopLogger())
	services := make([]corestore.KVStoreService, len(names))
	for i, name := range names {
		key := storetypes.NewKVStoreKey(name)
		root.MountStoreWithDB(key, storetypes.StoreTypeIAVL, nil)
		services[i] = runtime.NewKVStoreService(key)
	}
	if err := root.LoadLatestVersion(); err != nil {
		tb.Fatal(err)
	}
	return sdk.NewContext(root, cmtproto.Header{}, false, log.NewNopLogger()), services
}
