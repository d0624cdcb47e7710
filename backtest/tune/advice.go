package tune

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/policy/plain"
)

// Advice is what follows from an intention, with what it follows from.
type Advice struct {
	Intent    Intent      `json:"intent"`
	Gain      Gain        `json:"gain"`
	Band      Band        `json:"band"`
	Choices   []Choice    `json:"choices"`
	Mistakes  []Mistake   `json:"mistakes"`
	Auction   AuctionPace `json:"auction"`
	Policy    string      `json:"policy"` // YAML, the part of a policy file that this is about
	YearUnits fixed.Wad   `json:"intervals_per_year"`
}

// Gain is the part of a gap that an interval closes.
type Gain struct {
	Horizon     fixed.Wad  `json:"horizon"`                // Kp from the horizon
	CostOptimal *fixed.Wad `json:"cost_optimal,omitempty"` // Kp at which risk and impact balance; nil: no impact known
	Risk        fixed.Wad  `json:"risk"`                   // of a unit of squared gap, per interval
	Alternation fixed.Wad  `json:"s1"`                     // stability margins at the gain and a full fill
	Feedback    fixed.Wad  `json:"s2"`
	Oscillation fixed.Wad  `json:"s3"`
}

// Band says when to act and where to stop, as distances from the target weight.
type Band struct {
	Diffusion fixed.Wad `json:"diffusion"`  // annual volatility of the weight
	Edge      fixed.Wad `json:"edge"`       // half width of the no-trade region of a proportional cost
	FixedEdge fixed.Wad `json:"fixed_edge"` // the same of the fixed cost alone; 0: there is none
	Outer     fixed.Wad `json:"outer"`      // the best band: wait until here ...
	Inner     fixed.Wad `json:"inner"`      // ... and trade back to here
	Overshoot fixed.Wad `json:"overshoot"`  // how far a weight passes a threshold before an interval sees it
	Threshold fixed.Wad `json:"threshold"`  // what to write, so that the band acts like outer; 0: act at every interval
}

// Choice is what a way of rebalancing does in an average year.
type Choice struct {
	Name          string    `json:"name"`
	Setting       string    `json:"setting"`
	TrackingError fixed.Wad `json:"tracking_error"`
	Turnover      fixed.Wad `json:"turnover"`  // one way, in parts of the value
	Frequency     fixed.Wad `json:"frequency"` // rebalances; 0: a little at every interval
	Cost          fixed.Wad `json:"cost"`      // in parts of the value
	Objective     fixed.Wad `json:"objective"` // cost and the price of the risk
	Money         fixed.Wad `json:"money"`     // cost in the unit of account; 0: no net asset value known
}

// Mistake is what a band of the wrong width costs, in parts of the best one's objective.
type Mistake struct {
	Ratio fixed.Wad `json:"ratio"` // its width over the best one
	Cost  fixed.Wad `json:"cost"`
}

// AuctionPace is the speed of an auction's clock.
type AuctionPace struct {
	Variance      fixed.Wad `json:"block_variance"`
	LeastLoss     fixed.Wad `json:"least_loss"` // of a clock at rest: no auction loses less
	DecayPerBlock fixed.Wad `json:"decay_per_block"`
	FillSeconds   fixed.Wad `json:"fill_seconds"`
}

// Advise works everything out.
func Advise(in Intent) (*Advice, error) {
	if err := in.Validate(); err != nil {
		return nil, err
	}
	a := &Advice{Intent: in}
	var c fixed.Calc
	a.YearUnits = c.DivTrunc(fixed.FromInt(oracle.SecondsPerYear), fixed.FromInt(in.IntervalSeconds))
	if err := a.gain(&c); err != nil {
		return nil, err
	}
	setting := cost.Setting{
		Sigma: in.Volatility, Diffusion: cost.Diffusion(&c, in.Weight, in.Volatility), Gamma: in.RiskAversion,
		Proportional: in.Cost,
	}
	if in.FixedCost.Sign() > 0 {
		setting.Fixed = c.DivTrunc(in.FixedCost, in.NAV)
	}
	a.band(&c, setting)
	a.choices(&c, setting)
	for _, bps := range []int64{5_000, 8_000, 12_000, 20_000} {
		ratio := fixed.FromBps(bps)
		a.Mistakes = append(a.Mistakes, Mistake{ratio, cost.Flatness(&c, ratio)})
	}
	if err := c.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIntent, err)
	}
	if err := a.auction(); err != nil {
		return nil, err
	}
	a.Policy = a.snippet()
	return a, nil
}

