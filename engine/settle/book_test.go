package settle_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

var (
	first  = settle.Account{Kind: settle.Portfolio, ID: 1}
	second = settle.Account{Kind: settle.Portfolio, ID: 2}
	escrow = settle.Account{Kind: settle.Escrow, ID: 1}
	bidder = settle.Account{Kind: settle.Bidder, ID: 1}
)

func TestBook(t *testing.T) {
	t.Parallel()
	var b settle.Book
	b.Move(escrow, bidder, 7, fixed.NatOf(5))
	b.Move(bidder, second, 3, fixed.NatOf(20))
	b.Move(bidder, first, 3, fixed.NatOf(30))
	b.Move(escrow, first, 7, fixed.NatOf(4))
	b.Move(second, second, 7, fixed.NatOf(99))
	b.Credit(first, 9, asset.Amount{})
	want := []settle.Transfer{
		{first, 3, fixed.FromRaw(30)},
		{first, 7, fixed.FromRaw(4)},
		{second, 3, fixed.FromRaw(20)},
		{escrow, 7, fixed.FromRaw(-9)},
		{bidder, 3, fixed.FromRaw(-50)},
		{bidder, 7, fixed.FromRaw(5)},
	}
	got, err := b.Close()
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("transfers %v, error %v; want %v", got, err, want)
	}
	if got[3].Amount() != fixed.NatOf(9) {
		t.Errorf("amount %v", got[3].Amount())
	}
	b.Debit(first, 3, fixed.NatOf(30))
	b.Add(second, 3, fixed.FromRaw(30))
	if got, err = b.Close(); err != nil || len(got) != 5 || got[1] != (settle.Transfer{second, 3, fixed.FromRaw(50)}) {
		t.Errorf("after more movements: %v, error %v", got, err)
	}
	b.Reset()
	if got, err = b.Close(); err != nil || len(got) != 0 {
		t.Errorf("after Reset: %v, error %v", got, err)
	}
}

func TestUnbalanced(t *testing.T) {
	t.Parallel()
	var b settle.Book
	b.Credit(first, 3, fixed.NatOf(20))
	b.Debit(escrow, 2, fixed.NatOf(7))
	b.Credit(first, 2, fixed.NatOf(4))
	got, err := b.Close()
	if !errors.Is(err, settle.ErrUnbalanced) || got != nil || !strings.Contains(err.Error(), "asset 2") ||
		!strings.Contains(err.Error(), "-3") {
		t.Errorf("transfers %v, error %v", got, err)
	}
	b.Credit(first, 2, fixed.NatOf(3))
	b.Add(escrow, 3, fixed.FromRaw(-20))
	if got, err := b.Close(); err != nil || len(got) != 4 {
		t.Errorf("balanced now: %v, error %v", got, err)
	}
}

func TestInvalidMovements(t *testing.T) {
	t.Parallel()
	most := fixed.MaxNat()
	tests := []struct {
		name string
		add  func(b *settle.Book)
	}{
		{"no kind", func(b *settle.Book) { b.Credit(settle.Account{}, 1, most) }},
		{"unknown kind", func(b *settle.Book) { b.Debit(settle.Account{Kind: settle.Outside + 1}, 1, most) }},
		{"asset", func(b *settle.Book) { b.Move(first, second, asset.MaxAssets, fixed.NatOf(1)) }},
		{"delta", func(b *settle.Book) { b.Add(first, 1, enginetest.W(t, "-400000000000000000000")) }},
		{"net", func(b *settle.Book) {
			b.Move(first, second, 1, most)
			b.Move(first, second, 1, fixed.NatOf(1))
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var b settle.Book
			b.Move(first, second, 0, fixed.NatOf(1))
			test.add(&b)
			test.add(&b)
			if got, err := b.Close(); !errors.Is(err, settle.ErrMovement) || got != nil {
				t.Errorf("transfers %v, error %v", got, err)
			}
		})
	}
	var b settle.Book // more than 2^128 pass through an account, but little stays
	b.Move(first, second, 1, most)
	b.Move(first, second, 1, most)
	b.Move(second, first, 1, most)
	if got, err := b.Close(); err != nil || len(got) != 2 || got[1].Amount() != most {
		t.Errorf("transfers %v, error %v", got, err)
	}
}

func TestAccountString(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]settle.Account{
		"portfolio 1": first, "escrow 1": escrow, "bidder 1": bidder, "unspecified 0": {}, "unknown kind 2": {99, 2},
		"lot 3": {settle.Lot, 3}, "outside 0": {settle.Outside, 0},
	} {
		if got := a.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
