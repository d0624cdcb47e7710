package ibctest_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	dbm "github.com/cosmos/cosmos-db"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	channeltypes "github.com/cosmos/ibc-go/v11/modules/core/04-channel/types"
	ibctesting "github.com/cosmos/ibc-go/v11/testing"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/policy"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// recorder is our application, with the events of its last block.
type recorder struct {
	*app.App

	last []abci.Event
}

// FinalizeBlock makes a block.
func (r *recorder) FinalizeBlock(req *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	res, err := r.App.FinalizeBlock(req)
	if err == nil {
		r.last = res.Events
	}
	return res, err
}

// chain is a chain of the test kit with our application.
type chain struct {
	*ibctesting.TestChain

	app    *app.App
	record *recorder
	start  math.Int // supply of the native denom
}

// world is some chains and the ways between them.
type world struct {
	t      *testing.T
	co     *ibctesting.Coordinator
	chains []*chain
	ways   []*ibctesting.Path // of transfers
}

// assets are what the oracle of every chain knows: what is native, and what comes over the first channel, client and
// two channels in a row.
func assets() []string {
	over := func(end string) string {
		return transfertypes.NewDenom(app.BondDenom, transfertypes.NewHop(transfertypes.PortID, end)).IBCDenom()
	}
	return []string{app.BondDenom, ibctesting.SecondaryDenom, over("channel-0"), over("07-tendermint-0")}
}

const (
	native = iota
	foo
	byChannel // the other chain's native denom that came over channel-0
	byClient  // ... over 07-tendermint-0
)

func denom(i int) string { return assets()[i] }

func coin(i int, n int64) sdk.Coin { return sdk.NewInt64Coin(denom(i), n) }

// genesis has the assets, and portfolios that may look at themselves every second.
func genesis(a *app.App, state map[string]json.RawMessage) error {
	o := oracletypes.DefaultGenesis()
	for i, d := range assets() {
		o.Assets = append(o.Assets, oracletypes.StoredAsset{Asset: oracletypes.Asset{
			Denom: d, Display: string(rune('A' + i)), Exponent: 6, Status: oracletypes.AssetActive,
		}})
	}
	state[oracletypes.ModuleName] = a.AppCodec().MustMarshalJSON(o)
	p := portfoliotypes.DefaultGenesis()
	p.Params.MinPeriodSeconds = 1
	state[portfoliotypes.ModuleName] = a.AppCodec().MustMarshalJSON(p)
	return nil
}

// newWorld makes chains.
func newWorld(t *testing.T, n int) *world {
	t.Helper()
	w := &world{t: t}
	w.co = ibctesting.NewCustomAppCoordinator(t, n, func() (ibctesting.TestingApp, map[string]json.RawMessage) {
		a, err := app.New(log.NewNopLogger(), dbm.NewMemDB(), true, simtestutil.EmptyAppOptions{})
		require.NoError(t, err)
		state := a.DefaultGenesis()
		require.NoError(t, genesis(a, state))
		return &recorder{App: a}, state
	})
	for i := range n {
		tc := w.co.GetChain(ibctesting.GetChainID(i + 1))
		r, ok := tc.App.(*recorder)
		require.True(t, ok)
		c := &chain{TestChain: tc, app: r.App, record: r}
		c.start = c.supply(app.BondDenom)
		w.chains = append(w.chains, c)
	}
	t.Cleanup(w.count)
	return w
}

// link opens a transfer channel between two chains; the first between them is channel-0 on both.
func (w *world) link(a, b int) *ibctesting.Path {
	w.t.Helper()
	p := ibctesting.NewTransferPath(w.chains[a].TestChain, w.chains[b].TestChain).DisableUniqueChannelIDs()
	p.Setup()
	w.ways = append(w.ways, p)
	return p
}

// linkV2 makes two chains known to each other by clients.
func (w *world) linkV2() *ibctesting.Path {
	w.t.Helper()
	p := ibctesting.NewPath(w.chains[0].TestChain, w.chains[1].TestChain)
	p.SetupV2()
	w.ways = append(w.ways, p)
	return p
}

// end is a side of a way as transfers name it.
func end(e *ibctesting.Endpoint) string {
	if e.ChannelID != "" {
		return e.ChannelID
	}
	return e.ClientID
}

// count looks that nothing was made and nothing lost: the native supply is as it was, every escrow is what the other
// side has issued, and our own invariants hold. A test ends with nothing under way.
func (w *world) count() {
	if w.t.Failed() {
		return
	}
	for _, c := range w.chains {
		require.Equal(w.t, c.start, c.supply(app.BondDenom), "native supply of %s", c.ChainID)
		ctx := c.GetContext()
		for _, found := range [][]error{
			c.app.Oracle.Invariants(ctx), c.app.Portfolio.Invariants(ctx), c.app.Auction.Invariants(ctx),
			c.app.Rebalance.Invariants(ctx),
		} {
			require.Empty(w.t, found, c.ChainID)
		}
		n := 0
		require.NoError(w.t, c.app.Portfolio.Flights.Walk(ctx, nil,
			func(portfoliotypes.FlightKey, portfoliotypes.Flight) (bool, error) { n++; return false, nil }))
		require.Zero(w.t, n, "flights of %s", c.ChainID)
	}
	for _, p := range w.ways {
		w.countWay(p.EndpointA)
		w.countWay(p.EndpointB)
	}
}

