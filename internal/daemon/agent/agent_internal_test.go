package agent

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/agents/maker"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

var assets = unit.Assets{
	{Denom: "ubtc", Display: "BTC", Exponent: 8, Status: oracletypes.AssetActive},
	{Denom: "aeth", Display: "ETH", Exponent: 18, Status: oracletypes.AssetActive},
}

func TestPairs(t *testing.T) {
	t.Parallel()
	o := origin{mapped: []string{"WBTC=ubtc", "ETH=ETH"}}
	got, err := o.pairs(assets)
	if err != nil || len(got) != 2 || got[0] != (pair{"WBTC", "ubtc"}) || got[1] != (pair{"ETH", "aeth"}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range [][]string{{"BTC"}, {"=ubtc"}, {"BTC=udoge"}, {"A=ubtc", "B=BTC"}, {"A=ubtc", "A=aeth"}} {
		o := origin{mapped: bad}
		if got, err := o.pairs(assets); err == nil {
			t.Errorf("%q: expected an error, got %v", bad, got)
		}
	}
}

// TestNodes: --node may be given several times, and the first one is what the SDK sees.
func TestNodes(t *testing.T) {
	t.Parallel()
	cmd := &cobra.Command{}
	nodeFlag(cmd)
	if got, err := cmd.Flags().GetString("node"); err != nil || got != localNode {
		t.Errorf("got %q, %v", got, err)
	}
	if err := cmd.ParseFlags([]string{"--node", "tcp://a:1", "--node", "tcp://b:2"}); err != nil {
		t.Fatal(err)
	}
	got, err := cmd.Flags().GetString("node")
	u, several := cmd.Flags().Lookup("node").Value.(*urls)
	if err != nil || got != "tcp://a:1" || !several || len(u.list) != 2 || u.list[1] != "tcp://b:2" {
		t.Errorf("got %q, %+v, %v", got, u, err)
	}
}

// TestMetrics reads the counters as a monitor does.
func TestMetrics(t *testing.T) {
	t.Parallel()
	m, err := serve(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()
	m.take(maker.Stats{Looks: 3, Fills: 2, Paid: fixed.FromBps(15_000)})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+m.address+"/metrics", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# TYPE ballast_maker_looks_total counter", "ballast_maker_looks_total 3", "ballast_maker_fills_total 2",
		"ballast_maker_paid_value_total 1.5",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("expected %q in\n%s", want, text)
		}
	}
	if _, err := serve(t.Context(), m.address); err == nil {
		t.Error("expected an error for an address that is taken")
	}
}
