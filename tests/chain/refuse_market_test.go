package chain_test

import (
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

func (s *stage) auctionRefusals() []refusal {
	bid := func(f func(*auctiontypes.MsgBid)) sdk.Msg { return s.bids(makers[1], f) }
	sell := func(f func(*auctiontypes.MsgSell)) sdk.Msg { return s.sellsFor(carol, f) }
	params := auctiontypes.DefaultParams()
	params.MaxLotsPerBlock = 0
	return []refusal{
		{
			"zero", bid(func(b *auctiontypes.MsgBid) { b.AmountOut = math.ZeroInt() }),
			auctiontypes.ErrInvalid, "expected either amount_out or amount_in",
		},
		{
			"overflow", bid(func(b *auctiontypes.MsgBid) { b.AmountOut = huge() }),
			auctiontypes.ErrOverflow, "expected 0..2^128-1",
		},
		{"unknown lot", bid(func(b *auctiontypes.MsgBid) { b.LotId = 5 }), auctiontypes.ErrUnknownLot, "got 5"},
		{
			"below the reserve", bid(func(b *auctiontypes.MsgBid) { b.Limit = "0.01" }),
			auctiontypes.ErrBid, "expected",
		},
		{
			"no number", bid(func(b *auctiontypes.MsgBid) { b.Limit = "much" }),
			auctiontypes.ErrInvalid, "expected a decimal",
		},
		{"expired", bid(func(b *auctiontypes.MsgBid) { b.Expiry = 5 }), auctiontypes.ErrBid, "expired at 5"},
		{
			"too small", bid(func(b *auctiontypes.MsgBid) { b.AmountOut = math.OneInt() }),
			auctiontypes.ErrSmall, "expected a value of at least 10",
		},
		{"too many", s.bids(makers[0]), auctiontypes.ErrTooMany, "expected fewer than 1 bids"},
		{
			"other's bid", &auctiontypes.MsgCancelBid{Bidder: makers[1].String(), LotId: s.lot, BidId: s.bid},
			auctiontypes.ErrUnknownBid, "expected a resting bid",
		},
		{
			"unknown bid", &auctiontypes.MsgCancelBid{Bidder: makers[0].String(), LotId: s.lot, BidId: 9},
			auctiontypes.ErrUnknownBid, "got 9",
		},
		{
			"zero", sell(func(m *auctiontypes.MsgSell) { m.Offer.Amount = math.ZeroInt() }),
			auctiontypes.ErrInvalid, "expected a coin of an amount above 0",
		},
		{
			"overflow", sell(func(m *auctiontypes.MsgSell) { m.Offer.Amount = huge() }),
			auctiontypes.ErrOverflow, "offer",
		},
		{
			"unknown denom", sell(func(m *auctiontypes.MsgSell) { m.Offer.Denom = unlisted }),
			auctiontypes.ErrUnknownDenom, "expected a listed denom",
		},
		{
			"for itself", sell(func(m *auctiontypes.MsgSell) { m.BuyDenom = "uosmo" }),
			auctiontypes.ErrUnknownDenom, "other than",
		},
		{
			"no limit", sell(func(m *auctiontypes.MsgSell) { m.Limit = "" }),
			auctiontypes.ErrInvalid, "a sale names its price",
		},
		{
			"too small", sell(func(m *auctiontypes.MsgSell) { m.Offer.Amount = math.OneInt() }),
			auctiontypes.ErrSmall, "expected a value of at least 10",
		},
		{"too many", s.sellsFor(bob), auctiontypes.ErrTooMany, "expected fewer than 1 sales"},
		{
			"other's sale", &auctiontypes.MsgCancelSale{Seller: carol.String(), SaleId: s.sale},
			auctiontypes.ErrUnknownSale, "expected a sale of",
		},
		{
			"unknown sale", &auctiontypes.MsgCancelSale{Seller: bob.String(), SaleId: 99},
			auctiontypes.ErrUnknownSale, "got 99",
		},
		{
			"nothing owed", &auctiontypes.MsgClaim{Owner: carol.String()},
			auctiontypes.ErrNothing, "expected something",
		},
		{
			"not an address", &auctiontypes.MsgClaim{Owner: carol.String(), Recipient: "x"},
			auctiontypes.ErrInvalid, "expected an address",
		},
		{
			"not the guardian", &auctiontypes.MsgPause{Sender: bob.String()},
			auctiontypes.ErrUnauthorized, "expected the guardian",
		},
		{
			"long reason", &auctiontypes.MsgPause{Sender: guardian.String(), Reason: strings.Repeat("x", 257)},
			auctiontypes.ErrInvalid, "at most 256 bytes, got 257",
		},
		{
			"not the guardian", &auctiontypes.MsgResume{Sender: bob.String()},
			auctiontypes.ErrUnauthorized, "expected the guardian",
		},
		{
			"not paused", &auctiontypes.MsgResume{Sender: guardian.String()},
			auctiontypes.ErrPaused, "expected paused auctions",
		},
		{
			"not the authority", &auctiontypes.MsgUpdateParams{
				Authority: bob.String(), Params: auctiontypes.DefaultParams(),
			},
			auctiontypes.ErrUnauthorized, "authority",
		},
		{
			"zero", &auctiontypes.MsgUpdateParams{Authority: governance(), Params: params},
			auctiontypes.ErrParams, "expected 1..1000, got 0",
		},
	}
}

func (s *stage) oracleRefusals() []refusal {
	say := func(who person, pairs ...string) *oracletypes.MsgReport { return s.report(who, 0, pairs...) }
	late := say(reporters[0], "uatom", "10")
	late.Reports[0].TimeSeconds += 3_600
	old := say(reporters[0], "uatom", "10")
	old.Reports[0].TimeSeconds = startTime - 50
	params := oracletypes.DefaultParams()
	params.MaxAssets = 0
	one := sources()[:1]
	double := append(sources(), sources()[0])
	add := func(denom, display string, exponent uint32) *oracletypes.MsgAddAsset {
		return &oracletypes.MsgAddAsset{
			Authority: governance(), Denom: denom, Display: display, Exponent: exponent, Sources: one,
		}
	}
	return []refusal{
		{"no reporter", say(stranger, "uatom", "10"), oracletypes.ErrReporter, "expected the reporter of a source"},
		{"zero", say(reporters[0], "uatom", "0"), oracletypes.ErrPrice, "expected"},
		{"overflow", say(reporters[0], "uatom", "1000000000000000001"), oracletypes.ErrPrice, "expected"},
		{
			"unknown denom", say(reporters[0], unlisted, "1"),
			oracletypes.ErrUnknownAsset, "expected a registered denom",
		},
		{
			"duplicate", say(reporters[0], "uatom", "10", "uatom", "10"),
			oracletypes.ErrReport, "expected one report, got two",
		},
		{"nothing", say(reporters[0]), oracletypes.ErrTooMany, "expected 1..128 reports, got 0"},
		{"of the future", late, oracletypes.ErrTime, "expected"},
		{"older than the last", old, oracletypes.ErrTime, "expected"},
		{
			"not the authority", &oracletypes.MsgAddAsset{Authority: bob.String(), Denom: "unew", Display: "NEW"},
			sdkerrors.ErrUnauthorized, "authority",
		},
		{"duplicate", add("uatom", "NEW", 6), oracletypes.ErrAssetExists, "expected a new denom"},
		{"exponent", add("unew", "NEW", 19), oracletypes.ErrAsset, "expected"},
		{
			"not the authority", &oracletypes.MsgUpdateAsset{Authority: bob.String(), Denom: "uatom"},
			sdkerrors.ErrUnauthorized, "authority",
		},
		{
			"unknown denom", &oracletypes.MsgUpdateAsset{Authority: governance(), Denom: unlisted},
			oracletypes.ErrUnknownAsset, "expected a registered denom",
		},
		{
			"not the authority", &oracletypes.MsgSetSources{Authority: bob.String(), Denom: "uatom", Sources: one},
			sdkerrors.ErrUnauthorized, "authority",
		},
		{
			"duplicate", &oracletypes.MsgSetSources{Authority: governance(), Denom: "uatom", Sources: double},
			oracletypes.ErrSource, "expected",
		},
		{
			"unknown denom", &oracletypes.MsgSetSources{Authority: governance(), Denom: unlisted, Sources: one},
			oracletypes.ErrUnknownAsset, "expected a registered denom",
		},
		{
			"not the authority", &oracletypes.MsgUpdateParams{
				Authority: bob.String(), Params: oracletypes.DefaultParams(),
			},
			sdkerrors.ErrUnauthorized, "authority",
		},
		{
			"zero", &oracletypes.MsgUpdateParams{Authority: governance(), Params: params},
			oracletypes.ErrParams, "expected 1..128, got 0",
		},
	}
}

func (*stage) roundRefusals() []refusal {
	params := rebalancetypes.DefaultParams()
	params.IntervalSeconds = 0
	return []refusal{
		{
			"not the authority", &rebalancetypes.MsgUpdateParams{
				Authority: bob.String(), Params: rebalancetypes.DefaultParams(),
			},
			sdkerrors.ErrUnauthorized, "authority",
		},
		{
			"zero", &rebalancetypes.MsgUpdateParams{Authority: governance(), Params: params},
			rebalancetypes.ErrParams, "expected an interval of 1",
		},
		{
			"not the guardian", &rebalancetypes.MsgHalt{Sender: bob.String()},
			rebalancetypes.ErrSigner, "expected the guardian",
		},
		{
			"long reason", &rebalancetypes.MsgHalt{Sender: guardian.String(), Reason: strings.Repeat("x", 201)},
			rebalancetypes.ErrReason, "at most 200 bytes, got 201",
		},
		{
			"not the guardian", &rebalancetypes.MsgResume{Sender: bob.String()},
			rebalancetypes.ErrSigner, "expected the guardian",
		},
		{
			"not halted", &rebalancetypes.MsgResume{Sender: guardian.String()},
			rebalancetypes.ErrRunning, "expected halted rounds",
		},
		{
			"nothing owed", &rebalancetypes.MsgPayDebt{Sender: bob.String(), Portfolio: open},
			rebalancetypes.ErrDebt, "expected a portfolio that is owed something, got 1",
		},
		{
			"unknown", &rebalancetypes.MsgPayDebt{Sender: bob.String(), Portfolio: missing},
			rebalancetypes.ErrDebt, "got 77",
		},
	}
}
