package oracle_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// report is a fresh report of weight 100.
func report(id uint32, class oracle.Class, price fixed.Wad) oracle.Report {
	return oracle.Report{
		Source: oracle.Source{ID: id, Class: class, Weight: 100, MaxAgeSeconds: 600}, Price: price, Time: now,
	}
}

// agreeing is one fresh report of each class given, at one price.
func agreeing(price fixed.Wad, classes ...oracle.Class) (reports []oracle.Report) {
	for i, k := range classes {
		reports = append(reports, report(uint32(i+1), k, price))
	}
	return reports
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	ten := fixed.FromInt(10)
	limit, beyond := enginetest.W(t, "10.05"), enginetest.W(t, "10.050000000000000001")
	for _, test := range []struct {
		name   string
		change func(r *oracle.Report)
		want   oracle.Verdict
		weight uint64
	}{
		{"fresh", func(*oracle.Report) {}, oracle.Kept, 100},
		{"half of the weight after the decay", func(r *oracle.Report) { r.Time = now - 300 }, oracle.Kept, 50},
		{"as old as allowed", func(r *oracle.Report) { r.Time = now - 600 }, oracle.Kept, 33},
		{"too old", func(r *oracle.Report) { r.Time = now - 601 }, oracle.Stale, 0},
		{"from before time", func(r *oracle.Report) { r.Time = math.MinInt64 }, oracle.Stale, 0},
		{"negative age limit", func(r *oracle.Report) { r.Source.MaxAgeSeconds = -1 }, oracle.Stale, 0},
		{"from the future", func(r *oracle.Report) { r.Time = now + 1 }, oracle.Future, 0},
		{"from the end of time", func(r *oracle.Report) { r.Time = math.MaxInt64 }, oracle.Future, 0},
		{"zero", func(r *oracle.Report) { r.Price = fixed.Wad{} }, oracle.NotPositive, 0},
		{"negative", func(r *oracle.Report) { r.Price = ten.Neg() }, oracle.NotPositive, 0},
		{"highest price", func(r *oracle.Report) { r.Price = fixed.FromInt(1e18) }, oracle.Outlier, 100},
		{"beyond the highest price", func(r *oracle.Report) { r.Price = fixed.Max() }, oracle.TooLarge, 0},
		{"paused", func(r *oracle.Report) { r.Source.Paused = true }, oracle.Paused, 0},
		{"no weight", func(r *oracle.Report) { r.Source.Weight = 0 }, oracle.Weightless, 0},
		{"no weight after decay", func(r *oracle.Report) { r.Source.Weight, r.Time = 2, now-600 }, oracle.Weightless, 0},
		{"on the limit", func(r *oracle.Report) { r.Price = limit }, oracle.Kept, 100},
		{"beyond the limit", func(r *oracle.Report) { r.Price = beyond }, oracle.Outlier, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			reports := agreeing(ten, oracle.Vote, oracle.Feed, oracle.DEX, oracle.Vote)
			test.change(&reports[3])
			var ws oracle.Workspace
			cfg := oracle.DefaultConfig()
			a, err := oracle.Aggregate(&ws, &cfg, reports, now, fixed.Wad{})
			if err != nil || a.Status != oracle.StatusOK {
				t.Fatalf("%v, %v", a.Status, err)
			}
			if got := ws.Findings()[3]; got != (oracle.Finding{Verdict: test.want, Weight: test.weight}) {
				t.Errorf("%v with %d, want %v with %d", got.Verdict, got.Weight, test.want, test.weight)
			}
		})
	}
}

func TestQuorum(t *testing.T) {
	t.Parallel()
	ten, far := fixed.FromInt(10), fixed.FromInt(20)
	for _, test := range []struct {
		name    string
		reports []oracle.Report
		want    oracle.Status
		classes int
	}{
		{"three sources of two classes", agreeing(ten, oracle.Vote, oracle.Feed, oracle.Feed), oracle.StatusOK, 2},
		{"two sources", agreeing(ten, oracle.Vote, oracle.Feed), oracle.StatusNoQuorum, 0},
		{"one class", agreeing(ten, oracle.Feed, oracle.Feed, oracle.Feed), oracle.StatusNoQuorum, 0},
		{
			"the own auctions are no third source", agreeing(ten, oracle.Vote, oracle.Feed, oracle.Auction),
			oracle.StatusNoQuorum, 0,
		},
		{
			"the own auctions are no second class",
			agreeing(ten, oracle.Feed, oracle.Feed, oracle.Feed, oracle.Auction), oracle.StatusNoQuorum, 0,
		},
		{"a manual price among others", agreeing(ten, oracle.Vote, oracle.Feed, oracle.Manual), oracle.StatusOK, 3},
		{"manual prices alone", agreeing(ten, oracle.Manual, oracle.Manual, oracle.Manual), oracle.StatusNoQuorum, 0},
		{
			"too few after outliers", append(agreeing(ten, oracle.Vote, oracle.Feed), report(9, oracle.DEX, far)),
			oracle.StatusNoQuorum, 0,
		},
		{"too little weight after outliers", []oracle.Report{
			report(1, oracle.Vote, ten), report(2, oracle.Feed, ten), report(3, oracle.Feed, ten),
			report(4, oracle.DEX, far), report(5, oracle.DEX, fixed.FromInt(30)), report(6, oracle.DEX, fixed.FromInt(90)),
		}, oracle.StatusNoQuorum, 0},
		{"no reports", nil, oracle.StatusNoQuorum, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws oracle.Workspace
			cfg := oracle.DefaultConfig()
			cfg.OutlierFactor = fixed.FromBps(1)
			a, err := oracle.Aggregate(&ws, &cfg, test.reports, now, fixed.Wad{})
			if err != nil || a.Status != test.want || a.Classes != test.classes {
				t.Errorf("%v, %d classes (%v), want %v, %d", a.Status, a.Classes, err, test.want, test.classes)
			}
		})
	}
}

