package chain_test

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// The worked numbers of the specification that messages can reach, to the last unit. Those of the oracle are replayed
// in x/oracle/keeper, one-time orders, payments and budgets in x/portfolio/keeper. Not reached by a message:
//
//   - the other numbers of control and triggers: they start from deviations, fill ratios and volatilities that no
//     history of deposits, prices and fills gives. The engine replays them, and a simulation is the result
//     (foretell_test.go);
//   - widths by age: a confidence of exactly 0.001 is not what reports give;
//   - crossing by value (netting.units): offers are units, the numbers are values which are no whole units;
//   - surfaces, metrics, forecasts, routes, vaults: no message has them.

const (
	pace = 6 * time.Second    // of blocks
	rich = 10_000_000_000_000 // what everybody has of each asset
)

// has is what an account holds.
func (w *world) has(who sdk.AccAddress, denom string) int64 {
	return w.Bank.GetBalance(w.ctx(), who, denom).Amount.Int64()
}

// worked is a chain whose assets have no fractions, with the pair's width and terms given.
func worked(t *testing.T, list []listed, change func(*rebalancetypes.Params)) *world {
	t.Helper()
	return newWorld(t, options{}, func(g *terms) {
		g.assets = list
		for _, a := range list {
			g.rich = g.rich.Add(sdk.NewInt64Coin(a.denom, rich))
		}
		g.auction.Params.MinBidValue, g.auction.Params.MinSaleValue = "0.000001", "0.000001"
		p := &g.rebalance.Params
		p.Auction.WidthFactor, p.Auction.WidthCap, p.Auction.MinLot = "0", "0.2", "0.000001"
		p.Auction.BlockSeconds, p.Auction.WindowSeconds, p.Auction.HaltSeconds = 6, 600, 600
		p.Auction.OpeningBlocks, p.Auction.BucketSteps = 2, 0
		p.Crossing.MinValueMicro = 1
		p.IntervalSeconds, p.FrozenLotSeconds = 3_600, 100_000
		change(p)
	})
}

// priced lets everybody report the prices of the assets.
func (w *world) priced(after time.Duration, list []listed) {
	w.Helper()
	for _, r := range reporters {
		w.accept(after, w.report(r, after, quoted(list)...))
	}
}

// hour goes on to the start of the round after so many hours.
func (w *world) hour(n int64) {
	w.Helper()
	w.block(time.Unix(startTime+n*3_600, 0).Sub(w.now))
}

// opened goes on to the first round and returns the lots that it opens, by pair.
func (w *world) opened() map[string]auctiontypes.Hall {
	w.Helper()
	w.hour(1)
	for range 6 {
		lots := map[string]auctiontypes.Hall{}
		require.NoError(w, w.Auction.Halls.Walk(w.ctx(), nil, func(_ uint64, h auctiontypes.Hall) (bool, error) {
			lots[string(h.Lot.Pair.Sell.ID)+"->"+string(h.Lot.Pair.Buy.ID)] = h
			return false, nil
		}))
		if len(lots) > 0 {
			return lots
		}
		w.block(time.Second)
	}
	require.FailNow(w, "no lots")
	return nil
}

// hall reads a lot.
func (w *world) hall(id uint64) auctiontypes.Hall {
	w.Helper()
	h, err := w.Auction.Halls.Get(w.ctx(), id)
	require.NoError(w, err)
	return h
}

// shop is a chain with one lot: units for cash, which starts at a price.
func shop(t *testing.T, mid, width string, sellers map[string]int64, names ...string) (*world, auctiontypes.Hall) {
	t.Helper()
	list := []listed{{"cash", "CASH", 0, "1"}, {"unit", "UNIT", 0, mid}}
	w := worked(t, list, func(p *rebalancetypes.Params) { p.Auction.WidthBase = width })
	w.priced(time.Second, list)
	for _, name := range names {
		w.accept(time.Second, &auctiontypes.MsgSell{
			Seller: named(name).String(), Offer: coin(strconv.FormatInt(sellers[name], 10) + "unit"), BuyDenom: "cash",
			Limit: "0.000001",
		})
	}
	return w, w.opened()["unit->cash"]
}

// bid buys units at a limit.
func bid(who person, lot uint64, units int64, limit string) *auctiontypes.MsgBid {
	return &auctiontypes.MsgBid{
		Bidder: who.String(), LotId: lot, AmountOut: math.NewInt(units), AmountIn: math.ZeroInt(),
		MinFill: math.ZeroInt(), Limit: limit,
	}
}

