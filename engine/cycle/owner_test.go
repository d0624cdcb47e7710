package cycle_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// lived is a state with something in every part that an owner's message may touch.
func lived() cycle.State {
	st := cycle.NewState(3)
	for k := range st.Controller.Assets {
		st.Controller.Assets[k] = pid.AssetState{
			I: fixed.FromBps(int64(k + 1)), D: fixed.FromBps(int64(k + 10)),
			Measurement: fixed.FromBps(int64(k + 20)), Seen: true,
		}
		var s band.Samples
		if err := s.Record(int64(k), fixed.FromBps(int64(k+30))); err != nil {
			panic(err)
		}
		st.Samples = append(st.Samples, s)
	}
	st.Controller.Ran, st.Controller.Last = true, noon
	st.Widths, st.WidthTargets = make([]band.Width, 3), make([]fixed.Wad, 3)
	st.Trigger = trigger.State{Last: noon, Ran: true, Active: true, Fires: 2, Base: wad("0.1")}
	st.Target = target.State{Floor: wad("100"), FloorTime: noon}
	st.Machine.Phase = band.Armed
	return st
}

func TestRetarget(t *testing.T) {
	t.Parallel()
	old := policy([]asset.Index{1, 3, 5}, "0.2", "0.3", "0.5")
	for _, tt := range []struct {
		name   string
		assets []asset.Index
		kept   []int // position before, -1 for a new asset
	}{
		{"same assets", []asset.Index{1, 3, 5}, []int{0, 1, 2}},
		{"one goes, two come", []asset.Index{0, 1, 4, 5}, []int{-1, 0, -1, 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			st := lived()
			before := text(st)
			got, err := st.Retarget(old, &cycle.Policy{Assets: tt.assets})
			if err != nil {
				t.Fatal(err)
			}
			if text(st) != before {
				t.Error("the state before changed")
			}
			for k, i := range tt.kept {
				a, s := got.Controller.Assets[k], got.Samples[k]
				if i < 0 {
					if a != (pid.AssetState{}) || s.Count != 0 {
						t.Errorf("position %d: a new asset remembers %+v, %+v", k, a, s)
					}
					continue
				}
				want := st.Controller.Assets[i]
				want.I = fixed.Wad{}
				if a != want || s != st.Samples[i] {
					t.Errorf("position %d: %+v, expected %+v", k, a, want)
				}
			}
			if !got.Retargeted || got.Trigger.Active || got.Target != (target.State{}) || len(got.Widths) != 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestRetargetErrors(t *testing.T) {
	t.Parallel()
	old, next := policy([]asset.Index{1, 3, 5}, "0.2", "0.3", "0.5"), policy([]asset.Index{1, 3}, "0.5", "0.5")
	st := lived()
	st.Orders = []cycle.Order{{Sell: 1, Buy: 3}}
	if _, err := st.Retarget(old, next); !errors.Is(err, cycle.ErrBusy) {
		t.Errorf("assets change under an order: %v", err)
	}
	if _, err := st.Retarget(old, old); err != nil {
		t.Errorf("weights change under an order: %v", err)
	}
	if _, err := st.Retarget(next, old); !errors.Is(err, cycle.ErrPortfolio) {
		t.Errorf("another policy than the state's: %v", err)
	}
}

// TestRetargetConverges: a portfolio on a new target is not halted for being far from it.
func TestRetargetConverges(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	pol.Bands = bands()
	p := h.add(pol, 5_000_000, 5_000_000)
	h.run(h.atMid)
	if p.State.Machine.Phase != band.Armed {
		t.Fatalf("expected an armed portfolio, got %+v", p.State.Machine)
	}
	next := *pol
	next.Target.Weights = wads("0.9", "0.1")
	state, err := p.State.Retarget(pol, &next)
	if err != nil {
		t.Fatal(err)
	}
	p.State, p.Policy = state, &next
	h.run(h.atMid)
	if h.note(1).Outcome != cycle.Ordered || p.State.Machine.Phase != band.Converging || p.State.Retargeted {
		t.Errorf("note %+v, %+v", h.note(1), p.State.Machine)
	}
	if got := h.holdings(p); !slices.Equal(got, units(9_000_000, 1_000_000)) {
		t.Errorf("holds %v", got)
	}
}

// TestRetune: the command of the moment stays (spec 01 §1.6: eps 0.08, I 0.004, D -0.001, Kp 0.3 to 0.15).
func TestRetune(t *testing.T) {
	t.Parallel()
	st := cycle.NewState(1)
	st.Controller.Assets[0] = pid.AssetState{I: wad("0.004"), D: wad("-0.001")}
	old, next := pid.Default(wad("0.3")), pid.Default(wad("0.15"))
	next.Ki = wad("0.001")
	got, err := st.Retune(&old, &next, wads("0.08"))
	if err != nil || got.Controller.Assets[0].I != wad("0.016") || st.Controller.Assets[0].I != wad("0.004") {
		t.Errorf("%+v, %v; before %+v", got.Controller, err, st.Controller)
	}
	if _, err := st.Retune(&old, &next, nil); !errors.Is(err, pid.ErrInput) {
		t.Errorf("without errors: %v", err)
	}
}

func TestPauseAndResume(t *testing.T) {
	t.Parallel()
	st := lived()
	before := text(st)
	paused := st.Pause()
	resumed := paused.Resume()
	if text(st) != before || st.Paused || !paused.Paused || resumed.Paused {
		t.Errorf("paused %t, %t, %t", st.Paused, paused.Paused, resumed.Paused)
	}
	if resumed.Controller.Ran || resumed.Controller.Assets[1] != (pid.AssetState{}) || resumed.Trigger.Active {
		t.Errorf("remembers %+v, %+v", resumed.Controller, resumed.Trigger)
	}
	if !paused.Controller.Ran {
		t.Error("a pause alone forgets nothing")
	}
}

func TestRelease(t *testing.T) {
	t.Parallel()
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	pol.Bands = bands()
	bounds := []band.Bound{{Low: wad("0.9"), High: wad("1.1")}, {Low: wad("0.9"), High: wad("1.1")}}
	for _, tt := range []struct {
		name  string
		spoil func(st *cycle.State, prices []oracle.Price, bounds *[]band.Bound)
		ok    bool
	}{
		{"granted", func(*cycle.State, []oracle.Price, *[]band.Bound) {}, true},
		{"not halted", func(st *cycle.State, _ []oracle.Price, _ *[]band.Bound) { st.Machine.Phase = band.Armed }, false},
		{
			"not healthy",
			func(_ *cycle.State, p []oracle.Price, _ *[]band.Bound) { p[1].Status = oracle.StatusTripped }, false,
		},
		{"outside", func(_ *cycle.State, p []oracle.Price, _ *[]band.Bound) { p[1].Value = wad("1.2") }, false},
		{"a bound missing", func(_ *cycle.State, _ []oracle.Price, b *[]band.Bound) { *b = (*b)[:1] }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			st, prices, b := cycle.NewState(2), []oracle.Price{good(wad("1")), good(wad("1"))}, slices.Clone(bounds)
			st.Machine.Phase = band.Halted
			tt.spoil(&st, prices, &b)
			got, err := st.Release(pol, b, prices, noon)
			if !tt.ok {
				if !errors.Is(err, cycle.ErrRelease) || text(got) != text(st) {
					t.Errorf("expected ErrRelease, got %v and %+v", err, got.Machine)
				}
				return
			}
			if err != nil || got.Machine.Phase != band.Recovery || st.Machine.Phase != band.Halted {
				t.Errorf("%v, %+v", err, got.Machine)
			}
		})
	}
}

func TestAddOneTimeErrors(t *testing.T) {
	t.Parallel()
	pol, u := policy([]asset.Index{0, 1}, "0.5", "0.5"), universe(t, 3)
	for _, tt := range []struct {
		name  string
		spoil func(o *cycle.OneTime)
	}{
		{"not held", func(o *cycle.OneTime) { o.Sell = 2 }},
		{"for itself", func(o *cycle.OneTime) { o.Buy = o.Sell }},
		{"unknown asset", func(o *cycle.OneTime) { o.Buy = 3 }},
		{"no id", func(o *cycle.OneTime) { o.ID = 0 }},
		{"no size", func(o *cycle.OneTime) { o.Slicing.Remaining = asset.Amount{} }},
		{"two sizes", func(o *cycle.OneTime) { o.Share = wad("0.5") }},
		{"share above one", func(o *cycle.OneTime) { o.Share, o.Slicing.Remaining = wad("1.1"), asset.Amount{} }},
		{"no interval", func(o *cycle.OneTime) { o.Slicing.Intervals = 0 }},
		{"begun", func(o *cycle.OneTime) { o.Slicing.Interval = 1 }},
		{"carried", func(o *cycle.OneTime) { o.Slicing.Carried = fixed.NatOf(1) }},
		{"negative limit", func(o *cycle.OneTime) { o.Limit = wad("-1") }},
		{"cancelled", func(o *cycle.OneTime) { o.Cancelled = true }},
		{"unknown rule", func(o *cycle.OneTime) { o.Proceeds = cycle.PayoutProceeds + 1 }},
	} {
		o := oneTime(100, 2)
		tt.spoil(&o)
		if _, err := cycle.NewState(2).AddOneTime(pol, u, o); !errors.Is(err, cycle.ErrOneTime) {
			t.Errorf("%s: expected ErrOneTime, got %v", tt.name, err)
		}
	}
	st := cycle.NewState(2)
	for i := range cycle.MaxOneTime {
		o := oneTime(100, 2)
		o.ID = uint64(i) + 1
		o.Buy = 2 // need not be managed
		next, err := st.AddOneTime(pol, u, o)
		if err != nil || len(st.OneTime) != i {
			t.Fatal(i, err)
		}
		if _, err := next.AddOneTime(pol, u, o); !errors.Is(err, cycle.ErrOneTime) {
			t.Errorf("the same id: %v", err)
		}
		st = next
	}
	late := oneTime(1, 1)
	late.ID = 99
	if _, err := st.AddOneTime(pol, u, late); !errors.Is(err, cycle.ErrOneTime) {
		t.Errorf("one too many: %v", err)
	}
}

func TestReleaseEarmark(t *testing.T) {
	t.Parallel()
	st := cycle.NewState(1)
	st.Earmarked = []cycle.Earmark{{Asset: 3, Amount: fixed.NatOf(10)}, {Asset: 1, Amount: fixed.NatOf(5)}}
	part, err := st.ReleaseEarmark(3, fixed.NatOf(4))
	if err != nil || part.Earmarked[0].Amount != fixed.NatOf(6) || st.Earmarked[0].Amount != fixed.NatOf(10) {
		t.Errorf("%+v, %v", part.Earmarked, err)
	}
	all, err := part.ReleaseEarmark(3, fixed.NatOf(6))
	if err != nil || len(all.Earmarked) != 1 || all.Earmarked[0].Asset != 1 {
		t.Errorf("%+v, %v", all.Earmarked, err)
	}
	for _, x := range []struct {
		a asset.Index
		n uint64
	}{{3, 11}, {3, 0}, {9, 1}} {
		if _, err := st.ReleaseEarmark(x.a, fixed.NatOf(x.n)); !errors.Is(err, cycle.ErrEarmark) {
			t.Errorf("%+v: %v", x, err)
		}
	}
}

func TestConfigValidate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(c *cycle.Config)
	}{
		{"no assets", func(c *cycle.Config) { c.Universe = asset.Universe{} }},
		{"interval", func(c *cycle.Config) { c.IntervalSeconds = 0 }},
		{"fill", func(c *cycle.Config) { c.FillAlpha = wad("1.1") }},
		{"pair costs", func(c *cycle.Config) { c.PairCosts = make([]uint32, 3) }},
		{"crossing cost", func(c *cycle.Config) { c.Crossing.Cost = wad("-1") }},
		{"deviations", func(c *cycle.Config) { c.Crossing.Gate.Deviations = wad("-1") }},
		{"crossing age", func(c *cycle.Config) { c.Crossing.Gate.MaxAgeSeconds = -1 }},
		{"width", func(c *cycle.Config) { c.Auction.Width.Cap = wad("1") }},
		{"pace", func(c *cycle.Config) { c.Auction.Pace.HaltSeconds = 1 }},
		{"kind", func(c *cycle.Config) { c.Auction.Kind = 0 }},
		{"window", func(c *cycle.Config) { c.Auction.WindowSeconds = 1 << 40 }},
		{"buckets", func(c *cycle.Config) { c.Auction.BucketSteps = 1 << 40 }},
		{"tail", func(c *cycle.Config) { c.Auction.TailSeconds = -1 }},
		{"opening", func(c *cycle.Config) { c.Auction.OpeningBlocks = 1 }},
		{"smallest lot", func(c *cycle.Config) { c.Auction.MinLot = wad("-1") }},
	} {
		c := config(t, 2)
		tt.spoil(&c)
		if err := c.Validate(); !errors.Is(err, cycle.ErrConfig) {
			t.Errorf("%s: expected ErrConfig, got %v", tt.name, err)
		}
	}
}

func TestPolicyValidate(t *testing.T) {
	t.Parallel()
	u := universe(t, 3)
	pay := project.Payment{Asset: 1, Amount: fixed.NatOf(1), Schedule: project.Schedule{First: noon}}
	full := func() *cycle.Policy {
		p := policy([]asset.Index{0, 1, 2}, "0.2", "0.3", "0.5")
		p.Limits = cycle.Limits{MinBalances: units(0, 1, 2), MaxWeights: wads("0", "0.5", "1"), MaxSell: wad("1")}
		p.Payments = []project.Payment{pay}
		p.Bands = bands()
		return p
	}
	if err := full().Validate(u); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		spoil func(p *cycle.Policy)
	}{
		{"no assets", func(p *cycle.Policy) { p.Assets = nil }},
		{"too many", func(p *cycle.Policy) { p.Assets = make([]asset.Index, cycle.MaxPositions+1) }},
		{"order", func(p *cycle.Policy) { p.Assets = []asset.Index{0, 2, 1} }},
		{"twice", func(p *cycle.Policy) { p.Assets = []asset.Index{0, 1, 1} }},
		{"unknown", func(p *cycle.Policy) { p.Assets = []asset.Index{0, 1, 3} }},
		{"interval", func(p *cycle.Policy) { p.PeriodSeconds = 0 }},
		{"priority", func(p *cycle.Policy) { p.Priority = []uint8{0, 1, 1} }},
		{"short priority", func(p *cycle.Policy) { p.Priority = []uint8{0, 1} }},
		{"target", func(p *cycle.Policy) { p.Target.Kind = 0 }},
		{"override", func(p *cycle.Policy) { p.Override = 2 }},
		{"mode", func(p *cycle.Policy) { p.Mode = 3 }},
		{"trigger", func(p *cycle.Policy) { p.Trigger.Mode = 0 }},
		{"thresholds", func(p *cycle.Policy) {
			p.Trigger = trigger.Config{Mode: trigger.Absolute, Threshold: wad("0.1"), Thresholds: wads("0.1")}
		}},
		{"bands", func(p *cycle.Policy) { p.Bands.Estimator = 99 }},
		{"gains", func(p *cycle.Policy) { p.Gains.Kp = wad("2") }},
		{"budget", func(p *cycle.Policy) { p.Budget.Cap = wad("2") }},
		{"cost", func(p *cycle.Policy) { p.Cost = wad("-1") }},
		{"risk aversion", func(p *cycle.Policy) { p.RiskAversion = wad("-1") }},
		{"largest sale", func(p *cycle.Policy) { p.Limits.MaxSell = wad("1.1") }},
		{"slippage", func(p *cycle.Policy) { p.Limits.MaxSlippage = wad("-0.1") }},
		{"weights", func(p *cycle.Policy) { p.Limits.MaxWeights = wads("0", "0", "2") }},
		{"number of weights", func(p *cycle.Policy) { p.Limits.MaxWeights = wads("0") }},
		{"smallest order", func(p *cycle.Policy) { p.Limits.MinOrder = wad("-1") }},
		{"smallest value", func(p *cycle.Policy) { p.Limits.MinNAV = wad("-1") }},
		{"age", func(p *cycle.Policy) { p.Limits.MaxPriceAgeSeconds = -1 }},
		{"minimum balances", func(p *cycle.Policy) { p.Limits.MinBalances = units(1) }},
		{"payment", func(p *cycle.Policy) { p.Payments[0].Amount = asset.Amount{} }},
		{"payment of another asset", func(p *cycle.Policy) { p.Payments[0].Asset = 7 }},
	} {
		p := full()
		tt.spoil(p)
		if err := p.Validate(u); !errors.Is(err, cycle.ErrPolicy) {
			t.Errorf("%s: expected ErrPolicy, got %v", tt.name, err)
		}
	}
}

// TestForget: orders that were settled without their portfolio are no orders any more, and the next decision starts
// afresh.
func TestForget(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	p := h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 1_000, 0)
	h.collect()
	if !h.round.Has(&p.State) {
		t.Error("the round does not know its orders")
	}
	later := h.round
	later.FrozeAt++
	if later.Has(&p.State) {
		t.Error("another round knows them")
	}
	st := p.State.Forget()
	if len(st.Orders) != 0 || h.round.Has(&st) || len(p.State.Orders) != 1 {
		t.Errorf("got %+v", st.Orders)
	}
	sold, waits := oneTime(100, 2), oneTime(100, 2)
	waits.ID = sold.ID + 1
	p.State.OneTime = []cycle.OneTime{sold, waits}
	p.State.Orders[0].OneTime = sold.ID
	if st = p.State.Forget(); len(st.OneTime) != 1 || st.OneTime[0].ID != waits.ID {
		t.Errorf("got %+v", st.OneTime)
	}
}
