package band_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// worked is the part of triggers.json that this package answers for.
type worked struct {
	W        string
	Pre      []int64
	Post     []int64
	LevelsSD string `json:"levels_sd"`
	IncrSD   string `json:"incr_sd"`
	H        int64
	SDH      string `json:"sdH"`
	MADSD    string `json:"mad_sd"`
	Params   struct{ K1, K2, XMin, XMax, YMinRatio, YMax string }
	Levels   edges
	Incr     edges
	Classify [][2]string `json:"classify_levels"`
}

type edges struct{ X, Y, ALB, AUB, BLB, BUB string }

func load(t *testing.T) worked {
	t.Helper()
	var file struct {
		Bands struct {
			worked

			Params map[string]string `json:"params"`
		} `json:"bands"`
	}
	enginetest.Vectors(t, "triggers.json", &file)
	v, p := file.Bands.worked, file.Bands.Params
	v.Params.K1, v.Params.K2 = p["k1"], p["k2"]
	v.Params.XMin, v.Params.XMax = p["xmin"], p["xmax"]
	v.Params.YMinRatio, v.Params.YMax = p["ymin_ratio"], p["ymax"]
	return v
}

// config is the configuration of the vectors.
func (v worked) config(t *testing.T, e band.Estimator) band.Config {
	t.Helper()
	cfg := band.Default()
	cfg.Estimator = e
	cfg.K1, cfg.K2 = enginetest.W(t, v.Params.K1), enginetest.W(t, v.Params.K2)
	cfg.MinX, cfg.MaxX = enginetest.W(t, v.Params.XMin), enginetest.W(t, v.Params.XMax)
	cfg.Ratio, cfg.MaxY = enginetest.W(t, v.Params.YMinRatio), enginetest.W(t, v.Params.YMax)
	cfg.HorizonDays = v.H
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// samples are those of the vectors, in units of one basis point.
func (v worked) samples(t *testing.T) *band.Samples {
	t.Helper()
	var s band.Samples
	var c fixed.Calc
	for day, pre := range v.Pre {
		if err := s.Record(int64(day), fixed.FromBps(pre)); err != nil {
			t.Fatal(err)
		}
		s.Trade(&c, fixed.FromBps(v.Post[day]-pre))
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return &s
}

func (e edges) check(t *testing.T, w band.Width, p band.Points) {
	t.Helper()
	for _, f := range []struct {
		name string
		got  fixed.Wad
		want string
	}{
		{"x", w.X, e.X},
		{"y", w.Y, e.Y},
		{"ALB", p.ALB, e.ALB},
		{"AUB", p.AUB, e.AUB},
		{"BLB", p.BLB, e.BLB},
		{"BUB", p.BUB, e.BUB},
	} {
		if f.got.Text() != f.want {
			t.Errorf("%s = %s, want %s", f.name, f.got.Text(), f.want)
		}
	}
}

func TestDeviationVectors(t *testing.T) {
	t.Parallel()
	v := load(t)
	for _, test := range []struct {
		name      string
		estimator band.Estimator
		days      int64
		want      string
	}{
		{"levels", band.Levels, v.H, v.LevelsSD},
		{"increments of a day", band.Increments, 1, v.IncrSD},
		{"increments over the horizon", band.Increments, v.H, v.SDH},
		{"robust", band.Robust, 1, v.MADSD},
		// 1.4826*0.0018 times the root of 5, 2.236067977499789696
		{"robust over the horizon", band.Robust, v.H, "0.005967349890194138"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sd, n, err := v.samples(t).Deviation(test.estimator, test.days)
			if err != nil || n != band.Window || sd.Text() != test.want {
				t.Errorf("got %s of %d samples, %v; want %s of %d", sd.Text(), n, err, test.want, band.Window)
			}
		})
	}
}

func TestWidthVectors(t *testing.T) {
	t.Parallel()
	v := load(t)
	target := enginetest.W(t, v.W)
	for _, test := range []struct {
		name      string
		estimator band.Estimator
		want      edges
	}{
		{"levels", band.Levels, v.Levels},
		{"increments", band.Increments, v.Incr},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := v.config(t, test.estimator)
			w, err := cfg.Width(v.samples(t), target, fixed.Wad{})
			if err != nil {
				t.Fatal(err)
			}
			var c fixed.Calc
			test.want.check(t, w, w.Around(&c, target))
		})
	}
}

func TestClassifyVectors(t *testing.T) {
	t.Parallel()
	v := load(t)
	want := map[string]band.Verdict{"HOLD": band.Hold, "REBALANCE": band.Rebalance, "HALT": band.Halt}
	var c fixed.Calc
	p := band.Width{X: enginetest.W(t, v.Levels.X), Y: enginetest.W(t, v.Levels.Y)}.Around(&c, enginetest.W(t, v.W))
	for _, row := range v.Classify {
		if got := p.Classify(enginetest.W(t, row[0])); got != want[row[1]] {
			t.Errorf("%s: got %v, want %s", row[0], got, row[1])
		}
	}
}