// gain is the controller's part.
func (a *Advice) gain(c *fixed.Calc) error {
	in := &a.Intent
	kp, err := pid.HorizonGain(in.Close, uint64(in.Intervals), in.Fill) //nolint:gosec // validated
	if err != nil {
		return fmt.Errorf("%w: %w", ErrIntent, err)
	}
	a.Gain.Horizon = kp
	perYear := c.DivIntTrunc(c.MulTrunc(in.RiskAversion, c.MulTrunc(in.Volatility, in.Volatility)), 2)
	a.Gain.Risk = c.DivTrunc(perYear, a.YearUnits)
	if in.Impact.Sign() > 0 {
		best, err := pid.CostOptimalGain(a.Gain.Risk, in.Impact)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrIntent, err)
		}
		a.Gain.CostOptimal = &best
	}
	gains := pid.Default(kp)
	m, err := pid.Margins(&gains, fixed.One())
	if err != nil {
		return fmt.Errorf("%w: %w", ErrIntent, err)
	}
	a.Gain.Alternation, a.Gain.Feedback, a.Gain.Oscillation = m.S1, m.S2, m.S3
	return nil
}

// band is when to act and where to stop.
func (a *Advice) band(c *fixed.Calc, s cost.Setting) {
	in, b := &a.Intent, &a.Band
	b.Diffusion = s.Diffusion
	b.Edge = cost.HalfWidth(c, s.Proportional, s.Gamma, in.Weight)
	if !s.Fixed.IsZero() {
		b.FixedEdge = cost.FixedHalfWidth(c, s.Fixed, s.Gamma, in.Weight)
	}
	b.Outer, b.Inner = best(c, s)
	b.Overshoot = c.Sub(cost.CheckedHalfWidth(c, b.Outer, s.Diffusion, in.IntervalSeconds), b.Outer)
	if t := c.Sub(b.Outer, b.Overshoot); b.Inner.Less(t) {
		b.Threshold = t
	}
}

// choices are the ways to rebalance, the best of each kind.
func (a *Advice) choices(c *fixed.Calc, s cost.Setting) {
	in, b := &a.Intent, &a.Band
	add := func(name, setting string, o cost.Outcome) {
		a.Choices = append(a.Choices, Choice{
			Name: name, Setting: setting, TrackingError: o.TrackingError, Turnover: o.Turnover, Frequency: o.Frequency,
			Cost: o.Cost, Objective: o.Objective, Money: c.MulTrunc(o.Cost, in.NAV),
		})
	}
	add("best band", percent(b.Outer)+" to "+percent(b.Inner), s.Band(c, b.Outer, b.Inner))
	target := bestToTarget(c, s)
	add("to the target", percent(target), s.ToTarget(c, target))
	add("to the edge", percent(b.Edge), s.ToEdge(c, b.Edge))
	if seconds := s.PeriodSeconds(c); seconds > 0 {
		add("calendar", days(seconds), s.Periodic(c, seconds))
	}
	add("every interval", "Kp "+plain.Gain(a.Gain.Horizon),
		s.Partial(c, c.MulTrunc(a.Gain.Horizon, in.Fill), in.IntervalSeconds))
	if best := a.Gain.CostOptimal; best != nil {
		add("every interval", "Kp "+plain.Gain(*best),
			s.Partial(c, c.MulTrunc(*best, in.Fill), in.IntervalSeconds))
	}
}

// auction is the clock's part.
func (a *Advice) auction() error {
	in, p := &a.Intent, &a.Auction
	var c fixed.Calc
	p.Variance = cost.BlockVariance(&c, in.Volatility, in.BlockSeconds)
	p.LeastLoss = cost.LVF(&c, fixed.Wad{}, p.Variance)
	if err := c.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrIntent, err)
	}
	if in.Loss.Cmp(p.LeastLoss) <= 0 {
		return fmt.Errorf("%w: expected an auction's loss above %s, which is lost between two blocks of %ds at this "+
			"volatility even by a clock at rest, got %s",
			ErrIntent, plain.Percent(p.LeastLoss), in.BlockSeconds, plain.Percent(in.Loss))
	}
	p.DecayPerBlock = cost.DecayPerBlock(&c, in.Loss, p.Variance)
	p.FillSeconds = cost.FillSeconds(&c, in.Lead, p.DecayPerBlock, p.Variance, in.BlockSeconds)
	if err := c.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrIntent, err)
	}
	return nil
}
