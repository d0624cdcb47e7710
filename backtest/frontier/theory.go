package frontier

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/policy/plain"
)

// defaultAversion is the risk aversion where nobody says.
const defaultAversion = 2

// aversion is the risk aversion of the policy, else of the configuration, else the default.
func (cfg *Config) aversion() fixed.Wad {
	if own := cfg.Run.Treasuries[0].Policy.Cost.RiskAversion; own != nil {
		return own.Wad
	}
	if cfg.RiskAversion.Sign() > 0 {
		return cfg.RiskAversion
	}
	return fixed.FromInt(defaultAversion)
}

// cost is the cost of a unit of one-way turnover, both legs together, or zero when nobody says.
func (cfg *Config) cost() fixed.Wad {
	if cfg.Run.Market == backtest.IdealMarket {
		var c fixed.Calc
		return c.MulInt(cfg.Run.Fee, 2)
	}
	if own := cfg.Run.Treasuries[0].Policy.Cost.Proportional; own != nil {
		return own.Wad
	}
	return fixed.Wad{}
}

// Distances and periods at which the closed forms are drawn.
var (
	curveBps  = []int64{10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 4000}
	curveDays = []int64{1, 2, 3, 7, 14, 30, 60, 90, 180, 365}
)

// theory puts the closed forms beside the points, where they say something: for a constant mix with costs.
func (cfg *Config) theory(f *report.Frontier) error {
	file := cfg.Run.Treasuries[0].Policy
	s := cost.Setting{Gamma: cfg.aversion(), Proportional: cfg.cost()}
	constant := file.Target.Kind == "" || file.Target.Kind == "constant-mix"
	if !constant || s.Proportional.Sign() <= 0 || len(file.Assets) < 2 {
		return nil
	}
	first := &file.Assets[0]
	weight := first.Weight.Wad
	if weight.Sign() <= 0 || weight.Cmp(fixed.One()) >= 0 {
		return nil
	}
	var err error
	if s.Sigma, err = Volatility(cfg.Run.Table, file); err != nil {
		return err
	}
	var c fixed.Calc
	s.Diffusion = cost.Diffusion(&c, weight, s.Sigma)
	if err := errors.Join(c.Err(), s.Validate()); err != nil {
		return fmt.Errorf("frontier: closed forms: %w", err)
	}
	half := cost.HalfWidth(&c, s.Proportional, s.Gamma, weight)
	f.Optimum = place(first.Asset+" kept within "+plain.Percent(half)+", traded to the edge", s.ToEdge(&c, half))
	f.Curves = curves(&c, s, f.Points)
	assume := func(name, value string) {
		f.Settings = append(f.Settings, backtest.Setting{Name: "closed forms: " + name, Value: value})
	}
	assume("volatility of "+first.Asset+" against the rest", plain.Percent(s.Sigma)+" a year")
	assume("target weight of "+first.Asset, plain.Percent(weight))
	assume("cost of both legs", plain.Percent(s.Proportional)+" of what is turned over")
	assume("risk aversion", s.Gamma.String())
	if err := c.Err(); err != nil {
		return fmt.Errorf("frontier: closed forms: %w", err)
	}
	return nil
}

// curves are the closed forms, as far as the points reach and a little further.
func curves(c *fixed.Calc, s cost.Setting, points []report.FrontierPoint) []report.FrontierCurve {
	var far, high fixed.Wad
	for i := range points {
		far, high = far.Max(points[i].TrackingError), high.Max(points[i].CostYear)
	}
	margin := fixed.FromBps(12_500)
	far, high = c.MulUp(far, margin), c.MulUp(high, margin)
	target := report.FrontierCurve{Name: "threshold, traded to the target (closed form)"}
	edge := report.FrontierCurve{Name: "threshold, traded to the edge (closed form)"}
	calendar := report.FrontierCurve{Name: "calendar, traded to the target (closed form)"}
	add := func(to *report.FrontierCurve, label string, o cost.Outcome) {
		if p := place(label, o); !far.Less(p.TrackingError) && !high.Less(p.CostYear) {
			to.Points = append(to.Points, *p)
		}
	}
	for _, bps := range curveBps {
		h := fixed.FromBps(bps)
		add(&target, plain.Percent(h), s.ToTarget(c, h))
		add(&edge, plain.Percent(h), s.ToEdge(c, h))
	}
	for _, days := range curveDays {
		add(&calendar, fmt.Sprintf("%dd", days), s.Periodic(c, days*86400))
	}
	var curves []report.FrontierCurve
	for _, curve := range []report.FrontierCurve{target, edge, calendar} {
		if len(curve.Points) > 1 {
			curves = append(curves, curve)
		}
	}
	return curves
}

func place(label string, o cost.Outcome) *report.CurvePoint {
	return &report.CurvePoint{Label: label, TrackingError: o.TrackingError, CostYear: o.Cost}
}

// Volatility is the annual volatility of the first asset of a policy against the rest of its portfolio, held in the
// proportions of the target: the tracking error of its return against theirs.
func Volatility(t *price.Table, f *policy.File) (fixed.Wad, error) {
	names := make([]string, len(f.Assets))
	for i := range f.Assets {
		names[i] = f.Assets[i].Asset
	}
	own, err := t.Select(names)
	if err != nil {
		return fixed.Wad{}, err
	}
	var c fixed.Calc
	var p metrics.Performance
	var total fixed.Wad
	for i := range f.Assets[1:] {
		total = c.Add(total, f.Assets[1+i].Weight.Wad)
	}
	for row := range own.Len() {
		var rest fixed.Wad
		now := own.Row(row)
		for i := 1; i < len(now) && row > 0; i++ {
			share := c.DivTrunc(f.Assets[i].Weight.Wad, total)
			rest = c.Add(rest, c.MulDivTrunc(share, now[i], own.Row(row - 1)[i]))
		}
		if err := p.Observe(now[0], c.Sub(rest, fixed.One())); err != nil {
			return fixed.Wad{}, err
		}
	}
	figures, err := p.Figures(own.PeriodsPerYear(), fixed.Wad{})
	if err != nil {
		return fixed.Wad{}, err
	}
	return figures.TrackingError, c.Err()
}

// best is the point of the least cost plus risk.
func best(points []report.FrontierPoint, aversion fixed.Wad) (int, error) {
	var c fixed.Calc
	at, least := 0, fixed.Max()
	for i := range points {
		p := &points[i]
		risk := c.DivIntTrunc(c.MulTrunc(aversion, c.MulTrunc(p.TrackingError, p.TrackingError)), 2)
		if j := c.Add(p.CostYear, risk); j.Less(least) {
			at, least = i, j
		}
	}
	return at, c.Err()
}

// firstProblem is what the parser found first, without its line: the text is not the one that the user wrote.
func firstProblem(err error) error {
	if p, found := errors.AsType[*policy.Problem](err); found {
		return fmt.Errorf("%s: %s", p.Where, p.Text)
	}
	return err
}