func TestClassifyEdges(t *testing.T) {
	t.Parallel()
	p := band.Points{
		BUB: fixed.FromBps(1_500), BLB: fixed.FromBps(2_000), ALB: fixed.FromBps(3_000), AUB: fixed.FromBps(3_500),
	}
	ulp := fixed.FromRaw(1)
	for _, test := range []struct {
		name             string
		edge             fixed.Wad
		below, at, above band.Verdict
	}{
		{"below upper", p.BUB, band.Halt, band.Halt, band.Rebalance},
		{"below lower", p.BLB, band.Rebalance, band.Hold, band.Hold},
		{"above lower", p.ALB, band.Hold, band.Hold, band.Rebalance},
		{"above upper", p.AUB, band.Rebalance, band.Halt, band.Halt},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c fixed.Calc
			got := [3]band.Verdict{
				p.Classify(c.Sub(test.edge, ulp)), p.Classify(test.edge), p.Classify(c.Add(test.edge, ulp)),
			}
			if want := [3]band.Verdict{test.below, test.at, test.above}; got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestWidthRules(t *testing.T) {
	t.Parallel()
	v := load(t)
	few := func(days int) *band.Samples {
		var s band.Samples
		for day := range days {
			if err := s.Record(int64(day), fixed.FromBps(2_500+100*int64(day%2))); err != nil {
				t.Fatal(err)
			}
		}
		return &s
	}
	quarter := fixed.FromBps(2_500)
	for _, test := range []struct {
		name      string
		estimator band.Estimator
		samples   *band.Samples
		target    fixed.Wad
		half      string
		x, y      string
	}{
		{"off", band.Off, nil, quarter, "0", "0", "0"},
		{"static", band.Static, nil, quarter, "0.1", "0.05", "0.25"},
		{"no target", band.Increments, few(31), fixed.Wad{}, "0", "0.05", "0.25"},
		{"warming up, levels", band.Levels, few(14), quarter, "0.02", "0.05", "0.25"},
		{"warm, levels: sd 0.005164", band.Levels, few(15), quarter, "0", "0.020655911179772888", "0.061967733539318664"},
		{"warming up, increments of 15 samples", band.Increments, few(15), quarter, "0", "0.05", "0.25"},
		// an increment of 0.01 a day for 5 days: sd = sqrt(5)*0.01 = 0.022360679774997896
		{"warm, increments", band.Increments, few(16), quarter, "0", "0.089442719099991584", "0.268328157299974752"},
		{"least width", band.NoTrade, nil, quarter, "0", "0.005", "0.01"},
		{"no-trade width", band.NoTrade, nil, quarter, "0.02", "0.08", "0.16"},
		{"no-trade width wider than allowed", band.NoTrade, nil, quarter, "0.1", "0.2", "0.4"},
		{"no-trade width above the estimate", band.Increments, few(16), quarter, "0.025", "0.1", "0.268328157299974752"},
		{"largest outer width", band.Increments, few(31), fixed.FromBps(100), "0", "0.2", "0.6"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := v.config(t, test.estimator)
			w, err := cfg.Width(test.samples, test.target, enginetest.W(t, test.half))
			if err != nil || w != (band.Width{X: enginetest.W(t, test.x), Y: enginetest.W(t, test.y)}) {
				t.Errorf("got %v and %v, %v; want %s and %s", w.X, w.Y, err, test.x, test.y)
			}
		})
	}
}

// TestNoTradeHalfWidth takes the half-width of spec 02 §2.3 through to a band: h*/W = 0.104... at W = 0.5.
func TestNoTradeHalfWidth(t *testing.T) {
	t.Parallel()
	cfg := band.Default()
	cfg.Estimator = band.NoTrade
	w, err := cfg.Width(nil, enginetest.W(t, "0.5"), enginetest.W(t, "0.052002095576297602"))
	if err != nil || w.X.Text() != "0.104004191152595204" || w.Y.Text() != "0.208008382305190408" {
		t.Errorf("got %v and %v, %v", w.X, w.Y, err)
	}
}

func TestWidthErrors(t *testing.T) {
	t.Parallel()
	cfg := band.Default()
	var wild band.Samples
	var c fixed.Calc
	if err := wild.Record(0, fixed.FromBps(1)); err != nil {
		t.Fatal(err)
	}
	wild.Trade(&c, fixed.Max())
	if err := wild.Record(1, fixed.FromBps(1)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		samples *band.Samples
		target  fixed.Wad
		half    fixed.Wad
		want    error
	}{
		{"negative target", &band.Samples{}, fixed.FromRaw(-1), fixed.Wad{}, band.ErrWeight},
		{"target above one", &band.Samples{}, fixed.FromInt(2), fixed.Wad{}, band.ErrWeight},
		{"trades of no portfolio", &wild, fixed.One(), fixed.Wad{}, fixed.ErrOverflow},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := cfg.Width(test.samples, test.target, test.half); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
	if _, err := cfg.Spread(fixed.FromRaw(1), fixed.Max(), fixed.Wad{}); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("spread of the largest deviation: %v", err)
	}
	if _, _, err := wild.Deviation(band.Static, 5); !errors.Is(err, band.ErrConfig) {
		t.Errorf("deviation of a static band: %v", err)
	}
	if _, _, err := wild.Deviation(band.Levels, 0); !errors.Is(err, band.ErrConfig) {
		t.Errorf("deviation over no days: %v", err)
	}
	if err := wild.Record(2, fixed.FromRaw(-1)); !errors.Is(err, band.ErrWeight) {
		t.Errorf("negative sample: %v", err)
	}
}

func TestScaleOfAWidth(t *testing.T) {
	t.Parallel()
	cfg := band.Default()
	for _, test := range []struct{ name, factor, x, y string }{
		{"as it is", "1", "0.05", "0.25"},
		{"wider", "1.2", "0.06", "0.3"},
		{"at its widest", "10", "0.2", "0.6"},
		{"at its narrowest", "0.001", "0.005", "0.01"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c fixed.Calc
			w := cfg.Scale(&c, cfg.Default, enginetest.W(t, test.factor))
			if c.Err() != nil || w != (band.Width{X: enginetest.W(t, test.x), Y: enginetest.W(t, test.y)}) {
				t.Errorf("got %v and %v, %v", w.X, w.Y, c.Err())
			}
		})
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	static := band.Default()
	static.Estimator = band.Static
	for _, test := range []struct {
		name    string
		cfg     band.Config
		targets []string
		weights []string
		want    band.Verdict
		asset   int
	}{
		{"off", band.Config{}, []string{"0.5", "0.5"}, []string{"0.9", "0.1"}, band.VerdictUnspecified, -1},
		{"all hold", static, []string{"0.5", "0.5"}, []string{"0.525", "0.475"}, band.Hold, -1},
		{"one interior", static, []string{"0.8", "0.2"}, []string{"0.78", "0.22"}, band.Rebalance, 1},
		{"both interior: the first", static, []string{"0.5", "0.5"}, []string{"0.45", "0.55"}, band.Rebalance, 0},
		{"one outside", static, []string{"0.8", "0.1", "0.1"}, []string{"0.75", "0.11", "0.14"}, band.Halt, 2},
		{"dust without a target", static, []string{"1", "0"}, []string{"0.999", "0.001"}, band.Hold, -1},
		{"more than dust without a target", static, []string{"1", "0"}, []string{"0.96", "0.04"}, band.Rebalance, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			targets := enginetest.Ws(t, test.targets...)
			widths := make([]band.Width, len(targets))
			for i := range widths {
				widths[i] = test.cfg.Default
			}
			got, asset, err := test.cfg.Judge(widths, targets, enginetest.Ws(t, test.weights...))
			if err != nil || got != test.want || asset != test.asset {
				t.Errorf("got %v by asset %d, %v; want %v by %d", got, asset, err, test.want, test.asset)
			}
		})
	}
}

