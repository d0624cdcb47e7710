package chain_test

import (
	"math"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	sdkmath "cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/engine/auction"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// plot is what somebody does who means harm, once in so many blocks.
type plot struct {
	role  string
	every int
	make  func(*siege) []sdk.Msg
}

func plots() []plot {
	return []plot{
		{"sniper", 1, (*siege).snipe},
		{"withholder", 2, (*siege).withhold},
		{"duster", 2, (*siege).dust},
		{"griefer", 2, (*siege).grief},
		{"rotator", 3, (*siege).rotate},
		{"pariah", 2, (*siege).shunned},
	}
}

// peaceful is how many of the first acts of the market are those of people: the others govern.
const peaceful = 5

// report is what a reporter says, and in which role.
type report struct {
	role string
	msg  *oracletypes.MsgReport
}

// reports lets prices move. The honest say them, with some noise; one of them may be late. The liars say the double, or
// all the same a little beside it, where no outlier is dropped, or nothing. Now and then all are silent for a while.
func (s *siege) reports(after time.Duration) (list []report) {
	if s.silent == 0 && s.in(400) {
		s.silent = 20 + s.rnd.IntN(150)
	}
	for i := range s.prices {
		s.prices[i] = max(1_000, s.prices[i]*(9_980+s.rnd.Int64N(41))/10_000)
	}
	if s.silent > 0 {
		s.silent--
		s.spans = nil // what a price is made of is old
		clear(s.said)
		return nil
	}
	s.spans = s.spanned()
	late := s.rnd.IntN(3 * len(honest))
	for k, r := range honest {
		if k == late {
			continue
		}
		var pairs []string
		all := make([]int64, len(s.denoms))
		for i, denom := range s.denoms {
			all[i] = s.prices[i] * (9_995 + s.rnd.Int64N(11)) / 10_000
			pairs = append(pairs, denom, decimal(all[i]))
		}
		s.said[r.name] = all
		list = append(list, report{"honest", s.report(r, after, pairs...)})
	}
	return append(list, s.lies(after)...)
}

// spanned is what lies between what the honest have said last; nothing until all of them have spoken.
func (s *siege) spanned() (list []span) {
	for i := range s.denoms {
		x := span{math.MaxInt64, 0}
		for _, r := range honest {
			all, spoke := s.said[r.name]
			if !spoke {
				return nil
			}
			x = span{min(x.low, all[i]), max(x.high, all[i])}
		}
		list = append(list, x)
	}
	return list
}

// lies are what those say who would like to have another price.
func (s *siege) lies(after time.Duration) (list []report) {
	together := 10_000 + one[int64](s.chance, -450, -200, 200, 450)
	for _, r := range liars {
		factor := together
		switch s.rnd.IntN(4) {
		case 0:
			factor = one[int64](s.chance, 1, 5_000, 20_000, 1_000_000)
		case 1:
			continue
		}
		var pairs []string
		for i, denom := range s.denoms {
			pairs = append(pairs, denom, decimal(max(1, s.prices[i]*factor/10_000)))
		}
		list = append(list, report{"liar", s.report(r, after, pairs...)})
	}
	return list
}

// offerOf is a bid of somebody, which is not yet much.
func offerOf(who person, h *auctiontypes.Hall) *auctiontypes.MsgBid {
	return &auctiontypes.MsgBid{
		Bidder: who.String(), LotId: h.Lot.ID, AmountOut: sdkmath.OneInt(), AmountIn: sdkmath.ZeroInt(),
		MinFill: sdkmath.ZeroInt(), Limit: wad(h.Lot.Curve.Start),
	}
}

// offeredAt is what a lot offers at its reserve: everything.
func offeredAt(h *auctiontypes.Hall) sdkmath.Int {
	return sdkmath.NewIntFromBigInt(h.Lot.Offered(h.Lot.Curve.Reserve).Big())
}

// snipe takes all, at the least price, when the lot is about to close.
func (s *siege) snipe() (list []sdk.Msg) {
	for range 4 {
		h, found := s.lot()
		if !found || h.Lot.Status != auction.Open || h.Lot.Curve.Reserve.Less(h.Lot.Curve.Price(h.Lot.Clock.Effective)) {
			continue
		}
		msg := offerOf(one(s.chance, snipers...), &h)
		msg.AmountOut, msg.Limit, msg.AllOrNone = offeredAt(&h), wad(h.Lot.Curve.Reserve), s.in(2)
		list = append(list, msg)
	}
	return list
}

// withhold fills books with bids that can never be filled, and takes them back.
func (s *siege) withhold() (list []sdk.Msg) {
	who := one(s.chance, withholders...)
	for range 3 {
		h, found := s.lot()
		if !found {
			return nil
		}
		msg := offerOf(who, &h)
		msg.AmountOut = offeredAt(&h).AddRaw(1)
		msg.MinFill = msg.AmountOut
		list = append(list, msg)
	}
	keys := collections.NewPrefixedTripleRange[sdk.AccAddress, uint64, uint64](who.addr)
	iter, err := s.Auction.Owners.Iterate(s.ctx(), keys)
	require.NoError(s, err)
	own, err := iter.Keys()
	require.NoError(s, err)
	for i, key := range own {
		if i == 0 || s.in(4) {
			list = append(list, &auctiontypes.MsgCancelBid{Bidder: who.String(), LotId: key.K2(), BidId: key.K3()})
		}
	}
	return list
}

// dust bids for single units at the best price, under many names, until books are full.
func (s *siege) dust() (list []sdk.Msg) {
	h, found := s.lot()
	if !found {
		return nil
	}
	for _, who := range dusters {
		msg := offerOf(who, &h)
		msg.AmountOut = sdkmath.NewInt(1 + s.rnd.Int64N(3))
		list = append(list, msg)
	}
	return list
}

// grief sends dust of everything to portfolios, also of what is no asset, and to modules; and makes portfolios of
// nothing.
func (s *siege) grief() (list []sdk.Msg) {
	who := one(s.chance, griefers...)
	for range 4 {
		p, _, found := s.find(nil)
		if !found {
			break
		}
		to := portfoliotypes.Account(p.Id)
		if s.in(8) {
			to = authtypes.NewModuleAddress(one(s.chance, "auction", "rebalance", "gov"))
		}
		denom := one(s.chance, append([]string{unlisted}, s.denoms...)...)
		list = append(list, banktypes.NewMsgSend(who.addr, to, sdk.NewCoins(sdk.NewInt64Coin(denom, 1))))
	}
	if s.in(10) {
		list = append(list, &portfoliotypes.MsgCreate{
			Owner: who.String(), Name: "nothing", Policy: s.policy(), Deposit: sdk.NewCoins(sdk.NewInt64Coin("uosmo", 1)),
		})
	}
	return list
}

// opposing are the targets of those who trade against the pool: all in one asset, then all in the other one.
const opposing = `
version: 1
name: Opposed
assets:
  - {asset: uatom, exponent: 6, weight: 95%}
  - {asset: uusdc, exponent: 6, weight: 5%}
speed: {interval: 60s, close: 100%, within: 1}
limits: {max_sell: 100%, max_slippage: 10%, max_price_age: 1h}
`

// opposed makes the portfolios of the rotators.
func (s *siege) opposed() {
	s.Helper()
	for _, who := range rotators {
		for range 2 {
			s.accept(time.Second, &portfoliotypes.MsgCreate{
				Owner: who.String(), Name: "opposed", Policy: s.written(opposing), Deposit: coins("50000000000uatom"),
			})
		}
	}
}

// rotate turns targets around, before and after prices freeze, and bids for what the own portfolios sell.
func (s *siege) rotate() (list []sdk.Msg) {
	s.flipped++
	for k, who := range rotators {
		err := s.Portfolio.Owners.Walk(s.ctx(),
			collections.NewPrefixedTripleRange[sdk.AccAddress, bool, uint64](who.addr),
			func(key collections.Triple[sdk.AccAddress, bool, uint64]) (bool, error) {
				weights := []string{"0.95", "0.05"}
				if (s.flipped+k)%2 == 0 {
					weights = []string{"0.05", "0.95"}
				}
				list = append(list, &portfoliotypes.MsgUpdateTargets{
					Owner: who.String(), Id: key.K3(), Weights: []portfoliotypes.TargetWeight{
						{Denom: "uatom", Weight: weights[0]}, {Denom: "uusdc", Weight: weights[1]},
					},
				})
				return false, nil
			})
		require.NoError(s, err)
		if h, found := s.lot(); found {
			msg := offerOf(who, &h)
			msg.AmountOut, msg.Limit = offeredAt(&h), wad(h.Lot.Curve.Reserve)
			list = append(list, msg)
		}
	}
	return list
}

// shunned is somebody to whom nobody can send, for now: he bids, sells, asks to be paid by a portfolio of his own, and
// claims what could not be paid to him.
func (s *siege) shunned() (list []sdk.Msg) {
	who := one(s.chance, pariahs...)
	if h, found := s.lot(); found {
		bid := offerOf(who, &h)
		bid.AmountOut = sdkmath.MaxInt(offeredAt(&h).QuoRaw(1+s.rnd.Int64N(20)), sdkmath.OneInt())
		bid.Limit = wad(h.Lot.Curve.Price(h.Lot.Clock.Effective))
		list = append(list, bid)
	}
	switch s.rnd.IntN(6) {
	case 0:
		list = append(list, &auctiontypes.MsgSell{
			Seller: who.String(), Offer: sdk.NewInt64Coin("uatom", 100_000_000), BuyDenom: "uusdc", Limit: "0.000001",
		})
	case 1:
		list = append(list, &auctiontypes.MsgClaim{Owner: who.String()})
	case 2:
		list = append(list, &auctiontypes.MsgClaim{Owner: who.String(), Recipient: s.anyone().String()})
	case 3:
		msg := &portfoliotypes.MsgCreate{
			Owner: who.String(), Name: "shunned", Policy: s.policy(), Deposit: s.purse(),
			Payments: []portfoliotypes.PaymentTerms{s.payment()},
		}
		msg.Payments[0].To = portfoliotypes.Destination{Recipient: who.String()}
		list = append(list, msg)
	case 4:
		err := s.Portfolio.Owners.Walk(s.ctx(),
			collections.NewPrefixedTripleRange[sdk.AccAddress, bool, uint64](who.addr),
			func(key collections.Triple[sdk.AccAddress, bool, uint64]) (bool, error) {
				list = append(list, &portfoliotypes.MsgClose{Owner: who.String(), Id: key.K3(), Force: s.in(2)})
				return s.in(2), nil
			})
		require.NoError(s, err)
	}
	return list
}
