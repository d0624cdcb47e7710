package chain_test

import (
	"fmt"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	sdkmath "cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// few checks a property that takes its time on a few chains, each from a seed of its own. What fails, fails at once.
func few(t *testing.T, n uint64, prop func(t *testing.T, c *chance)) {
	t.Helper()
	for seed := range n {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			prop(t, newChance(t, seed, options{unaudited: true}))
		})
	}
}

// ask sends a query as a client does, to the state after the last block.
func (w *world) ask(method string, request, answer proto.Message) error {
	w.Helper()
	data, err := proto.Marshal(request)
	require.NoError(w, err)
	r, err := w.Query(w.ctx(), &abci.RequestQuery{Path: method, Data: data})
	require.NoError(w, err)
	if r.Code != 0 {
		return errorsmod.ABCIError(r.Codespace, r.Code, r.Log)
	}
	return proto.Unmarshal(r.Value, answer)
}

// still halts rounds, lets the running one end, and settles what is due, so that nothing else happens.
func (c *chance) still() {
	c.Helper()
	if halted, err := c.Rebalance.Halted.Has(c.ctx()); err == nil && !halted {
		c.accept(time.Second, &rebalancetypes.MsgHalt{Sender: guardian.String()})
	}
	if paused, err := c.Auction.Paused.Has(c.ctx()); err == nil && paused {
		c.accept(time.Second, &auctiontypes.MsgResume{Sender: guardian.String()})
	}
	for range 300 {
		round, err := c.Rebalance.Round.Get(c.ctx())
		if err == nil && round.Phase == cycle.Idle {
			break
		}
		c.block(6*time.Second, c.quotes(6*time.Second)...)
	}
	params, err := c.Rebalance.Params.Get(c.ctx())
	require.NoError(c, err)
	params.Work.Collect, params.IntervalSeconds = 1_000, 60
	c.accept(time.Second, &rebalancetypes.MsgUpdateParams{Authority: app.Authority(), Params: params})
	folios, err := c.Portfolio.Params.Get(c.ctx())
	require.NoError(c, err)
	folios.MaxPayoutsPerBlock = 1_000
	c.accept(time.Second, &portfoliotypes.MsgUpdateParams{Authority: app.Authority(), Params: folios})
	c.block(time.Second, c.quotes(time.Second)...)
}

// settling is how many blocks of one second pass until nothing happens by itself any more: a payment that has missed
// occurrences makes one of them in each, and the volatility of prices takes in the time that has passed.
const settling = 120

// TestSimulateIsTheResult compares what the query simulates, at a random moment of a random run, with what the next
// interval does. Rounds are halted for the comparison: the guardian lets them go on in the same second, so that prices
// and times are those that the query saw.
func TestSimulateIsTheResult(t *testing.T) {
	compared, outcomes := 0, map[string]int{}
	few(t, 3, func(t *testing.T, c *chance) { //nolint:thelper // the property, not a helper
		for range c.rnd.IntN(80) {
			c.happen()
		}
		c.still()
		wait := time.Duration(61+c.rnd.IntN(1_200)) * time.Second
		c.block(c.now.Truncate(time.Second).Add(wait).Sub(c.now))
		for range settling {
			c.block(time.Millisecond)
		}
		simulated := map[uint64]rebalancetypes.Record{}
		next, err := c.Portfolio.NextID.Get(c.ctx())
		require.NoError(t, err)
		for id := range next {
			if open, err := c.Portfolio.Open.Has(c.ctx(), id); err != nil || !open {
				continue
			}
			var answer rebalancetypes.QuerySimulateResponse
			request := &rebalancetypes.QuerySimulateRequest{Portfolio: id}
			require.NoError(t, c.ask("/ballast.rebalance.v1.Query/Simulate", request, &answer))
			simulated[id] = answer.Record
		}
		before, err := c.Rebalance.Round.Get(c.ctx())
		require.NoError(t, err)
		c.accept(time.Millisecond, &rebalancetypes.MsgResume{Sender: guardian.String()})
		after, err := c.Rebalance.Round.Get(c.ctx())
		require.NoError(t, err)
		require.Equal(t, before.Number+1, after.Number)
		for id, want := range simulated {
			var answer rebalancetypes.QueryRecordResponse
			request := &rebalancetypes.QueryRecordRequest{Portfolio: id, Round: after.Number}
			if err := c.ask("/ballast.rebalance.v1.Query/Record", request, &answer); err != nil {
				require.Equal(t, "not due", want.Outcome.Outcome, "portfolio %d: %v", id, err)
				continue
			}
			answer.Record.Round = 0
			require.Equal(t, want.String(), answer.Record.String(), "portfolio %d", id)
			outcomes[want.Outcome.Outcome]++
			compared++
		}
	})
	t.Log(compared, outcomes)
	require.Greater(t, outcomes["ordered"], 10)
	require.GreaterOrEqual(t, len(outcomes), 3)
}

// calm makes room for every bid and every lot in every block.
func (c *chance) calm() {
	c.Helper()
	params, err := c.Auction.Params.Get(c.ctx())
	require.NoError(c, err)
	params.MaxLotsPerBlock, params.MaxBidsPerBlock, params.MaxBidsPerLot = 1_000, 100_000, 500
	params.MaxReturnsPerBlock, params.MaxPayoutsPerBlock, params.MaxBidsPerAccount = 1_000, 1_000, 16
	params.MinBidValue, params.HistorySeconds = "0", 100_000
	c.accept(time.Second, &auctiontypes.MsgUpdateParams{Authority: app.Authority(), Params: params})
}

