package policy

import "github.com/ballast-finance/ballast/policy/form"

// Version is the version of the schema that this package reads.
const Version = 1

// The scalars of a policy file.
type (
	// Ratio is a fraction of one, written as 40% or 0.4.
	Ratio = form.Ratio
	// Decimal is an amount in display units or a value, written with optional underscores.
	Decimal = form.Decimal
	// Span is a length of time, written as 90s, 30m, 6h, 1d or 2w.
	Span = form.Span
	// Moment is a point in time, written as 2026-01-31 or in RFC 3339.
	Moment = form.Moment
)

// The comments of the fields below are published: they are the descriptions of policy.schema.json, which editors show.

// File is a policy as it is written. A part that is absent is off, or has the default that its comment names.
type File struct {
	// The version of the schema, 1.
	Version int `yaml:"version" like:"1"`
	// What people call this treasury.
	Name string `yaml:"name" like:"Community treasury"`
	// What is held and in which parts. The order is the priority: the most important asset first.
	Assets []Position `yaml:"assets" like:"[{asset: BTC, weight: 60%}, {asset: USDC, weight: 40%}]"`
	// The rule that makes the target weights. Absent: the weights of the assets, always.
	Target Target `yaml:"target,omitempty"`
	// How often the portfolio is looked at, and how fast a gap to the target is closed.
	Speed Speed `yaml:"speed" like:"{interval: 1d, close: 90%, within: 10}"`
	// When to act. Absent: at every interval.
	Trigger Trigger `yaml:"trigger,omitempty"`
	// Bands around every target weight. Outside the inner one a bands trigger acts, outside the outer one everything
	// halts.
	Bands *Bands `yaml:"bands,omitempty"`
	// What one interval may do at most.
	Limits Limits `yaml:"limits,omitempty"`
	// How the other assets make room when a minimum balance needs more than its target weight: proportional to their
	// weights (the default), or by priority, the first of the list keeping its weight longest.
	Override string `yaml:"override,omitempty" words:"override"`
	// Whether orders may cross with opposite ones of other treasuries at the oracle's price, before any auction. Default
	// true.
	Crossing *bool `yaml:"crossing,omitempty"`
	// How sells are paired with buys: each with each in proportion (the default), in the fewest pairs, or in the pairs
	// that are cheapest.
	Split string `yaml:"split,omitempty" words:"split"`
	// What execution may lose before the treasury halts by itself. Absent: no such stop.
	LossBudget *Budget `yaml:"loss_budget,omitempty"`
	// Payments that fall due. What they need is bought beforehand and set aside.
	Payments []Payment `yaml:"payments,omitempty"`
	// What trading is believed to cost. It widens the bands so that trading is worth its cost, and the explanation uses
	// it.
	Cost Cost `yaml:"cost,omitempty"`

	source form.Source // finds the lines of problems that show later
}

// Position is an asset of the policy.
type Position struct {
	// The asset's name, as the price files and the ledger have it.
	Asset string `yaml:"asset" like:"BTC"`
	// Decimal places of the smallest unit: 6 for USDC, 8 for BTC. Default 18.
	Exponent *uint8 `yaml:"exponent,omitempty" range:"[0,18]"`
	// Target weight, a part of the net asset value. For a glide path the final one; for cppi and tipp the part of the
	// risky mix. All weights add up to 100%.
	Weight Ratio `yaml:"weight,omitempty" range:"[0%,100%]"`
	// Never sell below this amount, in display units, and buy first what is short of it.
	MinBalance *Decimal `yaml:"min_balance,omitempty" range:"[0,)"`
	// Sell what is above this weight before anything else, and never buy beyond it.
	MaxWeight *Ratio `yaml:"max_weight,omitempty" range:"(0%,100%]"`
	// A threshold for this asset instead of the trigger's.
	Threshold *Ratio `yaml:"threshold,omitempty" range:"(0%,1000%]"`
}

