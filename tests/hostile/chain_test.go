package hostile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon/localnet"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

const (
	chainID   = "ballast-hostile"
	blockTime = 200 * time.Millisecond
	// patience is how long anything may take that has to happen; the machine may be busy.
	patience = 3 * time.Minute
)

// chain is a network of processes.
type chain struct {
	*localnet.Network

	knows *app.App // codecs
	runs  map[int]*process
}

// process is a node that runs.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
}

// terms are rounds that are short, with lots that are open for most of them, and a halt that is not much longer than
// the most that a block may move a clock.
func terms(cdc codec.JSONCodec, state map[string]json.RawMessage) {
	var g rebalancetypes.GenesisState
	cdc.MustUnmarshalJSON(state[rebalancetypes.ModuleName], &g)
	a := &g.Params.Auction
	a.BlockSeconds, a.WindowSeconds, a.TailSeconds, a.HaltSeconds = 1, window, 3, haltAfter
	state[rebalancetypes.ModuleName] = cdc.MustMarshalJSON(&g)
}

const (
	interval  = 10
	window    = 24 // of a lot, in effective seconds
	haltAfter = 15
	// mostPerBlock is how far one block may move a lot's clock: three times the target time of a block.
	mostPerBlock = 3
)

// newChain writes a network of four validators; nothing runs yet.
func newChain(t *testing.T, change ...func(*localnet.Options)) *chain {
	t.Helper()
	dir, err := os.MkdirTemp("", "ballast-hostile-") //nolint:usetesting // it stays when the test fails
	require.NoError(t, err)
	opt := localnet.Options{
		Dir: filepath.Join(dir, "net"), Validators: 4, ChainID: chainID, BlockTime: blockTime,
		Interval: interval * time.Second, Voting: 15 * time.Second, Snapshots: 10, Genesis: terms,
	}
	for _, f := range change {
		f(&opt)
	}
	c := &chain{runs: map[int]*process{}}
	c.Network, err = localnet.Write(opt)
	require.NoError(t, err)
	c.knows, err = app.New(log.NewNopLogger(), dbm.NewMemDB(), false, simtestutil.NewAppOptionsWithFlagHome(dir))
	require.NoError(t, err)
	t.Cleanup(func() {
		for i := range c.runs {
			c.kill(t, i)
		}
		if t.Failed() {
			t.Logf("the homes and logs are in %s", dir)
			return
		}
		_ = os.RemoveAll(dir)
	})
	return c
}

// begin starts all nodes and waits for the first blocks.
func (c *chain) begin(t *testing.T) {
	t.Helper()
	for i := range c.Nodes {
		c.start(t, i)
	}
	for i := range c.Nodes {
		c.reach(t, i, 2)
	}
}

// start starts the process of a node, with the program or with another one.
func (c *chain) start(t *testing.T, i int, other ...string) {
	t.Helper()
	cmd := c.command(t, i, other...)
	require.NoError(t, cmd.Start())
	c.watch(i, cmd)
}

// command is the process of a node that is not started yet.
func (c *chain) command(t *testing.T, i int, other ...string) *exec.Cmd {
	t.Helper()
	node := c.Nodes[i]
	name := ballastd(t)
	if len(other) > 0 {
		name = other[0]
	}
	out, err := os.OpenFile(node.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	t.Cleanup(func() { _ = out.Close() })
	cmd := node.Command(context.WithoutCancel(t.Context()), name, out) // the cleanup ends it
	cmd.Env = append(os.Environ(), asNode+"=1")
	return cmd
}

// watch notices when a process ends.
func (c *chain) watch(i int, cmd *exec.Cmd) {
	p := &process{cmd, make(chan struct{})}
	c.runs[i] = p
	go func() {
		_ = cmd.Wait()
		close(p.done)
	}()
}

// kill ends a node as a loss of power does.
func (c *chain) kill(t *testing.T, i int) {
	t.Helper()
	c.end(t, i, syscall.SIGKILL)
}

// stop ends a node as an operator does.
func (c *chain) stop(t *testing.T, i int) {
	t.Helper()
	c.end(t, i, syscall.SIGTERM)
}

func (c *chain) end(t *testing.T, i int, signal syscall.Signal) {
	t.Helper()
	p := c.runs[i]
	delete(c.runs, i)
	_ = p.cmd.Process.Signal(signal)
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		t.Errorf("%s did not stop", c.Nodes[i].Name)
	}
}

