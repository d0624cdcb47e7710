package auction_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Peers' numbers that are not ours, and why:
//   - VAL-FRS-03, -05, -09: freshness multiplies the width in steps of a day; ours grows with the square root of the
//     age, from the pair's own volatility (TestPeerFreshness checks what must hold for both).
//   - IDX-LIN-02, -08, IDX-EXP-02, IDX-LOG-02: prices that rise with time, for buying; a lot always sells.
//   - IDX-EXP-04: a price that falls by e^t-1, not by a ratio; only its end is ours.
//   - RSV-PRC-20, second half: an auction of a single block that ends by itself; ours opens for two blocks at least.

func peer[T, U any](tb testing.TB, p enginetest.Peer) (in T, want U) {
	tb.Helper()
	enginetest.Decode(tb, p.Inputs, &in)
	enginetest.Decode(tb, p.Expected, &want)
	return in, want
}

// TestPeerStartAndEnd: a fifth above and below the oracle's price.
func TestPeerStartAndEnd(t *testing.T) {
	t.Parallel()
	type input struct {
		Price fixed.Wad `json:"oracle_price"`
		Start int64     `json:"start_price_bps"`
	}
	type output struct {
		Start fixed.Wad `json:"start_price"`
		End   fixed.Wad `json:"end_price"`
	}
	for _, p := range enginetest.Peers(t, "auction start/end price") {
		in, want := peer[input, output](t, p)
		width := auction.Width{Base: fixed.FromBps(in.Start), Cap: fixed.FromBps(in.Start)}
		got, err := width.Range(width.Spread(), auction.Anchor{Mid: in.Price, Healthy: true}, fixed.One())
		if err != nil || got.Start != want.Start || got.Reserve != want.End {
			t.Errorf("%s: %v to %v, %v, want %+v", p.ID, got.Start, got.Reserve, err, want)
		}
	}
}

// TestPeerLinearPrice: the same line; but our end is exact where the peer's last block misses it (VAL-AUC-11).
func TestPeerLinearPrice(t *testing.T) {
	t.Parallel()
	type input struct {
		Start fixed.Wad `json:"start_price"`
		End   fixed.Wad `json:"end_price"`
		First int64     `json:"start_block"`
		Last  int64     `json:"end_block"`
		Block int64     `json:"block"`
	}
	type output struct {
		Price fixed.Wad `json:"price"`
	}
	for _, p := range enginetest.Peers(t, "auction price at block") {
		in, want := peer[input, output](t, p)
		if p.ID == "VAL-AUC-11" {
			want.Price = in.End
		}
		curve := curveOf(t, auction.Linear, in.Start.String(), in.End.String(), uint64(in.Last-in.First))
		if got := curve.Price(in.Block - in.First); got != want.Price {
			t.Errorf("%s: %v, want %v", p.ID, got, want.Price)
		}
	}
}

// TestPeerFreshness: a fresh price has the base width, an old one none, a cut width says so.
func TestPeerFreshness(t *testing.T) {
	t.Parallel()
	type input struct {
		Price fixed.Wad `json:"oracle_price"`
		Base  int64     `json:"base_bps"`
		Age   int64     `json:"price_age_seconds"`
	}
	type output struct {
		Percent, Start, End fixed.Wad
		Error               string
	}
	sigma := enginetest.W(t, "0.8")
	for _, p := range enginetest.Peers(t, "freshness widening") {
		if p.ID == "VAL-FRS-09" { // no price in it
			continue
		}
		var want output
		in, fields := peer[input, map[string]json.RawMessage](t, p)
		if raw, ok := fields["percent"]; ok {
			enginetest.Decode(t, raw, &want.Percent)
			enginetest.Decode(t, fields["start_price"], &want.Start)
			enginetest.Decode(t, fields["end_price"], &want.End)
		}
		width := auction.Width{
			Base: fixed.FromBps(in.Base), Factor: fixed.FromInt(2), Cap: fixed.FromBps(7500), MaxAgeSeconds: 3 * 86400,
		}
		anchor := auction.Anchor{Mid: in.Price, Sigma: sigma, AgeSeconds: in.Age, Healthy: true}
		got, err := width.Range(width.Spread(), anchor, fixed.One())
		switch p.ID {
		case "VAL-FRS-01": // fresh
			if err != nil || got.StartWidth != want.Percent || got.Start != want.Start || got.Reserve != want.End {
				t.Errorf("%s: %+v, %v, want %+v", p.ID, got, err, want)
			}
		case "VAL-FRS-07": // one second too old
			if !errors.Is(err, auction.ErrStale) {
				t.Errorf("%s: %v, want ErrStale", p.ID, err)
			}
			anchor.AgeSeconds--
			if _, err = width.Range(width.Spread(), anchor, fixed.One()); err != nil {
				t.Errorf("%s: exactly the largest age: %v", p.ID, err)
			}
		case "VAL-FRS-11": // the peer cuts 1.0 to 0.75 in silence
			got, err = width.Range(auction.Spread{Start: fixed.One(), Reserve: fixed.One()}, anchor, fixed.One())
			if err != nil || got.StartWidth != want.Percent || got.Start != want.Start || got.Reserve != want.End {
				t.Errorf("%s: %+v, %v, want %+v", p.ID, got, err, want)
			}
			if !got.Capped {
				t.Errorf("%s: the cut is not reported", p.ID)
			}
		default:
			if err != nil || got.StartWidth.Cmp(width.Base) <= 0 {
				t.Errorf("%s: %+v, %v, want more than the base", p.ID, got, err)
			}
		}
	}
}

