package project_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

const day = 86400

func unix(t *testing.T, text string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.Unix()
}

func TestScheduleMonths(t *testing.T) {
	t.Parallel()
	s := project.Schedule{First: unix(t, "2024-01-31T09:30:15Z"), EveryMonths: 1, Until: unix(t, "2025-03-01T00:00:00Z")}
	want := []string{
		"2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30", "2024-07-31", "2024-08-31",
		"2024-09-30", "2024-10-31", "2024-11-30", "2024-12-31", "2025-01-31", "2025-02-28",
	}
	for k, date := range want {
		due, ok := s.Due(int64(k))
		if !ok || due != unix(t, date+"T09:30:15Z") {
			t.Errorf("occurrence %d: got %v, %v, want %s", k, time.Unix(due, 0).UTC(), ok, date)
		}
	}
	if _, ok := s.Due(int64(len(want))); ok {
		t.Error("an occurrence after the end")
	}
}

func TestScheduleBounds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		s    project.Schedule
		k    int64
		want int64
		ok   bool
	}{
		{"once", project.Schedule{First: 7}, 0, 7, true},
		{"once and no more", project.Schedule{First: 7}, 1, 0, false},
		{"before the first", project.Schedule{First: 7, EverySeconds: 5}, -1, 0, false},
		{"seconds", project.Schedule{First: 7, EverySeconds: 5}, 3, 22, true},
		{"until, inclusive", project.Schedule{First: 7, EverySeconds: 5, Until: 22}, 3, 22, true},
		{"after until", project.Schedule{First: 7, EverySeconds: 5, Until: 21}, 3, 22, false},
		{"end of time", project.Schedule{First: 7, EverySeconds: 5}, math.MaxInt64, 0, false},
		{"end of time in months", project.Schedule{EveryMonths: 1}, 96360, 253402300800, false},
		{"the last second", project.Schedule{First: project.TimeMax - 5, EverySeconds: 5}, 1, project.TimeMax, true},
		{"after the last second", project.Schedule{First: project.TimeMax - 5, EverySeconds: 5}, 2, 0, false},
		{"last month", project.Schedule{EveryMonths: 1}, 96359, 253399622400, true},
		{"too many months", project.Schedule{EveryMonths: math.MaxInt64}, 1, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := test.s.Due(test.k); got != test.want || ok != test.ok {
				t.Errorf("got %d, %v, want %d, %v", got, ok, test.want, test.ok)
			}
		})
	}
}

// TestCalendar: against package time, which knows the calendar by other means.
func TestCalendar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Int64Range(0, project.TimeMax).Draw(t, "first")
		months := rapid.Int64Range(1, 30).Draw(t, "months")
		k := rapid.Int64Range(0, 3000).Draw(t, "k")
		s := project.Schedule{First: first, EveryMonths: months}
		got, ok := s.Due(k)
		at := time.Unix(first, 0).UTC()
		start := time.Date(at.Year(), at.Month(), 1, at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
		there := start.AddDate(0, int(k*months), 0)
		last := there.AddDate(0, 1, -1).Day()
		want := there.AddDate(0, 0, min(at.Day(), last)-1).Unix()
		if ok != (want <= project.TimeMax) || ok && got != want {
			t.Fatalf("%v and %d months: got %d, %v, want %d", at, k*months, got, ok, want)
		}
	})
}

