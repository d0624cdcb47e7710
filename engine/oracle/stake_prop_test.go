package oracle_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

func TestMedianAgainstExpansion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ballots := make([]oracle.Ballot, rapid.IntRange(0, 12).Draw(t, "ballots"))
		var total uint64
		for i := range ballots {
			ballots[i] = oracle.Ballot{
				Validator: uint32(i), Power: rapid.Uint64Max(9).Draw(t, "power"),
				Price: fixed.FromInt(rapid.Int64Range(0, 5).Draw(t, "price")),
			}
			total += ballots[i].Power
		}
		var p oracle.Poll
		got, err := p.Median(rapid.Permutation(ballots).Draw(t, "shuffled"), total)
		if err != nil {
			t.Fatal(err)
		}
		voting := slices.DeleteFunc(ballots, func(b oracle.Ballot) bool { return b.Price.IsZero() })
		want := twinMedian(voting)
		var below, above uint64 // who said that much or less, and that much or more
		for _, b := range voting {
			if want == nil {
				break
			}
			if b.Price.Big().Cmp(want) <= 0 {
				below += b.Power
			}
			if b.Price.Big().Cmp(want) >= 0 {
				above += b.Power
			}
		}
		stands := 3*below > total && 3*above > total
		if quorum := stands && 3*got.Reported >= 2*total; quorum != (got.Status == oracle.StatusOK) {
			t.Fatalf("%v with %d of %d, %d below and %d above", got.Status, got.Reported, total, below, above)
		}
		if got.Status == oracle.StatusOK && got.Value.Big().Cmp(want) != 0 {
			t.Fatalf("%v, want %v", got.Value.Big(), want)
		}
	})
}

// TestThirdCannotMoveTheMedian gives at most a third of the power to liars and silences any of the others: if there is
// a median, it is within what the honest ones say.
func TestThirdCannotMoveTheMedian(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		powers := rapid.SliceOfN(rapid.Uint64Range(1, 6), 1, 9).Draw(t, "powers")
		var total, lying uint64
		for _, p := range powers {
			total += p
		}
		lies := []fixed.Wad{fixed.FromRaw(1), fixed.FromInt(9), fixed.FromInt(21), fixed.FromInt(1e18)}
		var ballots []oracle.Ballot
		var honest []fixed.Wad
		for i, power := range powers {
			b := oracle.Ballot{Validator: uint32(i), Power: power}
			switch {
			case 3*(lying+power) <= total && rapid.Bool().Draw(t, "lies"):
				lying += power
				b.Price = rapid.SampledFrom(lies).Draw(t, "lie")
			case rapid.IntRange(0, 3).Draw(t, "silent") == 0:
				continue
			default:
				b.Price = fixed.FromInt(rapid.Int64Range(10, 20).Draw(t, "price"))
				honest = append(honest, b.Price)
			}
			ballots = append(ballots, b)
		}
		var p oracle.Poll
		got, err := p.Median(ballots, total)
		if err != nil {
			t.Fatal(err)
		}
		if got.Status != oracle.StatusOK {
			return
		}
		low, high := slices.MinFunc(honest, fixed.Wad.Cmp), slices.MaxFunc(honest, fixed.Wad.Cmp)
		if got.Value.Less(low) || high.Less(got.Value) {
			t.Fatalf("%v is outside of %v..%v with %d of %d lying", got.Value, low, high, lying, total)
		}
	})
}

// TestSilentThirdHasAMedian: with more than two thirds reported there is always one.
func TestSilentThirdHasAMedian(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ballots := make([]oracle.Ballot, rapid.IntRange(1, 9).Draw(t, "ballots"))
		var reported uint64
		for i := range ballots {
			ballots[i] = oracle.Ballot{
				Validator: uint32(i), Power: rapid.Uint64Range(1, 9).Draw(t, "power"),
				Price: fixed.FromInt(rapid.Int64Range(1, 5).Draw(t, "price")),
			}
			reported += ballots[i].Power
		}
		silent := rapid.Uint64Max((reported-1)/2).Draw(t, "silent") // less than half of them is less than a third of all
		var p oracle.Poll
		got, err := p.Median(ballots, reported+silent)
		if err != nil || got.Status != oracle.StatusOK {
			t.Fatalf("%+v, %v with %d silent", got, err, silent)
		}
	})
}
