package daemon_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	sdk "github.com/cosmos/cosmos-sdk/types"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"

	"github.com/ballast-finance/ballast/agents/ticker"
	"github.com/ballast-finance/ballast/agents/wallet"
	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// council is a chain whose one delegator decides alone, after a short time for votes.
type council struct {
	node  *inproc.Node
	alice *wallet.Wallet
}

// newCouncil starts a chain without prices in votes, whose validator has some to say.
func newCouncil(t *testing.T, prices *ticker.Ticker) *council {
	t.Helper()
	registry := codectypes.NewInterfaceRegistry()
	cryptocodec.RegisterInterfaces(registry)
	ring, err := keyring.New(app.Name, keyring.BackendMemory, "", nil, codec.NewProtoCodec(registry))
	require.NoError(t, err)
	key, _, err := ring.NewMnemonic("alice", keyring.English, sdk.FullFundraiserPath, "", hd.Secp256k1)
	require.NoError(t, err)
	address, err := key.GetAddress()
	require.NoError(t, err)
	nodes, err := inproc.Start(t.Context(), inproc.Options{
		ChainID: chainID, Dir: t.TempDir(), BlockTime: 50 * time.Millisecond, Memory: true, Serve: true,
		Accounts: []inproc.Account{{Address: address, Coins: sdk.NewCoins(sdk.NewInt64Coin(app.BondDenom, 1_000_000))}},
		Change:   func(_ int, a *app.App) { a.SetPrices(prices) },
		Genesis: func(a *app.App, state map[string]json.RawMessage) error {
			var g govv1.GenesisState
			a.AppCodec().MustUnmarshalJSON(state[govtypes.ModuleName], &g)
			long, short := 2*time.Second, time.Second
			g.Params.VotingPeriod, g.Params.ExpeditedVotingPeriod = &long, &short
			g.Params.MinDeposit = sdk.NewCoins(sdk.NewInt64Coin(app.BondDenom, 1))
			g.Params.ExpeditedMinDeposit = sdk.NewCoins(sdk.NewInt64Coin(app.BondDenom, 2))
			state[govtypes.ModuleName] = a.AppCodec().MustMarshalJSON(&g)
			return votersOnly(a, state)
		},
	})
	require.NoError(t, err)
	t.Cleanup(func() { inproc.Stop(nodes) })
	require.NoError(t, nodes[0].WaitHeight(t.Context(), 2, time.Minute))
	alice, err := wallet.New(nodes[0].Client, ring, wallet.Config{Key: "alice"})
	require.NoError(t, err)
	return &council{nodes[0], alice}
}

// proposes asks for votes with prices from a height on, with all other params as they are.
func (c *council) proposes(t *testing.T, height int64) *govv1.Proposal {
	t.Helper()
	ask := consensustypes.NewQueryClient(c.node.Client)
	now, err := ask.Params(t.Context(), &consensustypes.QueryParamsRequest{})
	require.NoError(t, err)
	abci := *now.Params.Abci
	abci.VoteExtensionsEnableHeight = height
	msg, err := govv1.NewMsgSubmitProposal([]sdk.Msg{&consensustypes.MsgUpdateParams{
		Authority: app.Authority(), Block: now.Params.Block, Evidence: now.Params.Evidence,
		Validator: now.Params.Validator, Abci: &abci,
	}}, sdk.NewCoins(sdk.NewInt64Coin(app.BondDenom, 1)), c.alice.Address().String(), "", "Votes", "Prices", false)
	require.NoError(t, err)
	res, err := c.alice.Confirm(t.Context(), time.Minute, msg)
	require.NoError(t, err)
	var id uint64
	for _, e := range res.Events {
		for _, a := range e.Attributes {
			if e.Type == govtypes.EventTypeSubmitProposal && a.Key == govtypes.AttributeKeyProposalID {
				id, err = strconv.ParseUint(a.Value, 10, 64)
				require.NoError(t, err)
			}
		}
	}
	_, err = c.alice.Confirm(t.Context(), time.Minute, govv1.NewMsgVote(c.alice.Address(), id, govv1.OptionYes, ""))
	require.NoError(t, err)
	for begun := c.node.App.LastBlockHeight(); ; {
		p, err := govv1.NewQueryClient(c.node.Client).Proposal(t.Context(), &govv1.QueryProposalRequest{ProposalId: id})
		require.NoError(t, err)
		if p.Proposal.Status != govv1.StatusVotingPeriod {
			return p.Proposal
		}
		require.Less(t, c.node.App.LastBlockHeight(), begun+400)
		require.NoError(t, c.node.WaitHeight(t.Context(), c.node.App.LastBlockHeight()+1, time.Minute))
	}
}

// price is what the chain publishes now.
func (c *council) price(t *testing.T) oracle.Price {
	t.Helper()
	ctx, err := c.node.App.CreateQueryContext(0, false)
	require.NoError(t, err)
	s, err := c.node.App.Oracle.Snapshot(ctx)
	require.NoError(t, err)
	return s.Prices[0]
}

// TestGovernanceEnablesVotes: prices come from the height that a proposal on a running chain has set. A height that has
// passed cannot be set, and what was switched on stays.
func TestGovernanceEnablesVotes(t *testing.T) {
	t.Parallel()
	exchange := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"symbol":"BTCUSDT","price":"100000"}`)
	}))
	defer exchange.Close()
	prices := ticker.New(options(t, map[string]any{
		"oracle.enabled": true, "oracle.interval": "500ms", "oracle.providers": []any{map[string]any{
			"preset": "binance", "url": exchange.URL + "/?symbol={symbol}", "assets": []any{"BTCUSDT=ubtc"},
		}},
	}), log.NewNopLogger())
	go func() { _ = prices.Run(t.Context()) }()
	c := newCouncil(t, prices)
	p := c.proposes(t, 2)
	require.Equal(t, govv1.StatusFailed, p.Status)
	require.Contains(t, p.FailedReason, "cannot be updated to a past or current height")

	height := c.node.App.LastBlockHeight() + 150
	p = c.proposes(t, height)
	require.Equal(t, govv1.StatusPassed, p.Status, p.FailedReason)
	require.Less(t, c.node.App.LastBlockHeight(), height, "the height has to be ahead when the proposal is executed")
	require.NotEqual(t, oracle.StatusOK, c.price(t).Status)
	require.NoError(t, c.node.WaitHeight(t.Context(), height+3, time.Minute))
	require.Equal(t, oracle.StatusOK, c.price(t).Status)
	require.Equal(t, "100000", c.price(t).Value.String())

	p = c.proposes(t, 0)
	require.Equal(t, govv1.StatusFailed, p.Status)
	require.Contains(t, p.FailedReason, "cannot be disabled once enabled")
	require.Equal(t, oracle.StatusOK, c.price(t).Status)
}