type auctionVectors struct {
	Curve struct {
		S, E string
		Rows [][]json.RawMessage
	}
	Batch struct {
		Clock string
		Bids  [][]json.RawMessage
		Cases []struct {
			Avail              int64
			Price              string
			Fills, Pay, Refund map[string]int64
		}
	}
	Settle struct {
		Total, Sold, Proceeds int64
		Rows                  [][]json.RawMessage
	}
	Clock []json.RawMessage
}

func auctions(t *testing.T) auctionVectors {
	t.Helper()
	var v auctionVectors
	enginetest.Vectors(t, "auctions.json", &v)
	return v
}

// decoded reads one value of a row.
func decoded[T any](t *testing.T, raw json.RawMessage) T {
	t.Helper()
	var v T
	enginetest.Decode(t, raw, &v)
	return v
}

// TestWorkedBatches: five bids on four lots of different sizes, spec 05 §5.3.
func TestWorkedBatches(t *testing.T) {
	v := auctions(t).Batch
	bidders := []person{makers[0], makers[1], makers[2], makers[3], dave}
	for _, test := range v.Cases {
		t.Run(strconv.FormatInt(test.Avail, 10), func(t *testing.T) {
			// 2 % above this is 9.8, the clock of the first clearing
			w, h := shop(t, "9.607843137254901960", "0.02", map[string]int64{"alice": test.Avail}, "alice")
			require.Equal(t, fixed.NatOf(uint64(test.Avail)), h.Lot.Total())
			require.Equal(t, enginetest.W(t, v.Clock), h.Lot.Curve.Start)
			var bids []sdk.Msg
			for i, row := range v.Bids {
				bids = append(bids, bid(bidders[i], h.Lot.ID, decoded[int64](t, row[1]), decoded[string](t, row[2])))
			}
			ids := map[int]uint64{}
			for i, r := range w.accept(time.Second, bids...) {
				var placed auctiontypes.MsgBidResponse
				w.response(r, &placed)
				ids[i] = placed.BidId
			}
			require.Equal(t, auction.Opening, w.hall(h.Lot.ID).Lot.Status)
			for w.hall(h.Lot.ID).Lot.Status == auction.Opening {
				w.block(pace)
			}
			for i := range bids {
				name := strconv.Itoa(i + 1)
				f, err := w.Auction.Fills.Get(w.ctx(), collections.Join3(bidders[i].addr, h.Lot.ID, ids[i]))
				if test.Fills[name] == 0 {
					require.ErrorIs(t, err, collections.ErrNotFound, name)
					continue
				}
				require.NoError(t, err, name)
				require.Equal(t, enginetest.W(t, test.Price), f.Price)
				got := []string{f.Units.String(), f.Payment.String(), f.Refund.String()}
				require.Equal(t, []string{
					strconv.FormatInt(test.Fills[name], 10), strconv.FormatInt(test.Pay[name], 10),
					strconv.FormatInt(test.Refund[name], 10),
				}, got, name)
				require.Equal(t, rich+test.Fills[name], w.has(bidders[i].addr, "unit"))
				require.Equal(t, rich-test.Pay[name], w.has(bidders[i].addr, "cash"))
			}
			rests := w.has(bidders[4].addr, "cash") < rich
			require.Equal(t, test.Avail > 1_250, rests, "the fifth bid rests exactly while units are left")
		})
	}
}

// TestWorkedSettlement: four sellers share what one lot has sold, spec 05 §5.4.
func TestWorkedSettlement(t *testing.T) {
	v := auctions(t).Settle
	sellers, names := map[string]int64{}, []string{"alice", "bob", "carol", "dave"}
	for i, row := range v.Rows {
		sellers[names[i]] = decoded[int64](t, row[2])
	}
	// 2 % above this is 9.85, at which 777 units cost 7653.45: 7654
	w, h := shop(t, "9.656862745098039215", "0.02", sellers, names...)
	require.Equal(t, fixed.NatOf(uint64(v.Total)), h.Lot.Total())
	w.accept(time.Second, bid(makers[0], h.Lot.ID, v.Sold, "9.85"))
	for range 150 {
		w.block(pace)
		if w.hall(h.Lot.ID).SettledTime != 0 {
			break
		}
	}
	w.block(pace)
	w.block(pace)
	h = w.hall(h.Lot.ID)
	sold, proceeds := h.Lot.Result()
	require.Equal(t, []string{strconv.FormatInt(v.Sold, 10), strconv.FormatInt(v.Proceeds, 10)},
		[]string{sold.String(), proceeds.String()})
	for i, row := range v.Rows {
		who := named(names[i]).addr
		require.Equal(t, rich+decoded[int64](t, row[5]), w.has(who, "cash"), names[i])
		require.Equal(t, rich-decoded[int64](t, row[3]), w.has(who, "unit"), names[i])
	}
}

