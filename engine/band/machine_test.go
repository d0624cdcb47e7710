package band_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
)

const (
	hour = 3_600
	day  = 24 * hour
)

// The observations of the dialogues, at no particular time.
var (
	inside    = band.Observation{Verdict: band.Hold, Healthy: true}
	interior  = band.Observation{Verdict: band.Rebalance, Healthy: true}
	outside   = band.Observation{Verdict: band.Halt, Healthy: true}
	confirmed = band.Observation{Verdict: band.Halt, Healthy: true, Confirmed: true}
	stale     = band.Observation{Verdict: band.Halt}
	tripped   = band.Observation{Verdict: band.Hold, Tripped: true}
	off       = band.Observation{Healthy: true}
)

// step is one observation and what must come of it.
type step struct {
	after      int64 // seconds since the step before
	see        band.Observation
	release    band.Release
	retargeted bool
	phase      band.Phase
	cause      band.Cause
}

func (s step) observation(now int64) band.Observation {
	o := s.see
	o.Now = now
	o.Release = s.release
	o.Retargeted = s.retargeted
	return o
}

// dialogues are what a machine sees and says.
var dialogues = []struct {
	name  string
	start band.Machine
	steps []step
}{
	{"converges, then arms", band.Machine{}, []step{
		{hour, outside, 0, false, band.Converging, band.CauseNone},
		{hour, stale, 0, false, band.Converging, band.CauseNone},
		{hour, off, 0, false, band.Converging, band.CauseNone},
		{hour, interior, 0, false, band.Armed, band.InsideOuter},
		{hour, inside, 0, false, band.Armed, band.CauseNone},
	}},
	{"prices that are not healthy do not halt", band.Machine{Phase: band.Armed}, []step{
		{hour, stale, 0, false, band.Armed, band.CauseNone},
		{hour, outside, 0, false, band.Halted, band.OutsideOuter},
	}},
	{"re-entry after three samples in a row", band.Machine{Phase: band.Armed}, []step{
		{hour, outside, 0, false, band.Halted, band.OutsideOuter},
		{hour, inside, 0, false, band.Halted, band.CauseNone},
		{hour, inside, 0, false, band.Halted, band.CauseNone},
		{hour, outside, 0, false, band.Halted, band.CauseNone},
		{hour, inside, 0, false, band.Halted, band.CauseNone},
		{hour, stale, 0, false, band.Halted, band.CauseNone},
		{hour, interior, 0, false, band.Halted, band.CauseNone},
		{hour, inside, 0, false, band.Halted, band.CauseNone},
		{hour, interior, 0, false, band.Armed, band.Reentered},
	}},
	{"a silence starts the samples anew", band.Machine{Phase: band.Armed}, []step{
		{hour, outside, 0, false, band.Halted, band.OutsideOuter},
		{hour, inside, 0, false, band.Halted, band.CauseNone},
		{hour, inside, 0, false, band.Halted, band.CauseNone},
		{2 * day, inside, 0, false, band.Halted, band.CauseNone},
		{hour, inside, 0, false, band.Halted, band.CauseNone},
		{hour, inside, 0, false, band.Armed, band.Reentered},
	}},
	{"a confirmed move", band.Machine{Phase: band.Armed}, []step{
		{hour, outside, 0, false, band.Halted, band.OutsideOuter},
		{hour, confirmed, 0, false, band.Halted, band.CauseNone},
		{day - 1, confirmed, 0, false, band.Halted, band.CauseNone},
		{1, confirmed, 0, false, band.Recovery, band.MoveConfirmed},
		{day, outside, 0, false, band.Recovery, band.CauseNone},
		{day, interior, 0, false, band.Armed, band.InsideOuter},
	}},
	{"the sample that halts may be the first that confirms", band.Machine{Phase: band.Armed}, []step{
		{hour, confirmed, 0, false, band.Halted, band.OutsideOuter},
		{day, confirmed, 0, false, band.Recovery, band.MoveConfirmed},
	}},
	{"one doubtful sample starts the confirmation anew", band.Machine{Phase: band.Armed}, []step{
		{hour, confirmed, 0, false, band.Halted, band.OutsideOuter},
		{day - 1, outside, 0, false, band.Halted, band.CauseNone},
		{hour, confirmed, 0, false, band.Halted, band.CauseNone},
		{day - hour, confirmed, 0, false, band.Halted, band.CauseNone},
		{hour, confirmed, 0, false, band.Recovery, band.MoveConfirmed},
	}},
	{"a silence confirms nothing", band.Machine{Phase: band.Armed}, []step{
		{hour, confirmed, 0, false, band.Halted, band.OutsideOuter},
		{2 * day, confirmed, 0, false, band.Halted, band.CauseNone},
		{day, confirmed, 0, false, band.Recovery, band.MoveConfirmed},
	}},
	{"release with bounds", band.Machine{Phase: band.Armed}, []step{
		{hour, outside, 0, false, band.Halted, band.OutsideOuter},
		{hour, outside, band.Refused, false, band.Halted, band.ReleaseDenied},
		{hour, stale, band.Granted, false, band.Halted, band.ReleaseDenied},
		{hour, tripped, band.Granted, false, band.Halted, band.ReleaseDenied},
		{hour, outside, band.Granted, false, band.Recovery, band.Released},
		{hour, stale, 0, false, band.Recovery, band.CauseNone},
		{hour, inside, 0, false, band.Armed, band.InsideOuter},
	}},
	{"a breaker in recovery", band.Machine{Phase: band.Recovery}, []step{
		{hour, tripped, 0, false, band.Halted, band.BreakerOpen},
		{hour, tripped, 0, false, band.Halted, band.CauseNone},
		{hour, interior, 0, false, band.Halted, band.CauseNone},
		{hour, interior, 0, false, band.Halted, band.CauseNone},
		{hour, interior, 0, false, band.Armed, band.Reentered},
	}},
	{"a breaker while armed", band.Machine{Phase: band.Armed}, []step{
		{hour, tripped, 0, false, band.Halted, band.BreakerOpen},
	}},
	{"a breaker while converging", band.Machine{}, []step{
		{hour, tripped, 0, false, band.Halted, band.BreakerOpen},
		{hour, outside, 0, false, band.Halted, band.CauseNone},
		{hour, outside, 0, false, band.Halted, band.CauseNone},
		{hour, outside, 0, false, band.Converging, band.Reentered},
	}},
	{"a new target", band.Machine{Phase: band.Armed}, []step{
		{hour, outside, 0, false, band.Halted, band.OutsideOuter},
		{hour, outside, 0, true, band.Converging, band.Retargeted},
		{hour, outside, 0, false, band.Converging, band.CauseNone},
		{hour, inside, 0, true, band.Converging, band.Retargeted},
		{hour, tripped, 0, true, band.Halted, band.BreakerOpen},
		{hour, tripped, 0, true, band.Halted, band.BreakerOpen},
		{hour, outside, 0, false, band.Halted, band.CauseNone},
	}},
}

