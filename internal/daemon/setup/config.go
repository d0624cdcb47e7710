package setup

import (
	"time"

	cmtcfg "github.com/cometbft/cometbft/config"

	serverconfig "github.com/cosmos/cosmos-sdk/server/config"

	"github.com/ballast-finance/ballast/agents/ticker"
	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon/historian"
)

// commitPause is how long a validator waits after a block for the votes of slow ones. Blocks then take about as long
// as an auction's clock expects.
const commitPause = 2 * time.Second

// CachedNodes is how many nodes of its tree each store keeps in memory, some 450 bytes each. The SDK's default lets a
// node under load grow by 350 MB for every busy store before it stops.
const CachedNodes = 200_000

// Node is what the files of a new node say: how the application's file is written, and what is in both.
func Node() (template string, node *serverconfig.Config, comet *cmtcfg.Config) {
	node = serverconfig.DefaultConfig()
	node.MinGasPrices = "0" + app.BondDenom
	node.API.Enable = true
	node.GRPC.Enable = true
	node.IAVLCacheSize = CachedNodes
	node.StateSync.SnapshotInterval, node.StateSync.SnapshotKeepRecent = 1000, 3
	comet = cmtcfg.DefaultConfig()
	comet.Consensus.TimeoutCommit = commitPause
	comet.Instrumentation.Prometheus, comet.Instrumentation.Namespace = true, "cometbft"
	return serverconfig.DefaultConfigTemplate + ticker.Template + historian.Template, node, comet
}
