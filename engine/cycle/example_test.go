package cycle_test

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

func price(usd int64) oracle.Price {
	return oracle.Price{Value: fixed.FromInt(usd), Classes: 3, Status: oracle.StatusOK}
}

func millions(n uint64) asset.Amount { return fixed.NatOf(n * 1_000_000) }

// A whole round of two portfolios. The first has too much ATOM, the second too much USDC: 200 of what the first sells
// cross with the second at the oracle's price, the rest is auctioned to one maker.
func Example() {
	universe, _ := asset.NewUniverse([]asset.Asset{{ID: "uatom", Exponent: 6}, {ID: "uusdc", Exponent: 6}})
	cfg := cycle.Config{
		Universe: universe, IntervalSeconds: 86_400,
		Crossing: cycle.CrossConfig{
			Cost: fixed.FromBps(50), Gate: netting.Gate{Deviations: fixed.FromInt(4), MaxAgeSeconds: 60, MinClasses: 2},
		},
		Auction: cycle.AuctionConfig{
			Kind: auction.Exponential, WindowSeconds: 600, OpeningBlocks: 2,
			Pace:  auction.Pace{BlockSeconds: 6, HaltSeconds: 600},
			Width: auction.Width{Base: fixed.FromBps(100), Cap: fixed.FromBps(500), MaxAgeSeconds: 600},
		},
	}
	half := fixed.FromBps(5000)
	policy := &cycle.Policy{ // half and half, all of the gap at once, whenever it is above 2 %
		Assets: []asset.Index{0, 1}, PeriodSeconds: 86_400, Gains: pid.Default(fixed.One()),
		Target:  target.Schedule{Kind: target.ConstantMix, Weights: []fixed.Wad{half, half}},
		Trigger: trigger.Config{Mode: trigger.Absolute, Threshold: fixed.FromBps(200)},
	}
	page := []cycle.Portfolio{
		{ID: 1, Policy: policy, Holdings: []asset.Amount{millions(120), millions(300)}, State: cycle.NewState(2)},
		{ID: 2, Policy: policy, Holdings: []asset.Amount{millions(30), millions(700)}, State: cycle.NewState(2)},
	}
	in := cycle.Input{Now: 1_700_000_000, Height: 1, Prices: []oracle.Price{price(10), price(1)}, LastPage: true}
	var ws cycle.Workspace
	var round cycle.Round
	step := func(portfolios []cycle.Portfolio, closed ...cycle.Closed) cycle.Output {
		in.Portfolios, in.Closed = portfolios, closed
		next, out, err := cycle.Step(&ws, &cfg, round, in)
		if err != nil {
			fmt.Println(err)
		}
		for i, state := range out.States {
			portfolios[i].State = state
		}
		for _, t := range out.Transfers {
			fmt.Printf("%-10v %v: %v %s\n", round.Phase, t.Account, t.Delta.Big(), universe.At(t.Asset).ID)
		}
		round = next
		in.Now, in.Height = in.Now+6, in.Height+1
		return out
	}
	for _, d := range step(page).Decisions {
		fmt.Printf("portfolio %d of %.0f: %v, %v, matched %.2f\n",
			d.Portfolio, d.NAV.Float(), d.Outcome, d.Reason, d.Matched.Float())
	}
	lot := step(nil).Lots[0]

	var house auction.Workspace
	_ = lot.Open(in.Now)
	bid := auction.Bid{ID: 1, Bidder: 1, Quantity: millions(30), Limit: fixed.FromInt(10)}
	for now := in.Now + 6; lot.Status != auction.Closed; now += 6 {
		clearing, _ := house.Clear(&lot, []auction.Bid{bid}, now)
		if clearing.Exhausted() {
			fmt.Printf("lot %d: %v units for %v at %.2f\n", lot.ID, clearing.Sold, clearing.Proceeds, clearing.Price.Float())
		}
		_ = lot.Apply(&clearing)
	}
	step(nil, cycle.Closed{Lot: lot, AtMid: millions(250)})
	for _, f := range step(page).Fills {
		fmt.Printf("portfolio %d sold %.2f, of it %.2f inside, got %.2f\n",
			f.Portfolio, f.Sold.Float(), f.Crossed.Float(), f.Got.Float())
	}
	fmt.Println("then", round.Phase)
	// Output:
	// idle       portfolio 1: -45000000 uatom
	// idle       portfolio 2: -200000000 uusdc
	// idle       escrow 1: 45000000 uatom
	// idle       escrow 1: 200000000 uusdc
	// portfolio 1 of 1500: ordered, drift of an asset above its threshold, matched 450.00
	// portfolio 2 of 1000: ordered, drift of an asset above its threshold, matched 200.00
	// crossing   escrow 1: -25000000 uatom
	// crossing   lot 1048576: 25000000 uatom
	// lot 1048576: 25000000 units for 250000000 at 10.00
	// auctioning escrow 1: 250000000 uusdc
	// auctioning lot 1048576: -250000000 uusdc
	// settling   portfolio 1: 450000000 uusdc
	// settling   portfolio 2: 20000000 uatom
	// settling   escrow 1: -20000000 uatom
	// settling   escrow 1: -450000000 uusdc
	// portfolio 1 sold 450.00, of it 200.00 inside, got 450.00
	// portfolio 2 sold 200.00, of it 200.00 inside, got 200.00
	// then idle
}
