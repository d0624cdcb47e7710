package inproc_test

import (
	"encoding/json"
	"sync/atomic"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/oracle/votes"
)

// fixedPrices is what one validator says.
type fixedPrices map[string]fixed.Wad

// Price is the same for ever.
func (p fixedPrices) Price(denom string) (fixed.Wad, bool) {
	price, known := p[denom]
	return price, known
}

// polled is a start with one asset, of which the validators are the only source.
func polled(a *app.App, state map[string]json.RawMessage) error {
	g := oracletypes.DefaultGenesis()
	g.Params.Aggregate.MinSources, g.Params.Aggregate.MinClasses = 1, 1
	g.Params.Aggregate.ClassCap = "1" // of the whole weight: there is no other class
	g.Params.EventSeconds = 1
	g.Assets = []oracletypes.StoredAsset{{
		Asset:   oracletypes.Asset{Denom: "uasset0", Display: "A0", Exponent: 6, Status: oracletypes.AssetActive},
		Sources: []oracletypes.Source{{Id: 1, Class: oracletypes.ClassVote, Weight: 100, MaxAgeSeconds: 600}},
	}}
	b, err := a.AppCodec().MarshalJSON(g)
	state[oracletypes.ModuleName] = b
	return err
}

// says makes validator i say its price of uasset0; an empty one says nothing.
func says(t *testing.T, prices ...string) func(int, *app.App) {
	t.Helper()
	return func(i int, a *app.App) {
		if prices[i] != "" {
			a.SetPrices(fixedPrices{"uasset0": enginetest.W(t, prices[i])})
		}
	}
}

func run(t *testing.T, o inproc.Options, height int64) []*inproc.Node {
	t.Helper()
	o.ChainID, o.Dir, o.Memory = "ballast-test", t.TempDir(), true
	o.BlockTime = 10 * time.Millisecond
	if o.Genesis == nil {
		o.Genesis = polled
	}
	nodes, err := inproc.Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { inproc.Stop(nodes) })
	for _, n := range nodes {
		require.NoError(t, n.WaitHeight(t.Context(), height, time.Minute))
	}
	same(t, nodes, height)
	return nodes
}

// same checks that all nodes have the same state after the block before a height.
func same(t *testing.T, nodes []*inproc.Node, height int64) {
	t.Helper()
	var want string
	for _, n := range nodes {
		b := n.Comet.BlockStore().LoadBlock(height)
		require.NotNil(t, b)
		if want == "" {
			want = b.AppHash.String()
		}
		require.Equal(t, want, b.AppHash.String())
	}
}

// priceOf is what a node publishes of an asset now.
func priceOf(t *testing.T, n *inproc.Node, asset int) oracle.Price {
	t.Helper()
	ctx, err := n.App.CreateQueryContext(0, false)
	require.NoError(t, err)
	s, err := n.App.Oracle.Snapshot(ctx)
	require.NoError(t, err)
	return s.Prices[asset]
}

// usable waits for a price: where every vote is needed, a block without a late one has no median.
func usable(t *testing.T, n *inproc.Node) oracle.Price {
	t.Helper()
	for range 50 {
		if p := priceOf(t, n, 0); p.Status == oracle.StatusOK {
			return p
		}
		require.NoError(t, n.WaitHeight(t.Context(), n.App.LastBlockHeight()+1, time.Minute))
	}
	require.Fail(t, "no price in 50 blocks")
	return oracle.Price{}
}

// TestVotes: validators' prices become the price from the first height at which they can, with one validator and with
// four, and a minority of liars and of silent ones changes nothing.
func TestVotes(t *testing.T) {
	for _, test := range []struct {
		name   string
		height int64
		says   []string
		want   string // nothing: no price
	}{
		{"alone from the first block", 1, []string{"7.5"}, "7.5"},
		{"alone from the second", 2, []string{"7.5"}, "7.5"},
		{"alone and silent", 1, []string{""}, ""},
		{"off", 0, []string{"7.5"}, ""},
		{"four from the first block", 1, []string{"10", "10.1", "10.2", "10.3"}, "10.1"},
		{"four from the second", 2, []string{"10", "10.1", "10.2", "10.3"}, "10.1"},
		{"one lies upwards", 1, []string{"10", "10.1", "10.2", "1000000"}, "10.1"},
		{"one lies downwards", 1, []string{"10", "10.1", "10.2", "0.000001"}, "10"},
		{"one is silent", 1, []string{"10", "10.1", "10.2", ""}, "10.1"},
		{"two are silent", 2, []string{"10", "10.1", "", ""}, ""},
		{"all are silent", 1, []string{"", "", "", ""}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := inproc.Options{Validators: len(test.says), VoteHeight: test.height, Change: says(t, test.says...)}
			nodes := run(t, o, test.height+4)
			if test.want == "" {
				require.NotEqual(t, oracle.StatusOK, priceOf(t, nodes[0], 0).Status)
				return
			}
			p := usable(t, nodes[0])
			// A validator whose vote was late is out of a block: the median is then that of the others.
			low, high := enginetest.W(t, "10"), enginetest.W(t, "10.3")
			if len(test.says) == 1 {
				low, high = enginetest.W(t, test.want), enginetest.W(t, test.want)
			}
			require.False(t, p.Value.Less(low) || high.Less(p.Value), "%v", p.Value)
		})
	}
}

// TestMixedExecutors: nodes that execute blocks in different ways stay together, votes and transactions included.
func TestMixedExecutors(t *testing.T) {
	nodes := run(t, inproc.Options{
		Validators: 4, VoteHeight: 1, Change: says(t, "10", "10.1", "10.2", "10.3"),
		AppOptions: func(i int) map[string]any {
			return map[string]any{"block-executor": []string{"sequential", "block-stm"}[i%2], "block-stm-workers": 4}
		},
	}, 12)
	usable(t, nodes[1])
}

// TestForger: a node that proposes without the votes, or with others, loses its turns and stops nobody.
func TestForger(t *testing.T) {
	var turns atomic.Int64
	nodes := run(t, inproc.Options{
		Validators: 4, VoteHeight: 1,
		Change: func(i int, a *app.App) {
			says(t, "10", "10.1", "10.2", "10.3")(i, a)
			if i != 0 {
				return
			}
			a.SetPrepareProposal(func(
				_ sdk.Context, req *abci.RequestPrepareProposal,
			) (*abci.ResponsePrepareProposal, error) {
				forged := [][][]byte{nil, {[]byte("\xffve\x01")}, {[]byte("\xffve\x01\x08\x01")}}
				txs := forged[turns.Add(1)%int64(len(forged))]
				return &abci.ResponsePrepareProposal{Txs: txs}, nil
			})
		},
	}, 10)
	for h := int64(2); h <= 10; h++ {
		said, err := votes.Open(nodes[1].Comet.BlockStore().LoadBlock(h).Txs[0])
		require.NoError(t, err)
		require.Len(t, said.Votes, 4)
	}
	usable(t, nodes[1])
	require.NotZero(t, turns.Load())
}
