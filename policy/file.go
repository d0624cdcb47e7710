package policy

// Version is the version of the schema that this package reads.
const Version = 1

// File is a policy as it is written. Absent parts take the defaults that the templates show.
type File struct {
	Version    int        `yaml:"version"`
	Name       string     `yaml:"name"`
	Assets     []Position `yaml:"assets"`
	Target     Target     `yaml:"target,omitempty"`
	Speed      Speed      `yaml:"speed"`
	Trigger    Trigger    `yaml:"trigger,omitempty"`
	Bands      *Bands     `yaml:"bands,omitempty"`
	Limits     Limits     `yaml:"limits,omitempty"`
	Override   string     `yaml:"override,omitempty"` // proportional (default) or priority
	Crossing   *bool      `yaml:"crossing,omitempty"` // default true
	Split      string     `yaml:"split,omitempty"`    // proportional (default), fewest or cheapest
	LossBudget *Budget    `yaml:"loss_budget,omitempty"`
	Payments   []Payment  `yaml:"payments,omitempty"`
	Cost       Cost       `yaml:"cost,omitempty"`
}

// Position is an asset of the policy; the order of the list is the priority.
type Position struct {
	Asset      string   `yaml:"asset"`
	Exponent   *uint8   `yaml:"exponent,omitempty"` // default 6
	Weight     Ratio    `yaml:"weight,omitempty"`
	MinBalance *Decimal `yaml:"min_balance,omitempty"` // display units
	MaxWeight  *Ratio   `yaml:"max_weight,omitempty"`
	Threshold  *Ratio   `yaml:"threshold,omitempty"` // overrides the trigger's
}

// Target is the rule that makes the weights.
type Target struct {
	Kind        string           `yaml:"kind,omitempty"` // constant-mix (default), glide, buy-and-hold, cppi, tipp
	From        map[string]Ratio `yaml:"from,omitempty"` // glide: weights at the start
	Start       *Moment          `yaml:"start,omitempty"`
	End         *Moment          `yaml:"end,omitempty"`
	Safe        map[string]Ratio `yaml:"safe,omitempty"` // cppi, tipp: what is held below the floor; weights are the risky mix
	Floor       *Decimal         `yaml:"floor,omitempty"`
	FloorRate   *Ratio           `yaml:"floor_rate,omitempty"` // growth of the floor per year
	Multiplier  *Decimal         `yaml:"multiplier,omitempty"`
	MaxExposure *Ratio           `yaml:"max_exposure,omitempty"`
	Ratchet     *Ratio           `yaml:"ratchet,omitempty"` // tipp: floor as a fraction of the highest value
}

// Speed says how fast the gap to the target is closed: either close and within, or deadline, or gains.
type Speed struct {
	Interval Span   `yaml:"interval"`
	Close    *Ratio `yaml:"close,omitempty"`  // this part of the gap ...
	Within   *int   `yaml:"within,omitempty"` // ... in so many intervals
	Gains    *Gains `yaml:"gains,omitempty"`
}

// Gains are the controller's constants, for those who want them by hand.
type Gains struct {
	Kp          Decimal  `yaml:"kp"`
	Ki          *Decimal `yaml:"ki,omitempty"`
	Kd          *Decimal `yaml:"kd,omitempty"`
	Filter      *Decimal `yaml:"filter,omitempty"` // intervals; default 1
	Leak        *Decimal `yaml:"leak,omitempty"`   // what the integral keeps per interval; default 1
	MaxIntegral *Ratio   `yaml:"max_integral,omitempty"`
	Zone        *Ratio   `yaml:"zone,omitempty"` // integrate only within it
	Overshoot   bool     `yaml:"overshoot,omitempty"`
}

// Trigger says when to act.
type Trigger struct {
	Kind       string    `yaml:"kind,omitempty"` // always (default), periodic, threshold, relative, aggregate, hybrid, bands
	Every      string    `yaml:"every,omitempty"`
	Threshold  *Ratio    `yaml:"threshold,omitempty"`
	Small      *Ratio    `yaml:"small,omitempty"`   // hybrid: the threshold after the longest wait
	Inner      *Ratio    `yaml:"inner,omitempty"`   // go on until every weight is this near
	Longest    *Span     `yaml:"longest,omitempty"` // hybrid: the longest wait
	CoolDown   *Span     `yaml:"cool_down,omitempty"`
	MaxActive  *int      `yaml:"max_active,omitempty"` // intervals that one trigger may last
	Volatility *VolScale `yaml:"volatility,omitempty"`
}

// VolScale makes the threshold follow the volatility: threshold * (sigma/reference)^exponent.
type VolScale struct {
	Exponent  string `yaml:"exponent"` // -1, 0, 1/3, 1/2 or 1
	Reference Ratio  `yaml:"reference"`
	Min       *Ratio `yaml:"min,omitempty"`
	Max       *Ratio `yaml:"max,omitempty"`
}

// Bands are the four-point bands around every target weight.
type Bands struct {
	Estimator string   `yaml:"estimator,omitempty"` // increments (default), levels, robust, static
	Inner     *Ratio   `yaml:"inner,omitempty"`     // x when static or warming up, relative to the weight
	Outer     *Ratio   `yaml:"outer,omitempty"`     // y when static or warming up
	K1        *Decimal `yaml:"k1,omitempty"`
	K2        *Decimal `yaml:"k2,omitempty"`
	MinInner  *Ratio   `yaml:"min_inner,omitempty"`
	MaxInner  *Ratio   `yaml:"max_inner,omitempty"`
	MaxOuter  *Ratio   `yaml:"max_outer,omitempty"`
}

// Limits bound what one interval may do.
type Limits struct {
	MaxSell     *Ratio   `yaml:"max_sell,omitempty"`     // of net asset value, per interval
	MinOrder    *Decimal `yaml:"min_order,omitempty"`    // value
	MinValue    *Decimal `yaml:"min_value,omitempty"`    // rest below this net asset value
	MaxSlippage *Ratio   `yaml:"max_slippage,omitempty"` // widest reserve below the mid
	MaxPriceAge *Span    `yaml:"max_price_age,omitempty"`
}

// Budget is the loss budget: what execution may lose before the portfolio halts.
type Budget struct {
	Cap    Ratio `yaml:"cap"`    // of net asset value
	Refill Span  `yaml:"refill"` // from empty to full
}

// Payment is a scheduled payment.
type Payment struct {
	Asset     string  `yaml:"asset"`
	Amount    Decimal `yaml:"amount"` // display units
	First     Moment  `yaml:"first"`
	Every     string  `yaml:"every,omitempty"` // month, quarter, week, a span, or absent for once
	Until     *Moment `yaml:"until,omitempty"`
	WhenShort string  `yaml:"when_short,omitempty"` // wait (default) or partial
}

// Cost is what trading is believed to cost; explain, tune and the optimal band use it.
type Cost struct {
	Proportional *Ratio   `yaml:"proportional,omitempty"` // one way, of the value traded
	RiskAversion *Decimal `yaml:"risk_aversion,omitempty"`
}
