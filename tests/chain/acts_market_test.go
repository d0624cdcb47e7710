package chain_test

import (
	"fmt"
	"math"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	sdkmath "cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/engine/fixed"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

func marketActs() []act {
	return []act{
		{40, (*chance).bid},
		{6, (*chance).cancelBid},
		{4, (*chance).sell},
		{4, (*chance).cancelSale},
		{1, (*chance).claim},
		{2, (*chance).pauseAuctions},
		{1, (*chance).resumeAuctions},
		{2, (*chance).updateAuctionParams},
		{2, (*chance).addAsset},
		{3, (*chance).updateAsset},
		{2, (*chance).setSources},
		{2, (*chance).updateOracleParams},
		{2, (*chance).updateRoundParams},
		{2, (*chance).halt},
		{1, (*chance).resumeRounds},
		{2, (*chance).payDebt},
	}
}

// lot draws an open lot.
func (c *chance) lot() (auctiontypes.Hall, bool) {
	c.Helper()
	var ids []uint64
	err := c.Auction.Live.Walk(c.ctx(), nil, func(id uint64) (bool, error) {
		ids = append(ids, id)
		return false, nil
	})
	if err != nil || len(ids) == 0 {
		return auctiontypes.Hall{}, false
	}
	h, err := c.Auction.Halls.Get(c.ctx(), one(c, ids...))
	return h, err == nil
}

// bid is near the clock as a rule, by somebody who may be a seller too.
func (c *chance) bid() sdk.Msg {
	h, found := c.lot()
	if !found {
		return nil
	}
	var calc fixed.Calc
	clock := h.Lot.Curve.Price(h.Lot.Clock.Effective)
	limit := calc.MulDown(clock, fixed.FromBps(9_800+c.rnd.Int64N(300)))
	if limit.Less(h.Lot.Curve.Reserve) && !c.in(10) {
		limit = h.Lot.Curve.Reserve
	}
	who := one(c, makers...)
	if c.in(6) {
		who = c.anyone()
	}
	offered := sdkmath.NewIntFromBigInt(h.Lot.Offered(clock).Big())
	units := c.amount(offered)
	msg := &auctiontypes.MsgBid{
		Bidder: who.String(), LotId: h.Lot.ID, AmountOut: units, AmountIn: sdkmath.ZeroInt(), MinFill: sdkmath.ZeroInt(),
		Limit: wad(limit),
	}
	switch c.rnd.IntN(5) {
	case 0:
		cost := h.Lot.Pair.QuoteUp(&calc, h.Lot.Offered(clock), h.Lot.Curve.Start)
		msg.AmountOut, msg.AmountIn = sdkmath.ZeroInt(), c.amount(sdkmath.NewIntFromBigInt(cost.Big()))
	case 1:
		msg.AllOrNone = true
	case 2:
		msg.MinFill = units.QuoRaw(2)
	case 3:
		msg.Expiry = c.now.Unix() + c.rnd.Int64N(40)
	}
	if c.in(40) {
		msg.LotId += 1_000_000
	}
	return msg
}

func (c *chance) cancelBid() sdk.Msg {
	var keys []collections.Triple[sdk.AccAddress, uint64, uint64]
	err := c.Auction.Owners.Walk(c.ctx(), nil,
		func(key collections.Triple[sdk.AccAddress, uint64, uint64], _ fixed.Wad) (bool, error) {
			keys = append(keys, key)
			return len(keys) > 50, nil
		})
	if err != nil || len(keys) == 0 {
		return nil
	}
	key := one(c, keys...)
	msg := &auctiontypes.MsgCancelBid{Bidder: c.or(key.K1().String()), LotId: key.K2(), BidId: key.K3()}
	return msg
}

func (c *chance) sell() sdk.Msg {
	who := c.anyone()
	denom := one(c, "uusdc", "uatom", "aeth", "uosmo")
	units := sdkmath.NewInt(1_000_000 + c.rnd.Int64N(5_000_000_000))
	if denom == "aeth" {
		units = units.MulRaw(1_000_000_000)
	}
	if c.in(12) {
		units = sdkmath.OneInt()
	}
	buy := c.listed()
	if buy == denom && !c.in(4) {
		buy = one(c, "uusdc", "uosmo")
	}
	return &auctiontypes.MsgSell{
		Seller: who.String(), Offer: sdk.NewCoin(denom, units), BuyDenom: buy,
		Limit: one(c, "0.000001", "0.0001", "0.01", "1", "0"),
	}
}

func (c *chance) cancelSale() sdk.Msg {
	var list []auctiontypes.Selling
	err := c.Auction.Selling.Walk(c.ctx(), nil, func(_ uint64, s auctiontypes.Selling) (bool, error) {
		list = append(list, s)
		return false, nil
	})
	if err != nil || len(list) == 0 {
		return nil
	}
	s := one(c, list...)
	return &auctiontypes.MsgCancelSale{Seller: c.or(sdk.AccAddress(s.Seller).String()), SaleId: s.Sale.ID}
}

// owed is somebody who waits to be paid.
func (c *chance) owed() (who sdk.AccAddress) {
	c.Helper()
	err := c.Auction.Claims.Walk(c.ctx(), nil,
		func(key collections.Pair[sdk.AccAddress, uint64], _ auctiontypes.Owed) (bool, error) {
			who = key.K1()
			return true, nil
		})
	require.NoError(c, err)
	return who
}

func (c *chance) claim() sdk.Msg {
	owner := c.owed()
	if owner == nil {
		owner = c.anyone().addr
	}
	msg := &auctiontypes.MsgClaim{Owner: owner.String()}
	if c.in(2) {
		msg.Recipient = c.anyone().String()
	}
	return msg
}

// keeper is who may stop things, as a rule.
func (c *chance) keeper() string { return c.or(one(c, guardian.String(), app.Authority())) }

func (c *chance) pauseAuctions() sdk.Msg {
	return &auctiontypes.MsgPause{Sender: c.keeper(), Reason: "by chance"}
}

func (c *chance) resumeAuctions() sdk.Msg { return &auctiontypes.MsgResume{Sender: c.keeper()} }

func (c *chance) updateAuctionParams() sdk.Msg {
	params, err := c.Auction.Params.Get(c.ctx())
	if err != nil {
		return nil
	}
	params.MaxLotsPerBlock = 5 + c.rnd.Uint32N(10)
	params.MaxBidsPerBlock = 10 + c.rnd.Uint32N(100)
	params.MaxBidsPerLot = 6 + c.rnd.Uint32N(20)
	params.MaxReturnsPerBlock = 1 + c.rnd.Uint32N(10)
	params.MaxPayoutsPerBlock = 1 + c.rnd.Uint32N(2)
	params.HistorySeconds = c.rnd.Int64N(600)
	if c.in(6) {
		params.MaxLotsPerBlock = math.MaxUint32
	}
	return &auctiontypes.MsgUpdateParams{Authority: c.authority(), Params: params}
}

// addAsset registers an asset that nobody has, until there are as many as may be.
func (c *chance) addAsset() sdk.Msg {
	n := len(c.denoms)
	msg := &oracletypes.MsgAddAsset{
		Authority: c.authority(), Denom: fmt.Sprintf("unew%d", n), Display: fmt.Sprintf("NEW%d", n),
		Exponent: one[uint32](c, 0, 6, 8, 18, 19), Sources: sources(),
	}
	if c.in(5) {
		msg.Denom = c.listed()
	}
	return msg
}

func (c *chance) updateAsset() sdk.Msg {
	msg := &oracletypes.MsgUpdateAsset{Authority: c.authority(), Denom: c.listed()}
	switch c.rnd.IntN(6) {
	case 0:
		msg.Status = oracletypes.AssetWindDown
	case 1:
		if c.in(4) {
			msg.Status = oracletypes.AssetDisabled
		}
	case 2:
		msg.Denom = unlisted
	default:
		msg.Status = oracletypes.AssetActive
	}
	return msg
}

func (c *chance) setSources() sdk.Msg {
	list := sources()
	for i := range list {
		list[i].Weight = 80 + c.rnd.Uint32N(40)
	}
	list = append(list, oracletypes.Source{
		Id: 9, Class: oracletypes.ClassAuction, Weight: 30, MaxAgeSeconds: 600,
	})
	if c.in(5) {
		list[1].Reporter = list[0].Reporter
	}
	return &oracletypes.MsgSetSources{Authority: c.authority(), Denom: c.listed(), Sources: list}
}

func (c *chance) updateOracleParams() sdk.Msg {
	params, err := c.Oracle.Params.Get(c.ctx())
	if err != nil {
		return nil
	}
	params.MaxPoints = 2 + c.rnd.Uint32N(8)
	params.PointSeconds = 60 + c.rnd.Int64N(600)
	params.EventSeconds = 1 + c.rnd.Int64N(600)
	params.History.BreakerFloor = c.percent(100, 5_000)
	if c.in(6) {
		params.MaxPoints = 0
	}
	return &oracletypes.MsgUpdateParams{Authority: c.authority(), Params: params}
}

func (c *chance) updateRoundParams() sdk.Msg {
	params, err := c.Rebalance.Params.Get(c.ctx())
	if err != nil {
		return nil
	}
	params.IntervalSeconds = 30 + c.rnd.Int64N(90)
	params.Auction.WindowSeconds = 18 + c.rnd.Int64N(40)
	params.Auction.Kind = one(c,
		rebalancetypes.CurveKind_CURVE_KIND_LINEAR, rebalancetypes.CurveKind_CURVE_KIND_EXPONENTIAL)
	params.Crossing.Off = c.in(6)
	params.Work = rebalancetypes.Work{
		Collect: 4 + c.rnd.Uint32N(20), Settle: 2 + c.rnd.Uint32N(20), Sales: 1 + c.rnd.Uint32N(5),
		Lots: 1 + c.rnd.Uint32N(5), Sweep: 1 + c.rnd.Uint32N(20),
	}
	params.HistoryRounds = 2 + c.rnd.Uint32N(4)
	params.FrozenLotSeconds = c.rnd.Int64N(300)
	if c.in(6) {
		params.Work.Lots = 0
	}
	return &rebalancetypes.MsgUpdateParams{Authority: c.authority(), Params: params}
}

func (c *chance) halt() sdk.Msg {
	return &rebalancetypes.MsgHalt{Sender: c.keeper(), Reason: "by chance"}
}

func (c *chance) resumeRounds() sdk.Msg { return &rebalancetypes.MsgResume{Sender: c.keeper()} }

func (c *chance) payDebt() sdk.Msg {
	return &rebalancetypes.MsgPayDebt{Sender: c.anyone().String(), Portfolio: 1 + c.rnd.Uint64N(debts+20)}
}