// TestWorkedCurves: the clock of a lot after so many steps, linear and exponential, spec 05 §5.1.
func TestWorkedCurves(t *testing.T) {
	v := auctions(t).Curve
	for column, kind := range map[int]rebalancetypes.CurveKind{
		1: rebalancetypes.CurveKind_CURVE_KIND_LINEAR, 2: rebalancetypes.CurveKind_CURVE_KIND_EXPONENTIAL,
	} {
		t.Run(kind.String(), func(t *testing.T) {
			list := []listed{{"cash", "CASH", 0, "1"}, {"unit", "UNIT", 0, "10"}}
			w := worked(t, list, func(p *rebalancetypes.Params) { p.Auction.WidthBase, p.Auction.Kind = "0.05", kind })
			w.priced(time.Second, list)
			w.accept(time.Second, &auctiontypes.MsgSell{
				Seller: alice.String(), Offer: coin("100unit"), BuyDenom: "cash", Limit: "0.000001",
			})
			h := w.opened()["unit->cash"]
			require.Equal(t, []fixed.Wad{enginetest.W(t, v.S), enginetest.W(t, v.E)},
				[]fixed.Wad{h.Lot.Curve.Start, h.Lot.Curve.Reserve})
			for w.hall(h.Lot.ID).Lot.Status == auction.Opening {
				w.block(pace)
			}
			rows := map[int64]string{}
			for _, row := range v.Rows {
				rows[decoded[int64](t, row[0])] = decoded[string](t, row[column])
			}
			seen := 0
			for step := int64(0); ; step++ {
				var answer auctiontypes.QueryLotResponse
				q := &auctiontypes.QueryLotRequest{LotId: h.Lot.ID}
				require.NoError(t, w.ask("/ballast.auction.v1.Query/Lot", q, &answer))
				if answer.Lot.Status != auctiontypes.LOT_STATUS_OPEN {
					break
				}
				if want, found := rows[step]; found {
					require.Equal(t, enginetest.W(t, want), enginetest.W(t, answer.Lot.ClockPrice), "step %d", step)
					seen++
				}
				w.block(pace)
			}
			require.GreaterOrEqual(t, seen, len(rows)-1)
		})
	}
}

// TestWorkedClock: slow blocks and a halt, spec 05 §5.1. The clock of a chain that stood still waits for fresh prices.
func TestWorkedClock(t *testing.T) {
	v := auctions(t).Clock
	w, h := shop(t, "10", "0.05", map[string]int64{"alice": 100}, "alice")
	for w.hall(h.Lot.ID).Lot.Status == auction.Opening {
		w.block(pace)
	}
	for i, passed := range []int{6, 6, 7, 45, 6, 4_000, 6} {
		w.block(time.Duration(passed) * time.Second)
		got := w.hall(h.Lot.ID).Lot.Clock
		if string(v[i]) == `"HALT->reanchor"` {
			require.True(t, got.Frozen)
			before := got.Effective
			w.priced(0, []listed{{"cash", "CASH", 0, "1"}, {"unit", "UNIT", 0, "10"}})
			for range 3 {
				w.block(0)
			}
			got = w.hall(h.Lot.ID).Lot.Clock
			require.False(t, got.Frozen)
			require.Equal(t, before, got.Effective)
			continue
		}
		require.False(t, got.Frozen)
		require.Equal(t, decoded[int64](t, v[i]), got.Effective, "block %d", i)
	}
}

// TestWorkedRings: seven offers among four assets meet in pairs and rings; the rest goes to auction, spec 04.
func TestWorkedRings(t *testing.T) {
	var v struct {
		Example struct {
			F        map[string]int64
			Residual map[string]int64
		}
	}
	enginetest.Vectors(t, "netting.json", &v)
	list := []listed{
		{"aaa", "AAA", 0, "1"}, {"bbb", "BBB", 0, "1"}, {"ccc", "CCC", 0, "1"}, {"ddd", "DDD", 0, "1"},
	}
	denom := func(name string) string { return strings.Repeat(strings.ToLower(name), 3) }
	w := worked(t, list, func(p *rebalancetypes.Params) { p.Auction.WidthBase = "0.01" })
	w.priced(time.Second, list)
	total := int64(0)
	for _, name := range []string{"A->B", "B->A", "B->C", "C->A", "C->D", "D->A", "D->C"} {
		sell, buy, _ := strings.Cut(name, "->")
		total += v.Example.F[name]
		w.accept(time.Second, &auctiontypes.MsgSell{
			Seller: alice.String(), Offer: coin(strconv.FormatInt(v.Example.F[name], 10) + denom(sell)), BuyDenom: denom(buy),
			Limit: "0.000001",
		})
	}
	lots, left := w.opened(), int64(0)
	got := map[string]int64{}
	for pair, h := range lots {
		sell, buy, _ := strings.Cut(pair, "->")
		units, err := strconv.ParseInt(h.Lot.Total().String(), 10, 64)
		require.NoError(t, err)
		got[strings.ToUpper(sell[:1])+"->"+strings.ToUpper(buy[:1])] = units
		left += units
	}
	require.Equal(t, v.Example.Residual, got)
	require.Equal(t, int64(2_440), total-left)
}