// run runs a command of the program against a home, to its end, and returns what it wrote.
func (*chain) run(t *testing.T, home string, line ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), ballastd(t), append(line, "--home", home)...)
	cmd.Env = append(os.Environ(), asNode+"=1")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	require.NoError(t, cmd.Run(), "%q: %s%s", line, out.String(), said.String())
	return out.String()
}

// rpc asks a node.
func (c *chain) rpc(t *testing.T, i int) *rpchttp.HTTP {
	t.Helper()
	node, err := rpchttp.New("http://"+c.Nodes[i].RPC, "/websocket")
	require.NoError(t, err)
	return node
}

// client asks a node for its state, at a height; 0 is the last one.
func (c *chain) client(t *testing.T, i int, height int64) client.Context {
	t.Helper()
	a := c.knows
	return client.Context{}.
		WithCodec(a.AppCodec()).WithInterfaceRegistry(a.InterfaceRegistry()).WithTxConfig(a.TxConfig()).
		WithLegacyAmino(a.LegacyAmino()).WithChainID(chainID).WithClient(c.rpc(t, i)).
		WithAccountRetriever(authtypes.AccountRetriever{}).WithHeight(height)
}

// grpc is a connection for questions that take long: by RPC they end after ten seconds, and blocks wait for them.
func (c *chain) grpc(t *testing.T, i int) *grpc.ClientConn {
	t.Helper()
	coding := codec.NewProtoCodec(c.knows.InterfaceRegistry()).GRPCCodec()
	conn, err := grpc.NewClient(c.Nodes[i].GRPC, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(coding)))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// height is the last block of a node; 0 when it does not answer.
func (c *chain) height(t *testing.T, i int) int64 {
	t.Helper()
	status, err := c.rpc(t, i).Status(t.Context())
	if err != nil {
		return 0
	}
	return status.SyncInfo.LatestBlockHeight
}

// reach waits until a node has a block.
func (c *chain) reach(t *testing.T, i int, least int64) {
	t.Helper()
	c.until(t, c.Nodes[i].Name+" at a height", func() bool { return c.height(t, i) >= least })
}

// grow waits until a node has so many blocks more.
func (c *chain) grow(t *testing.T, i int, blocks int64) int64 {
	t.Helper()
	least := c.height(t, i) + blocks
	c.reach(t, i, least)
	return least
}

// until waits for something that has to happen.
func (c *chain) until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !happened(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			for i := range c.runs {
				text, _ := os.ReadFile(c.Nodes[i].Log())
				t.Logf("%s at %d: ...%s", c.Nodes[i].Name, c.height(t, i), text[max(0, len(text)-1_500):])
			}
			require.FailNow(t, "not in time", what)
		}
	}
}

// standsStill asks that no block comes for a while.
func (c *chain) standsStill(t *testing.T, i int, pause time.Duration) {
	t.Helper()
	time.Sleep(5 * blockTime) // what is under way may arrive
	before := c.height(t, i)
	time.Sleep(pause)
	require.Equal(t, before, c.height(t, i), "expected no block")
}

// agree asks that all nodes that run have the same blocks with the same state, as far as they have them, up to the
// height that all have, and that every module's books add up.
func (c *chain) agree(t *testing.T) {
	t.Helper()
	height := int64(0)
	for i := range c.runs {
		height = max(height, c.height(t, i))
	}
	for i := range c.runs {
		c.reach(t, i, height)
		status, err := c.rpc(t, i).Status(t.Context())
		require.NoError(t, err)
		for h := height; h >= max(status.SyncInfo.EarliestBlockHeight, height-20); h-- {
			require.Equal(t, c.commit(t, 0, h), c.commit(t, i, h), "%s, height %d", c.Nodes[i].Name, h)
		}
		books, err := rebalancetypes.NewQueryClient(c.client(t, i, 0).WithGRPCClient(c.grpc(t, i))).
			Invariants(t.Context(), &rebalancetypes.QueryInvariantsRequest{})
		require.NoError(t, err)
		require.Empty(t, books.Broken, c.Nodes[i].Name)
	}
}

// commit is the hash of a block, and that of the state before it.
func (c *chain) commit(t *testing.T, i int, height int64) [2]string {
	t.Helper()
	answer, err := c.rpc(t, i).Header(t.Context(), &height)
	require.NoError(t, err)
	return [2]string{answer.Header.Hash().String(), answer.Header.AppHash.String()}
}