// TestClassCaps cuts classes that are too heavy, each to its share of the whole.
func TestClassCaps(t *testing.T) {
	t.Parallel()
	ten := fixed.FromInt(10)
	for _, test := range []struct {
		name    string
		heavy   oracle.Class
		cap     string
		weights []uint64
	}{
		{"half", oracle.Vote, "0.5", []uint64{200, 100, 100}},
		{"two thirds", oracle.Vote, "0.666666666666666667", []uint64{400, 100, 100}},
		{"no cap", oracle.Vote, "1", []uint64{10_000, 100, 100}},
		{"the own auctions have a quarter", oracle.Auction, "1", []uint64{66, 100, 100}},
		{"manual prices have a third", oracle.Manual, "0.5", []uint64{100, 100, 100}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			reports := []oracle.Report{report(1, test.heavy, ten), report(2, oracle.Feed, ten), report(3, oracle.DEX, ten)}
			reports[0].Source.Weight = 10_000
			var ws oracle.Workspace
			cfg := oracle.DefaultConfig()
			cfg.ClassCap = enginetest.W(t, test.cap)
			if _, err := oracle.Aggregate(&ws, &cfg, reports, now, fixed.Wad{}); err != nil {
				t.Fatal(err)
			}
			for i, f := range ws.Findings() {
				if f.Weight != test.weights[i] {
					t.Errorf("report %d weighs %d, want %d", i, f.Weight, test.weights[i])
				}
			}
		})
	}
}

// TestDroppingCannotMakeAMajority is why the price is held to the median of all reports and not only of those kept.
// Sources with 51 % say 6 and 14; the others, with 49 %, say 15.7. That is close enough to 14 for 6 to be an outlier,
// and then the others are the majority of what is left.
func TestDroppingCannotMakeAMajority(t *testing.T) {
	t.Parallel()
	reports := []oracle.Report{
		report(1, oracle.Vote, fixed.FromInt(6)),
		report(2, oracle.Feed, fixed.FromInt(14)), report(3, oracle.Feed, fixed.FromInt(14)),
		report(4, oracle.DEX, enginetest.W(t, "15.7")),
	}
	for i, w := range []uint32{260, 130, 120, 490} {
		reports[i].Source.Weight = w
	}
	var ws oracle.Workspace
	cfg := oracle.DefaultConfig()
	a, err := oracle.Aggregate(&ws, &cfg, reports, now, fixed.Wad{})
	if err != nil || a.Status != oracle.StatusOK || ws.Findings()[0].Verdict != oracle.Outlier {
		t.Fatalf("%+v, %v", a, err)
	}
	if a.Median != enginetest.W(t, "15.7") || a.Value != enginetest.W(t, "14.07") {
		t.Errorf("median of the kept %v, price %v, want 14 and half a per cent", a.Median, a.Value)
	}
}

