package ibctest_test

import (
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/client/tx"
	kmultisig "github.com/cosmos/cosmos-sdk/crypto/keys/multisig"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	"github.com/cosmos/cosmos-sdk/crypto/types/multisig"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/feegrant"
	"github.com/cosmos/gogoproto/proto"
	gmptypes "github.com/cosmos/ibc-go/v11/modules/apps/27-gmp/types"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"

	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/internal/relay"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

const rich = 1_000_000_000

// node starts a chain of one validator in the process, with money for a key and for others.
func node(t *testing.T, id string, key cryptotypes.PrivKey, others ...sdk.AccAddress) (*inproc.Node, *relay.Chain) {
	t.Helper()
	o := inproc.Options{ChainID: id, Dir: t.TempDir(), BlockTime: 20 * time.Millisecond, Memory: true}
	for _, who := range append([]sdk.AccAddress{sdk.AccAddress(key.PubKey().Address())}, others...) {
		o.Accounts = append(o.Accounts, inproc.Account{Address: who, Coins: sdk.NewCoins(coin(native, rich))})
	}
	o.Genesis = genesis
	nodes, err := inproc.Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { inproc.Stop(nodes) })
	n := nodes[0]
	require.NoError(t, n.WaitHeight(t.Context(), 2, 30*time.Second))
	return n, &relay.Chain{
		ID: id, RPC: n.Client.Client, Key: key, TxConfig: n.App.TxConfig(), Codec: n.App.AppCodec(),
	}
}

// balance asks a node.
func balance(t *testing.T, n *inproc.Node, who, denom string) int64 {
	t.Helper()
	got, err := banktypes.NewQueryClient(n.Client).Balance(t.Context(), &banktypes.QueryBalanceRequest{
		Address: who, Denom: denom,
	})
	require.NoError(t, err)
	return got.Balance.Amount.Int64()
}

// settle steps until nothing moves.
func settle(t *testing.T, a, b *relay.Chain) relay.Moved {
	t.Helper()
	var sum relay.Moved
	for {
		m, err := relay.Step(t.Context(), a, b)
		require.NoError(t, err)
		if !m.Any() {
			return sum
		}
		sum.Packets += m.Packets
		sum.Acknowledgements += m.Acknowledgements
		sum.Timeouts += m.Timeouts
	}
}

// TestRelay: two whole chains in one process, and our relayer between them: a transfer there, a GMP call that opens a
// portfolio, a scheduled payment home that no transaction sent, a timeout, and a relayer that starts anew.
func TestRelay(t *testing.T) {
	key := secp256k1.GenPrivKeyFromSecret([]byte("relayer"))
	na, a := node(t, "alpha-1", key)
	nb, b := node(t, "beta-1", key)
	require.NoError(t, relay.Link(t.Context(), a, b))
	me, salt := a.Address().String(), []byte("treasury")
	transfer := func(to string, n, seconds int64) {
		_, err := a.Send(t.Context(), &transfertypes.MsgTransfer{
			SourcePort: transfertypes.PortID, SourceChannel: a.ClientID, Token: coin(native, n), Sender: me, Receiver: to,
			TimeoutTimestamp: uint64(time.Now().Unix() + seconds), Encoding: transfertypes.EncodingProtobuf,
		})
		require.NoError(t, err)
	}
	id := gmptypes.NewAccountIdentifier(b.ClientID, me, salt)
	treasury, err := gmptypes.BuildAddressPredictable(&id)
	require.NoError(t, err)
	transfer(portfoliotypes.Account(1).String(), 1000, 600)
	require.Equal(t, relay.Moved{Packets: 1, Acknowledgements: 1}, settle(t, a, b))
	require.EqualValues(t, 1000, balance(t, nb, portfoliotypes.Account(1).String(), denom(byClient)))

	home := sdk.AccAddress("somebody at home    ").String()
	payload, err := gmptypes.SerializeCosmosTx(a.Codec, []proto.Message{&portfoliotypes.MsgCreate{
		Owner: treasury.String(), Name: "Treasury", Policy: written(t, byClient),
		Payments: []portfoliotypes.PaymentTerms{{
			Amount: coin(byClient, 200), Schedule: portfoliotypes.Schedule{First: time.Now().Unix() + 1},
			To: portfoliotypes.Destination{Recipient: home, Channel: b.ClientID},
		}},
	}})
	require.NoError(t, err)
	call := gmptypes.NewMsgSendCall(a.ClientID, me, "", payload, salt, uint64(time.Now().Unix()+600),
		gmptypes.EncodingProtobuf, "")
	_, err = a.Send(t.Context(), call)
	require.NoError(t, err)
	require.Eventually(t, func() bool { // the relayer starts anew each time: it knows what the chains know
		x, y := *a, *b
		settle(t, &x, &y)
		return balance(t, na, home, denom(native)) == 200
	}, 20*time.Second, 50*time.Millisecond)
	settle(t, a, b)
	p, err := portfoliotypes.NewQueryClient(nb.Client).Portfolio(t.Context(),
		&portfoliotypes.QueryPortfolioRequest{Id: 1})
	require.NoError(t, err)
	require.Equal(t, treasury.String(), p.Portfolio.Owner)
	require.Empty(t, p.Portfolio.Payments)

	before := balance(t, na, me, denom(native))
	transfer(me, 77, 1)
	require.Equal(t, before-77, balance(t, na, me, denom(native)))
	until := time.Now().Unix() + 2
	require.Eventually(t, func() bool { return late(t, nb, until) }, 10*time.Second, 20*time.Millisecond)
	require.Equal(t, relay.Moved{Timeouts: 1}, settle(t, a, b))
	require.Equal(t, before, balance(t, na, me, denom(native)))
	escrow := transfertypes.GetEscrowAddress(transfertypes.PortID, a.ClientID).String()
	supply, err := banktypes.NewQueryClient(nb.Client).SupplyOf(t.Context(),
		&banktypes.QuerySupplyOfRequest{Denom: denom(byClient)})
	require.NoError(t, err)
	require.EqualValues(t, 800, balance(t, na, escrow, denom(native)))
	require.EqualValues(t, 800, supply.Amount.Amount.Int64())
}

