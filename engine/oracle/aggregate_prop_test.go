package oracle_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

const now = 1_000_000

// drawReports draws sources of all classes whose prices agree more or less, and some that do not.
func drawReports(t *rapid.T) []oracle.Report {
	reports := make([]oracle.Report, rapid.IntRange(0, 12).Draw(t, "reports"))
	cents := []int64{1, 10, 1_000}
	for i := range reports {
		r := &reports[i]
		r.Source = oracle.Source{
			ID:     uint32(i),
			Class:  oracle.Class(rapid.Uint8Range(1, 5).Draw(t, "class")),
			Weight: rapid.SampledFrom([]uint32{0, 1, 7, 100, 100, 250, 2_000, 1<<32 - 1}).Draw(t, "weight"),
			Paused: rapid.IntRange(0, 9).Draw(t, "paused") == 0, MaxAgeSeconds: 3_600,
		}
		r.Time = now - rapid.SampledFrom([]int64{0, 6, 60, 300, 3_599, 3_601, -1}).Draw(t, "age")
		off := rapid.Int64Range(-9, 9).Draw(t, "off") * rapid.SampledFrom(cents).Draw(t, "cents")
		r.Price = fixed.FromBps(100_000 + 10*off)
		if rapid.IntRange(0, 9).Draw(t, "wild") == 0 {
			r.Price = drawWild(t)
		}
	}
	return reports
}

// drawWild draws what an attacker might send.
func drawWild(t *rapid.T) fixed.Wad {
	wild := []fixed.Wad{
		{},
		fixed.FromRaw(-1), fixed.FromRaw(1), fixed.FromInt(1e18), fixed.Max(), fixed.Max().Neg(),
		fixed.FromRawUint(rapid.Uint64().Draw(t, "price")),
	}
	return rapid.SampledFrom(wild).Draw(t, "wild price")
}

func drawConfig(t *rapid.T) oracle.Config {
	cfg := oracle.DefaultConfig()
	cfg.MinSources = rapid.IntRange(1, 4).Draw(t, "sources")
	cfg.MinClasses = rapid.IntRange(1, min(3, cfg.MinSources)).Draw(t, "classes")
	cfg.ClassCap = rapid.SampledFrom([]fixed.Wad{fixed.FromBps(5_000), fixed.FromBps(6_667), fixed.One()}).Draw(t, "cap")
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func aggregate(t *rapid.T, cfg *oracle.Config, reports []oracle.Report) (oracle.Aggregation, []oracle.Finding) {
	var ws oracle.Workspace
	a, err := oracle.Aggregate(&ws, cfg, reports, now, fixed.FromBps(8_000))
	if err != nil {
		t.Fatal(err)
	}
	return a, slices.Clone(ws.Findings())
}

func TestAggregateAgainstTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg, reports := drawConfig(t), drawReports(t)
		got, _ := aggregate(t, &cfg, reports)
		want := twin(&cfg, reports, now, fixed.FromBps(8_000).Big())
		if want.ok != (got.Status == oracle.StatusOK) {
			t.Fatalf("%v, want %v", got.Status, want.ok)
		}
		if want.ok && (got.Value.Big().Cmp(want.value) != 0 || got.Confidence.Big().Cmp(want.confidence) != 0 ||
			got.Median.Big().Cmp(want.med) != 0 || num(got.AgeSeconds).Cmp(want.age) != 0) {
			t.Fatalf("%+v, want %v, confidence %v, age %v", got, want.value, want.confidence, want.age)
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg, reports := drawConfig(t), drawReports(t)
		shuffled := rapid.Permutation(reports).Draw(t, "shuffled")
		a, findings := aggregate(t, &cfg, reports)
		b, others := aggregate(t, &cfg, shuffled)
		if a != b {
			t.Fatalf("%+v and, in another order, %+v", a, b)
		}
		for i, r := range shuffled {
			if findings[r.Source.ID] != others[i] {
				t.Fatalf("source %d: %+v and %+v", r.Source.ID, findings[r.Source.ID], others[i])
			}
		}
	})
}

// TestMinorityCannotMoveThePrice gives any sources with less than half of the effective weight to an attacker.
func TestMinorityCannotMoveThePrice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg, reports := drawConfig(t), drawReports(t)
		_, findings := aggregate(t, &cfg, reports)
		var total, taken uint64
		for _, f := range findings {
			total += f.Weight
		}
		attacked := slices.Clone(reports)
		var honest []fixed.Wad
		aim := drawWild(t)
		for i, f := range findings {
			switch {
			case f.Weight == 0: // takes no part, whatever its price
			case rapid.Bool().Draw(t, "attacked") && 2*(taken+f.Weight) < total:
				taken += f.Weight
				attacked[i].Price = aim
				if rapid.Bool().Draw(t, "near") { // just outside of the honest range
					attacked[i].Price = fixed.FromBps(100_000 + rapid.Int64Range(-95_000, 300_000).Draw(t, "to"))
				}
				if attacked[i].Price.Sign() <= 0 || fixed.FromInt(1e18).Less(attacked[i].Price) {
					attacked[i].Price = fixed.FromRaw(1) // a refused price would only give its weight away
				}
			default:
				honest = append(honest, reports[i].Price)
			}
		}
		got, _ := aggregate(t, &cfg, attacked)
		if got.Status != oracle.StatusOK {
			return
		}
		var c fixed.Calc
		low, high := slices.MinFunc(honest, fixed.Wad.Cmp), slices.MaxFunc(honest, fixed.Wad.Cmp)
		low, high = c.Sub(low, c.MulUp(low, cfg.MeanBand)), c.Add(high, c.MulUp(high, cfg.MeanBand))
		if got.Value.Less(low) || high.Less(got.Value) {
			t.Fatalf("%v is outside of %v..%v with %d of %d taken", got.Value, low, high, taken, total)
		}
	})
}