// Target is the rule that makes the weights.
type Target struct {
	// The rule. constant-mix (the default) keeps the weights; glide moves to them in a straight line; buy-and-hold never
	// trades; cppi holds a multiple of what lies above a floor in the risky mix; tipp is cppi with a floor that follows
	// the value up.
	Kind string `yaml:"kind,omitempty" words:"target"`
	// Glide: the weights at the start.
	From map[string]Ratio `yaml:"from,omitempty"`
	// Glide: when it starts.
	Start *Moment `yaml:"start,omitempty"`
	// Glide: when it ends.
	End *Moment `yaml:"end,omitempty"`
	// Cppi and tipp: the safe mix, held for what is not in the risky mix.
	Safe map[string]Ratio `yaml:"safe,omitempty"`
	// Cppi and tipp: the value that must not be lost.
	Floor *Decimal `yaml:"floor,omitempty" range:"[0,1_000_000_000_000_000]"`
	// Cppi and tipp: the growth of the floor per year, simple interest. Default 0%.
	FloorRate *Ratio `yaml:"floor_rate,omitempty" range:"[0%,100%]"`
	// Cppi and tipp: how many times what lies above the floor is held in the risky mix.
	Multiplier *Decimal `yaml:"multiplier,omitempty" range:"[1,100]"`
	// Cppi and tipp: the largest part in the risky mix. Default 100%.
	MaxExposure *Ratio `yaml:"max_exposure,omitempty" range:"(0%,100%]"`
	// Tipp: the floor as a part of the highest value so far.
	Ratchet *Ratio `yaml:"ratchet,omitempty" range:"(0%,100%)"`
}

// Speed says how fast the gap to the target is closed: by close and within, or by gains.
type Speed struct {
	// How often the portfolio is looked at, and the length of one round of trading.
	Interval Span `yaml:"interval" range:"[1s,366d]" like:"1d"`
	// Close this part of a gap ...
	Close *Ratio `yaml:"close,omitempty" range:"(0%,100%]"`
	// ... within so many intervals. Each one closes the same part of what is left.
	Within *int `yaml:"within,omitempty" range:"[1,100000]"`
	// Trade to this distance from the target weight, not onto it. Default 0%.
	Edge *Ratio `yaml:"edge,omitempty" range:"[0%,100%)"`
	// The controller's constants, for those who want them by hand.
	Gains *Gains `yaml:"gains,omitempty"`
}

// Gains are the controller's constants (a PID controller on weights, in intervals).
type Gains struct {
	// Part of the gap that one interval closes.
	Kp Decimal `yaml:"kp" range:"(0,1]" like:"0.2"`
	// Weight of the gaps of the past. At most kp*kp/8, so that the loop is stable after a missed interval. Default 0.
	Ki *Decimal `yaml:"ki,omitempty" range:"[0,1]"`
	// Weight of the speed at which the weight moves. Default 0.
	Kd *Decimal `yaml:"kd,omitempty" range:"[0,16]"`
	// Time constant that smooths kd, in intervals. Default 1.
	Filter *Decimal `yaml:"filter,omitempty" range:"[0,16]"`
	// What the memory of past gaps keeps per interval. Default 1.
	Leak *Decimal `yaml:"leak,omitempty" range:"[0,1]"`
	// Bound of the memory of past gaps, as a weight. Default 5%.
	MaxIntegral *Ratio `yaml:"max_integral,omitempty" range:"[0%,100%]"`
	// Only gaps below this are remembered. Absent: all.
	Zone *Ratio `yaml:"zone,omitempty" range:"(0%,100%]"`
	// Whether an order may go beyond the target and come back. Default false.
	Overshoot bool `yaml:"overshoot,omitempty"`
}

// Trigger says when to act.
type Trigger struct {
	// The rule. always (the default) acts at every interval; periodic once in every period; threshold when a weight is
	// further from its target than the threshold, in parts of the whole; relative in parts of the target weight;
	// aggregate when that much of the whole would have to be sold; hybrid like threshold, and after the longest wait by
	// the small one; bands when a weight leaves its inner band.
	Kind string `yaml:"kind,omitempty" words:"trigger"`
	// Periodic: day, week, month, quarter, year, or a span such as 12h. Periods are those of the calendar in UTC.
	Every Period `yaml:"every,omitempty"`
	// The distance from the target at which to act.
	Threshold *Ratio `yaml:"threshold,omitempty" range:"(0%,1000%]"`
	// Hybrid: the threshold after the longest wait.
	Small *Ratio `yaml:"small,omitempty" range:"(0%,1000%]"`
	// Once acting, go on until every weight is this near to its target. Absent: act once.
	Inner *Ratio `yaml:"inner,omitempty" range:"(0%,100%]"`
	// Hybrid: the longest wait.
	Longest *Span `yaml:"longest,omitempty" range:"[1s,3660d]"`
	// The least time between two orders.
	CoolDown *Span `yaml:"cool_down,omitempty" range:"[0s,3660d]"`
	// The most intervals that one trigger may go on for.
	MaxActive *int `yaml:"max_active,omitempty" range:"[1,1000000]"`
	// Makes the threshold follow the volatility.
	Volatility *VolScale `yaml:"volatility,omitempty"`
}

