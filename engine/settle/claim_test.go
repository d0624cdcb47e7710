package settle_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

// number reads an amount that is a word.
func number(tb testing.TB, a asset.Amount) uint64 {
	tb.Helper()
	n, ok := a.Uint64()
	if !ok {
		tb.Fatalf("%v is not a word", a)
	}
	return n
}

func sale(total, sold, proceeds uint64) settle.Sale {
	return settle.Sale{Total: fixed.NatOf(total), Sold: fixed.NatOf(sold), Proceeds: fixed.NatOf(proceeds)}
}

func claim(sold, refund, proceeds uint64) settle.Claim {
	return settle.Claim{Sold: fixed.NatOf(sold), Refund: fixed.NatOf(refund), Proceeds: fixed.NatOf(proceeds)}
}

func amounts(words ...uint64) []asset.Amount {
	out := make([]asset.Amount, len(words))
	for k, w := range words {
		out[k] = fixed.NatOf(w)
	}
	return out
}

// TestVector settles the auction of spec 05 §5.4: lazily, in one pass, and from the middle on.
func TestVector(t *testing.T) {
	t.Parallel()
	var v struct {
		Settle struct {
			Total, Sold, Proceeds uint64
			Rows                  [][]json.RawMessage // name, offset, weight, sold, refund, proceeds
		}
	}
	enginetest.Vectors(t, "auctions.json", &v)
	s := sale(v.Settle.Total, v.Settle.Sold, v.Settle.Proceeds)
	var weights []asset.Amount
	var want []settle.Claim
	for _, row := range v.Settle.Rows {
		n := make([]uint64, len(row)-1)
		for k, field := range row[1:] {
			enginetest.Decode(t, field, &n[k])
		}
		offset, weight := fixed.NatOf(n[0]), fixed.NatOf(n[1])
		weights, want = append(weights, weight), append(want, claim(n[2], n[3], n[4]))
		lazy, err := s.Claim(offset, weight)
		if err != nil || lazy != want[len(want)-1] {
			t.Errorf("%s: %v, error %v; want %v", row[0], lazy, err, want[len(want)-1])
		}
		var c fixed.Calc
		if got := settle.Share(&c, offset, weight, s.Total, s.Proceeds); got != lazy.Proceeds || c.Err() != nil {
			t.Errorf("%s: share %v, error %v", row[0], got, c.Err())
		}
	}
	got, err := s.Claims(nil, weights)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("claims %v, error %v; want %v", got, err, want)
	}
	r, err := s.Run(fixed.NatOf(833))
	if err != nil || r.Offset() != fixed.NatOf(833) {
		t.Fatalf("run at %v, error %v", r.Offset(), err)
	}
	for k := 2; k < 4; k++ {
		if got, err := r.Next(weights[k]); err != nil || got != want[k] {
			t.Errorf("order %d: %v, error %v; want %v", k, got, err, want[k])
		}
	}
}

// TestPartial settles the pair of spec 03 §3.6: 613 of A->C's 920.
func TestPartial(t *testing.T) {
	t.Parallel()
	got, err := sale(920, 613, 30503).Claims(nil, amounts(420, 500))
	if want := []settle.Claim{claim(279, 141, 13925), claim(334, 166, 16578)}; err != nil || !slices.Equal(got, want) {
		t.Errorf("claims %v, error %v; want %v", got, err, want)
	}
}

type peerFunds struct {
	Funds   map[string]uint64
	Carried tokens `json:"carried_in"`
	Bids    []struct{ Want uint64 }
}

type tokens struct {
	Sold   uint64 `json:"sold_token"`
	Bought uint64 `json:"bought_token"`
}

type peerPayouts struct {
	Resolved, Unsold uint64
	Payouts          map[string]struct {
		Refund uint64 `json:"sold_token_refund"`
		Bought uint64 `json:"bought_token"`
	}
	Leftovers tokens
}

