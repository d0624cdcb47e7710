package synth_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestAnythingValidCanBeDrawn goes to the limits of the configuration: the table is valid, and no asset moves by more
// than a half in one row.
func TestAnythingValidCanBeDrawn(t *testing.T) {
	t.Parallel()
	wad := func(t *rapid.T, label string, low, high int64) fixed.Wad {
		var c fixed.Calc
		return c.MulInt(fixed.FromRaw(1_000_000_000_000), rapid.Int64Range(low, high).Draw(t, label)) // millionths
	}
	rapid.Check(t, func(t *rapid.T) {
		cfg := synth.Config{
			Seed:        rapid.Uint64().Draw(t, "seed"),
			Start:       rapid.Int64Range(-1e9, 4e9).Draw(t, "start"),
			Rows:        rapid.IntRange(2, 300).Draw(t, "rows"),
			StepSeconds: rapid.OneOf(rapid.Int64Range(1, 365*86_400), rapid.Just[int64](60)).Draw(t, "step"),
		}
		for _, name := range []string{"A", "B", "C"} {
			cfg.Assets = append(cfg.Assets, synth.Asset{
				Name:       name,
				Price:      wad(t, "price", 1, 1_000_000_000_000),
				Beta:       wad(t, "beta", 0, 10_000_000),
				Volatility: wad(t, "volatility", 0, 10_000_000),
				Pegged:     rapid.Bool().Draw(t, "pegged"),
			})
		}
		table, err := synth.Generate(cfg)
		if err != nil || table.Validate() != nil {
			t.Fatal(err, table.Validate())
		}
		half := fixed.FromBps(4_990) // and the rounding of two prices
		var c fixed.Calc
		for i := 1; i < table.Len(); i++ {
			for j, p := range table.Row(i) {
				if q := table.Row(i - 1)[j]; !table.Synthetic || p.Less(c.MulDown(q, half)) && !cfg.Assets[j].Pegged {
					t.Fatalf("row %d, asset %d: from %v to %v", i, j, q, p)
				}
			}
		}
	})
}
