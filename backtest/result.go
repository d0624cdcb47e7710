package backtest

import "github.com/ballast-finance/ballast/engine/fixed"

// ResultVersion is the version of the JSON form of a Result. It grows when a field changes its meaning.
const ResultVersion = 1

// Result is everything that a run produced. Times are seconds of UTC since 1970, values are in the unit of account,
// weights and ratios are fractions of one, prices are per display unit. In JSON every decimal is a string, exact.
type Result struct {
	Version     int        `json:"version"`
	Source      string     `json:"source"` // where the prices come from, "synthetic" included
	Synthetic   bool       `json:"synthetic"`
	Market      string     `json:"market"` // ideal or auction
	Settings    []Setting  `json:"settings"`
	Seed        uint64     `json:"seed"`
	From        int64      `json:"from"`
	To          int64      `json:"to"`
	Rows        int        `json:"rows"`
	StepSeconds int64      `json:"step_seconds"`
	Treasuries  []Treasury `json:"treasuries"`
	Auctions    []Auction  `json:"auctions,omitempty"`
	Warnings    []string   `json:"warnings,omitempty"`
}

// Setting is one line of the table of assumptions: name, value with unit.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Treasury is what one policy did.
type Treasury struct {
	Name       string      `json:"name"`
	Policy     string      `json:"policy"`  // the policy file as it was read
	Explain    []string    `json:"explain"` // what it says in plain words
	Assets     []string    `json:"assets"`
	Summary    Summary     `json:"summary"`
	Benchmarks []Benchmark `json:"benchmarks"`
	Series     Series      `json:"series"`
	Intervals  []Interval  `json:"intervals"`
}

// Summary holds the figures of the metrics package for one treasury.
type Summary struct {
	InitialNAV      fixed.Wad `json:"initial_nav"`
	FinalNAV        fixed.Wad `json:"final_nav"`
	TotalReturn     fixed.Wad `json:"total_return"`   // payments are no loss: returns are per share
	Volatility      fixed.Wad `json:"volatility"`     // annual
	TrackingError   fixed.Wad `json:"tracking_error"` // annual, against the costless target mix
	MaxDrawdown     fixed.Wad `json:"max_drawdown"`   // of 0..1, positive
	DrawdownSeconds int64     `json:"drawdown_seconds"`
	Sharpe          fixed.Wad `json:"sharpe"` // risk-free rate zero
	Rebalances      int       `json:"rebalances"`
	Turnover        fixed.Wad `json:"turnover"`      // sum of half the traded value over NAV
	TurnoverYear    fixed.Wad `json:"turnover_year"` // the same per year
	Traded          fixed.Wad `json:"traded"`        // value bought and sold
	Cost            fixed.Wad `json:"cost"`          // fees and shortfall against the price at the decision
	CostYear        fixed.Wad `json:"cost_year"`     // cost over average NAV, per year
	SpreadYear      fixed.Wad `json:"spread_year"`   // of it, what auctions lost against the mid of their fills, per year
	TimeInBand      fixed.Wad `json:"time_in_band"`
	FillRatio       fixed.Wad `json:"fill_ratio"`
	NettingRate     fixed.Wad `json:"netting_rate"`
	Improvement     fixed.Wad `json:"price_improvement"` // realised price over the mid of the fill block, minus one
	MeanDrift       fixed.Wad `json:"mean_drift"`        // mean over rows of half the sum of |weight - target|
	MaxDrift        fixed.Wad `json:"max_drift"`
	Payments        int       `json:"payments"`
	PaymentsShort   int       `json:"payments_short"`
	Insufficient    bool      `json:"insufficient"` // fewer than 20 returns: volatility and the like mean little
}

// Benchmark is what another way of holding the same money would have given.
type Benchmark struct {
	Name        string    `json:"name"`
	FinalNAV    fixed.Wad `json:"final_nav"`
	Volatility  fixed.Wad `json:"volatility"`
	MaxDrawdown fixed.Wad `json:"max_drawdown"`
}

// Series are the curves of a treasury, all of one length; a long run is thinned to SeriesMax points that always hold
// the first row, the last, and every row with an order.
type Series struct {
	Time    []int64       `json:"time"`
	NAV     []fixed.Wad   `json:"nav"`
	Bench   [][]fixed.Wad `json:"bench"`   // one curve per benchmark
	Weights [][]fixed.Wad `json:"weights"` // one curve per asset
	Targets [][]fixed.Wad `json:"targets"`
	Lower   [][]fixed.Wad `json:"lower,omitempty"` // weight below which the policy acts, when it has bands or thresholds
	Upper   [][]fixed.Wad `json:"upper,omitempty"`
	Drift   []fixed.Wad   `json:"drift"`
	Cost    []fixed.Wad   `json:"cost"` // cumulative
}

// SeriesMax bounds the points of a curve in a Result.
const SeriesMax = 4000

// Interval is one decision and what came of it.
type Interval struct {
	Time    int64       `json:"time"`
	NAV     fixed.Wad   `json:"nav"`
	Outcome string      `json:"outcome"` // a short typed word, as "ordered" or "held"
	Reason  string      `json:"reason"`  // one sentence
	Drift   fixed.Wad   `json:"drift"`   // largest |weight - target|
	Weights []fixed.Wad `json:"weights"`
	Targets []fixed.Wad `json:"targets"`
	Orders  []fixed.Wad `json:"orders,omitempty"` // value, sells negative
	Filled  []fixed.Wad `json:"filled,omitempty"` // value at the price of the decision, sells negative
	Crossed fixed.Wad   `json:"crossed"`          // value sold by internal crossing
	Sold    fixed.Wad   `json:"sold"`             // value sold at all
	Fill    fixed.Wad   `json:"fill"`             // sold over ordered
	Cost    fixed.Wad   `json:"cost"`             // value lost against the price at the decision, fees included
}

// Auction is one lot from its opening to its close.
type Auction struct {
	ID       uint64        `json:"id"`
	Round    uint64        `json:"round"`
	Sell     string        `json:"sell"`
	Buy      string        `json:"buy"`
	Opened   int64         `json:"opened"`
	Closed   int64         `json:"closed"`
	Mid      fixed.Wad     `json:"mid"` // pair price of the oracle at the opening
	Start    fixed.Wad     `json:"start"`
	Reserve  fixed.Wad     `json:"reserve"`
	Units    fixed.Wad     `json:"units"` // display units for sale
	Sold     fixed.Wad     `json:"sold"`
	Proceeds fixed.Wad     `json:"proceeds"`
	Price    fixed.Wad     `json:"price"` // proceeds per unit sold, zero when nothing was sold
	Edge     fixed.Wad     `json:"edge"`  // price over the mid at the fill, minus one, volume-weighted
	Bidders  int           `json:"bidders"`
	Clock    []Point       `json:"clock"`  // the descending price, thinned
	Oracle   []Point       `json:"oracle"` // the pair's mid while the lot was open
	Fills    []AuctionFill `json:"fills"`
}

// Point is a price at a time.
type Point struct {
	Time  int64     `json:"time"`
	Price fixed.Wad `json:"price"`
}

// AuctionFill is one clearing.
type AuctionFill struct {
	Time    int64     `json:"time"`
	Price   fixed.Wad `json:"price"`
	Units   fixed.Wad `json:"units"`
	Bidders int       `json:"bidders"`
}