// TestPeers settles the auctions of a system that rounds every payout down and carries what is left into the next
// auction. Where nothing is left there, the payouts agree. Where something is, it is here with those whose it is.
func TestPeers(t *testing.T) {
	t.Parallel()
	for _, p := range enginetest.Peers(t, "settlement") {
		t.Run(p.ID, func(t *testing.T) {
			t.Parallel()
			var in peerFunds
			var out peerPayouts
			enginetest.Decode(t, p.Inputs, &in)
			enginetest.Decode(t, p.Expected, &out)
			var total, sold uint64
			names := slices.Sorted(maps.Keys(in.Funds))
			weights := make([]asset.Amount, len(names))
			for k, name := range names {
				weights[k] = fixed.NatOf(in.Funds[name])
				total += in.Funds[name]
			}
			for _, bid := range in.Bids {
				sold += bid.Want
			}
			brought := out.Resolved - in.Carried.Bought
			claims, err := sale(total, sold, brought).Claims(nil, weights)
			if err != nil {
				t.Fatal(err)
			}
			var refunded, paid, more tokens
			for k, c := range claims {
				theirs := out.Payouts[names[k]]
				refunded.Sold += number(t, c.Refund)
				paid.Bought += number(t, c.Proceeds)
				more.Sold += number(t, c.Refund) - theirs.Refund // modulo 2^64, in case it is less
				more.Bought += number(t, c.Proceeds) - theirs.Bought
			}
			if refunded.Sold != total-sold || paid.Bought != brought {
				t.Errorf("refunded %d of %d, paid %d of %d", refunded.Sold, total-sold, paid.Bought, brought)
			}
			// What we pay more is what they have left over, less what they had from others.
			want := tokens{out.Leftovers.Sold - in.Carried.Sold, out.Leftovers.Bought - in.Carried.Bought}
			if more != want {
				t.Errorf("%+v more than theirs, want %+v", more, want)
			}
		})
	}
}

// TestDust: the seller of five units beside a whale loses one of them there, and nothing here (VAL-SET-10).
func TestDust(t *testing.T) {
	t.Parallel()
	got, err := sale(1_000_000_000_005, 1_000_000, 1_500_000).Claims(nil, amounts(5, 1_000_000_000_000))
	want := []settle.Claim{claim(0, 5, 0), claim(1_000_000, 999_999_000_000, 1_500_000)}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("claims %v, error %v; want %v", got, err, want)
	}
}

// TestLeftovers: who is paid less there (VAL-SET-06) gets it here.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	got, err := sale(771, 770, 1155).Claims(nil, amounts(134, 278, 359))
	want := []settle.Claim{claim(133, 1, 200), claim(278, 0, 417), claim(359, 0, 538)}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("claims %v, error %v; want %v", got, err, want)
	}
}

func TestClaimErrors(t *testing.T) {
	t.Parallel()
	good := sale(10, 5, 50)
	keep := []settle.Claim{claim(1, 2, 3)}
	for _, s := range []settle.Sale{sale(10, 11, 1), sale(0, 0, 1)} {
		if _, err := s.Claim(fixed.Nat{}, fixed.Nat{}); !errors.Is(err, settle.ErrSale) {
			t.Errorf("%v: %v", s, err)
		}
		if got, err := s.Claims(keep, nil); !errors.Is(err, settle.ErrSale) || len(got) != 1 {
			t.Errorf("%v: %v, %v", s, got, err)
		}
	}
	if _, err := good.Claim(fixed.NatOf(11), fixed.Nat{}); !errors.Is(err, settle.ErrClaim) {
		t.Errorf("offset beyond the end: %v", err)
	}
	if _, err := good.Claim(fixed.NatOf(6), fixed.MaxNat()); !errors.Is(err, settle.ErrClaim) {
		t.Errorf("order beyond the end: %v", err)
	}
	for _, weights := range [][]asset.Amount{amounts(5, 6), amounts(5, 4), nil} {
		if got, err := good.Claims(keep, weights); !errors.Is(err, settle.ErrClaim) || len(got) != 1 {
			t.Errorf("orders of %v on a line of 10: %v, %v", weights, got, err)
		}
	}
	if got, err := sale(0, 0, 0).Claims(nil, amounts(0)); err != nil || !slices.Equal(got, []settle.Claim{{}}) {
		t.Errorf("an order of nothing: %v, %v", got, err)
	}
}

func ExampleSale_Claims() {
	auction := settle.Sale{Total: fixed.NatOf(1001), Sold: fixed.NatOf(777), Proceeds: fixed.NatOf(7654)}
	claims, err := auction.Claims(nil, []asset.Amount{
		fixed.NatOf(333), fixed.NatOf(500), fixed.NatOf(167), fixed.NatOf(1),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range claims {
		fmt.Printf("sold %v, refund %v, got %v\n", c.Sold, c.Refund, c.Proceeds)
	}
	// Output:
	// sold 258, refund 75, got 2546
	// sold 388, refund 112, got 3823
	// sold 130, refund 37, got 1277
	// sold 1, refund 0, got 8
}