// countWay compares the escrow of one side with what the other has issued.
func (w *world) countWay(e *ibctesting.Endpoint) {
	here, there := w.of(e), w.of(e.Counterparty)
	escrow := transfertypes.GetEscrowAddress(transfertypes.PortID, end(e))
	for _, kept := range here.app.Bank.GetAllBalances(here.GetContext(), escrow) {
		d := transfertypes.NewDenom(kept.Denom)
		if hash, found := strings.CutPrefix(kept.Denom, "ibc/"); found {
			parsed, err := transfertypes.ParseHexHash(hash)
			require.NoError(w.t, err)
			d, found = here.app.Transfer.GetDenom(here.GetContext(), parsed)
			require.True(w.t, found)
		}
		hop := transfertypes.NewHop(transfertypes.PortID, end(e.Counterparty))
		voucher := transfertypes.NewDenom(d.Base, append([]transfertypes.Hop{hop}, d.Trace...)...).IBCDenom()
		require.Equal(w.t, kept.Amount, there.supply(voucher), "escrow of %s on %s", kept.Denom, here.ChainID)
	}
}

func (w *world) of(e *ibctesting.Endpoint) *chain {
	for _, c := range w.chains {
		if c.TestChain == e.Chain {
			return c
		}
	}
	w.t.Fatal("a chain of another world")
	return nil
}

func (c *chain) supply(denom string) math.Int {
	return c.app.Bank.GetSupply(c.GetContext(), denom).Amount
}

func (c *chain) held(who sdk.AccAddress, i int) int64 {
	return int64(c.app.Bank.GetBalance(c.GetContext(), who, denom(i)).Amount.Uint64()) // differences count
}

func (c *chain) sender() sdk.AccAddress { return c.SenderAccount.GetAddress() }

// now is the time of the block that comes.
func (c *chain) now() int64 { return c.ProposedHeader.Time.Unix() }

// written compiles a policy of 60% of an asset and 40% of another one, looked at every minute, as ballastd does.
func (c *chain) written(i int) portfoliotypes.Policy { return written(c.TB, i) }

func written(tb testing.TB, i int) portfoliotypes.Policy {
	tb.Helper()
	var list []asset.Asset
	for _, d := range assets() {
		list = append(list, asset.Asset{ID: asset.ID(d), Exponent: 6})
	}
	u, err := asset.Listed(list)
	require.NoError(tb, err)
	file, err := policy.Parse([]byte(`
version: 1
name: Treasury
assets:
  - {asset: ` + denom(i) + `, exponent: 6, weight: 60%}
  - {asset: ` + denom(native) + `, exponent: 6, weight: 40%}
speed: {interval: 1m, close: 90%, within: 2}
`))
	require.NoError(tb, err)
	e, err := file.Compile(u)
	require.NoError(tb, err)
	return portfoliotypes.PolicyOf(u, e)
}

// portfolio reads the first portfolio.
func (c *chain) portfolio() portfoliotypes.Portfolio {
	c.Helper()
	p, err := c.app.Portfolio.Records.Get(c.GetContext(), 1)
	require.NoError(c.TB, err)
	return p
}

// block makes a block so many seconds later, and returns the names of our events in it.
func (w *world) block(c *chain, later int64) []string {
	w.t.Helper()
	w.co.IncrementTimeBy(time.Duration(later) * time.Second)
	w.co.UpdateTimeForChain(c.TestChain)
	c.NextBlock()
	return ours(c.record.last)
}

// ours are the names of the events of portfolios.
func ours(events []abci.Event) []string {
	var names []string
	for _, e := range events {
		if name, own := strings.CutPrefix(e.Type, "ballast.portfolio.v1.Event"); own {
			names = append(names, name)
		}
	}
	return names
}

// money sends native coins from the first account of a chain over a way.
func (w *world) money(from *ibctesting.Endpoint, to string, n int64, memo string) channeltypes.Packet {
	w.t.Helper()
	c := w.of(from)
	res, err := c.SendMsgs(transfertypes.NewMsgTransfer(transfertypes.PortID, from.ChannelID, coin(native, n),
		c.sender().String(), to, from.Counterparty.Chain.GetTimeoutHeight(), 0, memo))
	require.NoError(w.t, err)
	p, err := ibctesting.ParseV1PacketFromEvents(res.Events)
	require.NoError(w.t, err)
	return p
}