// offer draws a bid of somebody for a lot, at or around its clock.
func (c *chance) offer(h *auctiontypes.Hall, who person) *auctiontypes.MsgBid {
	var calc fixed.Calc
	clock := h.Lot.Curve.Price(h.Lot.Clock.Effective)
	limit := calc.MulDown(clock, fixed.FromBps(9_900+c.rnd.Int64N(160))).Max(h.Lot.Curve.Reserve)
	offered := sdkmath.NewIntFromBigInt(h.Lot.Offered(clock).Big())
	msg := &auctiontypes.MsgBid{
		Bidder: who.String(), LotId: h.Lot.ID, AmountOut: offered.MulRaw(1 + c.rnd.Int64N(120)).QuoRaw(200),
		AmountIn: sdkmath.ZeroInt(), MinFill: sdkmath.ZeroInt(), Limit: wad(limit),
	}
	switch c.rnd.IntN(5) {
	case 0:
		msg.AllOrNone = true
	case 1:
		msg.MinFill = msg.AmountOut.QuoRaw(2)
	case 2:
		msg.AmountIn, msg.AmountOut = sdkmath.NewIntFromBigInt(
			h.Lot.Pair.QuoteDown(&calc, h.Lot.Offered(clock), clock).Big()).QuoRaw(3), sdkmath.ZeroInt()
	case 3:
		msg.Expiry = c.now.Unix() + 6 + c.rnd.Int64N(60)
	}
	return msg
}

// TestQuoteIsTheFill asks what a bid at a future time would get, with other bids in the book, places it then, and
// compares. Blocks come at the pace that the lot expects; nobody else does anything in between.
func TestQuoteIsTheFill(t *testing.T) {
	filled, returned := 0, 0
	few(t, 12, func(t *testing.T, c *chance) { //nolint:thelper // the property, not a helper
		h := c.market()
		c.calm()
		if h.Lot.Buy >= 4 { // nobody has any of it
			return
		}
		pace := time.Duration(h.Lot.Pace.BlockSeconds) * time.Second
		c.block(c.now.Truncate(time.Second).Add(pace).Sub(c.now))
		for range c.rnd.IntN(3) {
			c.block(pace, c.offer(&h, one(c, makers[:3]...)), c.offer(&h, one(c, makers[:3]...)))
		}
		ahead := 1 + c.rnd.IntN(2)
		at := c.now.Add(time.Duration(ahead) * pace)
		bid, quote := c.quoted(&h, at)
		if bid == nil {
			return // the lot is closed by then
		}
		for range ahead - 1 {
			c.block(pace)
		}
		var placed auctiontypes.MsgBidResponse
		c.response(c.accept(pace, bid)[0], &placed)
		require.Less(t, quote.Time, c.now.Unix()+3_600)
		for c.now.Unix() < quote.Time {
			c.block(pace)
		}
		key := collections.Join3(makers[3].addr, bid.LotId, placed.BidId)
		fill, err := c.Auction.Fills.Get(c.ctx(), key)
		if !quote.Units.IsPositive() {
			require.ErrorIs(t, err, collections.ErrNotFound)
			require.Equal(t, placed.Escrow, quote.Refund)
			resting, err := c.Auction.Owners.Has(c.ctx(), key)
			require.NoError(t, err)
			require.False(t, resting, "the bid should be over at %d", quote.Time)
			returned++
			return
		}
		require.NoError(t, err, "quoted %v", quote)
		got := auctiontypes.ToFill(&h.Lot, placed.BidId, makers[3].addr, &fill)
		require.Equal(t, quote.Units, got.Units)
		require.Equal(t, quote.Payment, got.Payment)
		require.Equal(t, quote.Refund, got.Refund)
		require.Equal(t, quote.Price, got.Price)
		require.Equal(t, quote.Time, got.Time)
		filled++
	})
	t.Logf("%d filled, %d returned", filled, returned)
	require.GreaterOrEqual(t, filled, 3)
}

// quoted draws a bid that may be placed at a time, and asks what it would get.
func (c *chance) quoted(h *auctiontypes.Hall, at time.Time) (*auctiontypes.MsgBid, *auctiontypes.QueryQuoteResponse) {
	c.Helper()
	for range 10 {
		bid, quote := c.offer(h, makers[3]), &auctiontypes.QueryQuoteResponse{}
		if err := c.ask("/ballast.auction.v1.Query/Quote", asked(bid, at), quote); err == nil {
			return bid, quote
		}
	}
	return nil, nil
}

// asked is the question about a bid.
func asked(bid *auctiontypes.MsgBid, at time.Time) *auctiontypes.QueryQuoteRequest {
	return &auctiontypes.QueryQuoteRequest{
		LotId: bid.LotId, AmountOut: bid.AmountOut.String(), AmountIn: bid.AmountIn.String(), Limit: bid.Limit,
		MinFill: bid.MinFill.String(), AllOrNone: bid.AllOrNone, At: at.Unix(), Expiry: bid.Expiry,
	}
}

// response reads the answer to the one message of a transaction.
func (w *world) response(r *abci.ExecTxResult, answer proto.Message) {
	w.Helper()
	var data sdk.TxMsgData
	require.NoError(w, proto.Unmarshal(r.Data, &data))
	require.Len(w, data.MsgResponses, 1)
	require.NoError(w, proto.Unmarshal(data.MsgResponses[0].Value, answer))
}
