package chain_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// refusal is a message that must be refused: with which registered error, and what its text says was expected.
type refusal struct {
	why  string
	msg  sdk.Msg
	want error
	text string
}

// The portfolios of the stage.
const (
	open, paused, closed uint64 = 1, 2, 3
	missing              uint64 = 77
)

// stage is a chain on which there is something to be wrong about: alice's portfolios, one of which is paused and one
// closed, a payment and an order, an open lot with a bid, and a sale that waits.
type stage struct {
	*world

	simple     portfoliotypes.Policy
	order, pay uint64 // of the first portfolio
	lot, bid   uint64
	sale       uint64
}

// simple is a policy of two assets.
const simple = `
version: 1
name: Simple
assets:
  - {asset: uatom, exponent: 6, weight: 60%}
  - {asset: uusdc, exponent: 6, weight: 40%}
speed: {interval: 300s, close: 90%, within: 2}
`

// huge is more than an amount may be.
func huge() math.Int { return math.NewIntWithDecimal(1, 40) }

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{world: newWorld(t, options{}, func(g *terms) {
		g.portfolio.Params.MaxPortfoliosPerOwner = 3
		g.auction.Params.MaxSalesPerAccount, g.auction.Params.MaxBidsPerAccount = 1, 1
	})}
	s.agree(time.Second, "uusdc", "1", "uatom", "10", "aeth", "2000", "uosmo", "0.5")
	s.accept(time.Second, &rebalancetypes.MsgHalt{Sender: guardian.String()})
	s.simple = s.written(simple)
	for _, deposit := range []string{"2000000000uusdc,10000000uatom", "1000000uusdc", "1uusdc"} {
		s.accept(time.Second, &portfoliotypes.MsgCreate{
			Owner: alice.String(), Trustee: trustee.String(), Policy: s.simple, Deposit: coins(deposit),
		})
	}
	s.pay, s.order = 1, 2
	s.accept(time.Second,
		&portfoliotypes.MsgAddPayment{Owner: alice.String(), Id: open, Terms: s.payment()},
		&portfoliotypes.MsgCreateOrder{Owner: alice.String(), Id: open, Terms: s.sells()},
		&portfoliotypes.MsgPause{Sender: alice.String(), Id: paused},
		&portfoliotypes.MsgClose{Owner: alice.String(), Id: closed},
	)
	s.accept(time.Second, &portfoliotypes.MsgCreate{Owner: alice.String(), Policy: s.simple}) // as many as she may
	s.accept(time.Second, &rebalancetypes.MsgResume{Sender: guardian.String()})
	s.block(300 * time.Second)
	for range 4 {
		s.block(time.Second)
	}
	require.Positive(t, s.events["auction.v1.EventLotOpened"])
	require.NoError(t, s.Auction.Live.Walk(s.ctx(), nil, func(id uint64) (bool, error) {
		s.lot = id
		return false, nil
	}))
	s.accept(time.Second, s.bids(makers[0]))
	s.bid = 1
	s.accept(time.Second, s.sellsFor(bob))
	require.NoError(t, s.Auction.Selling.Walk(s.ctx(), nil, func(id uint64, _ auctiontypes.Selling) (bool, error) {
		s.sale = id
		return false, nil
	}))
	return s
}

// payment is one that is due in a day.
func (*stage) payment(change ...func(*portfoliotypes.PaymentTerms)) portfoliotypes.PaymentTerms {
	terms := portfoliotypes.PaymentTerms{
		Amount: coin("200uusdc"), To: portfoliotypes.Destination{Recipient: carol.String()},
		Schedule: portfoliotypes.Schedule{First: startTime + 86_400},
	}
	for _, f := range change {
		f(&terms)
	}
	return terms
}

// sells is an order over four intervals.
func (*stage) sells(change ...func(*portfoliotypes.OrderTerms)) portfoliotypes.OrderTerms {
	terms := portfoliotypes.OrderTerms{
		Sell: "uatom", Buy: "uusdc", Amount: math.NewInt(1_000_000), Intervals: 4, MinSlice: math.ZeroInt(),
	}
	for _, f := range change {
		f(&terms)
	}
	return terms
}

// bids is a bid at the reserve of the lot, which is far from the clock.
func (s *stage) bids(who person, change ...func(*auctiontypes.MsgBid)) *auctiontypes.MsgBid {
	s.Helper()
	h, err := s.Auction.Halls.Get(s.ctx(), s.lot)
	require.NoError(s, err)
	msg := &auctiontypes.MsgBid{
		Bidder: who.String(), LotId: s.lot, AmountOut: math.NewIntFromBigInt(h.Lot.Total().Big()).QuoRaw(2),
		AmountIn: math.ZeroInt(), MinFill: math.ZeroInt(), Limit: wad(h.Lot.Curve.Reserve),
	}
	for _, f := range change {
		f(msg)
	}
	return msg
}

// sellsFor is a sale of somebody.
func (*stage) sellsFor(who person, change ...func(*auctiontypes.MsgSell)) *auctiontypes.MsgSell {
	msg := &auctiontypes.MsgSell{Seller: who.String(), Offer: coin("50000000uosmo"), BuyDenom: "uusdc", Limit: "0.1"}
	for _, f := range change {
		f(msg)
	}
	return msg
}

// TestRefusals sends every message wrongly in every way that applies to it. The answer has the registered code and says
// what was expected, and of the block with the message as much is stored as of the same block without it: all but the
// sequence of who signed.
func TestRefusals(t *testing.T) {
	s, twin := newStage(t), newStage(t)
	rows := slices.Concat(s.portfolioRefusals(), s.moneyRefusals(), s.auctionRefusals(), s.oracleRefusals(),
		s.roundRefusals())
	have := map[string]int{}
	for _, row := range rows {
		name := sdk.MsgTypeURL(row.msg)
		have[name]++
		got := s.block(time.Millisecond, row.msg)[0]
		twin.block(time.Millisecond)
		what := fmt.Sprintf("%s: %s", name, row.why)
		codespace, code := coded(t, row.want)
		if got.Codespace != codespace || got.Code != code || !strings.Contains(got.Log, row.text) {
			t.Errorf("%s: expected %s %d with %q, got %s %d: %s",
				what, codespace, code, row.text, got.Codespace, got.Code, got.Log)
		}
		for _, store := range same() {
			require.True(t, bytes.Equal(s.contents(store), twin.contents(store)), "%s: changed %s", what, store)
		}
	}
	for _, name := range messages(s.world) {
		require.GreaterOrEqual(t, have[name], 2, "%s: add what it refuses", name)
	}
	t.Logf("%d refusals of %d messages", len(rows), len(have))
}

// coded is the place of a registered error.
func coded(t *testing.T, err error) (string, uint32) {
	t.Helper()
	e, ok := err.(interface {
		Codespace() string
		ABCICode() uint32
	})
	require.True(t, ok)
	return e.Codespace(), e.ABCICode()
}

// governance is the address of the authority.
func governance() string { return app.Authority() }