func TestJudgeErrors(t *testing.T) {
	t.Parallel()
	cfg := band.Default()
	one := []fixed.Wad{fixed.One()}
	if _, _, err := cfg.Judge(nil, one, one); !errors.Is(err, band.ErrLength) {
		t.Errorf("no widths: %v", err)
	}
	widths := []band.Width{{X: fixed.Max(), Y: fixed.Max()}}
	if _, _, err := cfg.Judge(widths, one, one); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("impossible widths: %v", err)
	}
}

func TestConfirms(t *testing.T) {
	t.Parallel()
	cfg := band.Default()
	// z*sigma*sqrt(1 day) = 4*0.8*0.052324475... = 0.167438...
	good := oracle.Price{
		Value: enginetest.W(t, "116"), TWAP: enginetest.W(t, "100"), Sigma: enginetest.W(t, "0.8"),
		Confidence: enginetest.W(t, "0.01"), Classes: 2, Status: oracle.StatusOK,
	}
	for _, test := range []struct {
		name   string
		change func(*oracle.Price)
		want   bool
	}{
		{"good", func(*oracle.Price) {}, true},
		{"a fall", func(e *oracle.Price) { e.Value = enginetest.W(t, "84") }, true},
		{"one class", func(e *oracle.Price) { e.Classes = 1 }, false},
		{"wide", func(e *oracle.Price) { e.Confidence = enginetest.W(t, "0.010001") }, false},
		{"far up", func(e *oracle.Price) { e.Value = enginetest.W(t, "117") }, false},
		{"far down", func(e *oracle.Price) { e.Value = enginetest.W(t, "83") }, false},
		{"no quorum", func(e *oracle.Price) { e.Status = oracle.StatusNoQuorum }, false},
		{"no mean", func(e *oracle.Price) { e.TWAP = fixed.Wad{} }, false},
		{"overflow", func(e *oracle.Price) { e.Sigma = fixed.Max() }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := good
			test.change(&e)
			if got := cfg.Confirms(e); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
