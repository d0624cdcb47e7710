package localnet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/codec"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon"
	"github.com/ballast-finance/ballast/internal/daemon/localnet"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// asNode makes a process of this test be the program: a node is then what it is for an operator, and nothing is built
// twice.
const asNode = "LOCALNET_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asNode) != "" {
		os.Exit(daemon.Main())
	}
	os.Exit(m.Run())
}

// options of a network of so many validators, on ports that nobody uses.
func options(dir string, validators int) localnet.Options {
	return localnet.Options{
		Dir: dir, Validators: validators, ChainID: "ballast-localnet-test", BlockTime: 100 * time.Millisecond,
		Interval: 10 * time.Second, Voting: time.Minute, Snapshots: 5,
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "net")
	opt := options(dir, 3)
	opt.Dial = func(from, to int, address string) string {
		if from == 2 && to == 0 {
			return "127.0.0.1:9"
		}
		return address
	}
	opt.Genesis = func(cdc codec.JSONCodec, state map[string]json.RawMessage) {
		var rounds rebalancetypes.GenesisState
		cdc.MustUnmarshalJSON(state[rebalancetypes.ModuleName], &rounds)
		rounds.Params.Auction.MinLot = "77"
		state[rebalancetypes.ModuleName] = cdc.MustMarshalJSON(&rounds)
	}
	n, err := localnet.Write(opt)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for i, node := range n.Nodes {
		for _, address := range []string{node.P2P, node.RPC, node.GRPC, node.API, node.Metrics} {
			if used[address] || !strings.HasPrefix(address, "127.0.0.1:") {
				t.Errorf("%s: expected an address of its own on the loopback, got %s", node.Name, address)
			}
			used[address] = true
		}
		config := read(t, node.Home, "config.toml")
		for k, other := range n.Nodes {
			peer := other.ID + "@" + opt.Dial(i, k, other.P2P)
			if strings.Contains(config, peer) != (i != k) {
				t.Errorf("%s: expected all the others as peers, looked for %s", node.Name, peer)
			}
		}
		for _, want := range []string{
			`log_format = "json"`, "prometheus = true", node.Metrics, `timeout_commit = "100ms"`,
		} {
			if !strings.Contains(config, want) {
				t.Errorf("%s: expected %q in config.toml", node.Name, want)
			}
		}
		if text := read(t, node.Home, "app.toml"); !strings.Contains(text, "snapshot-interval = 5\n") {
			t.Errorf("%s: expected snapshots every 5 blocks", node.Name)
		}
		if read(t, node.Home, "genesis.json") != read(t, n.Nodes[0].Home, "genesis.json") {
			t.Errorf("%s has another genesis", node.Name)
		}
	}
	begins(t, filepath.Join(n.Nodes[0].Home, "config", "genesis.json"))
	if _, err := localnet.Write(opt); !errors.Is(err, localnet.ErrOptions) {
		t.Errorf("expected that a network is not overwritten, got %v", err)
	}
	opened(t, n, dir)
}

