package hostile_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/agents/wallet"
	"github.com/ballast-finance/ballast/internal/daemon/localnet"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
)

var (
	minutes = flag.Int("hostile.minutes", 0, "how many `MINUTES` TestSustained loads a node; 0: not at all")
	series  = flag.String("hostile.series", "", "the `FILE` of the samples of TestSustained, as CSV")
)

const (
	crowdSize = 1_000 // bidders, of whom each may have 16 bids in a lot
	senders   = 16    // who send at a time
	probing   = time.Minute
	sampling  = 10 * time.Second
	portion   = 0.7 // of the most that the node takes
)

// TestSustained loads one node with bids, at seven tenths of the most that it takes, for as long as -hostile.minutes
// says, while lots open, clear and close. Its memory, resident and alive, and its blocks must be in the last third what
// they are in the second, and no step of a round may fail.
func TestSustained(t *testing.T) {
	if *minutes == 0 {
		t.Skip("takes its time: make sustained does it")
	}
	crowd := &crowd{}
	c := newChain(t, func(o *localnet.Options) {
		o.Validators, o.BlockTime, o.Snapshots = 1, time.Second, 0
		o.Genesis = func(cdc codec.JSONCodec, state map[string]json.RawMessage) {
			terms(cdc, state)
			crowd.born(t, cdc.(codec.Codec), state) //nolint:forcetypeassert // it is the application's
		}
	})
	c.begin(t)
	c.treasury(t)
	c.sells(t)
	crowd.enter(t, c)

	crowd.load(t, crowd.bid, 0, probing/2) // caches fill
	sends := c.most(t, crowd, crowd.gift)
	most := c.most(t, crowd, crowd.bid)
	t.Logf("the most in a second: %.0f bids, %.0f bank sends", most, sends)

	samples := c.observe(t, time.Duration(*minutes)*time.Minute, func(d time.Duration) {
		crowd.load(t, crowd.bid, portion*most, d)
	})
	write(t, samples)
	t.Logf("sent %d, refused %d: %v", crowd.sent.Load(), crowd.refused.Load(), crowd.why.Load())
	second, third := samples[len(samples)/3:len(samples)*2/3], samples[len(samples)*2/3:]
	t.Logf("MB alive, a tenth of all collections found less: %.0f, %.0f in the last third",
		least(second, alive)/1e6, least(third, alive)/1e6)
	require.Less(t, least(third, alive), 1.1*least(second, alive), "what lives in memory grows")
	require.Less(t, typical(third, alive), 1.1*typical(second, alive), "what lives in memory, and blocks, grow")
	require.Less(t, typical(third, resident), 1.15*typical(second, resident), "the memory grows")
	require.Less(t, typical(third, spacing), 1.25*typical(second, spacing), "the blocks become slower")
	last := samples[len(samples)-1]
	require.Zero(t, last.failed, "steps failed")
	require.Greater(t, last.rounds, samples[0].rounds)
	c.agree(t)
}

// most is how many messages of a kind the node takes in a second. Nothing waits when it returns.
func (c *chain) most(t *testing.T, crowd *crowd, kind func(*wallet.Wallet) sdk.Msg) float64 {
	t.Helper()
	before := c.sample(t)
	crowd.load(t, kind, 0, probing)
	after := c.sample(t)
	c.until(t, "an empty mempool", func() bool { return c.sample(t).waiting == 0 })
	rate := after.rate(&before)
	require.Positive(t, rate)
	return rate
}

// crowd are bidders, each with a wallet.
type crowd struct {
	ring    keyring.Keyring
	wallets []*wallet.Wallet
	lots    atomic.Pointer[[]auctiontypes.Lot]

	sent, refused atomic.Int64
	why           atomic.Value // of the last refusal: an error's text
}

func bidder(i int) string { return fmt.Sprintf("bidder%d", i) }

// born makes the keys, and gives everybody dollars in the first state.
func (c *crowd) born(t *testing.T, cdc codec.Codec, state map[string]json.RawMessage) {
	t.Helper()
	c.ring = keyring.NewInMemory(cdc)
	var auth authtypes.GenesisState
	var bank banktypes.GenesisState
	cdc.MustUnmarshalJSON(state[authtypes.ModuleName], &auth)
	cdc.MustUnmarshalJSON(state[banktypes.ModuleName], &bank)
	dollars := sdk.NewCoins(sdk.NewInt64Coin("uusdc", 1_000_000_000_000))
	accounts, err := authtypes.UnpackAccounts(auth.Accounts)
	require.NoError(t, err)
	for i := range crowdSize {
		record, _, err := c.ring.NewMnemonic(bidder(i), keyring.English, sdk.FullFundraiserPath, "", hd.Secp256k1)
		require.NoError(t, err)
		who, err := record.GetAddress()
		require.NoError(t, err)
		accounts = append(accounts, authtypes.NewBaseAccount(who, nil, uint64(len(accounts)), 0))
		bank.Balances = append(bank.Balances, banktypes.Balance{Address: who.String(), Coins: dollars})
		bank.Supply = bank.Supply.Add(dollars...)
	}
	auth.Accounts, err = authtypes.PackAccounts(accounts)
	require.NoError(t, err)
	state[authtypes.ModuleName], state[banktypes.ModuleName] = cdc.MustMarshalJSON(&auth), cdc.MustMarshalJSON(&bank)
}

