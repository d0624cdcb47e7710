package load_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// node is a chain of one validator with a history of its own, as an operator runs them.
type node struct{ rpc, rest string }

const (
	blockTime = time.Second
	ports     = 10 // of a node
)

// startNode starts it; the end of the test ends it.
func startNode(t *testing.T) *node {
	t.Helper()
	dir := t.TempDir()
	home := filepath.Join(dir, "net")
	first := freePorts(t)
	told, err := exec.CommandContext(t.Context(), filepath.Join(*programs, "ballastd"), "localnet",
		"--validators", "1", "--output", home, "--chain-id", "ballast-load", "--block-time", blockTime.String(),
		"--first-port", fmt.Sprint(first)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, told)
	}
	n := &node{}
	for line := range strings.Lines(string(told)) {
		if f := strings.Fields(line); len(f) > 3 && f[0] == "node0" {
			n.rpc, n.rest = "http://"+strings.TrimPrefix(f[1], "tcp://"), "http://"+strings.TrimPrefix(f[3], "http://")
		}
	}
	run(t, dir, "ballastd", "start", "--home", filepath.Join(home, "node0"))
	await(t, "a block", func() bool { return n.height(t) > 2 })
	run(t, dir, "ballast-index", "--node", "tcp://"+strings.TrimPrefix(n.rpc, "http://"), "--chain", n.rest, "--db",
		filepath.Join(dir, "history.db"), "--listen", fmt.Sprintf("127.0.0.1:%d", first+ports-1))
	return n
}

func run(t *testing.T, dir, program string, args ...string) {
	t.Helper()
	out, err := os.Create(filepath.Join(dir, program+".log"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(*programs, program)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), file, args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = out.Close()
	})
}

// freePorts finds the first of some ports in a row that nobody has.
func freePorts(t *testing.T) int {
	t.Helper()
	for first := 23_000 + os.Getpid()%1_000*ports; first < 65_000; first += ports {
		free := true
		for i := range ports {
			l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", first+i))
			if free = free && err == nil; err == nil {
				_ = l.Close()
			}
		}
		if free {
			return first
		}
	}
	t.Fatal("no free ports")
	return 0
}

func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	end := time.After(time.Minute)
	for !holds() {
		select {
		case <-end:
			t.Fatalf("expected %s", what)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// ask asks the node's RPC.
func (n *node) ask(t *testing.T, path string, into any) bool {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.rpc+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer response.Body.Close() //nolint:errcheck // reading
	return json.NewDecoder(response.Body).Decode(into) == nil
}

func (n *node) height(t *testing.T) (height int64) {
	t.Helper()
	var s struct {
		Result struct {
			SyncInfo struct {
				Height int64 `json:"latest_block_height,string"`
			} `json:"sync_info"`
		}
	}
	n.ask(t, "/status", &s)
	return s.Result.SyncInfo.Height
}

// blocks are the times between the blocks of a span, sorted.
func (n *node) blocks(t *testing.T, from, to int64) []time.Duration {
	t.Helper()
	var times []time.Time
	for height := from; height <= to; height++ {
		var b struct {
			Result struct {
				Block struct{ Header struct{ Time time.Time } }
			}
		}
		if !n.ask(t, fmt.Sprintf("/block?height=%d", height), &b) {
			t.Fatal("expected a block")
		}
		times = append(times, b.Result.Block.Header.Time)
	}
	var list []time.Duration
	for i := 1; i < len(times); i++ {
		list = append(list, times[i].Sub(times[i-1]))
	}
	slices.Sort(list)
	return list
}

// url is where a relay asks the node; none without one.
func (n *node) url(t *testing.T) *url.URL {
	t.Helper()
	if n == nil {
		return nil
	}
	u, err := url.Parse(n.rest)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
