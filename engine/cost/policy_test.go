package cost_test

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

const daySeconds = 86400

// worked are the numbers of spec 02 §2.3 and §2.4.
type worked struct {
	HStar struct {
		Gamma, Sigma, W, C, H float64
	} `json:"h_star"`
	HStarFP struct {
		Arg, H fixed.Wad
	} `json:"h_star_fp"`
	FixedOnly struct {
		F, H, Freq float64
	} `json:"fixed_only"`
	Both struct {
		F, C, J, H, A float64
	}
	PeriodicOptDays float64 `json:"periodic_opt_days"`
	// Name, tracking error (bps), turnover, frequency, cost (bps), objective (bps).
	SurfaceTable []surfaceRow `json:"surface_table"`
	// Gain, tracking error (bps), turnover, cost (bps), objective (bps), turnover of a trade to the edge.
	PFrontier    [][6]json.Number `json:"P_frontier"`
	Flatness     [][2]json.Number
	VolThreshold struct {
		Sigma, W, S fixed.Wad
	} `json:"vol_threshold"`
}

type surfaceRow struct {
	Name                                string
	TE, Turnover, Freq, Cost, Objective json.Number
}

func (r *surfaceRow) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&r.Name, &r.TE, &r.Turnover, &r.Freq, &r.Cost, &r.Objective})
}

func vectors(t *testing.T) worked {
	t.Helper()
	var v worked
	enginetest.Vectors(t, "triggers.json", &v)
	return v
}

// wad reads a decimal or a float of the vectors.
func wad(t *testing.T, f float64) fixed.Wad {
	t.Helper()
	return enginetest.W(t, strconv.FormatFloat(f, 'f', 18, 64))
}

// halves is the setting of the worked numbers: half of the value in an asset of volatility .8.
func halves(tb testing.TB) cost.Setting {
	tb.Helper()
	return cost.Setting{
		Sigma: enginetest.W(tb, "0.8"), Diffusion: enginetest.W(tb, "0.2"), Gamma: fixed.FromInt(2),
		Proportional: enginetest.W(tb, "0.003"), Fixed: enginetest.W(tb, "0.000005"),
	}
}

// printed compares a figure with a number to half a unit of its last printed digit.
func printed(t *testing.T, what string, got fixed.Wad, scale float64, want string) {
	t.Helper()
	if want == "" {
		if !got.IsZero() {
			t.Errorf("%s: got %v, want none", what, got)
		}
		return
	}
	number, err := strconv.ParseFloat(want, 64)
	if err != nil {
		t.Fatal(err)
	}
	_, decimals, _ := strings.Cut(want, ".")
	if tolerance := 0.5000001 * math.Pow10(-len(decimals)); math.Abs(got.Float()*scale-number) > tolerance {
		t.Errorf("%s: got %v, want %s", what, got.Float()*scale, want)
	}
}

