package hostile_test

import (
	"flag"
	"os"
	"testing"

	"github.com/ballast-finance/ballast/internal/daemon"
)

var (
	long    = flag.Bool("hostile.long", false, "do what takes minutes too")
	program = flag.String("hostile.ballastd", "", "the `PROGRAM` of the nodes; nothing: this test itself")
)

// asNode makes a process of this test be the program, so that go test has nothing to build besides the test.
const asNode = "RUN_AS_A_NODE"

func TestMain(m *testing.M) {
	if os.Getenv(asNode) != "" {
		os.Exit(daemon.Main())
	}
	os.Exit(m.Run())
}

// needsTime leaves a test to `make hostile`.
func needsTime(t *testing.T) {
	t.Helper()
	if !*long {
		t.Skip("takes minutes: make hostile does it")
	}
}

// ballastd is the program of the nodes.
func ballastd(t *testing.T) string {
	t.Helper()
	if *program != "" {
		return *program
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return self
}