// TestHalfInOneHandCannotMoveThePrice gives one source, such as the validators together, up to half of the effective
// weight: as much as a class can have.
func TestHalfInOneHandCannotMoveThePrice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg, reports := drawConfig(t), drawReports(t)
		cfg.ClassCap = fixed.FromBps(5_000)
		for i := range reports { // the others
			reports[i].Source.Class = oracle.Class(rapid.Uint8Range(2, 5).Draw(t, "other"))
		}
		hand := oracle.Report{Price: drawWild(t), Time: now, Source: oracle.Source{
			ID: 99, Class: oracle.Vote, Weight: 1<<32 - 1, MaxAgeSeconds: 60,
		}}
		if rapid.Bool().Draw(t, "near") {
			hand.Price = fixed.FromBps(100_000 + rapid.Int64Range(-2_000, 2_000).Draw(t, "to"))
		}
		got, findings := aggregate(t, &cfg, append(reports, hand))
		var honest []fixed.Wad
		var others uint64
		for i := range reports {
			if others += findings[i].Weight; findings[i].Weight > 0 {
				honest = append(honest, reports[i].Price)
			}
		}
		if got.Status != oracle.StatusOK || findings[len(reports)].Weight > others { // auctions and manual prices are less
			return
		}
		var c fixed.Calc
		low, high := slices.MinFunc(honest, fixed.Wad.Cmp), slices.MaxFunc(honest, fixed.Wad.Cmp)
		low, high = c.Sub(low, c.MulUp(low, cfg.MeanBand)), c.Add(high, c.MulUp(high, cfg.MeanBand))
		if got.Value.Less(low) || high.Less(got.Value) {
			t.Fatalf("%v is outside of %v..%v: %+v", got.Value, low, high, findings)
		}
	})
}

// TestOlderWeighsLess lets one report age.
func TestOlderWeighsLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg, reports := drawConfig(t), drawReports(t)
		if len(reports) == 0 {
			return
		}
		i := rapid.IntRange(0, len(reports)-1).Draw(t, "which")
		_, before := aggregate(t, &cfg, reports)
		reports[i].Time -= rapid.Int64Range(0, 4_000).Draw(t, "older")
		_, after := aggregate(t, &cfg, reports)
		if after[i].Weight > before[i].Weight && before[i].Verdict != oracle.Future {
			t.Fatalf("the weight grew from %d to %d", before[i].Weight, after[i].Weight)
		}
	})
}

// TestAgreementIsKept checks what a price promises: it is positive and among those kept, its weights are within the
// caps, and it needs no source that was refused.
func TestAgreementIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg, reports := drawConfig(t), drawReports(t)
		got, findings := aggregate(t, &cfg, reports)
		var total, kept uint64
		classes := make(map[oracle.Class]uint64)
		var used []oracle.Report
		for i, f := range findings {
			if total += f.Weight; f.Verdict == oracle.Kept {
				kept += f.Weight
				used = append(used, reports[i])
			}
			classes[reports[i].Source.Class] += f.Weight
		}
		for k, w := range classes {
			most := map[oracle.Class]uint64{oracle.Auction: total / 4, oracle.Manual: total / 3}
			if m, special := most[k]; special && w > m+12 { // every weight is rounded down by less than one
				t.Fatalf("class %v has %d of %d", k, w, total)
			}
		}
		if got.Status != oracle.StatusOK {
			if !got.Value.IsZero() {
				t.Fatalf("%v with the value %v", got.Status, got.Value)
			}
			return
		}
		again, _ := aggregate(t, &cfg, slices.DeleteFunc(slices.Clone(reports), func(r oracle.Report) bool {
			v := findings[r.Source.ID].Verdict
			return v != oracle.Kept && v != oracle.Outlier && v != oracle.Weightless
		}))
		low := slices.MinFunc(used, func(a, b oracle.Report) int { return a.Price.Cmp(b.Price) }).Price
		high := slices.MaxFunc(used, func(a, b oracle.Report) int { return a.Price.Cmp(b.Price) }).Price
		if got.Value.Sign() <= 0 || got.Value.Less(low) || high.Less(got.Value) || again != got || 5*kept < 3*total {
			t.Fatalf("%+v of %v..%v, kept %d of %d; without the refused %+v", got, low, high, kept, total, again)
		}
	})
}
