package settle_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

const day = 86_400

// TestBudgetExample is the worked example of spec 12 §12.3.
func TestBudgetExample(t *testing.T) {
	t.Parallel()
	cfg := settle.DefaultBudget()
	var c fixed.Calc
	var b settle.Budget
	nav := fixed.FromInt(1_000_000)
	for k, step := range []struct {
		sold, left string
		halted     bool
	}{
		{"4000", "0.006", false},
		{"5000", "0.002428571428571428", false},
		{"3000", "0.000857142857142856", false},
		{"3000", "-0.000714285714285716", true},
	} {
		s := settle.Shortfall(&c, fixed.FromInt(100_000), c.Sub(fixed.FromInt(100_000), enginetest.W(t, step.sold)), nav)
		next, err := b.Charge(cfg, int64(k)*day, s)
		if err != nil || c.Err() != nil {
			t.Fatal(err, c.Err())
		}
		if b = next; b.Left(cfg) != enginetest.W(t, step.left) || b.Halted != step.halted {
			t.Errorf("day %d: left %v, halted %v; want %v, %v", k, b.Left(cfg), b.Halted, step.left, step.halted)
		}
	}
	// 2.25 days bring 0.0032142857142857142..., truncated: one count short of the quarter, so it is the second after.
	seconds, err := b.ResumeSeconds(cfg)
	if err != nil || seconds != 9*day/4+1 {
		t.Errorf("resumes after %d s, error %v", seconds, err)
	}
	for _, step := range []struct {
		after  int64
		left   string
		halted bool
	}{{seconds - 1, "0.002499999999999998", true}, {seconds, "0.002500016534391532", false}} {
		next, err := b.At(cfg, b.Time+step.after)
		if err != nil || next.Halted != step.halted || next.Left(cfg) != enginetest.W(t, step.left) {
			t.Errorf("after %d s: left %v, halted %v, error %v", step.after, next.Left(cfg), next.Halted, err)
		}
	}
}