// TestWorkedTreasury: two million NTRN become a tenth USDC, in shrinking steps, spec 01 C8. Somebody who buys NTRN in
// every round meets its order inside, at the oracle's price.
func TestWorkedTreasury(t *testing.T) {
	var v struct {
		C8 struct {
			Rows []struct{ NTRN, USDC int64 }
		} `json:"C8_ntrn_usdc"`
	}
	enginetest.Vectors(t, "control.json", &v)
	list := []listed{{"untrn", "NTRN", 6, "0.5"}, {"usd", "USD", 6, "1"}}
	w := worked(t, list, func(p *rebalancetypes.Params) { p.Auction.WidthBase = "0.01" })
	w.priced(time.Second, list)
	w.accept(time.Second, &portfoliotypes.MsgCreate{
		Owner: alice.String(), Name: "NTRN", Deposit: coins("2000000000000untrn"), Policy: w.written(`
version: 1
name: NTRN
assets:
  - {asset: untrn, exponent: 6, weight: 90%}
  - {asset: usd, exponent: 6, weight: 10%}
speed: {interval: 1h, close: 90%, within: 10}
`),
	})
	who := w.Portfolio.Account(1)
	for k, row := range v.C8.Rows {
		// the chain cuts an order to whole micro-units of value, which is two NTRN units at most
		require.InDelta(t, row.NTRN, w.has(who, "untrn"), float64(2*k), "step %d", k)
		require.InDelta(t, row.USDC, w.has(who, "usd"), float64(k), "step %d", k)
		w.block(time.Unix(startTime+(int64(k)+1)*3_600-10, 0).Sub(w.now))
		w.priced(time.Second, list)
		w.accept(time.Second, &auctiontypes.MsgSell{
			Seller: bob.String(), Offer: coin("200000000000usd"), BuyDenom: "untrn", Limit: "0.000001",
		})
		w.hour(int64(k) + 1)
		for range 120 {
			w.block(pace)
		}
	}
}

// TestWorkedInsurance: the part at risk by the value that there is, spec 02 (CPPI).
func TestWorkedInsurance(t *testing.T) {
	var v struct {
		CPPI struct {
			F    string
			M    int
			Rows [][2]string
		}
	}
	enginetest.Vectors(t, "triggers.json", &v)
	list := []listed{{"coin", "COIN", 0, "1"}, {"safe", "SAFE", 0, "1"}}
	w := worked(t, list, func(p *rebalancetypes.Params) { p.Auction.WidthBase = "0.01" })
	w.priced(time.Second, list)
	for i, row := range v.CPPI.Rows {
		w.accept(time.Second, &portfoliotypes.MsgCreate{
			Owner: alice.String(), Name: row[0], Deposit: coins(row[0] + "safe"), Policy: w.written(`
version: 1
name: CPPI
assets:
  - {asset: coin, exponent: 0, weight: 100%}
  - {asset: safe, exponent: 0, weight: 0%}
target: {kind: cppi, safe: {safe: 100%}, floor: ` + v.CPPI.F + `, multiplier: ` + strconv.Itoa(v.CPPI.M) + `}
speed: {interval: 1h, close: 100%, within: 1}
`),
		})
		var answer rebalancetypes.QuerySimulateResponse
		q := &rebalancetypes.QuerySimulateRequest{Portfolio: uint64(i) + 1}
		require.NoError(t, w.ask("/ballast.rebalance.v1.Query/Simulate", q, &answer))
		require.Equal(t, "coin", answer.Record.Assets[0].Denom)
		target := cmp.Or(answer.Record.Assets[0].Target, "0")
		require.Equal(t, enginetest.W(t, row[1]), enginetest.W(t, target), row[0])
	}
}
