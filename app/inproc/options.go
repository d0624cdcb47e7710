package inproc

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/database"
)

// Account is somebody with coins at the start.
type Account struct {
	Address sdk.AccAddress
	Coins   sdk.Coins
}

// Options describe a network.
type Options struct {
	ChainID    string
	Dir        string // logs of consensus, and databases unless Memory
	Validators int    // 0 is 1
	// Powers of the validators; nil: each has 1.
	Powers    []int64
	BlockTime time.Duration
	Accounts  []Account
	// Genesis changes the start of the chain, after accounts and validators are in it.
	Genesis func(a *app.App, state map[string]json.RawMessage) error
	// Memory keeps all databases in memory.
	Memory bool
	// Serve opens ports on the loopback for RPC, gRPC and HTTP.
	Serve bool
	// VoteHeight is the first block whose votes carry prices; 0 is never.
	VoteHeight int64
	// Change changes the application of validator i before it loads anything: its handlers, and its prices.
	Change func(i int, a *app.App)
	// MaxBlockGas bounds a block; 0 is the default.
	MaxBlockGas int64
	// Options of validator i beside the defaults, such as the executor.
	AppOptions func(i int) map[string]any
	Logger     log.Logger
}

func (o *Options) fill() {
	if len(o.Powers) == 0 {
		o.Powers = slices.Repeat([]int64{1}, max(o.Validators, 1))
	}
	o.Validators = len(o.Powers)
	if o.Logger == nil {
		o.Logger = log.NewNopLogger()
	}
	if o.BlockTime == 0 {
		o.BlockTime = time.Second
	}
}

// appOptions are those of validator i, whose files are in dir.
func (o *Options) appOptions(i int, dir string) servertypes.AppOptions {
	opts := simtestutil.AppOptionsMap{"home": dir}
	if o.AppOptions != nil {
		maps.Copy(opts, o.AppOptions(i))
	}
	return opts
}

// database opens the application's database.
func (o *Options) database(dir string) (dbm.DB, error) {
	if o.Memory {
		return dbm.NewMemDB(), nil
	}
	return database.Open(dir, dbm.GoLevelDBBackend)
}
