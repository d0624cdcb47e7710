package index_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/index/chain"
)

// demoTape is a demonstration of six rounds, as TestHistory of internal/daemon/demo recorded it.
func demoTape(t *testing.T) *chain.Tape {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "demo.tape"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // reading
	tape, err := chain.LoadTape(f)
	if err != nil {
		t.Fatal(err)
	}
	return tape
}

// last is the height of the last block of a tape.
func last(t *testing.T, tape *chain.Tape) int64 {
	t.Helper()
	head, err := tape.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head.Last
}

// TestDemo: a chain that was recorded from a node has rows in every table that it should.
func TestDemo(t *testing.T) {
	t.Parallel()
	tape, s := demoTape(t), open(t)
	follow(t, tape, s, last(t, tape))
	rows := make(map[string]int)
	for line := range strings.Lines(dump(t, s)) {
		table, rest, _ := strings.Cut(line, " ")
		if table == "lots" && strings.Contains(rest, " round=0 ") {
			t.Errorf("expected a lot of a round, got %s", line)
		}
		rows[table]++
	}
	for table, want := range map[string]int{"progress": 1, "portfolios": 4, "assets": 5, "payments": 1, "movements": 2} {
		if rows[table] != want {
			t.Errorf("%s: expected %d rows, got %d", table, want, rows[table])
		}
	}
	for _, table := range []string{
		"blocks", "rounds", "intervals", "orders", "crossings", "lots", "clearings", "bids", "fills", "prices", "pauses",
	} {
		if rows[table] == 0 {
			t.Errorf("%s: expected rows, got none", table)
		}
	}
}
