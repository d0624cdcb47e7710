package chain_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain gives memory for time: databases in memory are most of what a collection of garbage looks at.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
