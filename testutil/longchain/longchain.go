package longchain

import (
	"context"
	"fmt"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/index/chain"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

const (
	// Name of the chain.
	Name = "longchain"
	// Interval is the time between two blocks, in seconds: that of a round.
	Interval = 3600

	begin   = 1_700_000_000 // of the first block, unix seconds
	ordered = 20            // of so many portfolios one orders
)

// Chain says how long it is. Block 1 has what was there before; block r+1 is round r.
type Chain struct {
	Portfolios, Rounds int
	Bids               int // of each of the two lots of a round; half of them fill
}

var denoms = []string{"ubtc", "ueth", "uatom", "uosmo", "uusdc"}

// Time of a block, unix seconds.
func Time(height int64) int64 { return begin + height*Interval }

// Head says what blocks there are.
func (c *Chain) Head(context.Context) (chain.Head, error) {
	return chain.Head{Chain: Name, First: 1, Last: int64(c.Rounds) + 1}, nil
}

// Block makes a block.
func (c *Chain) Block(_ context.Context, height int64) (*chain.Block, error) {
	b := &chain.Block{Chain: Name, Height: height, Time: Time(height), Hash: fmt.Sprintf("%064X", height)}
	if height > 1 {
		b.Events = c.round(height)
	}
	return b, nil
}

// Between makes a block in which there is no round: prices, and an auction from its opening to its end.
func (c *Chain) Between(height int64) *chain.Block {
	id := 2 * (uint64(height) - 1) //nolint:gosec // from 1
	return &chain.Block{
		Chain: Name, Height: height, Time: Time(height), Hash: fmt.Sprintf("%064X", height),
		Events: append(prices(height), c.lot(height, id, denoms[0])...),
	}
}

// Records are what a round decided: all of them.
func (c *Chain) Records(
	_ context.Context, height int64, round, after uint64,
) ([]rebalancetypes.Record, error) {
	list := make([]rebalancetypes.Record, 0, c.Portfolios)
	for id := after + 1; id <= c.last(); id++ {
		list = append(list, record(height, round, id))
	}
	return list, nil
}

// Prices are those of a round.
func (*Chain) Prices(_ context.Context, height int64, _ uint64) ([]rebalancetypes.AssetPrice, error) {
	list := make([]rebalancetypes.AssetPrice, len(denoms))
	for i, denom := range denoms {
		list[i] = rebalancetypes.AssetPrice{Denom: denom, Price: price(height, i), Status: "ok"}
	}
	return list, nil
}

func price(height int64, of int) string { return fmt.Sprint(of+1, wave(height, int64(of))) }

// last is the id of the last portfolio.
func (c *Chain) last() uint64 { return uint64(c.Portfolios) } //nolint:gosec // few

// Portfolio is one as it always was.
func (*Chain) Portfolio(_ context.Context, _ int64, id uint64) (*chain.Portfolio, error) {
	p := portfolio(id)
	return &p, nil
}

// Start is what there was before.
func (c *Chain) Start(context.Context, int64) (*chain.Start, error) {
	s := &chain.Start{}
	for i, denom := range denoms {
		index := uint32(i)
		s.Assets = append(s.Assets, oracletypes.IndexedAsset{Index: index, Asset: oracletypes.Asset{
			Denom: denom, Display: denom[1:], Exponent: 6, Status: oracletypes.AssetActive,
		}})
	}
	for id := range c.Portfolios {
		s.Portfolios = append(s.Portfolios, portfolio(uint64(id)+1))
	}
	return s, nil
}

func portfolio(id uint64) chain.Portfolio {
	p := portfoliotypes.Portfolio{
		Id: id, Owner: Address(id % 300), Name: fmt.Sprint("Treasury ", id), CreatedHeight: 1, CreatedAt: begin,
	}
	for i, denom := range denoms {
		p.Policy.Positions = append(p.Policy.Positions, portfoliotypes.Position{
			Denom: denom, Weight: fmt.Sprintf("0.%d", 10+5*i), MinBalance: math.ZeroInt(),
		})
	}
	p.Policy.Trigger.Kind = portfoliotypes.TriggerKind_TRIGGER_KIND_THRESHOLD
	p.Policy.Trigger.Threshold = "0.05"
	if id <= 100 {
		p.Payments = append(p.Payments, portfoliotypes.Payment{Id: 1, Terms: portfoliotypes.PaymentTerms{
			Amount: coin("uusdc", 1_000_000_000), To: portfoliotypes.Destination{Recipient: Address(7)},
		}})
	}
	return chain.Portfolio{QueryPortfolioResponse: portfoliotypes.QueryPortfolioResponse{
		Portfolio: p, Address: Address(id),
	}}
}

// Address is an account of the chain, by a number. Makers are those of 0 to 4.
func Address(n uint64) string { return sdk.AccAddress(fmt.Sprintf("%020d", n)).String() }

func coin(denom string, n int64) sdk.Coin { return sdk.NewInt64Coin(denom, n) }

// wave is a figure that moves and never repeats soon.
func wave(a, b int64) string {
	return fmt.Sprintf("1.%018d", (a*7_919_777_333+b*104_729_111)%1_000_000_000_000_000_000)
}

func record(height int64, round, id uint64) rebalancetypes.Record {
	n := int64(id) //nolint:gosec // few
	r := rebalancetypes.Record{
		Portfolio: id, Round: round, DecidedAt: Time(height), Measured: true, Nav: fmt.Sprint(n%97, wave(height, n)),
		Drift: "0." + wave(n, height)[2:], TotalDrift: "0." + wave(n, height)[2:], Threshold: "0.05",
		Outcome: rebalancetypes.PortfolioNote{Outcome: "held", Reason: "within the threshold"},
	}
	for i, denom := range denoms {
		r.Assets = append(r.Assets, rebalancetypes.AssetWeight{
			Denom: denom, Weight: "0.2" + wave(height, n+int64(i))[3:], Target: "0.2",
		})
	}
	if orders(round, id) {
		r.Outcome = rebalancetypes.PortfolioNote{Outcome: "ordered", Reason: "an asset is beyond its threshold"}
		r.Orders = []rebalancetypes.PlacedOrder{order(round, 0)}
	}
	return r
}

// orders says who orders in a round: each its turn.
func orders(round, id uint64) bool { return (round+id)%ordered == 0 }

func order(round, lot uint64) rebalancetypes.PlacedOrder {
	o := rebalancetypes.PlacedOrder{
		Sell: denoms[round%2], Buy: "uusdc", Units: math.NewInt(1_000_000), Unsold: math.NewInt(1_000_000),
		Got: math.ZeroInt(),
	}
	if lot != 0 {
		o.Lot, o.Unsold, o.Got = lot, math.NewInt(1_000), math.NewInt(20_000_000)
	}
	return o
}

// round is what happens in the block of one.
func (c *Chain) round(height int64) []proto.Message {
	round := uint64(height) - 1 //nolint:gosec // from 1
	events := prices(height)
	events = append(events, &rebalancetypes.EventRoundStarted{Round: round, FrozeAt: Time(height), Merged: 1},
		&rebalancetypes.EventPageDecided{
			Round: round, Records: uint32(c.Portfolios), Last: uint64(c.Portfolios), //nolint:gosec // few
		},
		&rebalancetypes.EventCrossed{Round: round, Sold: coin("ubtc", 500), Bought: coin("uusdc", 30_000)})
	for side := range uint64(2) {
		events = append(events, c.lot(height, 2*round+side, denoms[side])...)
	}
	done := order(round, 2*round+round%2)
	for id := uint64(1); id <= c.last(); id++ {
		if orders(round, id) {
			events = append(events, &rebalancetypes.EventPortfolioSettled{
				Portfolio: id, Round: round, Orders: []rebalancetypes.PlacedOrder{done},
				Fill: rebalancetypes.Fill{
					Ordered: "1000", Crossed: "10", Sold: "999", Got: "998", Lost: "1", Fill: "0.9", CostBps: "10",
				},
			})
		}
	}
	events = append(events, &rebalancetypes.EventRoundFinished{Summary: rebalancetypes.RoundSummary{
		Round: round, Lots: 2, Ordered: "50000", Crossed: "500", Sold: "49000", Lost: "49", ClosedHeight: height,
		Counts: []rebalancetypes.Counts{{Outcome: "held", Portfolios: 950}, {Outcome: "ordered", Portfolios: 50}},
	}})
	return append(events, c.incidents(height)...)
}

func prices(height int64) (events []proto.Message) {
	for i, denom := range denoms {
		e := &oracletypes.EventPriceUpdated{
			Denom: denom, Status: "ok", Value: price(height, i), Confidence: "0.001", Sigma: "0.5",
			Twap: fmt.Sprint(i+1, ".5"), AgeSeconds: 4, Classes: 2,
		}
		for id := range uint32(3) {
			e.Sources = append(e.Sources, oracletypes.SourceReport{
				Source: oracletypes.Source{Id: id, Class: oracletypes.ClassFeed, Reporter: Address(uint64(id))}, Price: e.Value,
				TimeSeconds: Time(height) - 4, AgeSeconds: 4, Weight: 1_000, Verdict: "kept",
			})
		}
		events = append(events, e)
	}
	return events
}

// lot is an auction from its opening to its end.
func (c *Chain) lot(height int64, id uint64, sell string) []proto.Message {
	round := uint64(height) - 1 //nolint:gosec // from 1
	l := auctiontypes.Lot{
		Id: id, SellDenom: sell, SellExponent: 6, BuyDenom: "uusdc", BuyExponent: 6, Remaining: math.NewInt(50_000_000),
		Curve: auctiontypes.Curve{Kind: "linear", Start: "61000", Reserve: "59000"}, OpenedHeight: height,
		Tranches: []auctiontypes.Tranche{{Units: math.NewInt(50_000_000), Sold: math.ZeroInt(), Proceeds: math.ZeroInt()}},
	}
	events := []proto.Message{
		&rebalancetypes.EventLotPlanned{Round: round, Lot: id, Units: coin(sell, 50_000_000), Buy: "uusdc"},
		&auctiontypes.EventLotOpened{Lot: l},
	}
	for bid := uint64(1); bid <= uint64(c.Bids); bid++ { //nolint:gosec // few
		events = append(events, &auctiontypes.EventBidPlaced{Bid: auctiontypes.Bid{
			LotId: id, Id: bid, Bidder: Address(bid % 5), Quantity: math.NewInt(10_000), MinFill: math.ZeroInt(),
			Limit: "60000", Escrow: coin("uusdc", 600_000_000),
		}})
	}
	for bid := uint64(2); bid <= uint64(c.Bids); bid += 2 { //nolint:gosec // few
		events = append(events, &auctiontypes.EventFilled{
			LotId: id, BidId: bid, Bidder: Address(bid % 5), Units: math.NewInt(10_000), Payment: math.NewInt(599_000_000),
			Refund: math.NewInt(1_000_000), Price: "59900",
		})
	}
	return append(events,
		&auctiontypes.EventCleared{
			LotId: id, Clock: "60000", Price: "59900", Sold: coin(sell, 49_000_000), Proceeds: coin("uusdc", 2_900_000_000),
			Fills: uint32(c.Bids) / 2, Remaining: math.NewInt(1_000_000), Mid: "59950", CostBps: "8.3", //nolint:gosec // few
		},
		&auctiontypes.EventLotClosed{
			LotId: id, Sold: coin(sell, 49_000_000), Proceeds: coin("uusdc", 2_900_000_000), Unsold: coin(sell, 1_000_000),
		})
}

// incidents are what happens seldom: each portfolio is paused, pays and is remarked upon in its turn.
func (c *Chain) incidents(height int64) []proto.Message {
	round := uint64(height) - 1 //nolint:gosec // from 1
	id := round%c.last() + 1
	events := []proto.Message{
		&portfoliotypes.EventPaymentMade{
			Id: id%100 + 1, PaymentId: 1, Amount: coin("uusdc", 1_000_000_000),
			To: portfoliotypes.Destination{Recipient: Address(7)},
		},
		&portfoliotypes.EventPaused{Id: id, Reason: portfoliotypes.Reason_REASON_OWNER},
		&portfoliotypes.EventResumed{Id: id, By: Address(id % 300)},
		&rebalancetypes.EventPortfolioSkipped{Portfolio: id, Round: round, Error: "an example"},
	}
	if height == 2 {
		events = append(events, &auctiontypes.EventSalePlaced{Sale: auctiontypes.Sale{
			Id: 1, Seller: Address(9), Offered: coin("ubtc", 5_000_000), BuyDenom: "uusdc", Limit: "1",
		}}, &portfoliotypes.EventOrderCreated{Id: 1, OrderId: 1, Terms: portfoliotypes.OrderTerms{
			Sell: "ubtc", Buy: "uusdc", Amount: math.NewInt(5), MinSlice: math.ZeroInt(),
		}})
	}
	return events
}