// TestManualZero is another system's rule: a manual price of zero is an error there; here it is no price.
func TestManualZero(t *testing.T) {
	t.Parallel()
	peers := enginetest.Peers(t, "oracle rules")
	var theirs struct {
		Zero string `json:"manual_zero"`
		Few  string `json:"less_than_3_auctions"`
	}
	enginetest.Decode(t, peers[0].Expected, &theirs)
	if theirs.Zero != "PriceIsZero" || theirs.Few == "" {
		t.Fatalf("the peer's rules have changed: %+v", theirs)
	}
	ten := fixed.FromInt(10)
	reports := append(agreeing(ten, oracle.Feed, oracle.DEX, oracle.DEX), report(4, oracle.Manual, fixed.Wad{}))
	var ws oracle.Workspace
	cfg := oracle.DefaultConfig()
	a, err := oracle.Aggregate(&ws, &cfg, reports, now, fixed.Wad{})
	if err != nil || a.Value != ten || ws.Findings()[3].Verdict != oracle.NotPositive {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestReportErrors(t *testing.T) {
	t.Parallel()
	many := make([]oracle.Report, oracle.MaxSources+1)
	for i := range many {
		many[i] = report(uint32(i), oracle.Feed, fixed.One())
	}
	twice := slices.Clone(many[:3])
	twice[2].Source.ID = 0
	unknown := slices.Clone(many[:3])
	unknown[2].Source.Class = 99
	cfg := oracle.DefaultConfig()
	for name, reports := range map[string][]oracle.Report{"too many": many, "twice": twice, "unknown class": unknown} {
		var ws oracle.Workspace
		if _, err := oracle.Aggregate(&ws, &cfg, reports, now, fixed.One()); !errors.Is(err, oracle.ErrSource) {
			t.Errorf("%s: error %v, want %v", name, err, oracle.ErrSource)
		}
	}
	var ws oracle.Workspace
	old := agreeing(fixed.One(), oracle.Vote, oracle.Feed, oracle.DEX)
	for i := range old {
		old[i].Source.Weight, old[i].Source.MaxAgeSeconds = math.MaxUint32, math.MaxInt64
		old[i].Time = now - 5*oracle.SecondsPerYear
	}
	if _, err := oracle.Aggregate(&ws, &cfg, old, now, fixed.Max()); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("the largest volatility over five years: error %v", err)
	}
}

func TestValidateSources(t *testing.T) {
	t.Parallel()
	good := oracle.Source{ID: 1, Class: oracle.Feed, Weight: 300, MaxAgeSeconds: 60}
	with := func(change func(s *oracle.Source)) []oracle.Source {
		s := oracle.Source{ID: 2, Class: oracle.DEX, Weight: 100, MaxAgeSeconds: 60}
		change(&s)
		return []oracle.Source{good, s}
	}
	for _, test := range []struct {
		name    string
		sources []oracle.Source
		want    error
	}{
		{"none", nil, nil},
		{"two", with(func(*oracle.Source) {}), nil},
		{"too many", make([]oracle.Source, oracle.MaxSources+1), oracle.ErrSource},
		{"no class", with(func(s *oracle.Source) { s.Class = oracle.ClassUnspecified }), oracle.ErrSource},
		{"unknown class", with(func(s *oracle.Source) { s.Class = 99 }), oracle.ErrSource},
		{"no weight", with(func(s *oracle.Source) { s.Weight = 0 }), oracle.ErrSource},
		{"no age limit", with(func(s *oracle.Source) { s.MaxAgeSeconds = 0 }), oracle.ErrSource},
		{"twice", with(func(s *oracle.Source) { s.ID = 1 }), oracle.ErrSource},
		{"auctions with a quarter", with(func(s *oracle.Source) { s.Class = oracle.Auction }), nil},
		{"auctions with more", with(func(s *oracle.Source) { s.Class, s.Weight = oracle.Auction, 101 }), oracle.ErrSource},
		{"manual with a third", with(func(s *oracle.Source) { s.Class, s.Weight = oracle.Manual, 150 }), nil},
		{"manual with more", with(func(s *oracle.Source) { s.Class, s.Weight = oracle.Manual, 151 }), oracle.ErrSource},
	} {
		if err := oracle.ValidateSources(test.sources); !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", test.name, err, test.want)
		}
	}
}

func TestValidateConfig(t *testing.T) {
	t.Parallel()
	minus, two := fixed.FromRaw(-1), fixed.FromInt(2)
	for name, change := range map[string]func(c *oracle.Config){
		"no decay":                  func(c *oracle.Config) { c.DecaySeconds = 0 },
		"long decay":                func(c *oracle.Config) { c.DecaySeconds = math.MaxInt64 },
		"no sources":                func(c *oracle.Config) { c.MinSources = 0 },
		"too many sources":          func(c *oracle.Config) { c.MinSources = oracle.MaxSources + 1 },
		"no classes":                func(c *oracle.Config) { c.MinClasses = 0 },
		"more classes than sources": func(c *oracle.Config) { c.MinClasses = 4 },
		"small cap":                 func(c *oracle.Config) { c.ClassCap = fixed.FromBps(4_999) },
		"large cap":                 func(c *oracle.Config) { c.ClassCap = two },
		"negative factor":           func(c *oracle.Config) { c.OutlierFactor = minus },
		"negative floor":            func(c *oracle.Config) { c.OutlierFloor = minus },
		"small kept part":           func(c *oracle.Config) { c.MinKept = fixed.FromBps(4_999) },
		"large kept part":           func(c *oracle.Config) { c.MinKept = two },
		"wide mean band":            func(c *oracle.Config) { c.MeanBand = fixed.One() },
		"negative confidence":       func(c *oracle.Config) { c.ConfidenceFloor = minus },
	} {
		cfg := oracle.DefaultConfig()
		if err := cfg.Validate(); err != nil {
			t.Fatal(err)
		}
		if change(&cfg); !errors.Is(cfg.Validate(), oracle.ErrConfig) {
			t.Errorf("%s: error %v, want %v", name, cfg.Validate(), oracle.ErrConfig)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		oracle.StatusTripped.String(): "tripped", oracle.Status(99).String(): "unknown status",
		oracle.Auction.String(): "auction", oracle.Class(99).String(): "unknown class",
		oracle.Outlier.String(): "outlier", oracle.Verdict(99).String(): "unknown verdict",
		oracle.RefusalSelf.String(): "filled by its seller", oracle.Refusal(99).String(): "unknown refusal",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