func TestMachine(t *testing.T) {
	t.Parallel()
	for _, test := range dialogues {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := band.Default()
			m, now := test.start, int64(0)
			for i, s := range test.steps {
				now += s.after
				next, e := m.Next(&cfg, s.observation(now))
				want := band.Event{From: m.Phase, To: s.phase, Cause: s.cause}
				if next.Phase != s.phase || e != want {
					t.Fatalf("step %d: got %v and event %q, want %q", i, next.Phase, e, want)
				}
				m = next
			}
		})
	}
}

func TestMachineOff(t *testing.T) {
	t.Parallel()
	var cfg band.Config
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	m, e := band.Machine{}.Next(&cfg, band.Observation{Tripped: true, Verdict: band.Halt})
	if m != (band.Machine{}) || e != (band.Event{}) {
		t.Errorf("bands that are off: %v, %v", m, e)
	}
	if got := m.Effective(band.VerdictUnspecified); got != band.VerdictUnspecified || m.Frozen() || !m.Terms().Trade {
		t.Errorf("bands that are off restrict: verdict %v, terms %v", got, m.Terms())
	}
	m, e = band.Machine{Phase: band.Halted}.Next(&cfg, band.Observation{})
	if m != (band.Machine{}) || e != (band.Event{From: band.Halted, Cause: band.BandsOff}) {
		t.Errorf("bands switched off during a halt: %v, %v", m, e)
	}
}

func TestPhases(t *testing.T) {
	t.Parallel()
	verdicts := []band.Verdict{band.VerdictUnspecified, band.Hold, band.Rebalance, band.Halt}
	one := fixed.One()
	free := band.Terms{Trade: true, Cross: true, Mint: true, SellScale: one, ReserveScale: one}
	for _, test := range []struct {
		phase     band.Phase
		effective [4]band.Verdict
		terms     band.Terms
		frozen    bool
	}{
		{band.Converging, [4]band.Verdict{0, band.Hold, band.Rebalance, band.Rebalance}, free, false},
		{band.Armed, [4]band.Verdict{0, band.Hold, band.Rebalance, band.Halt}, free, false},
		{band.Halted, [4]band.Verdict{band.Halt, band.Halt, band.Halt, band.Halt}, band.Terms{}, true},
		{band.Recovery, [4]band.Verdict{0, band.Hold, band.Rebalance, band.Rebalance}, band.Terms{
			Trade: true, Mint: true,
			SellScale: fixed.FromBps(2_500), ReserveScale: fixed.FromBps(5_000), IntervalSeconds: day,
		}, false},
	} {
		t.Run(test.phase.String(), func(t *testing.T) {
			t.Parallel()
			m := band.Machine{Phase: test.phase}
			for i, v := range verdicts {
				if got := m.Effective(v); got != test.effective[i] {
					t.Errorf("effective %v = %v, want %v", v, got, test.effective[i])
				}
			}
			if m.Terms() != test.terms || m.Frozen() != test.frozen {
				t.Errorf("got %v, frozen %v", m.Terms(), m.Frozen())
			}
		})
	}
}

func TestAdmit(t *testing.T) {
	t.Parallel()
	bounds := []band.Bound{{fixed.FromInt(9), fixed.FromInt(11)}, {fixed.One(), fixed.One()}}
	for _, test := range []struct {
		name   string
		bounds []band.Bound
		prices []fixed.Wad
		want   band.Release
	}{
		{"inside", bounds, []fixed.Wad{fixed.FromInt(10), fixed.One()}, band.Granted},
		{"on an end", bounds, []fixed.Wad{fixed.FromInt(11), fixed.One()}, band.Granted},
		{"above", bounds, []fixed.Wad{fixed.FromInt(12), fixed.One()}, band.Refused},
		{"below", bounds, []fixed.Wad{fixed.FromInt(9), fixed.FromBps(9_999)}, band.Refused},
		{"a price without a bound", bounds[:1], []fixed.Wad{fixed.FromInt(10), fixed.One()}, band.Refused},
		{"no bounds", nil, nil, band.Refused},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := band.Admit(test.bounds, test.prices); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
