package daemon_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
)

// follow subscribes at the node's websocket, as the guide for makers says.
func (c *chain) follow(t *testing.T, query string) <-chan coretypes.ResultEvent {
	t.Helper()
	client, err := rpchttp.New(c.node.RPC, "/websocket")
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Stop() })
	events, err := client.Subscribe(t.Context(), t.Name(), query, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// heard looks at the events of a lot that opened and of a fill.
func (c *chain) heard(t *testing.T, opened, filled <-chan coretypes.ResultEvent) {
	t.Helper()
	const opening, filling = "ballast.auction.v1.EventLotOpened.", "ballast.auction.v1.EventFilled."
	var lot struct {
		ID    string
		Curve struct{ Start, Reserve, Steps string }
		Pace  struct {
			Block string `json:"block_seconds"`
		}
		Sell string `json:"sell_denom"`
	}
	first := next(t, opened).Events[opening+"lot"]
	if err := json.Unmarshal([]byte(first[0]), &lot); err != nil || lot.ID == "" || lot.Curve.Start == "" ||
		lot.Curve.Reserve == "" || lot.Curve.Steps == "" || lot.Pace.Block != "1" || lot.Sell == "" {
		t.Errorf("expected a lot with its schedule, got %v, %q", err, first)
	}
	e := next(t, filled).Events
	for _, name := range []string{"lot_id", "bid_id", "units", "payment", "refund", "price"} {
		if len(e[filling+name]) == 0 {
			t.Errorf("expected %s of a fill, got %v", name, e)
		}
	}
	if who := e[filling+"bidder"]; len(who) == 0 || who[0] != `"`+c.address["maker"]+`"` {
		t.Errorf("expected a fill of the maker, got %q", who)
	}
}

func next(t *testing.T, events <-chan coretypes.ResultEvent) coretypes.ResultEvent {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(30 * time.Second):
		t.Fatal("no event came")
		return coretypes.ResultEvent{}
	}
}

// failover: a maker whose first node dies while it runs buys through the second one.
func (c *chain) failover(t *testing.T) {
	t.Helper()
	node, err := url.Parse("http" + strings.TrimPrefix(c.node.RPC, "tcp"))
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	died := make(chan struct{})
	proxy := httputil.NewSingleHostReverseProxy(node)
	dies := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const life = 60
		switch n := asked.Add(1); {
		case n == life:
			close(died)
			fallthrough
		case n > life: // as one that was switched off: the connection breaks
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	defer dies.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan string)
	go func() {
		_, said, _ := c.runIn(ctx, t, "maker", "--from", "maker", "--keyring-backend", "test", "--margin", "0%", "--poll",
			"50ms", "--node", dies.URL, "--node", c.node.RPC)
		done <- said
	}()
	defer func() {
		cancel()
		if said := <-done; t.Failed() {
			t.Log(said)
		}
	}()
	<-died
	had := strings.Count(c.query(t, "maker", "fills", c.address["maker"]), "\n")
	c.send(t, "tx", "bank", "send", "alice", c.treasury(t), "50000000000uusdc")
	for range 100 {
		if strings.Count(c.query(t, "maker", "fills", c.address["maker"]), "\n") > had {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("nothing was bought after the first node had died")
}

// treasury is the account of the portfolio.
func (c *chain) treasury(t *testing.T) string {
	t.Helper()
	var answer struct{ Address string }
	out := c.query(t, "query", "portfolio", "address", "1", "--output", "json")
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Address
}