// VolScale makes the threshold follow the volatility: threshold * (volatility/reference)^exponent, by at most a quarter
// of itself per day.
type VolScale struct {
	// The exponent: 1/3 keeps a band near its optimum while spreads widen, 1 keeps the number of trades, -1 the tracking
	// error.
	Exponent string `yaml:"exponent" words:"exponent" like:"1/3"`
	// The annual volatility at which the threshold is the one written.
	Reference Ratio `yaml:"reference" range:"(0%,10000%]" like:"80%"`
	// The threshold is never below this.
	Min *Ratio `yaml:"min,omitempty" range:"(0%,1000%]"`
	// The threshold is never above this.
	Max *Ratio `yaml:"max,omitempty" range:"(0%,1000%]"`
}

// Bands are the four-point bands around every target weight. All widths are in parts of the target weight.
type Bands struct {
	// Where the widths come from. increments (the default): the daily moves of the weight; levels: the weight itself;
	// robust: the daily moves without the wild ones; no-trade: the cost; static: inner and outer as written.
	Estimator string `yaml:"estimator,omitempty" words:"estimator"`
	// The inner width while static, or until 15 days are seen. Default 5%.
	Inner *Ratio `yaml:"inner,omitempty" range:"(0%,100%)"`
	// The outer width while static, or until 15 days are seen. Default 25%.
	Outer *Ratio `yaml:"outer,omitempty" range:"(0%,100%)"`
	// The inner width in standard deviations of the weight over five days. Default 1.
	K1 *Decimal `yaml:"k1,omitempty" range:"(0,1000]"`
	// The outer width in standard deviations. Default 5.
	K2 *Decimal `yaml:"k2,omitempty" range:"(0,1000]"`
	// The inner width is never below this. Default 0.5%.
	MinInner *Ratio `yaml:"min_inner,omitempty" range:"(0%,100%)"`
	// The inner width is never above this. Default 20%.
	MaxInner *Ratio `yaml:"max_inner,omitempty" range:"(0%,100%)"`
	// The outer width is never above this. Default 60%.
	MaxOuter *Ratio `yaml:"max_outer,omitempty" range:"(0%,100%)"`
}

// Limits bound what one interval may do. What is absent is not limited.
type Limits struct {
	// The most that is sold in one interval, all assets together, as a part of the net asset value.
	MaxSell *Ratio `yaml:"max_sell,omitempty" range:"(0%,100%]"`
	// The smallest order that is sent, as a value.
	MinOrder *Decimal `yaml:"min_order,omitempty" range:"[0,1_000_000_000_000_000]"`
	// Rest while the net asset value is below this.
	MinValue *Decimal `yaml:"min_value,omitempty" range:"[0,1_000_000_000_000_000]"`
	// The most that a price may lie below the oracle's. What finds no such price stays unsold.
	MaxSlippage *Ratio `yaml:"max_slippage,omitempty" range:"(0%,100%)"`
	// Do not trade on a price that is older.
	MaxPriceAge *Span `yaml:"max_price_age,omitempty" range:"[1s,366d]"`
}

// Budget is the loss budget: what execution may lose against the oracle's price before the treasury halts.
type Budget struct {
	// The full budget, a part of the net asset value.
	Cap Ratio `yaml:"cap" range:"(0%,100%]" like:"1%"`
	// The time in which an empty budget becomes full again.
	Refill Span `yaml:"refill" range:"[1s,3660d]" like:"7d"`
}

// Payment is a scheduled payment.
type Payment struct {
	// What is paid out.
	Asset string `yaml:"asset" like:"USDC"`
	// How much each time, in display units.
	Amount Decimal `yaml:"amount" range:"(0,)" like:"200_000"`
	// Who gets it: an address of the chain, or channel-0/ADDRESS behind an IBC channel. The chain needs it; a
	// backtest does not look at it.
	To string `yaml:"to,omitempty"`
	// When the first one is due.
	First Moment `yaml:"first" like:"2026-02-01"`
	// day, week, month, quarter, year, or a span such as 12h. Absent: once.
	Every Period `yaml:"every,omitempty"`
	// The last moment at which one may be due. Absent: no end.
	Until *Moment `yaml:"until,omitempty"`
	// What to do when the money is not there: wait for the whole amount (the default), or pay a partial amount and owe
	// the rest.
	WhenShort string `yaml:"when_short,omitempty" words:"short"`
}

// Cost is what trading is believed to cost.
type Cost struct {
	// One way, as a part of the value traded.
	Proportional *Ratio `yaml:"proportional,omitempty" range:"(0%,100%]"`
	// How much the owner dislikes to be off the target; 1 is bold, 5 is careful. Default 2.
	RiskAversion *Decimal `yaml:"risk_aversion,omitempty" range:"(0,1000]"`
}