// enter opens the wallets, and looks for open lots from now on.
func (c *crowd) enter(t *testing.T, chain *chain) {
	t.Helper()
	node := chain.client(t, 0, 0)
	for i := range crowdSize {
		w, err := wallet.New(node, c.ring, wallet.Config{Key: bidder(i)})
		require.NoError(t, err)
		c.wallets = append(c.wallets, w)
	}
	look := func() bool {
		answer, err := auctiontypes.NewQueryClient(node).Lots(t.Context(), &auctiontypes.QueryLotsRequest{})
		if err != nil {
			return false
		}
		var open []auctiontypes.Lot
		for i := range answer.Lots {
			if answer.Lots[i].Status == auctiontypes.LOT_STATUS_OPEN {
				open = append(open, answer.Lots[i])
			}
		}
		if len(open) > 0 { // else what is under way goes to those of before, and fails
			c.lots.Store(&open)
		}
		return len(open) > 0
	}
	chain.until(t, "an open lot", look)
	go func() {
		for t.Context().Err() == nil {
			look()
			time.Sleep(time.Second)
		}
	}()
}

// load sends messages of a kind for a while, so many a second in all; 0 is as many as the node takes.
func (c *crowd) load(t *testing.T, kind func(*wallet.Wallet) sdk.Msg, rate float64, during time.Duration) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), during)
	defer stop()
	var group sync.WaitGroup
	for k := range senders {
		group.Go(func() {
			next := time.Now()
			for i := k; ctx.Err() == nil; i = (i + senders) % crowdSize {
				c.send(ctx, c.wallets[i], kind)
				if rate == 0 {
					continue
				}
				next = next.Add(time.Duration(senders * float64(time.Second) / rate))
				time.Sleep(time.Until(next))
			}
		})
	}
	group.Wait()
}

// send sends a message and takes note of a refusal.
func (c *crowd) send(ctx context.Context, w *wallet.Wallet, kind func(*wallet.Wallet) sdk.Msg) {
	_, err := w.Send(ctx, kind(w))
	c.sent.Add(1)
	if err != nil && ctx.Err() == nil {
		c.why.Store(err.Error())
		c.refused.Add(1)
		time.Sleep(100 * time.Millisecond) // the mempool is full
	}
}

// bid is a bid somewhere between the first and the last price of an open lot.
func (c *crowd) bid(w *wallet.Wallet) sdk.Msg {
	lots := *c.lots.Load()
	lot := &lots[rand.IntN(len(lots))]
	first, last := math.LegacyMustNewDecFromStr(lot.Curve.Start), math.LegacyMustNewDecFromStr(lot.Curve.Reserve)
	limit := last.Add(first.Sub(last).MulInt64(rand.Int64N(100)).QuoInt64(100))
	return &auctiontypes.MsgBid{
		Bidder: w.Address().String(), LotId: lot.Id, AmountOut: math.NewInt(20_000), AmountIn: math.ZeroInt(),
		MinFill: math.ZeroInt(), Limit: limit.String(),
	}
}

// gift is a plain bank send to another bidder, which bids are measured by.
func (c *crowd) gift(w *wallet.Wallet) sdk.Msg {
	to := c.wallets[rand.IntN(crowdSize)].Address()
	return banktypes.NewMsgSend(w.Address(), to, sdk.NewCoins(sdk.NewInt64Coin("uusdc", 1)))
}

// sells lets a maker sell bitcoin in every round until the test ends.
func (c *chain) sells(t *testing.T) {
	t.Helper()
	w := c.wallet(t, localnet.MakerKey(1), 0)
	go func() {
		for t.Context().Err() == nil {
			_, _ = w.Send(t.Context(), &auctiontypes.MsgSell{
				Seller: w.Address().String(), Offer: sdk.NewInt64Coin("ubtc", 100_000_000), BuyDenom: "uusdc",
				Limit: "0.000001",
			})
			time.Sleep(interval * time.Second)
		}
	}()
}
