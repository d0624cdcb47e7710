package trigger_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// configs are changes of a configuration and what must come of them.
type configs []struct {
	name   string
	change func(*trigger.Config)
	want   error
}

func (cs configs) run(t *testing.T, start func() trigger.Config) {
	t.Helper()
	for _, test := range cs {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := start()
			test.change(&cfg)
			if err := cfg.Validate(); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

var (
	large = fixed.FromInt(1_001)
	minus = fixed.FromRaw(-1)
)

func TestValidate(t *testing.T) {
	t.Parallel()
	configs{
		{"hybrid", func(*trigger.Config) {}, nil},
		{"mode alone", func(c *trigger.Config) { *c = trigger.Config{Mode: trigger.Always} }, nil},
		{"band alone", func(c *trigger.Config) { *c = trigger.Config{Mode: trigger.Band} }, nil},
		{"nothing", func(c *trigger.Config) { *c = trigger.Config{} }, trigger.ErrConfig},
		{"unknown mode", func(c *trigger.Config) { c.Mode = 99 }, trigger.ErrConfig},
		{"time without a period", func(c *trigger.Config) { *c = trigger.Config{Mode: trigger.Time} }, trigger.ErrConfig},
		{"negative least drift", func(c *trigger.Config) { c.MinDrift = minus }, trigger.ErrConfig},
		{"inner above one", func(c *trigger.Config) { c.Inner = fixed.FromInt(2) }, trigger.ErrConfig},
		{"negative dust", func(c *trigger.Config) { c.Dust = minus }, trigger.ErrConfig},
		{"negative fires", func(c *trigger.Config) { c.MaxActive = -1 }, trigger.ErrConfig},
		{"negative cool-down", func(c *trigger.Config) { c.CoolDownSeconds = -1 }, trigger.ErrConfig},
		{"endless cool-down", func(c *trigger.Config) { c.CoolDownSeconds = 1 << 60 }, trigger.ErrConfig},
		{"hybrid of bands", func(c *trigger.Config) { c.Measure = trigger.Band }, trigger.ErrConfig},
		{"no threshold", func(c *trigger.Config) { c.Threshold = fixed.Wad{} }, trigger.ErrConfig},
		{"threshold of a thousand", func(c *trigger.Config) { c.Threshold = large }, trigger.ErrConfig},
		{"inner above the threshold", func(c *trigger.Config) { c.Inner = fixed.FromBps(501) }, trigger.ErrConfig},
		{"relative: inner is a weight", func(c *trigger.Config) {
			c.Measure, c.Inner = trigger.Relative, fixed.FromBps(501)
		}, nil},
		{"aggregate per asset", func(c *trigger.Config) {
			c.Measure, c.Thresholds = trigger.Aggregate, []fixed.Wad{fixed.One()}
		}, trigger.ErrConfig},
		{"no small threshold", func(c *trigger.Config) { c.Small = fixed.Wad{} }, trigger.ErrConfig},
		{"small above the threshold", func(c *trigger.Config) { c.Small = fixed.FromBps(501) }, trigger.ErrConfig},
		{"negative longest wait", func(c *trigger.Config) { c.LongestSeconds = -1 }, trigger.ErrConfig},
		{"cool-down above the longest wait", func(c *trigger.Config) { c.CoolDownSeconds = 31 * day }, trigger.ErrConfig},
		{"per asset", func(c *trigger.Config) { c.Thresholds = []fixed.Wad{{}, fixed.One()} }, nil},
		{"negative per asset", func(c *trigger.Config) { c.Thresholds = []fixed.Wad{minus} }, trigger.ErrConfig},
		{"large per asset", func(c *trigger.Config) { c.Thresholds = []fixed.Wad{large} }, trigger.ErrConfig},
	}.run(t, func() trigger.Config { return base(trigger.Hybrid) })
}

func TestValidateScaling(t *testing.T) {
	t.Parallel()
	power := func() trigger.Config {
		cfg := base(trigger.Absolute)
		cfg.Scaling = trigger.Scaling{
			Law: trigger.Power, Exponent: band.CubeRoot, Reference: fixed.FromBps(8_000), Multiple: fixed.One(),
			HorizonSeconds: 7 * day, TrackingError: fixed.FromBps(200), Min: fixed.FromBps(100), Max: fixed.FromBps(900),
			DailyChange: trigger.DailyChange(),
		}
		return cfg
	}
	perAsset := []fixed.Wad{fixed.One()}
	configs{
		{"power", func(*trigger.Config) {}, nil},
		{"relative, per asset", func(c *trigger.Config) { c.Mode, c.Thresholds = trigger.Relative, perAsset }, nil},
		{"no largest", func(c *trigger.Config) { c.Scaling.Max = fixed.Wad{} }, nil},
		{"tracking budget", func(c *trigger.Config) { c.Scaling.Law = trigger.TrackingBudget }, nil},
		{"diffusion", func(c *trigger.Config) { c.Scaling.Law = trigger.Diffusion }, nil},
		{"constant ignores the rest", func(c *trigger.Config) { c.Scaling = trigger.Scaling{Min: minus} }, nil},
		{"unknown law", func(c *trigger.Config) { c.Scaling.Law = 99 }, trigger.ErrConfig},
		{"diffusion, relative", func(c *trigger.Config) {
			c.Mode, c.Scaling.Law = trigger.Relative, trigger.Diffusion
		}, trigger.ErrConfig},
		{"budget, per asset", func(c *trigger.Config) {
			c.Thresholds, c.Scaling.Law = perAsset, trigger.TrackingBudget
		}, trigger.ErrConfig},
		{"negative least", func(c *trigger.Config) { c.Scaling.Min = minus }, trigger.ErrConfig},
		{"negative largest", func(c *trigger.Config) { c.Scaling.Max = minus }, trigger.ErrConfig},
		{"least above largest", func(c *trigger.Config) { c.Scaling.Min = fixed.FromBps(901) }, trigger.ErrConfig},
		{"largest of a thousand", func(c *trigger.Config) { c.Scaling.Max = large }, trigger.ErrConfig},
		{"daily change above one", func(c *trigger.Config) { c.Scaling.DailyChange = fixed.FromInt(2) }, trigger.ErrConfig},
		{"unknown exponent", func(c *trigger.Config) { c.Scaling.Exponent = 99 }, trigger.ErrConfig},
		{"no reference", func(c *trigger.Config) { c.Scaling.Reference = fixed.Wad{} }, trigger.ErrConfig},
		{"large reference", func(c *trigger.Config) { c.Scaling.Reference = large }, trigger.ErrConfig},
		{"no tracking error", func(c *trigger.Config) {
			c.Scaling.Law, c.Scaling.TrackingError = trigger.TrackingBudget, fixed.Wad{}
		}, trigger.ErrConfig},
		{"tracking error above one", func(c *trigger.Config) {
			c.Scaling.Law, c.Scaling.TrackingError = trigger.TrackingBudget, fixed.FromInt(2)
		}, trigger.ErrConfig},
		{"no multiple", func(c *trigger.Config) {
			c.Scaling.Law, c.Scaling.Multiple = trigger.Diffusion, fixed.Wad{}
		}, trigger.ErrConfig},
		{"large multiple", func(c *trigger.Config) {
			c.Scaling.Law, c.Scaling.Multiple = trigger.Diffusion, large
		}, trigger.ErrConfig},
		{"no horizon", func(c *trigger.Config) {
			c.Scaling.Law, c.Scaling.HorizonSeconds = trigger.Diffusion, 0
		}, trigger.ErrConfig},
		{"endless horizon", func(c *trigger.Config) {
			c.Scaling.Law, c.Scaling.HorizonSeconds = trigger.Diffusion, 1<<60
		}, trigger.ErrConfig},
	}.run(t, power)
}

// TestWords: every value of every enumeration has a word of its own, and one beyond the last says so.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		last int
		word func(int) fmt.Stringer
	}{
		{"mode", int(trigger.Band), func(i int) fmt.Stringer { return trigger.Mode(i) }},
		{"law", int(trigger.Diffusion), func(i int) fmt.Stringer { return trigger.Law(i) }},
		{"reason", int(trigger.ActiveLimit), func(i int) fmt.Stringer { return trigger.Reason(i) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			seen := make(map[string]bool)
			for i := range test.last + 1 {
				seen[test.word(i).String()] = true
			}
			if len(seen) != test.last+1 || seen[""] {
				t.Errorf("words are missing or double: %v", seen)
			}
			if got := test.word(test.last + 1).String(); got != "unknown "+test.name {
				t.Errorf("beyond the last: %q", got)
			}
		})
	}
}

func TestReasonsThatFire(t *testing.T) {
	t.Parallel()
	fires := map[trigger.Reason]bool{
		trigger.EveryInterval: true, trigger.NewPeriod: true, trigger.AssetDrift: true, trigger.RelativeDrift: true,
		trigger.TotalDrift: true, trigger.LongWait: true, trigger.OutsideInner: true, trigger.Continuing: true,
	}
	for r := trigger.ReasonUnspecified; r <= trigger.ActiveLimit; r++ {
		if r.Fires() != fires[r] {
			t.Errorf("%v: fires %v", r, r.Fires())
		}
	}
}