func near(t *testing.T, what string, got fixed.Wad, want float64) {
	t.Helper()
	if math.Abs(got.Float()-want) > 1e-9 {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestHalfWidthOfTheSpec(t *testing.T) {
	t.Parallel()
	v := vectors(t)
	var c fixed.Calc
	if got := cost.HalfWidth(&c, wad(t, v.HStar.C), wad(t, v.HStar.Gamma), wad(t, v.HStar.W)); got != v.HStarFP.H {
		t.Errorf("got %v, want %v", got, v.HStarFP.H)
	}
	near(t, "half width", v.HStarFP.H, v.HStar.H)
	// The argument of the root is 3/(2 gamma) times the cost of the worked number.
	if cubed := c.Cbrt(v.HStarFP.Arg); cubed != v.HStarFP.H {
		t.Errorf("root of %v: got %v", v.HStarFP.Arg, cubed)
	}
	gamma := fixed.FromInt(2)
	printed(t, "w=.1", cost.HalfWidth(&c, enginetest.W(t, "0.003"), gamma, enginetest.W(t, "0.1")), 1, "0.02632")
	printed(t, "c=5bp", cost.HalfWidth(&c, enginetest.W(t, "0.0005"), gamma, enginetest.W(t, "0.5")), 1, "0.02862")
	if c.Err() != nil {
		t.Error(c.Err())
	}
}

func TestDiffusionOfTheSpec(t *testing.T) {
	t.Parallel()
	v := vectors(t).VolThreshold
	var c fixed.Calc
	if got := cost.Diffusion(&c, v.W, v.Sigma); got != v.S || c.Err() != nil {
		t.Errorf("got %v, %v, want %v", got, c.Err(), v.S)
	}
}

func TestFixedHalfWidthOfTheSpec(t *testing.T) {
	t.Parallel()
	v := vectors(t).FixedOnly
	var c fixed.Calc
	h := cost.FixedHalfWidth(&c, wad(t, v.F), fixed.FromInt(2), enginetest.W(t, "0.5"))
	near(t, "half width", h, v.H)
	near(t, "frequency", halves(t).ToTarget(&c, h).Frequency, v.Freq)
}

func TestBandOfTheSpec(t *testing.T) {
	t.Parallel()
	v := vectors(t).Both
	var c fixed.Calc
	s := halves(t)
	s.Proportional, s.Fixed = wad(t, v.C), wad(t, v.F)
	best := s.Band(&c, wad(t, v.H), wad(t, v.A))
	near(t, "objective", best.Objective, v.J)
	printed(t, "objective in bps", best.Objective, 1e4, "18.4")
	// Monte Carlo with checks every half hour: .05 acts like a wider band.
	outer := cost.CheckedHalfWidth(&c, enginetest.W(t, "0.05"), s.Diffusion, 1800)
	checked := s.Band(&c, outer, enginetest.W(t, "0.025"))
	printed(t, "variance", checked.Variance, 1e4, "5.36")
	printed(t, "turnover", checked.Turnover, 1, "0.527")
	printed(t, "frequency", checked.Frequency, 1, "20.37")
	if c.Err() != nil {
		t.Error(c.Err())
	}
}

func TestPeriodOfTheSpec(t *testing.T) {
	t.Parallel()
	want := vectors(t).PeriodicOptDays
	var c fixed.Calc
	if got := halves(t).PeriodSeconds(&c); got != int64(want*daySeconds) || c.Err() != nil {
		t.Errorf("got %d s, %v, want %v days", got, c.Err(), want)
	}
	free := halves(t)
	free.Proportional = fixed.Wad{}
	if got := free.PeriodSeconds(&c); got != 0 {
		t.Errorf("free of cost: got %d s", got)
	}
}

func TestFlatnessOfTheSpec(t *testing.T) {
	t.Parallel()
	for _, row := range vectors(t).Flatness {
		var c fixed.Calc
		printed(t, "ratio "+row[0].String(), cost.Flatness(&c, enginetest.W(t, row[0].String())), 1, row[1].String())
	}
}

// TestFlatnessIsARatioOfObjectives compares the closed form with the objectives that it stands for.
func TestFlatnessIsARatioOfObjectives(t *testing.T) {
	t.Parallel()
	s := halves(t)
	s.Fixed = fixed.Wad{}
	var c fixed.Calc
	best := cost.HalfWidth(&c, s.Proportional, s.Gamma, enginetest.W(t, "0.5"))
	for _, ratio := range enginetest.Ws(t, "0.5", "0.8", "1", "1.2", "1.5", "2") {
		got := c.DivTrunc(s.ToEdge(&c, c.MulTrunc(best, ratio)).Objective, s.ToEdge(&c, best).Objective)
		near(t, "ratio "+ratio.String(), got, cost.Flatness(&c, ratio).Float())
	}
}

// TestSurfaceOfTheSpec is the trade-off surface of spec 02 §2.4.
func TestSurfaceOfTheSpec(t *testing.T) {
	t.Parallel()
	rows := vectors(t).SurfaceTable
	if len(rows) != 12 {
		t.Fatalf("%d rows", len(rows))
	}
	s := halves(t)
	for _, row := range rows {
		var c fixed.Calc
		family, parameter, _ := strings.Cut(row.Name, " ")
		parameter = strings.TrimSuffix(strings.TrimPrefix(parameter, "h="), "d")
		var got cost.Outcome
		switch family {
		case "to-edge":
			got = s.ToEdge(&c, enginetest.W(t, parameter))
		case "to-target":
			got = s.ToTarget(&c, enginetest.W(t, parameter))
		case "periodic":
			days, err := strconv.ParseInt(parameter, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			got = s.Periodic(&c, days*daySeconds)
		}
		printed(t, row.Name+" tracking error", got.TrackingError, 1e4, row.TE.String())
		printed(t, row.Name+" turnover", got.Turnover, 1, row.Turnover.String())
		printed(t, row.Name+" frequency", got.Frequency, 1, row.Freq.String())
		printed(t, row.Name+" cost", got.Cost, 1e4, row.Cost.String())
		printed(t, row.Name+" objective", got.Objective, 1e4, row.Objective.String())
		if c.Err() != nil {
			t.Error(c.Err())
		}
	}
}

// TestFrontierOfTheSpec is the daily proportional controller, and the trade to the edge that has its tracking error.
func TestFrontierOfTheSpec(t *testing.T) {
	t.Parallel()
	s := halves(t)
	s.Fixed = fixed.Wad{}
	for _, row := range vectors(t).PFrontier {
		var c fixed.Calc
		got := s.Partial(&c, enginetest.W(t, row[0].String()), daySeconds)
		name := "gain " + row[0].String()
		printed(t, name+" tracking error", got.TrackingError, 1e4, row[1].String())
		printed(t, name+" turnover", got.Turnover, 1, row[2].String())
		printed(t, name+" cost", got.Cost, 1e4, row[3].String())
		printed(t, name+" objective", got.Objective, 1e4, row[4].String())
		edge := s.ToEdge(&c, c.Sqrt(c.MulInt(got.Variance, 3)))
		printed(t, name+" edge turnover", edge.Turnover, 1, row[5].String())
		if c.Err() != nil {
			t.Error(c.Err())
		}
	}
}

// TestLeland is "reduce turnover by almost 50%": to the edge instead of periodic, at the same variance.
func TestLeland(t *testing.T) {
	t.Parallel()
	s := halves(t)
	var c fixed.Calc
	edge := s.ToEdge(&c, enginetest.W(t, "0.05"))
	// variance = s^2 t/2 for the calendar, so t = 2*variance/s^2 years.
	t2 := c.DivTrunc(c.MulInt(edge.Variance, 2), c.MulTrunc(s.Diffusion, s.Diffusion))
	seconds, _ := c.MulDivTrunc(t2, fixed.FromRaw(31557600), fixed.One()).RawUint()
	calendar := s.Periodic(&c, int64(seconds))
	near(t, "variance", calendar.Variance, edge.Variance.Float())
	printed(t, "turnover", c.DivTrunc(edge.Turnover, calendar.Turnover), 1, "0.5117")
}

func TestSettingValidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*cost.Setting)
		want   error
	}{
		{"valid", func(*cost.Setting) {}, nil},
		{"free of cost", func(s *cost.Setting) { s.Proportional, s.Fixed = fixed.Wad{}, fixed.Wad{} }, nil},
		{"no volatility", func(s *cost.Setting) { s.Sigma = fixed.Wad{} }, cost.ErrPolicy},
		{"no diffusion", func(s *cost.Setting) { s.Diffusion = fixed.Wad{} }, cost.ErrPolicy},
		{"no aversion to risk", func(s *cost.Setting) { s.Gamma = fixed.Wad{} }, cost.ErrPolicy},
		{"negative cost", func(s *cost.Setting) { s.Proportional = fixed.FromInt(-1) }, cost.ErrPolicy},
		{"negative fixed cost", func(s *cost.Setting) { s.Fixed = fixed.FromInt(-1) }, cost.ErrPolicy},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := halves(t)
			test.change(&s)
			if err := s.Validate(); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestPolicyErrors(t *testing.T) {
	t.Parallel()
	tenth := enginetest.W(t, "0.1")
	tests := []struct {
		name string
		run  func(*fixed.Calc, cost.Setting)
		want error
	}{
		{"inner at outer", func(c *fixed.Calc, s cost.Setting) { s.Band(c, tenth, tenth) }, cost.ErrPolicy},
		{"inner beyond the target", func(c *fixed.Calc, s cost.Setting) { s.Band(c, tenth, tenth.Neg()) }, cost.ErrPolicy},
		{"no band to the edge of", func(c *fixed.Calc, s cost.Setting) { s.ToEdge(c, fixed.Wad{}) }, cost.ErrPolicy},
		{"no period", func(c *fixed.Calc, s cost.Setting) { s.Periodic(c, 0) }, cost.ErrPolicy},
		{"no gain", func(c *fixed.Calc, s cost.Setting) { s.Partial(c, fixed.Wad{}, 1) }, cost.ErrPolicy},
		{"unstable gain", func(c *fixed.Calc, s cost.Setting) { s.Partial(c, fixed.FromInt(2), 1) }, cost.ErrPolicy},
		{"checks without a period", func(c *fixed.Calc, s cost.Setting) {
			cost.CheckedHalfWidth(c, tenth, s.Diffusion, -1)
		}, cost.ErrPolicy},
		{"a period beyond all time", func(c *fixed.Calc, s cost.Setting) {
			s.Proportional = fixed.FromInt(1e18)
			s.PeriodSeconds(c)
		}, cost.ErrPolicy},
		{"free of risk", func(c *fixed.Calc, s cost.Setting) {
			s.Gamma = fixed.Wad{}
			s.PeriodSeconds(c)
		}, fixed.ErrDivideByZero},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c fixed.Calc
			test.run(&c, halves(t))
			if !errors.Is(c.Err(), test.want) {
				t.Errorf("got %v, want %v", c.Err(), test.want)
			}
		})
	}
}
