package demo

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/internal/daemon/demo/view"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// Bounds of what a scene shows.
const (
	shownLots  = 20
	shownFills = 10
)

func (c *camera) shootPrices(ctx context.Context, s *view.Scene) error {
	r, err := oracletypes.NewQueryClient(c.client()).Prices(ctx, &oracletypes.QueryPricesRequest{})
	if err != nil {
		return err
	}
	c.prices = make(map[string]fixed.Wad, len(r.Prices))
	for i := range r.Prices {
		c.prices[r.Prices[i].Denom] = parsed(r.Prices[i].Value)
	}
	if c.begin == nil {
		c.begin = c.prices
	}
	for i := range r.Prices {
		p := &r.Prices[i]
		s.Prices = append(s.Prices, view.Price{
			Asset: c.assets.Display(p.Denom), Value: c.prices[p.Denom], Before: c.begin[p.Denom],
			Usable: p.Status == oracle.StatusOK.String(),
		})
	}
	return nil
}

// implied is the price of one denom in another one, as the oracle sees it.
func (c *camera) implied(sell, buy string) fixed.Wad {
	var calc fixed.Calc
	if c.prices[buy].IsZero() {
		return fixed.Wad{}
	}
	return calc.DivDown(c.prices[sell], c.prices[buy])
}

func (c *camera) shootRound(ctx context.Context, s *view.Scene) error {
	r, err := types.NewQueryClient(c.client()).Round(ctx, &types.QueryRoundRequest{})
	if err != nil {
		return err
	}
	s.Phase = phases()[r.Phase]
	if len(c.past) > 0 || r.OpenLots > 0 {
		s.Round = len(c.past) + 1
	}
	if s.Phase == "" {
		s.Phase = "next at " + time.Unix(r.NextFreezeAt, 0).UTC().Format(time.TimeOnly)
		s.Round = len(c.past)
	}
	return nil
}

// phases are what a round may be doing.
func phases() map[types.Phase]string {
	return map[types.Phase]string{
		types.Phase_PHASE_COLLECTING: "deciding", types.Phase_PHASE_CROSSING: "crossing",
		types.Phase_PHASE_AUCTIONING: "auctioning", types.Phase_PHASE_SETTLING: "settling",
	}
}

func (c *camera) shootHolders(ctx context.Context, s *view.Scene) error {
	now, err := c.look(ctx)
	if err != nil {
		return err
	}
	for i, t := range c.treasuries {
		h := view.Holder{
			Name: t.label, Value: now[i].nav, Weights: now[i].weights, Targets: t.targets(c.market),
			Drifts: c.drifts[i], Reason: c.reasons[i],
		}
		if h.Reason == "" {
			h.Reason = t.why
		}
		var r drift.Report
		if err := drift.Measure(&r, now[i].values, h.Targets); err == nil {
			h.Drift = r.L1
		}
		s.Holders = append(s.Holders, h)
	}
	return nil
}

func (c *camera) shootLots(ctx context.Context, s *view.Scene) error {
	q := auctiontypes.NewQueryClient(c.client())
	for _, status := range []auctiontypes.LotStatus{auctiontypes.LOT_STATUS_OPEN, auctiontypes.LOT_STATUS_OPENING} {
		r, err := q.Lots(ctx, &auctiontypes.QueryLotsRequest{
			Status: status, Pagination: &query.PageRequest{Limit: shownLots},
		})
		if err != nil {
			return err
		}
		for i := range r.Lots {
			l := &r.Lots[i]
			shown := view.Lot{
				ID: l.Id, Sell: c.assets.Display(l.SellDenom), Buy: c.assets.Display(l.BuyDenom),
				Oracle: c.implied(l.SellDenom, l.BuyDenom), Bids: int(l.Bids), Left: left(l),
			}
			if status == auctiontypes.LOT_STATUS_OPEN {
				shown.Clock = parsed(l.ClockPrice)
			}
			s.Lots = append(s.Lots, shown)
		}
	}
	return nil
}

// left is the part of a lot that is not sold yet.
func left(l *auctiontypes.Lot) fixed.Wad {
	var calc fixed.Calc
	rest, err := fixed.NatFromBig(l.Remaining.BigInt())
	calc.Fail(err)
	all := rest
	for i := range l.Tranches {
		sold, err := fixed.NatFromBig(l.Tranches[i].Sold.BigInt())
		calc.Fail(err)
		all = calc.AddNat(all, sold)
	}
	if calc.Err() != nil || all.IsZero() {
		return fixed.Wad{}
	}
	return calc.DivDown(rest.Raw(), all.Raw())
}

func (c *camera) shootFills(ctx context.Context, s *view.Scene) error {
	q := auctiontypes.NewQueryClient(c.client())
	var all []purchase
	for i, address := range c.cast.makers {
		r, err := q.Fills(ctx, &auctiontypes.QueryFillsRequest{
			Bidder: address.String(), Pagination: &query.PageRequest{Limit: shownFills, Reverse: true},
		})
		if err != nil {
			return err
		}
		for k := range r.Fills {
			all = append(all, purchase{&r.Fills[k], makerKey(i)})
		}
	}
	for _, f := range newest(all, shownFills) {
		s.Fills = append(s.Fills, view.Fill{
			Who: f.who, Sell: c.assets.Display(f.Units.Denom), Buy: c.assets.Display(f.Payment.Denom),
			Amount: parsed(strings.ReplaceAll(c.assets.Number(f.Units.Denom, f.Units.Amount), ",", "")),
			Price:  parsed(f.Price), Oracle: c.implied(f.Units.Denom, f.Payment.Denom),
		})
	}
	return nil
}

// purchase is a fill and whose it is.
type purchase struct {
	*auctiontypes.Fill

	who string
}

// newest are the last purchases, the newest first.
func newest(all []purchase, most int) []purchase {
	slices.SortFunc(all, func(a, b purchase) int {
		return cmp.Or(cmp.Compare(b.Height, a.Height), cmp.Compare(b.LotId, a.LotId), cmp.Compare(b.BidId, a.BidId))
	})
	return all[:min(len(all), most)]
}