func TestPaymentValidate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(*project.Payment)
		want  string
	}{
		{"fine", func(*project.Payment) {}, ""},
		{"at the start of time", func(p *project.Payment) { p.Schedule.First = 0 }, ""},
		{"at the end of time", func(p *project.Payment) { p.Schedule.First = project.TimeMax }, ""},
		{"once", func(p *project.Payment) { p.Schedule.EveryMonths = 0 }, ""},
		{"in seconds", func(p *project.Payment) { p.Schedule.EveryMonths, p.Schedule.EverySeconds = 0, 1 }, ""},
		{"only the first", func(p *project.Payment) { p.Schedule.Until = 7 }, ""},
		{"partial", func(p *project.Payment) { p.OnShort = project.Partial }, ""},
		{"no amount", func(p *project.Payment) { p.Amount = fixed.Nat{} }, "amount above 0"},
		{"before time", func(p *project.Payment) { p.Schedule.First = -1 }, "due time"},
		{"after time", func(p *project.Payment) { p.Schedule.First = project.TimeMax + 1 }, "due time"},
		{"negative seconds", func(p *project.Payment) { p.Schedule.EverySeconds = -1 }, "a period"},
		{"negative months", func(p *project.Payment) { p.Schedule.EveryMonths = -1 }, "a period"},
		{"two periods", func(p *project.Payment) { p.Schedule.EverySeconds = 5 }, "a period in seconds or in months"},
		{"end before start", func(p *project.Payment) { p.Schedule.Until = 6 }, "an end from 7 on"},
		{"rule", func(p *project.Payment) { p.OnShort = 2 }, "wait or partial"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := project.Payment{Amount: fixed.NatOf(5), Schedule: project.Schedule{First: 7, EveryMonths: 1}}
			test.spoil(&p)
			err := p.Validate()
			if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, project.ErrInput) ||
				!strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestPay(t *testing.T) {
	t.Parallel()
	n := fixed.NatOf
	for _, test := range []struct {
		name            string
		rule            project.OnShort
		owed            project.Owed
		now             int64
		free            uint64
		amount, missing uint64
		next            project.Owed
	}{
		{"not due", project.Wait, project.Owed{}, 99, 500, 0, 0, project.Owed{}},
		{"due and there", project.Wait, project.Owed{}, 100, 50, 50, 0, project.Owed{Number: 1}},
		{"the next one is not due", project.Wait, project.Owed{Number: 1}, 100, 500, 0, 0, project.Owed{Number: 1}},
		{"the next one", project.Wait, project.Owed{Number: 1}, 110, 500, 50, 0, project.Owed{Number: 2}},
		{"short: wait", project.Wait, project.Owed{}, 100, 30, 0, 20, project.Owed{}},
		{"short: partial", project.Partial, project.Owed{}, 100, 30, 30, 20, project.Owed{Paid: n(30)}},
		{"the rest of it", project.Partial, project.Owed{Paid: n(30)}, 105, 30, 20, 0, project.Owed{Number: 1}},
		{"nothing there", project.Partial, project.Owed{Paid: n(30)}, 105, 0, 0, 20, project.Owed{Paid: n(30)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := project.Payment{
				Amount: n(50), Schedule: project.Schedule{First: 100, EverySeconds: 10}, OnShort: test.rule,
			}
			amount, missing, next := p.Pay(test.owed, test.now, n(test.free))
			if amount != n(test.amount) || missing != n(test.missing) || next != test.next {
				t.Errorf("got %v, %v, %+v, want %d, %d, %+v", amount, missing, next, test.amount, test.missing, test.next)
			}
		})
	}
}

// TestWorkedReserve is the worked example of spec 12.2: 200,000 due on day 5 with a lead of 4 days.
func TestWorkedReserve(t *testing.T) {
	t.Parallel()
	plan := project.Plan{
		Payments: []project.Payment{{Asset: 3, Amount: fixed.NatOf(200_000), Schedule: project.Schedule{First: 5 * day}}},
		Owed:     make([]project.Owed, 1),
	}
	for d, want := range []uint64{0, 50_000, 100_000, 150_000, 200_000, 200_000, 200_000} {
		got, err := plan.Reserve(3, int64(d)*day, day, 4)
		if err != nil {
			t.Fatal(err)
		}
		if got != fixed.NatOf(want) {
			t.Errorf("day %d: got %v, want %d", d, got, want)
		}
	}
	if got, err := plan.Reserve(2, 4*day, day, 4); err != nil || !got.IsZero() {
		t.Errorf("another asset: got %v, %v", got, err)
	}
	plan.Owed[0] = project.Owed{Number: 1}
	if got, err := plan.Reserve(3, 5*day, day, 4); err != nil || !got.IsZero() {
		t.Errorf("after it was paid: got %v, %v", got, err)
	}
}

func TestReserveOfMany(t *testing.T) {
	t.Parallel()
	plan := project.Plan{
		Payments: []project.Payment{
			{Asset: 1, Amount: fixed.NatOf(10), Schedule: project.Schedule{First: 0, EverySeconds: 2 * day}},
			{Asset: 1, Amount: fixed.NatOf(7), Schedule: project.Schedule{First: 3 * day}},
			{Asset: 2, Amount: fixed.NatOf(1000), Schedule: project.Schedule{First: day}},
		},
		Owed: []project.Owed{{Number: 1, Paid: fixed.NatOf(4)}, {}, {}},
	}
	// At noon of day 1: 6 are due in half a day; 7 in 1.5 days and 10 in 2.5 days count 1 and 2 whole intervals;
	// 10 in 4.5 days are 4 intervals away and count a quarter; the next are too far.
	got, err := plan.Reserve(1, 3*day/2, day, 4)
	if err != nil || got != fixed.NatOf(6+7+8+3) {
		t.Errorf("got %v, %v, want 24", got, err)
	}
	// 6 and 10 are due by day 4, and the 7 of day 3.
	if got, err = plan.Due(1, 4*day); err != nil || got != fixed.NatOf(23) {
		t.Errorf("got %v, %v, want 23", got, err)
	}
	if got, err = plan.Due(2, day-1); err != nil || !got.IsZero() {
		t.Errorf("got %v, %v, want nothing", got, err)
	}
	// A payment that is due every second is bounded by the number of occurrences that are looked at.
	plan.Payments[0].Schedule.EverySeconds = 1
	if got, err = plan.Due(1, 1e6); err != nil || got != fixed.NatOf(7+10*project.MaxOccurrences-4) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestLeadTime(t *testing.T) {
	t.Parallel()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	for _, test := range []struct {
		name              string
		missing, capacity fixed.Wad
		longest, want     int64
	}{
		{"nothing missing", w("0"), w("0"), 30, 1},
		{"exact", w("200000"), w("50000"), 30, 5},
		{"rounded up", w("200000.01"), w("50000"), 30, 6},
		{"at most the longest", w("200000"), w("50000"), 4, 4},
		{"just the longest", w("200000"), w("50000"), 5, 5},
		{"no capacity", w("1"), w("0"), 30, 30},
		{"much missing", fixed.Max(), fixed.FromRaw(1), 30, 30},
		{"one interval at most", w("1"), w("1"), 1, 1},
	} {
		got, err := project.LeadTime(test.missing, test.capacity, test.longest)
		if err != nil || got != test.want {
			t.Errorf("%s: got %d, %v, want %d", test.name, got, err, test.want)
		}
	}
}

func TestRunway(t *testing.T) {
	t.Parallel()
	january := unix(t, "2026-01-31T00:00:00Z")
	usdc := func(n uint64) fixed.Nat { return fixed.NatOf(n * 1_000_000) }
	plan := project.Plan{
		Payments: []project.Payment{
			{Asset: 1, Amount: usdc(100_000), Schedule: project.Schedule{First: january, EveryMonths: 1}},
			{Asset: 2, Amount: usdc(1 << 40), Schedule: project.Schedule{First: january}},
		},
		Owed: make([]project.Owed, 2),
	}
	supply := project.Supply{
		Now: unix(t, "2026-01-01T00:00:00Z"), PeriodSeconds: day, Held: usdc(250_000), Price: fixed.One(), Exponent: 6,
	}
	for _, test := range []struct {
		name              string
		sellable, most, h string
		want              string
		months            int64
	}{
		{"from holdings alone", "0", "0", "0", "2026-03-31", 2},
		{"selling everything", "250000", "100000", "0", "2026-06-30", 5},
		{"selling at a loss", "250000", "100000", "0.02", "2026-05-31", 4},
		{"selling slowly", "250000", "100", "0", "2026-03-31", 2},
		{"late at once", "0", "0", "1", "2026-03-31", 2},
	} {
		s := supply
		s.Sellable, s.PerInterval = enginetest.W(t, test.sellable), enginetest.W(t, test.most)
		s.Haircut = enginetest.W(t, test.h)
		got, err := plan.Runway(1, s)
		if err != nil {
			t.Fatal(err)
		}
		if want := (project.Runway{Due: unix(t, test.want+"T00:00:00Z"), Months: test.months, Short: true}); got != want {
			t.Errorf("%s: got %+v (%v), want %+v", test.name, got, time.Unix(got.Due, 0).UTC(), want)
		}
	}
	supply.Held = usdc(500_000)
	plan.Payments[0].Schedule.Until = unix(t, "2026-05-31T00:00:00Z")
	got, err := plan.Runway(1, supply)
	if want := (project.Runway{Due: unix(t, "2026-05-31T00:00:00Z"), Months: 4}); err != nil || got != want {
		t.Errorf("all met: got %+v, %v, want %+v", got, err, want)
	}
	if got, err = plan.Runway(7, supply); err != nil || got != (project.Runway{Due: supply.Now}) {
		t.Errorf("nothing owed: got %+v, %v", got, err)
	}
	plan.Payments[0].Schedule.First = unix(t, "2026-02-10T00:00:00Z")
	supply.Now = unix(t, "2026-01-15T00:00:00Z")
	if got, err = plan.Runway(1, supply); err != nil || got.Months != 3 {
		t.Errorf("from the 15th of January to the 10th of May: got %+v, %v, want 3 months", got, err)
	}
	supply.Now = unix(t, "2026-01-10T00:00:00Z")
	if got, err = plan.Runway(1, supply); err != nil || got.Months != 4 {
		t.Errorf("from the 10th of January to the 10th of May: got %+v, %v, want 4 months", got, err)
	}
	plan.Payments[0].Schedule.First = unix(t, "2026-01-31T00:00:00Z")
	supply.Now = unix(t, "2026-02-01T00:00:00Z")
	supply.Held = usdc(99_999)
	if got, err = plan.Runway(1, supply); err != nil || !got.Short || got.Months != 0 {
		t.Errorf("overdue: got %+v, %v", got, err)
	}
}

func TestPlanErrors(t *testing.T) {
	t.Parallel()
	plan := project.Plan{Payments: make([]project.Payment, 1), Owed: make([]project.Owed, 1)}
	torn := project.Plan{Payments: make([]project.Payment, 1)}
	supply := project.Supply{PeriodSeconds: day, Price: fixed.One()}
	bad := func(spoil func(*project.Supply)) error {
		s := supply
		spoil(&s)
		_, err := plan.Runway(0, s)
		return err
	}
	lead := func(missing, capacity, longest int64) error {
		_, err := project.LeadTime(fixed.FromInt(missing), fixed.FromInt(capacity), longest)
		return err
	}
	reserve := func(now, period, lead int64) error { _, err := plan.Reserve(0, now, period, lead); return err }
	_, tornDue := torn.Due(0, 5)
	_, tornReserve := torn.Reserve(0, 0, 1, 1)
	_, tornRunway := torn.Runway(0, supply)
	for name, err := range map[string]error{
		"due": tornDue, "reserve": tornReserve, "runway": tornRunway,
		"time": reserve(-1, 1, 1), "period": reserve(0, 0, 1), "lead": reserve(0, 1, 0),
		"missing": lead(-1, 1, 1), "capacity": lead(1, -1, 1), "longest": lead(1, 1, 0),
		"now":         bad(func(s *project.Supply) { s.Now = -1 }),
		"late":        bad(func(s *project.Supply) { s.Now = project.TimeMax + 1 }),
		"no period":   bad(func(s *project.Supply) { s.PeriodSeconds = 0 }),
		"sellable":    bad(func(s *project.Supply) { s.Sellable = fixed.FromInt(-1) }),
		"perInterval": bad(func(s *project.Supply) { s.PerInterval = fixed.FromInt(-1) }),
		"price":       bad(func(s *project.Supply) { s.Price = fixed.Wad{} }),
		"exponent":    bad(func(s *project.Supply) { s.Exponent = 19 }),
		"haircut":     bad(func(s *project.Supply) { s.Haircut = fixed.FromInt(2) }),
		"discount":    bad(func(s *project.Supply) { s.Haircut = fixed.FromInt(-1) }),
	} {
		if !errors.Is(err, project.ErrInput) {
			t.Errorf("%s: got %v, want ErrInput", name, err)
		}
	}
	for name, err := range map[string]error{
		"the start of time": bad(func(s *project.Supply) { s.Now, s.PeriodSeconds = 0, 1 }),
		"the end of time":   bad(func(s *project.Supply) { s.Now = project.TimeMax }),
		"exponent 18":       bad(func(s *project.Supply) { s.Exponent = 18 }),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	huge := project.Plan{
		Payments: []project.Payment{{Amount: fixed.MaxNat(), Schedule: project.Schedule{EverySeconds: day}}},
		Owed:     make([]project.Owed, 1),
	}
	_, due := huge.Due(0, 5*day)
	_, kept := huge.Reserve(0, 0, day, 5)
	for name, err := range map[string]error{"due": due, "reserve": kept} {
		if !errors.Is(err, fixed.ErrOverflow) {
			t.Errorf("%s of too much: got %v, want ErrOverflow", name, err)
		}
	}
}

// TestReserveIsCompleteInTime: with a schedule of any kind, every occurrence is reserved in full at least one interval
// before it is due, the reserve of one occurrence never falls before that, and grows in steps that differ by one unit.
func TestReserveIsCompleteInTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		period := rapid.Int64Range(1, 3*day).Draw(t, "period")
		lead := rapid.Int64Range(1, 40).Draw(t, "lead")
		amount := rapid.Uint64Range(1, 1<<50).Draw(t, "amount")
		due := rapid.Int64Range(period*(lead+2), period*(lead+3)).Draw(t, "due")
		plan := project.Plan{
			Payments: []project.Payment{{Amount: fixed.NatOf(amount), Schedule: project.Schedule{First: due}}},
			Owed:     make([]project.Owed, 1),
		}
		var before uint64
		for now := due % period; now <= due; now += period {
			got, err := plan.Reserve(0, now, period, lead)
			if err != nil {
				t.Fatal(err)
			}
			kept, _ := got.Uint64()
			step := amount/uint64(lead) + 1
			if kept < before || kept-before > step {
				t.Fatalf("at %d the reserve went from %d to %d, by more than %d", now, before, kept, step)
			}
			if now+period > due-period && kept != amount && now <= due-period {
				t.Fatalf("one interval before it is due the reserve is %d of %d", kept, amount)
			}
			before = kept
		}
		if before != amount {
			t.Fatalf("reserved %d of %d", before, amount)
		}
	})
}

