//go:build e2e

package e2e_test

import (
	"fmt"
	"math/big"
	"testing"
	"time"
)

// books are what must add up over both chains at every step.
type books struct {
	plain, ours chain
	vouchers    map[string]string // what a denom of the plain chain is called on ours
	begun       [2]money          // supplies at the start
	holders     []string          // everybody on our chain who may hold a voucher
}

// open writes down what there is at the start.
func (b *books) open(t *testing.T) {
	t.Helper()
	b.begun = [2]money{b.plain.supply(t), b.ours.supply(t)}
	for denom, voucher := range b.vouchers {
		if b.ours.supply(t).of(voucher).Sign() != 0 {
			t.Fatalf("expected no %s on our chain before anybody sent some", denom)
		}
	}
}

// check adds up: nothing is made or lost on the chain that a denom is from; what lies in escrow there is what exists
// here and what is under way; and what exists here is held by somebody whom we know.
func (b *books) check(t *testing.T, underway money) {
	t.Helper()
	var wrong error
	for end := time.Now().Add(40 * time.Second); ; time.Sleep(500 * time.Millisecond) {
		// What is under way on its own, such as a payment, arrives while we look.
		if wrong = b.differ(t, underway); wrong == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal(wrong)
		}
	}
}

func (b *books) differ(t *testing.T, underway money) error {
	t.Helper()
	plain, ours := b.plain.still(t), b.ours.still(t)
	there, here := plain.supply(t), ours.supply(t)
	for denom, n := range b.begun[0] {
		if there.of(denom).Cmp(n) != 0 {
			return fmt.Errorf("%s on the plain chain: expected %v, got %v", denom, n, there.of(denom))
		}
	}
	for denom, n := range b.begun[1] {
		if here.of(denom).Cmp(n) != 0 {
			return fmt.Errorf("%s on our chain: expected %v, got %v", denom, n, here.of(denom))
		}
	}
	escrow := plain.balances(t, plain.escrow(t, transferChannel))
	for denom, voucher := range b.vouchers {
		gap := new(big.Int).Sub(escrow.of(denom), here.of(voucher))
		if gap.Cmp(underway.of(denom)) != 0 {
			return fmt.Errorf("%s: %v in escrow, %v on our chain: expected %v under way, got %v", denom, escrow.of(denom),
				here.of(voucher), underway.of(denom), gap)
		}
		held := new(big.Int)
		for _, who := range b.holders {
			held.Add(held, ours.balances(t, who).of(voucher))
		}
		if held.Cmp(here.of(voucher)) != 0 {
			return fmt.Errorf("%s on our chain: expected %v in all, known accounts hold %v", denom, here.of(voucher), held)
		}
	}
	return nil
}

// idle fails when a packet is under way on any channel of either chain.
func (b *books) idle(t *testing.T) {
	t.Helper()
	for _, c := range []*chain{&b.plain, &b.ours} {
		for _, ch := range c.channels(t) {
			if all := c.pending(t, ch.Port, ch.Channel); len(all) > 0 {
				t.Fatalf("%s: %s %s: packets %v have no end", c.name, ch.Port, ch.Channel, all)
			}
			if ch.State != "STATE_OPEN" {
				t.Fatalf("%s: %s %s: expected it open, got %s", c.name, ch.Port, ch.Channel, ch.State)
			}
		}
	}
}