// opened finds the network again, where it was and after it has moved.
func opened(t *testing.T, n *localnet.Network, dir string) {
	t.Helper()
	moved := dir + "-moved"
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	again, err := localnet.Open(moved)
	if err != nil {
		t.Fatal(err)
	}
	for i, node := range again.Nodes {
		if node.RPC != n.Nodes[i].RPC || node.ID != n.Nodes[i].ID || node.Home != filepath.Join(moved, node.Name) {
			t.Errorf("expected the node as it was written, got %+v", node)
		}
	}
	if _, err := localnet.Open(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("expected no network, got %v", err)
	}
	if err := os.WriteFile(filepath.Join(moved, "network.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := localnet.Open(moved); !errors.Is(err, localnet.ErrOptions) {
		t.Errorf("expected that a broken file is told, got %v", err)
	}
}

func read(t *testing.T, home, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(home, "config", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// begins starts an application with a genesis: three bonded validators, the assets, and the term that was changed.
func begins(t *testing.T, name string) {
	t.Helper()
	g, err := genutiltypes.AppGenesisFromFile(name)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(log.NewNopLogger(), dbm.NewMemDB(), true, simtestutil.NewAppOptionsWithFlagHome(t.TempDir()),
		baseapp.SetChainID(g.ChainID))
	if err != nil {
		t.Fatal(err)
	}
	params := cmttypes.DefaultConsensusParams().ToProto()
	answer, err := a.InitChain(&abci.RequestInitChain{
		ChainId: g.ChainID, Time: g.GenesisTime, InitialHeight: 1, AppStateBytes: g.AppState, ConsensusParams: &params,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Validators) != 3 {
		t.Errorf("expected three validators, got %d", len(answer.Validators))
	}
	block := &abci.RequestFinalizeBlock{Height: 1, Time: g.GenesisTime}
	if _, err := a.FinalizeBlock(block); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Commit(); err != nil {
		t.Fatal(err)
	}
	ctx := a.NewContext(true)
	rounds, err := a.Rebalance.Params.Get(ctx)
	if err != nil || rounds.Auction.MinLot != "77" || rounds.IntervalSeconds != 10 {
		t.Errorf("expected rounds of 10 s and lots of 77, got %v, %v", rounds, err)
	}
	universe, err := a.Oracle.Universe(ctx)
	if err != nil || universe.Len() != 4 {
		t.Errorf("expected four assets, got %v, %v", universe, err)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*localnet.Options){
		"no folder":        func(o *localnet.Options) { o.Dir = "" },
		"nobody":           func(o *localnet.Options) { o.Validators = 0 },
		"a crowd":          func(o *localnet.Options) { o.Validators = 21 },
		"no id":            func(o *localnet.Options) { o.ChainID = "" },
		"negative pause":   func(o *localnet.Options) { o.BlockTime = -1 },
		"hasty rounds":     func(o *localnet.Options) { o.Interval = time.Millisecond },
		"hasty votes":      func(o *localnet.Options) { o.Voting = time.Millisecond },
		"ports at the end": func(o *localnet.Options) { o.FirstPort = 65_530 },
		"negative port":    func(o *localnet.Options) { o.FirstPort = -1 },
	} {
		o := options(filepath.Join(t.TempDir(), "net"), 4)
		change(&o)
		if _, err := localnet.Write(o); !errors.Is(err, localnet.ErrOptions) {
			t.Errorf("%s: expected ErrOptions, got %v", name, err)
		}
	}
}

// program is a file that starts this test as the program and writes down the process first.
func program(t *testing.T, dir, line string) string {
	t.Helper()
	name := filepath.Join(dir, "program.sh")
	text := fmt.Sprintf("#!/bin/sh\necho $$ >> %q\n%s\n", filepath.Join(dir, "processes"), line)
	if err := os.WriteFile(name, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

// processes are those that were started, oldest first.
func processes(t *testing.T, dir string) (list []int) {
	t.Helper()
	text, _ := os.ReadFile(filepath.Join(dir, "processes"))
	for word := range bytes.FieldsSeq(text) {
		var pid int
		if _, err := fmt.Sscan(string(word), &pid); err != nil {
			t.Fatal(err)
		}
		list = append(list, pid)
	}
	return list
}

// TestSupervise runs a real node. When it is killed it is started again and goes on; told to stop, it stops.
func TestSupervise(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n, err := localnet.Write(options(filepath.Join(dir, "net"), 1))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	start := program(t, dir, fmt.Sprintf("%s=1 exec %q \"$@\"", asNode, self))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var said bytes.Buffer
	done := make(chan error, 1)
	go func() { done <- n.Supervise(ctx, start, &said) }()
	first := height(t, n.Nodes[0], 3)
	pids := processes(t, dir)
	if err := syscall.Kill(pids[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	height(t, n.Nodes[0], first+3)
	if pids = processes(t, dir); len(pids) != 2 {
		t.Errorf("expected that the node was started twice, got %v", pids)
	}
	metrics := get(t, n.Nodes[0].Metrics+"/metrics")
	for _, want := range []string{
		"ballast_state_readable 1", "ballast_invariants_broken 0", "cometbft_consensus_height",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("expected %q of the metrics", want)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	for _, pid := range processes(t, dir) {
		if err := syscall.Kill(pid, 0); err == nil {
			t.Errorf("process %d goes on", pid)
		}
	}
	if !strings.Contains(said.String(), "node0 ended (signal: killed)") {
		t.Errorf("expected to be told of the end, got %q", said.String())
	}
	structured(t, n.Nodes[0].Log())
}

// structured asks that what a node logs can be read by a program, line by line.
func structured(t *testing.T, name string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.SplitSeq(bytes.TrimSpace(text), []byte("\n")) {
		var entry struct{ Level, Message string }
		if err := json.Unmarshal(line, &entry); err != nil || entry.Level == "" || entry.Message == "" {
			t.Fatalf("expected a log entry, got %q: %v", line, err)
		}
	}
}

// TestGaveUp: a program that does not stay up is not started for ever, and the others are stopped with it.
func TestGaveUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n, err := localnet.Write(options(filepath.Join(dir, "net"), 2))
	if err != nil {
		t.Fatal(err)
	}
	start := program(t, dir, `case "$3" in *node0) exit 3;; *) exec sleep 60;; esac`)
	if err := n.Supervise(t.Context(), start, io.Discard); !errors.Is(err, localnet.ErrGaveUp) {
		t.Errorf("expected ErrGaveUp, got %v", err)
	}
	if pids := processes(t, dir); len(pids) != 6 {
		t.Errorf("expected five starts of one and one of the other, got %d", len(pids))
	}
}

// height waits until a node is so high.
func height(t *testing.T, node *localnet.Node, least int64) int64 {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var status struct {
			Result struct {
				Sync struct {
					Height int64 `json:"latest_block_height,string"`
				} `json:"sync_info"`
			}
		}
		if err := json.Unmarshal([]byte(get(t, node.RPC+"/status")), &status); err != nil {
			continue
		}
		if status.Result.Sync.Height >= least {
			return status.Result.Sync.Height
		}
	}
	said, _ := os.ReadFile(node.Log())
	t.Fatalf("%s does not come to height %d:\n%s", node.Name, least, said[max(0, len(said)-3_000):])
	return 0
}

// get is what is served at an address; nothing when nobody serves.
func get(t *testing.T, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return ""
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return ""
	}
	return string(text)
}