// TestBefore: as counting them one by one.
func TestBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := project.Schedule{First: rapid.Int64Range(0, 400*day).Draw(t, "first")}
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			s.EverySeconds = rapid.Int64Range(day, 100*day).Draw(t, "seconds")
		case 1:
			s.EveryMonths = rapid.Int64Range(1, 14).Draw(t, "months")
		}
		if rapid.Bool().Draw(t, "ends") {
			s.Until = s.First + rapid.Int64Range(0, 1000*day).Draw(t, "until")
		}
		now := rapid.Int64Range(-day, 2000*day).Draw(t, "now")
		if rapid.Bool().Draw(t, "on the moment") {
			if due, ok := s.Due(rapid.Int64Range(0, 20).Draw(t, "k")); ok {
				now = due + rapid.Int64Range(0, 1).Draw(t, "after")
			}
		}
		want := int64(0)
		for {
			if due, ok := s.Due(want); !ok || due >= now {
				break
			}
			want++
		}
		if got := s.Before(now); got != want {
			t.Fatalf("%+v before %d: got %d, want %d", s, now, got, want)
		}
	})
}

// TestReturn: what came back is owed again, whichever occurrence it was for.
func TestReturn(t *testing.T) {
	t.Parallel()
	p := project.Payment{Amount: fixed.NatOf(100), Schedule: project.Schedule{First: 10, EverySeconds: 10}}
	owed := func(number int64, paid uint64) project.Owed {
		return project.Owed{Number: number, Paid: fixed.NatOf(paid)}
	}
	for _, test := range []struct {
		name   string
		before project.Owed
		back   uint64
		after  project.Owed
		err    error
	}{
		{"a whole occurrence", owed(1, 0), 100, owed(0, 0), nil},
		{"a part of one that is not complete", owed(3, 60), 40, owed(3, 20), nil},
		{"the rest of a complete one", owed(4, 0), 40, owed(3, 60), nil},
		{"while the next one is paid in part", owed(4, 30), 100, owed(3, 30), nil},
		{"more than was ever paid", owed(0, 30), 31, owed(0, 30), project.ErrInput},
		{"more than one occurrence", owed(5, 0), 101, owed(5, 0), project.ErrInput},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := p.Return(test.before, fixed.NatOf(test.back))
			if got != test.after || !errors.Is(err, test.err) {
				t.Errorf("got %+v, %v, expected %+v, %v", got, err, test.after, test.err)
			}
		})
	}
}
