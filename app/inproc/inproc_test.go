package inproc_test

import (
	"testing"
	"time"

	"github.com/ballast-finance/ballast/app/inproc"
)

// TestNetwork: four validators agree on blocks.
func TestNetwork(t *testing.T) {
	nodes, err := inproc.Start(t.Context(), inproc.Options{
		ChainID: "ballast-test", Dir: t.TempDir(), Validators: 4, BlockTime: 10 * time.Millisecond, Memory: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer inproc.Stop(nodes)
	for _, n := range nodes {
		if err := n.WaitHeight(t.Context(), 5, 30*time.Second); err != nil {
			t.Fatal(err)
		}
	}
}

// TestServe: a node on disk answers over its ports.
func TestServe(t *testing.T) {
	nodes, err := inproc.Start(t.Context(), inproc.Options{
		ChainID: "ballast-test", Dir: t.TempDir(), BlockTime: 10 * time.Millisecond, Serve: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer inproc.Stop(nodes)
	if err := nodes[0].WaitHeight(t.Context(), 2, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	if n := nodes[0]; n.RPC == "" || n.GRPC == "" || n.HTTP == "" {
		t.Errorf("got %q, %q, %q", n.RPC, n.GRPC, n.HTTP)
	}
}
