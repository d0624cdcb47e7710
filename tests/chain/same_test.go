package chain_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSame replays recorded blocks of random messages on nodes that execute them in other ways: with one processor and
// with two, one transaction after the other and many at once, with estimates of what they touch and without. Every
// block has the same hash and the same results.
func TestSame(t *testing.T) {
	c := newChance(t, 8, options{})
	c.busy = 25
	for range 100 {
		c.happen()
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, node := range []struct {
		name       string
		processors int
		app        map[string]any
	}{
		{"sequential on one", 1, map[string]any{"block-executor": "sequential"}},
		{"at once on one", 1, map[string]any{
			"block-executor": "block-stm", "block-stm-workers": 4, "block-stm-pre-estimate": false,
		}},
		{"at once on two", 2, map[string]any{
			"block-executor": "block-stm", "block-stm-workers": 4, "block-stm-pre-estimate": true,
		}},
	} {
		runtime.GOMAXPROCS(node.processors)
		other := c.replay(options{app: node.app, unaudited: true})
		for i := range c.hashes {
			require.Equal(t, c.hashes[i], other.hashes[i], "%s: block %d", node.name, i+1)
		}
		require.Equal(t, c.events, other.events, node.name)
		other.audit()
	}
}
