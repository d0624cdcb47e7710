package chain_test

import (
	"context"
	"encoding/json"
	"maps"
	"math/rand" //nolint:depguard // what the SDK's mock of a transaction takes
	"os"
	"slices"
	"strings"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/cosmos/cosmos-sdk/store/v2/cache"
	pruningtypes "github.com/cosmos/cosmos-sdk/store/v2/pruning/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon/telemetry"
	"github.com/ballast-finance/ballast/policy"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

const (
	chainID   = "ballast-proof"
	startTime = 1_767_225_600 // 2026-01-01, on the hour
	txGas     = 50_000_000
)

// tester is what a test and a property have in common.
type tester interface {
	require.TestingT
	Helper()
	Logf(format string, args ...any)
	Cleanup(f func())
}

// person is somebody with a key. Keys follow from names, so that every run has the same ones.
type person struct {
	name string
	key  *secp256k1.PrivKey
	addr sdk.AccAddress
}

func named(name string) person {
	key := secp256k1.GenPrivKeyFromSecret([]byte("ballast proof " + name))
	return person{name, key, sdk.AccAddress(key.PubKey().Address())}
}

// String is the address, as messages have it.
func (p person) String() string { return p.addr.String() }

// The cast. The operator acts for governance: the genesis grants it the messages of the authority.
var (
	alice, bob, carol, dave = named("alice"), named("bob"), named("carol"), named("dave")
	trustee, stranger       = named("trustee"), named("stranger")
	guardian, operator      = named("guardian"), named("operator")
	makers                  = []person{named("maker1"), named("maker2"), named("maker3"), named("maker4")}
	reporters               = []person{named("reporter1"), named("reporter2"), named("reporter3")}
)

func cast() []person {
	return slices.Concat([]person{alice, bob, carol, dave, trustee, stranger, guardian, operator}, makers, reporters)
}

// listed is an asset that the genesis registers.
type listed struct {
	denom, display string
	exponent       uint32
	price          string
}

func assets() []listed {
	return []listed{
		{"uusdc", "USDC", 6, "1"}, {"uatom", "ATOM", 6, "10"}, {"aeth", "ETH", 18, "2000"}, {"uosmo", "OSMO", 6, "0.5"},
	}
}

// unlisted is a denom of the bank that is no asset.
const unlisted = "ujunk"

// terms are the genesis of our modules, before it is written down.
type terms struct {
	oracle    *oracletypes.GenesisState
	portfolio *portfoliotypes.GenesisState
	auction   *auctiontypes.GenesisState
	rebalance *rebalancetypes.GenesisState
	escrow    sdk.Coins // of x/rebalance
	rich      sdk.Coins // what everybody has
	assets    []listed
	funds     []banktypes.Balance // of accounts that nobody signs for
	crowd     []person            // besides the cast
}

// request is a block as consensus hands it over.
type request struct {
	at  time.Time
	txs [][]byte
}

// world is a chain with everything of it that a test needs. It is driven block by block.
type world struct {
	tester
	*app.App

	options options
	genesis []byte
	height  int64
	now     time.Time
	supply  sdk.Coins
	hash    []byte
	hashes  [][]byte // by block
	blocks  []request
	events  map[string]int    // by type, of all blocks so far
	crowd   map[string]person // who can sign besides the cast, by address
}

// options say how a node runs, which must not show in what it computes.
type options struct {
	app       map[string]any
	db        dbm.DB
	unaudited bool
	prune     bool
	cached    int                // nodes of a tree in memory, and a node's cache between blocks; 0: as iavl has it
	metrics   *telemetry.Metrics // watch the node; nil: nobody does
}

// newApp opens the application over a database.
func newApp(t tester, o options) *app.App {
	t.Helper()
	opts := simtestutil.AppOptionsMap{"home": os.TempDir()}
	maps.Copy(opts, o.app)
	base := []func(*baseapp.BaseApp){baseapp.SetChainID(chainID)}
	if o.prune {
		base = append(base, baseapp.SetPruning(pruningtypes.NewPruningOptions(pruningtypes.PruningEverything)))
	}
	if o.cached > 0 {
		base = append(base, baseapp.SetIAVLCacheSize(o.cached),
			baseapp.SetInterBlockCache(cache.NewCommitKVStoreCacheManager(cache.DefaultCommitKVStoreCacheSize)))
	}
	if o.metrics != nil {
		base = append(base, o.metrics.Option())
	}
	a, err := app.New(log.NewNopLogger(), o.db, true, opts, base...)
	require.NoError(t, err)
	if o.metrics != nil {
		require.NoError(t, o.metrics.Watch(a))
	}
	t.Cleanup(func() { _ = a.Close() }) // it prunes in the background until then
	return a
}

// newWorld starts a chain whose terms may be changed. Three reporters speak for each asset.
func newWorld(t tester, o options, change ...func(*terms)) *world {
	t.Helper()
	if o.db == nil {
		o.db = dbm.NewMemDB()
	}
	w := &world{tester: t, App: newApp(t, o), options: o, events: map[string]int{}}
	g := newTerms()
	for _, f := range change {
		f(g)
	}
	w.begin(w.write(g), time.Unix(startTime, 0).UTC(), 1)
	w.block(time.Second) // nothing can be read before the first block
	return w
}

// newTerms are short rounds, and short memories, so that every block can be audited.
func newTerms() *terms {
	g := &terms{
		oracle: oracletypes.DefaultGenesis(), portfolio: portfoliotypes.DefaultGenesis(),
		auction: auctiontypes.DefaultGenesis(), rebalance: rebalancetypes.DefaultGenesis(),
		rich: coins("1000000000000000uusdc,100000000000000uatom,100000000000000000000000aeth,1000000000000000uosmo," +
			"1000000000000ujunk,1000000000000ublst"),
		assets: assets(),
	}
	g.oracle.Params.PointSeconds, g.oracle.Params.MaxPoints = 600, 8
	g.oracle.Params.History.BreakerFloor = "0.5"
	g.portfolio.Params.MinPeriodSeconds = 10
	g.auction.Params.HistorySeconds, g.auction.Params.Guardian = 600, guardian.String()
	p := &g.rebalance.Params
	p.IntervalSeconds, p.HistoryRounds, p.Guardian = 300, 4, guardian.String()
	p.Auction.WindowSeconds, p.Auction.TailSeconds, p.Auction.HaltSeconds = 120, 30, 120
	p.Crossing.Deviations, p.Crossing.MaxAgeSeconds = "100", 3_600
	p.Auction.MaxPriceAgeSeconds = 3_600
	p.FrozenLotSeconds = 120
	return g
}

// sources are the reporters of an asset.
func sources() []oracletypes.Source {
	list := make([]oracletypes.Source, len(reporters))
	for i := range list {
		class := oracletypes.ClassFeed
		if i == 0 {
			class = oracletypes.ClassDEX
		}
		list[i] = oracletypes.Source{
			Id: uint32(i) + 1, Class: class, Weight: 100, MaxAgeSeconds: 3_600, Reporter: reporters[i].String(),
		}
	}
	return list
}

// write makes the genesis: one validator, everybody with coins, and the operator's grants.
func (w *world) write(g *terms) []byte {
	w.Helper()
	cdc := w.AppCodec()
	var accounts []authtypes.GenesisAccount
	balances := slices.Clone(g.funds)
	for _, f := range g.funds {
		accounts = append(accounts, authtypes.NewBaseAccountWithAddress(sdk.MustAccAddressFromBech32(f.Address)))
	}
	w.crowd = map[string]person{}
	for _, p := range g.crowd {
		w.crowd[p.String()] = p
	}
	for _, p := range slices.Concat(cast(), g.crowd) {
		accounts = append(accounts, authtypes.NewBaseAccountWithAddress(p.addr))
		balances = append(balances, banktypes.Balance{Address: p.String(), Coins: g.rich})
	}
	if !g.escrow.Empty() {
		balances = append(balances, banktypes.Balance{
			Address: authtypes.NewModuleAddress(rebalancetypes.ModuleName).String(), Coins: g.escrow,
		})
	}
	for _, a := range g.assets {
		g.oracle.Assets = append(g.oracle.Assets, oracletypes.StoredAsset{
			Asset: oracletypes.Asset{
				Denom: a.denom, Display: a.display, Exponent: a.exponent, Status: oracletypes.AssetActive,
			},
			Sources: sources(),
		})
	}
	key := ed25519.GenPrivKeyFromSecret([]byte("validator")).PubKey()
	set := cmttypes.NewValidatorSet([]*cmttypes.Validator{cmttypes.NewValidator(key, 1)})
	state, err := simtestutil.GenesisStateWithValSet(cdc, w.DefaultGenesis(), set, accounts, balances...)
	require.NoError(w, err)
	state[oracletypes.ModuleName] = cdc.MustMarshalJSON(g.oracle)
	state[portfoliotypes.ModuleName] = cdc.MustMarshalJSON(g.portfolio)
	state[auctiontypes.ModuleName] = cdc.MustMarshalJSON(g.auction)
	state[rebalancetypes.ModuleName] = cdc.MustMarshalJSON(g.rebalance)
	state[authz.ModuleName] = cdc.MustMarshalJSON(w.grants())
	text, err := json.Marshal(state)
	require.NoError(w, err)
	return text
}

// grants let the operator send what only the authority may.
func (w *world) grants() *authz.GenesisState {
	w.Helper()
	g := authz.DefaultGenesisState()
	for _, msg := range []sdk.Msg{
		&oracletypes.MsgAddAsset{}, &oracletypes.MsgUpdateAsset{}, &oracletypes.MsgSetSources{},
		&oracletypes.MsgUpdateParams{}, &portfoliotypes.MsgUpdateParams{}, &auctiontypes.MsgUpdateParams{},
		&rebalancetypes.MsgUpdateParams{}, &auctiontypes.MsgPause{}, &auctiontypes.MsgResume{},
		&rebalancetypes.MsgHalt{}, &rebalancetypes.MsgResume{}, upgradePlan(0),
	} {
		grant, err := codectypes.NewAnyWithValue(authz.NewGenericAuthorization(sdk.MsgTypeURL(msg)))
		require.NoError(w, err)
		g.Authorization = append(g.Authorization, authz.GrantAuthorization{
			Granter: app.Authority(), Grantee: operator.String(), Authorization: grant,
		})
	}
	return g
}

// begin starts the chain from a genesis, at a height.
func (w *world) begin(genesis []byte, at time.Time, height int64) {
	w.Helper()
	params := cmttypes.DefaultConsensusParams().ToProto()
	_, err := w.InitChain(&abci.RequestInitChain{
		ChainId: chainID, Time: at, InitialHeight: height, AppStateBytes: genesis, ConsensusParams: &params,
	})
	require.NoError(w, err)
	w.genesis, w.now, w.height = genesis, at, height-1
}

// ctx reads the state after the last block.
func (w *world) ctx() sdk.Context {
	header := cmtproto.Header{Height: w.height, Time: w.now, ChainID: chainID}
	return w.NewContextLegacy(true, header)
}

// raw makes a block of transactions that are written already.
func (w *world) raw(at time.Time, txs ...[]byte) []*abci.ExecTxResult {
	w.Helper()
	w.now, w.height = at, w.height+1
	answer, err := w.FinalizeBlock(&abci.RequestFinalizeBlock{
		Height: w.height, Time: at, Txs: txs,
		ProposerAddress: ed25519.GenPrivKeyFromSecret([]byte("validator")).PubKey().Address(),
	})
	require.NoError(w, err)
	_, err = w.Commit()
	require.NoError(w, err)
	w.hash = answer.AppHash
	w.hashes = append(w.hashes, answer.AppHash)
	w.blocks = append(w.blocks, request{at, txs})
	w.hear(answer)
	if !w.options.unaudited {
		w.audit()
	}
	return answer.TxResults
}

// hear counts events of our modules.
func (w *world) hear(answer *abci.ResponseFinalizeBlock) {
	count := func(events []abci.Event) {
		for i := range events {
			if name, own := strings.CutPrefix(events[i].Type, "ballast."); own {
				w.events[name]++
			}
		}
	}
	count(answer.Events)
	for _, r := range answer.TxResults {
		count(r.Events)
	}
}

// block signs messages, each in a transaction of its own, and makes a block of them.
func (w *world) block(after time.Duration, msgs ...sdk.Msg) []*abci.ExecTxResult {
	w.Helper()
	return w.raw(w.now.Add(after), w.sign(msgs...)...)
}

// accept is block for messages that must all succeed.
func (w *world) accept(after time.Duration, msgs ...sdk.Msg) []*abci.ExecTxResult {
	w.Helper()
	results := w.block(after, msgs...)
	for i, r := range results {
		require.Zero(w, r.Code, "%T: %s", msgs[i], r.Log)
	}
	return results
}

// sign writes transactions. What the authority sends goes through the operator.
func (w *world) sign(msgs ...sdk.Msg) [][]byte {
	w.Helper()
	ctx, next := w.ctx(), map[string]uint64{}
	txs := make([][]byte, len(msgs))
	for i, msg := range msgs {
		who, msg := w.sender(msg)
		account := w.Account.GetAccount(ctx, who.addr)
		require.NotNil(w, account, who.name)
		sequence := account.GetSequence() + next[who.name]
		next[who.name]++
		tx, err := simtestutil.GenSignedMockTx(rand.New(rand.NewSource(w.height)), w.TxConfig(), []sdk.Msg{msg}, nil,
			txGas, chainID, []uint64{account.GetAccountNumber()}, []uint64{sequence}, who.key)
		require.NoError(w, err)
		txs[i], err = w.TxConfig().TxEncoder()(tx)
		require.NoError(w, err)
	}
	return txs
}

// sender is who signs a message, and what he signs.
func (w *world) sender(msg sdk.Msg) (person, sdk.Msg) {
	w.Helper()
	signers, _, err := w.AppCodec().GetMsgV1Signers(msg)
	require.NoError(w, err, "%T", msg)
	who := sdk.AccAddress(signers[0])
	if who.String() == app.Authority() {
		exec := authz.NewMsgExec(operator.addr, []sdk.Msg{msg})
		return operator, &exec
	}
	if p, found := w.crowd[who.String()]; found {
		return p, msg
	}
	for _, p := range cast() {
		if p.addr.Equals(who) {
			return p, msg
		}
	}
	require.FailNow(w, "nobody has the key", "%T of %s", msg, who)
	return person{}, nil
}

// audit asks every module whether its state adds up, and the bank whether anything was made or lost.
func (w *world) audit() {
	w.Helper()
	ctx := w.ctx()
	for _, invariants := range []func(context.Context) []error{
		w.Oracle.Invariants, w.Portfolio.Invariants, w.Auction.Invariants, w.Rebalance.Invariants,
	} {
		require.Empty(w, invariants(ctx), "height %d", w.height)
	}
	var supply, held sdk.Coins
	w.Bank.IterateTotalSupply(ctx, func(c sdk.Coin) bool {
		supply = supply.Add(c)
		return false
	})
	w.Bank.IterateAllBalances(ctx, func(_ sdk.AccAddress, c sdk.Coin) bool {
		require.False(w, c.IsNegative())
		held = held.Add(c)
		return false
	})
	if w.supply == nil {
		w.supply = supply
	}
	require.Equal(w, w.supply.String(), supply.String(), "height %d: the supply has changed", w.height)
	require.Equal(w, supply.String(), held.String(), "height %d: accounts hold something else than there is", w.height)
}

// replay runs the blocks of this chain on another node.
func (w *world) replay(o options) *world {
	w.Helper()
	if o.db == nil {
		o.db = dbm.NewMemDB()
	}
	other := &world{tester: w.tester, App: newApp(w, o), options: o, events: map[string]int{}}
	other.begin(w.genesis, time.Unix(startTime, 0).UTC(), 1)
	for _, b := range w.blocks {
		other.raw(b.at, b.txs...)
	}
	return other
}

func coins(text string) sdk.Coins {
	list, err := sdk.ParseCoinsNormalized(text)
	if err != nil {
		panic(err)
	}
	return list
}

func coin(text string) sdk.Coin { return coins(text)[0] }

// written compiles a policy file as ballastd does, and writes it as a message has it.
func (w *world) written(text string) portfoliotypes.Policy {
	w.Helper()
	file, err := policy.Parse([]byte(text))
	require.NoError(w, err)
	u, err := w.Oracle.Universe(w.ctx())
	require.NoError(w, err)
	e, err := file.Compile(u)
	require.NoError(w, err)
	return portfoliotypes.PolicyOf(u, e)
}

// report is what a reporter says of prices, in pairs of denom and price.
func (w *world) report(who person, after time.Duration, pairs ...string) *oracletypes.MsgReport {
	msg := &oracletypes.MsgReport{Reporter: who.String()}
	for i := 0; i < len(pairs); i += 2 {
		msg.Reports = append(msg.Reports, oracletypes.Report{
			Denom: pairs[i], Price: pairs[i+1], TimeSeconds: w.now.Add(after).Unix(),
		})
	}
	return msg
}

// agree makes a block in which all reporters say the same.
func (w *world) agree(after time.Duration, pairs ...string) {
	w.Helper()
	var msgs []sdk.Msg
	for _, r := range reporters {
		msgs = append(msgs, w.report(r, after, pairs...))
	}
	w.accept(after, msgs...)
}
