package hostile_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	"github.com/ballast-finance/ballast/agents/feed"
	"github.com/ballast-finance/ballast/agents/wallet"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/daemon/localnet"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
)

// quiet are prices that do not move: what a lot's price does is then its clock's doing.
type quiet map[string]string

// Quotes are the prices.
func (q quiet) Quotes(context.Context, time.Time) ([]feed.Quote, error) {
	var list []feed.Quote
	for denom, text := range q {
		price, err := fixed.Parse(text)
		if err != nil {
			return nil, err
		}
		list = append(list, feed.Quote{Denom: denom, Price: price})
	}
	return list, nil
}

// wallet is that of a key of the first node, which talks to node i.
func (c *chain) wallet(t *testing.T, key string, i int) *wallet.Wallet {
	t.Helper()
	w, err := wallet.New(c.client(t, i, 0), c.Nodes[0].Ring(), wallet.Config{Key: key})
	require.NoError(t, err)
	return w
}

// feed lets two reporters tell the price of everything to node i until the test ends.
func (c *chain) feed(t *testing.T, i int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	for k := range 2 {
		f := feed.Feeder{
			Wallet: c.wallet(t, localnet.FeederKey(k), i), Every: time.Second, Log: log.NewNopLogger(),
			Source: quiet{"ubtc": "100000", "uusdc": "1"},
		}
		go func() { _ = f.Run(ctx) }()
	}
}

// selling sells a part of its bitcoin in every round.
const selling = `version: 1
name: Too much bitcoin
assets:
  - {asset: BTC, exponent: 8, weight: 20%}
  - {asset: USDC, exponent: 6, weight: 80%}
speed: {interval: 10s, close: 90%, within: 8}
limits: {max_slippage: 5%, max_sell: 20%}
`

// treasury starts prices and a treasury that sells.
func (c *chain) treasury(t *testing.T) {
	t.Helper()
	c.feed(t, 0)
	name := filepath.Join(t.TempDir(), "policy.yaml")
	require.NoError(t, os.WriteFile(name, []byte(selling), 0o600))
	c.run(t, c.Nodes[0].Home, "tx", "portfolio", "create", "--from-policy", name, "--name", "Test", "--deposit", "100BTC",
		"--from", localnet.StewardKey, "--gas", "1000000", "--yes")
}

// lots are those that node i knows, as they were at a height; 0 is the last one.
func (c *chain) lots(t *testing.T, i int, height int64) []auctiontypes.Lot {
	t.Helper()
	answer, err := auctiontypes.NewQueryClient(c.client(t, i, height)).
		Lots(t.Context(), &auctiontypes.QueryLotsRequest{})
	require.NoError(t, err)
	return answer.Lots
}

// lot is one lot as it was at a height.
func (c *chain) lot(t *testing.T, id uint64, height int64) auctiontypes.Lot {
	t.Helper()
	answer, err := auctiontypes.NewQueryClient(c.client(t, 0, height)).
		Lot(t.Context(), &auctiontypes.QueryLotRequest{LotId: id})
	require.NoError(t, err)
	return answer.Lot
}

// open waits for a lot that clears, and whose clock has not run for long.
func (c *chain) open(t *testing.T) (found auctiontypes.Lot) {
	t.Helper()
	c.until(t, "an open lot", func() bool {
		for _, lot := range c.lots(t, 0, 0) {
			if lot.Status == auctiontypes.LOT_STATUS_OPEN && lot.EffectiveSeconds < window/3 {
				found = lot
				return true
			}
		}
		return false
	})
	return found
}

// bid rests in a lot: it waits for the lowest price.
func (c *chain) bid(t *testing.T, lot auctiontypes.Lot) {
	t.Helper()
	maker := c.wallet(t, localnet.MakerKey(0), 0)
	_, err := maker.Confirm(t.Context(), patience, &auctiontypes.MsgBid{
		Bidder: maker.Address().String(), LotId: lot.Id, AmountOut: math.NewInt(1_000_000), AmountIn: math.ZeroInt(),
		MinFill: math.ZeroInt(), Limit: lot.Curve.Reserve,
	})
	require.NoError(t, err)
}

// orderly asks that the clock of a lot has never run faster than blocks may move it, from a height on until the lot is
// over, or until now. It returns the longest time between two blocks that it has seen.
func (c *chain) orderly(t *testing.T, id uint64, from int64) (pause int64) {
	t.Helper()
	before := c.lot(t, id, from)
	price := wad(t, before.ClockPrice)
	for height := from + 1; height < c.height(t, 0); height++ { // the last may not be stored yet
		now := c.lot(t, id, height)
		if now.Status != auctiontypes.LOT_STATUS_OPEN {
			break
		}
		passed, moved := now.LastTime-before.LastTime, now.EffectiveSeconds-before.EffectiveSeconds
		require.LessOrEqual(t, moved, min(passed, mostPerBlock), "height %d", height)
		fallen := wad(t, now.ClockPrice)
		require.False(t, price.Less(fallen), "height %d: a price that rises", height)
		require.False(t, fallen.Less(wad(t, now.Curve.Reserve)), "height %d: below the reserve", height)
		pause, before, price = max(pause, passed), now, fallen
	}
	return pause
}

func wad(t *testing.T, text string) fixed.Wad {
	t.Helper()
	w, err := fixed.Parse(text)
	require.NoError(t, err)
	return w
}

// fills are what an account has bought.
func (c *chain) fills(t *testing.T, bidder string) []auctiontypes.Fill {
	t.Helper()
	answer, err := auctiontypes.NewQueryClient(c.client(t, 0, 0)).
		Fills(t.Context(), &auctiontypes.QueryFillsRequest{Bidder: bidder})
	require.NoError(t, err)
	return answer.Fills
}

// sold waits until a lot is settled and the first maker has bought of it.
func (c *chain) sold(t *testing.T, lot uint64) {
	t.Helper()
	maker := c.wallet(t, localnet.MakerKey(0), 0).Address().String()
	c.until(t, "a settled lot with a fill", func() bool {
		return c.lot(t, lot, 0).SettledTime > 0 && len(c.fills(t, maker)) > 0
	})
}
