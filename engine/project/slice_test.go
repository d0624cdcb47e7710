package project_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// TestWorkedSlices is the worked example of spec 12.1: an underfill is caught up.
func TestWorkedSlices(t *testing.T) {
	t.Parallel()
	order := project.Slicing{Remaining: fixed.NatOf(1_000_000), Intervals: 4}
	for k, step := range []struct{ want, fills uint64 }{
		{250_000, 250_000}, {250_000, 100_000}, {325_000, 325_000}, {325_000, 325_000},
	} {
		slice, next, err := order.Next(fixed.NatOf(1))
		if err != nil {
			t.Fatal(err)
		}
		if slice.Amount != fixed.NatOf(step.want) || slice.Reason != project.SlicePlaced {
			t.Errorf("interval %d: got %v, %v, want %d", k, slice.Amount, slice.Reason, step.want)
		}
		if order, err = next.Fill(fixed.NatOf(step.fills)); err != nil {
			t.Fatal(err)
		}
	}
	if !order.Done() || !order.Remaining.IsZero() {
		t.Errorf("got %+v, want nothing left", order)
	}
}

func TestSlicesBelowTheMinimum(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		units     uint64
		intervals int64
		minimum   uint64
		want      []uint64
		last      project.SliceReason
		left      uint64
	}{
		{"pairs", 1000, 10, 150, []uint64{0, 200, 0, 200, 0, 200, 0, 200, 0, 200}, project.SlicePlaced, 0},
		{"three by three", 1000, 4, 600, []uint64{0, 0, 750, 0}, project.SliceDropped, 250},
		{"the last below the minimum", 100, 1, 101, []uint64{0}, project.SliceDropped, 100},
		{"fewer units than intervals", 3, 4, 0, []uint64{0, 1, 1, 1}, project.SlicePlaced, 0},
		{"nothing", 0, 2, 0, []uint64{0, 0}, project.SliceDropped, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			order := project.Slicing{Remaining: fixed.NatOf(test.units), Intervals: test.intervals}
			var last project.SliceReason
			for k, want := range test.want {
				slice, next, err := order.Next(fixed.NatOf(test.minimum))
				if err != nil {
					t.Fatal(err)
				}
				if slice.Amount != fixed.NatOf(want) || want == 0 && slice.Reason == project.SlicePlaced {
					t.Errorf("interval %d: got %v, %v, want %d", k, slice.Amount, slice.Reason, want)
				}
				last = slice.Reason
				if order, err = next.Fill(slice.Amount); err != nil {
					t.Fatal(err)
				}
			}
			if last != test.last || order.Remaining != fixed.NatOf(test.left) {
				t.Errorf("got %v with %v left, want %v with %d", last, order.Remaining, test.last, test.left)
			}
		})
	}
}

func TestSliceErrors(t *testing.T) {
	t.Parallel()
	for _, order := range []project.Slicing{
		{Remaining: fixed.NatOf(5)},
		{Remaining: fixed.NatOf(5), Interval: 3, Intervals: 3},
		{Remaining: fixed.NatOf(5), Interval: -1, Intervals: 3},
		{Remaining: fixed.NatOf(5), Carried: fixed.NatOf(6), Intervals: 3},
	} {
		if _, _, err := order.Next(fixed.NatOf(1)); !errors.Is(err, project.ErrInput) {
			t.Errorf("%+v: got %v, want ErrInput", order, err)
		}
	}
	order := project.Slicing{Remaining: fixed.NatOf(5), Intervals: 3}
	if _, err := order.Fill(fixed.NatOf(6)); !errors.Is(err, project.ErrInput) {
		t.Errorf("got %v, want ErrInput", err)
	}
	for r, want := range map[project.SliceReason]string{
		project.SlicePlaced: "placed", project.SliceMerged: "below the minimum: merged into the next slice",
		project.SliceDropped: "last slice below the minimum: dropped", project.SliceUnspecified: "unspecified",
	} {
		if got := r.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestSlicesAddUp: whatever fills, sold and left add up; without a minimum everything is offered by the last interval,
// and slices that fill differ by at most one unit.
func TestSlicesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.Uint64Range(0, 1<<40).Draw(t, "units")
		minimum := rapid.SampledFrom([]uint64{0, 1, 1000, 1 << 36}).Draw(t, "minimum")
		order := project.Slicing{Remaining: fixed.NatOf(units), Intervals: rapid.Int64Range(1, 12).Draw(t, "intervals")}
		always := rapid.Bool().Draw(t, "always fills")
		var c fixed.Calc
		var sold fixed.Nat
		var first, offered fixed.Nat
		for k := 0; !order.Done(); k++ {
			slice, next, err := order.Next(fixed.NatOf(minimum))
			if err != nil {
				t.Fatal(err)
			}
			if order.Remaining.Less(slice.Amount) || !slice.Amount.IsZero() && slice.Amount.Less(fixed.NatOf(minimum)) {
				t.Fatalf("slice %v of %v with a minimum of %d", slice.Amount, order.Remaining, minimum)
			}
			if k == 0 {
				first = slice.Amount
			}
			if always && minimum == 0 && (slice.Amount.Less(first) || fixed.NatOf(1).Less(slice.Amount.Monus(first))) {
				t.Fatalf("slices of %v and %v", first, slice.Amount)
			}
			fill := slice.Amount
			if !always {
				part := rapid.Uint64Range(0, 100).Draw(t, "percent")
				fill = c.MulDivNatDown(fill, fixed.NatOf(part), fixed.NatOf(100))
			}
			offered, sold = slice.Amount, c.AddNat(sold, fill)
			if order, err = next.Fill(fill); err != nil {
				t.Fatal(err)
			}
		}
		if c.AddNat(sold, order.Remaining) != fixed.NatOf(units) {
			t.Fatalf("sold %v, left %v of %d", sold, order.Remaining, units)
		}
		if minimum == 0 && always && !order.Remaining.IsZero() {
			t.Fatalf("%v left after a last slice of %v", order.Remaining, offered)
		}
	})
}