// late reports that the blocks of a chain are beyond a moment.
func late(t *testing.T, n *inproc.Node, moment int64) bool {
	t.Helper()
	s, err := n.Client.Client.Status(t.Context())
	require.NoError(t, err)
	return s.SyncInfo.LatestBlockTime.Unix() > moment
}

// send signs a transaction with some keys of a multisig, or one key, and runs it.
func send(t *testing.T, c *relay.Chain, n *inproc.Node, who signer, msgs ...sdk.Msg) (*abci.ExecTxResult, error) {
	t.Helper()
	address := sdk.AccAddress(who.public.Address())
	number, sequence, err := authtypes.AccountRetriever{}.GetAccountNumberSequence(n.Client, address)
	require.NoError(t, err)
	b, err := tx.Factory{}.WithChainID(c.ID).WithTxConfig(c.TxConfig).WithGas(2_000_000).WithFees(who.fees.String()).
		WithFeeGranter(who.granter).BuildUnsignedTx(msgs...)
	require.NoError(t, err)
	data := authsigning.SignerData{
		Address: address.String(), ChainID: c.ID, AccountNumber: number, Sequence: sequence, PubKey: who.public,
	}
	mode := signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON
	final := signing.SignatureV2{PubKey: who.public, Sequence: sequence}
	if multi, is := who.public.(*kmultisig.LegacyAminoPubKey); is {
		keys := multi.GetPubKeys()
		parts := multisig.NewMultisig(len(keys))
		for _, k := range who.keys {
			one, err := tx.SignWithPrivKey(t.Context(), mode, data, b, k, c.TxConfig, sequence)
			require.NoError(t, err)
			require.NoError(t, multisig.AddSignatureV2(parts, one, keys))
		}
		final.Data = parts
	} else {
		final, err = tx.SignWithPrivKey(t.Context(), mode, data, b, who.keys[0], c.TxConfig, sequence)
		require.NoError(t, err)
	}
	require.NoError(t, b.SetSignatures(final))
	text, err := c.TxConfig.TxEncoder()(b.GetTx())
	require.NoError(t, err)
	return c.Broadcast(t.Context(), text)
}

// signer is who signs, and who pays the fees.
type signer struct {
	public  cryptotypes.PubKey
	keys    []cryptotypes.PrivKey
	fees    sdk.Coins
	granter sdk.AccAddress
}

// TestMultisigAndFeeGrant: two of three own a portfolio, one of them is not enough; and an owner without a coin of the
// chain runs one on another's fees.
func TestMultisigAndFeeGrant(t *testing.T) {
	var keys []cryptotypes.PrivKey
	var public []cryptotypes.PubKey
	for _, name := range []string{"one", "two", "three", "poor"} {
		k := secp256k1.GenPrivKeyFromSecret([]byte(name))
		keys, public = append(keys, k), append(public, k.PubKey())
	}
	board := kmultisig.NewLegacyAminoPubKey(2, public[:3])
	owner := sdk.AccAddress(board.Address())
	n, c := node(t, "gamma-1", keys[0], owner)
	create := func(who sdk.AccAddress) sdk.Msg {
		return &portfoliotypes.MsgCreate{Owner: who.String(), Name: "Board", Policy: written(t, foo)}
	}
	_, err := send(t, c, n, signer{public: board, keys: keys[:1]}, create(owner))
	require.ErrorIs(t, err, relay.ErrRefused)
	_, err = send(t, c, n, signer{public: board, keys: keys[1:3]}, create(owner))
	require.NoError(t, err)

	poor := sdk.AccAddress(public[3].Address())
	allowance, err := feegrant.NewMsgGrantAllowance(
		&feegrant.BasicAllowance{SpendLimit: sdk.NewCoins(coin(native, 1500))}, c.Address(), poor)
	require.NoError(t, err)
	_, err = c.Send(t.Context(), allowance)
	require.NoError(t, err)
	fees := sdk.NewCoins(coin(native, 1000))
	_, err = send(t, c, n, signer{public: public[3], keys: keys[3:], fees: fees}, create(poor))
	require.ErrorIs(t, err, relay.ErrRefused, "he has nothing")
	granted := signer{public: public[3], keys: keys[3:], fees: fees, granter: c.Address()}
	_, err = send(t, c, n, granted, create(poor))
	require.NoError(t, err)
	_, err = send(t, c, n, granted, &portfoliotypes.MsgPause{Sender: poor.String(), Id: 2})
	require.ErrorIs(t, err, relay.ErrRefused, "the allowance is spent")
	for id, who := range map[uint64]sdk.AccAddress{1: owner, 2: poor} {
		p, err := portfoliotypes.NewQueryClient(n.Client).Portfolio(t.Context(),
			&portfoliotypes.QueryPortfolioRequest{Id: id})
		require.NoError(t, err)
		require.Equal(t, who.String(), p.Portfolio.Owner)
	}
}
