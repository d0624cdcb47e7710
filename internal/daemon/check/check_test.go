package check_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"

	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/internal/daemon/check"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	v := check.Verdict{Where: "a test", Chain: "t-1", Height: 7, Counts: []check.Count{{Name: "lots", N: 1_000}}}
	var fine, broken bytes.Buffer
	if err := v.Write(&fine); err != nil || !strings.HasSuffix(fine.String(), "lots  1,000\n\nEverything adds up.\n") {
		t.Errorf("got %v of\n%s", err, &fine)
	}
	v.Broken = []string{"one unit is gone"}
	err := v.Write(&broken)
	if !errors.Is(err, check.ErrBroken) || !strings.Contains(broken.String(), "one unit is gone") {
		t.Errorf("got %v of\n%s", err, &broken)
	}
}

// TestHome checks the data of a node that has stopped, and refuses to while it runs.
func TestHome(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	nodes, err := inproc.Start(t.Context(), inproc.Options{ChainID: "t-1", Dir: dir, BlockTime: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	stop := func() { inproc.Stop(nodes); nodes = nil }
	defer func() { stop() }()
	if err := nodes[0].WaitHeight(t.Context(), 3, 30*time.Second); err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(dir, "validator0")
	opts := simtestutil.AppOptionsMap{"home": home}
	if _, err := check.Home(t.Context(), home, opts); !errors.Is(err, check.ErrState) {
		t.Errorf("running: got %v", err)
	}
	stop()
	v, err := check.Home(t.Context(), home, opts)
	if err != nil {
		t.Fatal(err)
	}
	if v.Height < 3 || len(v.Counts) < 6 || len(v.Broken) > 0 {
		t.Errorf("got %+v", v)
	}
}

func TestNothingToCheck(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	opts := simtestutil.AppOptionsMap{"home": home}
	if _, err := check.Home(t.Context(), home, opts); !errors.Is(err, check.ErrState) {
		t.Errorf("no data: got %v", err)
	}
	name := filepath.Join(home, "genesis.json")
	const text = `{"chain_id": "t-1", "app_state": {"bank": {"supply": "much"}}}`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{name, filepath.Join(home, "none.json")} {
		if _, err := check.Genesis(t.Context(), file, opts); !errors.Is(err, check.ErrState) {
			t.Errorf("%s: got %v", file, err)
		}
	}
}
