package settle_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

const benchOrders = 100_000

// crowd draws orders of some millions of units, each unit times scale, and a sale of three quarters of them.
func crowd(tb testing.TB, scale uint64) (settle.Sale, []asset.Amount) {
	tb.Helper()
	rnd := rand.New(rand.NewPCG(1, 2))
	var c fixed.Calc
	var s settle.Sale
	weights := make([]asset.Amount, benchOrders)
	for k := range weights {
		weights[k] = c.MulDivNatDown(fixed.NatOf(1+rnd.Uint64N(10_000_000)), fixed.NatOf(scale), fixed.NatOf(1))
		s.Total = c.AddNat(s.Total, weights[k])
	}
	s.Sold = c.MulDivNatDown(s.Total, fixed.NatOf(3), fixed.NatOf(4))
	s.Proceeds = c.MulDivNatDown(s.Sold, fixed.NatOf(77), fixed.NatOf(100))
	if c.Err() != nil {
		tb.Fatal(c.Err())
	}
	return s, weights
}

func benchmarkClaims(b *testing.B, scale uint64) {
	b.Helper()
	s, weights := crowd(b, scale)
	claims := make([]settle.Claim, 0, benchOrders)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Claims(claims, weights); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClaims(b *testing.B)     { benchmarkClaims(b, 1) }
func BenchmarkClaimsWide(b *testing.B) { benchmarkClaims(b, 1_000_000_000_000) } // totals of two words

// BenchmarkBook pays out 100,000 claims: four movements each, on two accounts.
func BenchmarkBook(b *testing.B) {
	lot := settle.Account{Kind: settle.Lot, ID: 1}
	var book settle.Book
	b.ReportAllocs()
	for b.Loop() {
		book.Reset()
		for id := range uint64(benchOrders) {
			owner := settle.Account{Kind: settle.Portfolio, ID: id * 7919 % benchOrders}
			book.Move(lot, owner, 1, fixed.NatOf(id+1))
			book.Move(owner, lot, 2, fixed.NatOf(2*id+1))
		}
		if _, err := book.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestAllocations is not parallel: it counts the allocations of the whole program.
func TestAllocations(t *testing.T) {
	s, weights := crowd(t, 1_000_000_000_000)
	claims := make([]settle.Claim, 0, benchOrders)
	var book settle.Book
	round := func() {
		done, err := s.Claims(claims, weights)
		if err != nil {
			t.Fatal(err)
		}
		book.Reset()
		for k, c := range done[:1000] {
			book.Move(escrow, settle.Account{Kind: settle.Portfolio, ID: uint64(k)}, 3, c.Proceeds)
		}
		if _, err := book.Close(); err != nil {
			t.Fatal(err)
		}
	}
	round()
	if n := testing.AllocsPerRun(3, round); n != 0 {
		t.Errorf("%v allocations after warm-up", n)
	}
}