// TestPeerHalts: the peer measures the time since the last bid, and a day without bids on a chain half a second slow
// closes its auction (VAL-BID-20). We measure each block: none of these chains halts, and the clock shows at most the
// time that passed.
func TestPeerHalts(t *testing.T) {
	t.Parallel()
	type input struct {
		Block   json.Number `json:"block_avg"`
		Cap     int64       `json:"cap"`
		Blocks  int64       `json:"blocks_since_last_bid"`
		Seconds int64       `json:"seconds_since_last_bid"`
	}
	type output struct{ Halted bool }
	for _, p := range enginetest.Peers(t, "chain halt") {
		in, want := peer[input, output](t, p)
		block, err := in.Block.Int64()
		if err != nil {
			t.Fatal(err)
		}
		pace := auction.Pace{BlockSeconds: block, HaltSeconds: in.Cap}
		var k auction.Clock
		for i := range in.Blocks {
			var tick auction.Tick
			k, tick, err = k.Advance(pace, in.Seconds*(i+1)/in.Blocks)
			if err != nil || (tick == auction.TickFrozen) != want.Halted {
				t.Fatalf("%s: block %d: %v, %v", p.ID, i, tick, err)
			}
		}
		if expected := min(in.Seconds, in.Blocks*pace.CapSeconds()); k.Effective != expected {
			t.Errorf("%s: effective %d, want %d", p.ID, k.Effective, expected)
		}
	}
}

// TestPeerExponentialPrice: the same curve, computed from a ratio instead of a power of e. Both cut
// their constant at 18 digits, which shows as some 1e-18 of the price per step; and a tiny price has few digits there.
// Prices of 1e-20 need a pair with exponents here.
func TestPeerExponentialPrice(t *testing.T) {
	t.Parallel()
	type input struct {
		SellLow  string `json:"sell_price_low"`
		SellHigh string `json:"sell_price_high"`
		BuyLow   string `json:"buy_price_low"`
		BuyHigh  string `json:"buy_price_high"`
		Elapsed  int64  `json:"elapsed"`
		Length   uint64 `json:"length"`
		Amount   string `json:"sell_amount"`
	}
	type output struct {
		Price  string `json:"price_D27"`
		Amount string `json:"buy_amount"`
	}
	for _, p := range enginetest.Peers(t, "auction price (exponential)") {
		in, want := peer[input, output](t, p)
		exponent, digits := uint8(0), int64(1e18/(4*in.Length))
		if p.ID == "RSV-PRC-14" {
			exponent, digits = 18, 1e6
		}
		curve, err := auction.NewCurve(auction.Curve{
			Kind:    auction.Exponential,
			Start:   quotient(t, in.SellHigh, in.BuyLow, exponent),
			Reserve: quotient(t, in.SellLow, in.BuyHigh, exponent),
			Steps:   in.Length, StepSeconds: 1,
		})
		if err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		price := curve.Price(in.Elapsed)
		exact := quotient(t, want.Price, "1000000000000000000000000000", exponent)
		if !near(price.Big(), exact.Big(), digits) {
			t.Errorf("%s: %v, want %v", p.ID, price, exact)
		}
		var c fixed.Calc
		amount := pairOf(exponent, 0).QuoteUp(&c, enginetest.N(t, in.Amount), price)
		if c.Err() != nil || !near(amount.Big(), enginetest.N(t, want.Amount).Big(), digits) {
			t.Errorf("%s: %v, want %s", p.ID, amount, want.Amount)
		}
	}
}

// quotient is a/b*10^exponent, rounded down.
func quotient(tb testing.TB, a, b string, exponent uint8) fixed.Wad {
	tb.Helper()
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(18+int64(exponent)), nil)
	x := enginetest.N(tb, a).Big()
	w, err := fixed.FromBig(x.Div(x.Mul(x, scale), enginetest.N(tb, b).Big()))
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

// near reports |a-b| <= 1 + b/digits.
func near(a, b *big.Int, digits int64) bool {
	room := new(big.Int).Div(b, big.NewInt(digits))
	room.Add(room, big.NewInt(1))
	return room.CmpAbs(new(big.Int).Sub(a, b)) >= 0
}

// TestPeerStepwise: a stepwise line, and two curves whose arithmetic overflows or overshoots: ours has no slope to
// overflow and ends at its reserve exactly.
func TestPeerStepwise(t *testing.T) {
	t.Parallel()
	type input struct {
		Initial string `json:"initial"`
		Slope   string `json:"slope"`
		Bucket  string `json:"bucket"`
		Min     string `json:"min"`
		Elapsed int64  `json:"elapsed"`
	}
	type output struct {
		Price string `json:"price_wad"`
	}
	peers := append(enginetest.Peers(t, "auction price (stepwise linear)"),
		enginetest.Peers(t, "auction price (stepwise exponential)")...)
	for _, p := range peers {
		in, want := peer[input, output](t, p)
		curve := auction.Curve{
			Kind: auction.Linear, Start: raw(t, in.Initial), Reserve: raw(t, in.Min), Steps: 1, StepSeconds: 3600,
		}
		switch p.ID {
		case "IDX-LIN-04": // 10 buckets of an hour, each down by 1
			curve.Steps, curve.StepSeconds, curve.BucketSteps = 36_000, 1, 3600
		case "IDX-LIN-06": // over within the first hour
		case "IDX-EXP-04": // over within two hours
			curve.Kind, curve.Steps = auction.Exponential, 2
		default:
			continue
		}
		built, err := auction.NewCurve(curve)
		if got := built.Price(in.Elapsed); err != nil || got != raw(t, want.Price) {
			t.Errorf("%s: %v, %v, want %s", p.ID, got, err, want.Price)
		}
	}
}

// raw reads a count of 1e-18.
func raw(tb testing.TB, s string) fixed.Wad {
	tb.Helper()
	return enginetest.N(tb, s).Raw()
}
