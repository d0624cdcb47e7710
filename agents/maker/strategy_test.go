package maker_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/agents/maker"
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func wad(t interface{ Fatal(args ...any) }, text string) fixed.Wad {
	w, err := fixed.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// lot sells 1,000 units of an asset of six decimals for another one, from 2.2 down to 1.8.
func lot(t interface{ Fatal(args ...any) }) *auction.Lot {
	curve, err := auction.NewCurve(auction.Curve{
		Kind: auction.Linear, Start: wad(t, "2.2"), Reserve: wad(t, "1.8"), Steps: 100, StepSeconds: 6,
	})
	if err != nil {
		t.Fatal(err)
	}
	l := &auction.Lot{
		ID: 7, Buy: 1, Curve: curve, Pace: auction.Pace{BlockSeconds: 6, HaltSeconds: 600}, TailSeconds: 60,
		OpeningBlocks: 2, Tranches: []auction.Tranche{{Units: fixed.NatOf(1_000_000_000)}},
		Pair: asset.Pair{Sell: asset.Asset{ID: "usell", Exponent: 6}, Buy: asset.Asset{ID: "ubuy", Exponent: 6}},
	}
	if err := l.Open(1_000); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestBid(t *testing.T) {
	t.Parallel()
	one := fixed.One()
	tests := []struct {
		name   string
		s      maker.Strategy
		v      maker.View
		want   maker.Bid
		reason maker.Reason
	}{
		{
			"all of it",
			maker.Strategy{Margin: fixed.FromBps(100)},
			maker.View{Sell: wad(t, "2"), Buy: one, Funds: fixed.NatOf(1_980_000_000)},
			maker.Bid{Units: fixed.NatOf(1_000_000_000), Limit: wad(t, "1.98")},
			maker.Bids,
		},
		{
			"as much as it has",
			maker.Strategy{Margin: fixed.FromBps(100)},
			maker.View{Sell: wad(t, "2"), Buy: one, Funds: fixed.NatOf(198_000_001)},
			maker.Bid{Units: fixed.NatOf(100_000_000), Limit: wad(t, "1.98")},
			maker.Bids,
		},
		{
			"as much as it wants",
			maker.Strategy{MaxValue: fixed.FromInt(300)},
			maker.View{Sell: wad(t, "2"), Buy: one, Funds: fixed.NatOf(5_000_000_000)},
			maker.Bid{Units: fixed.NatOf(150_000_000), Limit: wad(t, "2")},
			maker.Bids,
		},
		{"no price", maker.Strategy{}, maker.View{Buy: one, Funds: fixed.NatOf(1)}, maker.Bid{}, maker.NoPrice},
		{
			"reserve too high",
			maker.Strategy{Margin: fixed.FromBps(1_100)},
			maker.View{Sell: wad(t, "2"), Buy: one, Funds: fixed.NatOf(1)},
			maker.Bid{},
			maker.BelowBottom,
		},
		{"no funds", maker.Strategy{}, maker.View{Sell: wad(t, "2"), Buy: one}, maker.Bid{}, maker.NoFunds},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := test.s.Validate(); err != nil {
				t.Fatal(err)
			}
			got, reason, err := test.s.Bid(lot(t), test.v)
			if err != nil || got != test.want || reason != test.reason {
				t.Errorf("got %+v, %q, %v, want %+v, %q", got, reason, err, test.want, test.reason)
			}
		})
	}
	sold := lot(t)
	sold.Tranches[0].Sold = sold.Tranches[0].Units
	s := maker.Strategy{}
	if _, reason, err := s.Bid(sold, maker.View{Sell: wad(t, "2"), Buy: one, Funds: fixed.NatOf(9)}); err != nil ||
		reason != maker.NothingLeft {
		t.Errorf("sold out: got %q, %v", reason, err)
	}
}

// TestBidIsAffordable: whatever the prices are, the deposit is covered by the funds, and the chain would take the bid.
func TestBidIsAffordable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := maker.Strategy{
			Margin:   fixed.FromBps(rapid.Int64Range(0, 500).Draw(t, "margin")),
			MaxValue: fixed.FromInt(rapid.Int64Range(0, 10_000).Draw(t, "value")),
		}
		v := maker.View{
			Sell:  fixed.FromBps(rapid.Int64Range(1, 100_000).Draw(t, "sell")),
			Buy:   fixed.FromBps(rapid.Int64Range(1, 100_000).Draw(t, "buy")),
			Funds: fixed.NatOf(rapid.Uint64Range(0, 1<<40).Draw(t, "funds")),
		}
		l := lot(t)
		got, reason, err := s.Bid(l, v)
		if err != nil {
			t.Fatal(err)
		}
		if reason != maker.Bids {
			return
		}
		b := auction.Bid{ID: 1, Bidder: 1, Quantity: got.Units, Limit: got.Limit}
		if err := b.Validate(l, 1_000); err != nil {
			t.Fatal(err)
		}
		var c fixed.Calc
		if deposit := b.Escrow(&c, l.Pair); v.Funds.Less(deposit) || c.Err() != nil {
			t.Fatalf("a deposit of %v from %v, %v", deposit, v.Funds, c.Err())
		}
	})
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, s := range []maker.Strategy{
		{Margin: fixed.One()}, {Margin: fixed.FromRaw(-1)}, {MaxValue: fixed.FromRaw(-1)}, {Requote: fixed.FromRaw(-1)},
	} {
		if err := s.Validate(); !errors.Is(err, maker.ErrConfig) {
			t.Errorf("%+v: got %v", s, err)
		}
	}
}

func TestMoved(t *testing.T) {
	t.Parallel()
	s := maker.Strategy{Requote: fixed.FromBps(10)}
	if s.Moved(fixed.FromInt(1000), fixed.FromInt(1001)) || !s.Moved(fixed.FromInt(1000), wad(t, "998.9")) {
		t.Error("expected a move of more than a thousandth to count, and no smaller one")
	}
}
