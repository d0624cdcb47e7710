package auction_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestBidValidate(t *testing.T) {
	t.Parallel()
	one := fixed.FromInt(1)
	tests := []struct {
		name  string
		spoil func(b *auction.Bid)
		want  error
	}{
		{"good", func(*auction.Bid) {}, nil},
		{"all or none", func(b *auction.Bid) { b.MinFill = b.Quantity }, nil},
		{"at its expiry", func(b *auction.Bid) { b.Expiry = 50 }, nil},
		{"nothing", func(b *auction.Bid) { b.Quantity = n(0) }, auction.ErrBid},
		{"minimum above quantity", func(b *auction.Bid) { b.MinFill = n(11) }, auction.ErrBid},
		{"below the reserve", func(b *auction.Bid) { b.Limit = enginetest.W(t, "0.999999999999999999") }, auction.ErrBid},
		{"expired", func(b *auction.Bid) { b.Expiry = 49 }, auction.ErrBid},
		{"escrow overflow", func(b *auction.Bid) { b.Limit = fixed.Max() }, fixed.ErrOverflow},
	}
	l := newLot(t, curveOf(t, auction.Linear, "2", "1", 60), units(100))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := bid(1, 10, one)
			tt.spoil(&b)
			if err := b.Validate(l, 50); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
	b := bid(1, 10, one)
	if err := b.Validate(&auction.Lot{}, 50); !errors.Is(err, auction.ErrState) {
		t.Errorf("no lot: %v, want ErrState", err)
	}
}

func TestBidValue(t *testing.T) {
	t.Parallel()
	b := bid(1, 2_500_000, fixed.FromInt(1)) // 2.5 display units
	if err := b.CheckValue(fixed.FromInt(4), 6, fixed.FromInt(10)); err != nil {
		t.Error(err)
	}
	more := enginetest.W(t, "10.000000000000000001")
	if err := b.CheckValue(fixed.FromInt(4), 6, more); !errors.Is(err, auction.ErrBid) {
		t.Errorf("error %v, want ErrBid", err)
	}
	if err := b.CheckValue(fixed.Max(), 0, fixed.FromInt(10)); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("error %v, want ErrOverflow", err)
	}
}

func TestEvict(t *testing.T) {
	t.Parallel()
	one, two, three := fixed.FromInt(1), fixed.FromInt(2), fixed.FromInt(3)
	book := []auction.Bid{bid(1, 5, three), bid(2, 5, two), bid(3, 5, two), bid(4, 5, three)}
	tests := []struct {
		name     string
		newcomer auction.Bid
		index    int
		evicted  bool
	}{
		{"better", bid(5, 5, three), 2, true}, // the younger of the two lowest
		{"as low, younger", bid(5, 5, two), 0, false},
		{"lower", bid(5, 5, one), 0, false},
	}
	for _, tt := range tests {
		if i, evicted := auction.Evict(book, &tt.newcomer); i != tt.index || evicted != tt.evicted {
			t.Errorf("%s: %d, %t, want %d, %t", tt.name, i, evicted, tt.index, tt.evicted)
		}
	}
	if _, evicted := auction.Evict(nil, &book[0]); evicted {
		t.Error("an empty book evicts nobody")
	}
}