func TestBudgetHalts(t *testing.T) {
	t.Parallel()
	cfg, w := settle.DefaultBudget(), func(s string) fixed.Wad { return enginetest.W(t, s) }
	charge := func(b settle.Budget, now int64, s string) settle.Budget {
		next, err := b.Charge(cfg, now, w(s))
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	if b := charge(settle.Budget{}, 0, "0.01"); b.Halted || !b.Left(cfg).IsZero() {
		t.Errorf("all spent is not yet too much: %+v", b)
	}
	if b := charge(charge(settle.Budget{}, 0, "0.008"), 0, "0"); b.Halted {
		t.Errorf("less than a quarter is left, but nothing had halted: %+v", b)
	}
	b := charge(settle.Budget{}, 0, "0.010000000000000001")
	if !b.Halted {
		t.Errorf("one count beyond the cap: %+v", b)
	}
	if b = charge(b, 0, "-0.002"); !b.Halted {
		t.Errorf("less than a quarter is back, but it resumed: %+v", b)
	}
	if b = charge(b, 0, "-0.000500000000000001"); !b.Halted {
		t.Errorf("a charge itself does not resume: %+v", b)
	}
	if b = charge(b, 0, "0"); b.Halted {
		t.Errorf("a quarter is left: %+v", b)
	}
	if b = charge(b, 1, "-0.5"); b.Left(cfg) != cfg.Cap {
		t.Errorf("gains refill to full: %+v", b)
	}
	if b = charge(b, 0, "0.001"); b.Time != 1 || b.Left(cfg) != w("0.009") {
		t.Errorf("a time before the last refills nothing: %+v", b)
	}
	if s, err := b.ResumeSeconds(cfg); s != 0 || err != nil {
		t.Errorf("not halted: %d s, %v", s, err)
	}
}

func TestRaise(t *testing.T) {
	t.Parallel()
	cfg, w := settle.DefaultBudget(), func(s string) fixed.Wad { return enginetest.W(t, s) }
	b, err := settle.Budget{}.Charge(cfg, 0, w("0.02"))
	if err != nil {
		t.Fatal(err)
	}
	for _, larger := range []string{"0.009", "0.01", "0.02", "1.1"} {
		if got, err := b.Raise(cfg, 0, w(larger)); !errors.Is(err, settle.ErrBudget) || got != b {
			t.Errorf("raise to %s: %+v, error %v", larger, got, err)
		}
	}
	got, err := b.Raise(cfg, 0, w("0.025"))
	if err != nil || got.Halted || got.Left(settle.BudgetConfig{Cap: w("0.025"), WindowSeconds: 1}) != w("0.005") {
		t.Errorf("raise to 0.025: %+v, error %v", got, err)
	}
	if got, err = b.Raise(cfg, 7*day, w("0.011")); err != nil || got.Spent != w("0.01") {
		t.Errorf("raise after a week: %+v, error %v", got, err)
	}
	if _, err := b.Raise(settle.BudgetConfig{Cap: w("0.01")}, 1, w("0.03")); !errors.Is(err, settle.ErrBudget) {
		t.Errorf("no window: %v", err)
	}
}

func TestBudgetConfig(t *testing.T) {
	t.Parallel()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	for _, test := range []struct {
		name string
		cfg  settle.BudgetConfig
		ok   bool
	}{
		{"default", settle.DefaultBudget(), true},
		{"none", settle.BudgetConfig{}, true},
		{"negative", settle.BudgetConfig{w("-0.1"), 1}, false},
		{"above everything", settle.BudgetConfig{w("1.000000000000000001"), 1}, false},
		{"no window", settle.BudgetConfig{w("0.1"), 0}, false},
	} {
		if err := test.cfg.Validate(); (err == nil) != test.ok || err != nil && !errors.Is(err, settle.ErrBudget) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if b, err := (settle.Budget{}).Charge(settle.BudgetConfig{}, 5, w("0.9")); err != nil || b.Halted {
		t.Errorf("no budget: %+v, error %v", b, err)
	}
	if got := settle.DefaultBudget(); got.Cap != w("0.01") || got.WindowSeconds != 604_800 {
		t.Errorf("default %+v", got)
	}
}

func TestBudgetErrors(t *testing.T) {
	t.Parallel()
	bad := settle.BudgetConfig{Cap: fixed.One()}
	b := settle.Budget{Spent: fixed.One(), Halted: true}
	if _, err := b.Charge(bad, 1, fixed.One()); !errors.Is(err, fixed.ErrDivideByZero) {
		t.Errorf("no window: %v", err)
	}
	small := settle.BudgetConfig{fixed.FromRaw(3), 1}
	if got, err := b.Raise(small, math.MaxInt64, fixed.FromRaw(2)); !errors.Is(err, settle.ErrBudget) || got != b {
		t.Errorf("smaller cap: %+v, %v", got, err)
	}
	if got, err := b.Charge(settle.DefaultBudget(), 0, fixed.Max()); !errors.Is(err, fixed.ErrOverflow) || got != b {
		t.Errorf("a loss of everything and more: %+v, %v", got, err)
	}
	spent := settle.Budget{Spent: fixed.Max(), Halted: true}
	got, err := spent.Raise(settle.DefaultBudget(), 0, fixed.One())
	if !errors.Is(err, fixed.ErrOverflow) || got != spent {
		t.Errorf("spent more than can be: %+v, %v", got, err)
	}
	never := settle.BudgetConfig{Cap: fixed.FromRaw(1), WindowSeconds: math.MaxInt64}
	if _, err := b.ResumeSeconds(never); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("longer than time lasts: %v", err)
	}
	if s, err := (settle.Budget{Halted: true}).ResumeSeconds(settle.DefaultBudget()); s != 0 || err != nil {
		t.Errorf("halted, but full: %d, %v", s, err)
	}
	early := settle.Budget{Time: math.MinInt64, Spent: fixed.FromBps(1)}
	if got, err := early.At(settle.DefaultBudget(), math.MaxInt64); err != nil || !got.Spent.IsZero() {
		t.Errorf("from the beginning to the end of time: %+v, %v", got, err)
	}
}

func TestShortfall(t *testing.T) {
	t.Parallel()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	var c fixed.Calc
	if got := settle.Shortfall(&c, w("100"), w("101"), w("3000")); got != w("-0.000333333333333333") {
		t.Errorf("a gain: %v", got)
	}
	if got := settle.StaleShortfall(&c, w("100"), w("0.02"), w("3000")); got != w("0.000666666666666667") {
		t.Errorf("no mid: %v", got)
	}
	if c.Err() != nil {
		t.Error(c.Err())
	}
}

// TestBudgetProperties: what is left never exceeds the cap, only time and gains refill, and a halt ends when it says.
func TestBudgetProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := settle.BudgetConfig{
			Cap:           fixed.FromRaw(rapid.Int64Range(1e9, 1e18).Draw(t, "cap")),
			WindowSeconds: rapid.Int64Range(1, 1e8).Draw(t, "window"),
		}
		var b settle.Budget
		var now int64
		for range rapid.IntRange(1, 9).Draw(t, "charges") {
			now += rapid.Int64Range(0, 1e6).Draw(t, "later")
			s := fixed.FromRaw(rapid.Int64Range(-1e17, 1e17).Draw(t, "shortfall"))
			refilled, err := b.At(cfg, now)
			if err != nil || b.Spent.Less(refilled.Spent) {
				t.Fatalf("time spends: %+v, then %+v, error %v", b, refilled, err)
			}
			if b, err = b.Charge(cfg, now, s); err != nil {
				t.Fatal(err)
			}
			if cfg.Cap.Less(b.Left(cfg)) || b.Left(cfg).Sign() < 0 && !b.Halted {
				t.Fatalf("left %v of %v, halted %v", b.Left(cfg), cfg.Cap, b.Halted)
			}
		}
		seconds, err := b.ResumeSeconds(cfg)
		if err != nil {
			t.Fatal(err)
		}
		back, err := b.At(cfg, now+seconds)
		if err != nil || back.Halted {
			t.Fatalf("%+v is halted after %d s, error %v", back, seconds, err)
		}
		if seconds > 0 {
			if back, err = b.At(cfg, now+seconds-1); err != nil || !back.Halted {
				t.Fatalf("%+v resumed before %d s, error %v", back, seconds, err)
			}
		}
	})
}
