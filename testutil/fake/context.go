package fake

import (
	"testing"

	corestore "cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Context returns a context over an in-memory database with a store for each name, and the stores in the same order.
func Context(tb testing.TB, names ...string) (sdk.Context, []corestore.KVStoreService) {
	tb.Helper()
	keys := storetypes.NewKVStoreKeys(names...)
	ctx := testutil.DefaultContextWithKeys(keys, nil, nil)
	stores := make([]corestore.KVStoreService, len(names))
	for i, name := range names {
		stores[i] = runtime.NewKVStoreService(keys[name])
	}
	return ctx, stores
}
