package metrics_test

import (
	"encoding/json"
	"testing"

	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
)

// worked is metrics.json.
type worked struct {
	Returns struct {
		NAV          []fixed.Wad `json:"nav"`
		Benchmark    []fixed.Wad `json:"bm"`
		StepTE       fixed.Wad   `json:"TE_daily"`
		TE           fixed.Wad   `json:"TE_ann"`
		Sharpe       fixed.Wad   `json:"sharpe"`
		MaxDrawdown  fixed.Wad   `json:"mdd"`
		TrackingDiff fixed.Wad   `json:"tracking_diff"`
		Volatility   fixed.Wad   `json:"vol_ann"`
	} `json:"returns"`
	Execution struct {
		Order struct {
			Sell       int64                `json:"sell"`
			Decision   fixed.Wad            `json:"dec"`
			Fills      [][2]json.RawMessage `json:"fills"`
			OracleFill []fixed.Wad          `json:"oracle_fill"`
			Final      fixed.Wad            `json:"final"`
			Fee        fixed.Wad            `json:"fee"`
		} `json:"order"`
		Shortfall   fixed.Wad `json:"IS"`
		Execution   fixed.Wad `json:"exec"`
		Opportunity fixed.Wad `json:"opportunity"`
		Fee         fixed.Wad `json:"fee"`
		Improvement fixed.Wad `json:"price_improvement"`
		VWAP        fixed.Wad `json:"vwap"`
		FillRatio   fixed.Wad `json:"fill"`
	} `json:"execution"`
	Turnover struct {
		Sells      []fixed.Wad `json:"sells"`
		AverageNAV fixed.Wad   `json:"avg_nav"`
		Turnover   fixed.Wad   `json:"turnover"`
		Annual     fixed.Wad   `json:"annual"`
	} `json:"turnover"`
	Markout struct {
		Marks []fixed.Wad `json:"marks"`
		Loss  fixed.Wad   `json:"loss"`
		Rate  fixed.Wad   `json:"rel"`
	} `json:"markout"`
	TimeInBand struct {
		Segments [][2]json.RawMessage `json:"seg"`
		Band     fixed.Wad            `json:"band"`
		Share    fixed.Wad            `json:"tib"`
	} `json:"time_in_band"`
	Drift struct {
		L1 fixed.Wad `json:"AS"`
		L2 fixed.Wad `json:"L2"`
	} `json:"drift"`
}

func vectors(t *testing.T) worked {
	t.Helper()
	var v worked
	enginetest.Vectors(t, "metrics.json", &v)
	return v
}

// pair reads [n, "decimal"].
func pair(t *testing.T, raw [2]json.RawMessage) (int64, fixed.Wad) {
	t.Helper()
	var n int64
	var w fixed.Wad
	enginetest.Decode(t, raw[0], &n)
	enginetest.Decode(t, raw[1], &w)
	return n, w
}

// check runs the formulas that share c and fails when one of them did.
func check(t *testing.T, c *fixed.Calc) {
	t.Helper()
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
}

// equal compares raw integers.
func equal(t *testing.T, what string, got, want fixed.Wad) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestWorkedReturns(t *testing.T) {
	t.Parallel()
	v := vectors(t).Returns
	var c fixed.Calc
	var p metrics.Performance
	for i, nav := range v.NAV {
		var benchmark fixed.Wad
		if i > 0 {
			benchmark = metrics.Return(&c, v.Benchmark[i-1], v.Benchmark[i])
		}
		if err := p.Observe(nav, benchmark); err != nil {
			t.Fatal(err)
		}
	}
	f, err := p.Figures(365, fixed.Wad{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "step tracking error", f.StepTrackingError, v.StepTE)
	equal(t, "tracking error", f.TrackingError, v.TE)
	equal(t, "volatility", f.Volatility, v.Volatility)
	equal(t, "Sharpe ratio", f.Sharpe, v.Sharpe)
	equal(t, "drawdown", f.Drawdown.Depth, v.MaxDrawdown)
	last := len(v.NAV) - 1
	equal(t, "tracking difference",
		metrics.TrackingDifference(&c, v.NAV[0], v.NAV[last], v.Benchmark[0], v.Benchmark[last]), v.TrackingDiff)
	equal(t, "total return", f.TotalReturn, enginetest.W(t, "0.05"))
	if f.Returns != 6 || !f.Insufficient || !f.HasSharpe || f.Drawdown.Fall != 1 || f.Drawdown.Longest != 1 {
		t.Errorf("%+v: expected 6 returns, too few, a Sharpe ratio, and falls of one step", f)
	}
	check(t, &c)
}

func TestWorkedExecution(t *testing.T) {
	t.Parallel()
	v := vectors(t)
	o := v.Execution.Order
	var c fixed.Calc
	var e metrics.Execution
	if err := e.Order(fixed.FromInt(o.Sell), o.Decision); err != nil {
		t.Fatal(err)
	}
	unsold := o.Sell
	var markout metrics.Markout
	for i, raw := range o.Fills {
		n, price := pair(t, raw)
		unsold -= n
		quantity := fixed.FromInt(n)
		fee := c.MulTrunc(c.MulTrunc(quantity, price), o.Fee)
		fill := metrics.Fill{Quantity: quantity, Price: price, Mid: o.OracleFill[i], Fee: fee}
		if err := e.Fill(o.Decision, fill); err != nil {
			t.Fatal(err)
		}
		if err := markout.Observe(quantity, price, v.Markout.Marks[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.End(fixed.FromInt(unsold), o.Decision, o.Final); err != nil {
		t.Fatal(err)
	}
	q, err := e.Quality()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "shortfall", q.Shortfall.Total, v.Execution.Shortfall)
	equal(t, "execution", q.Shortfall.Execution, v.Execution.Execution)
	equal(t, "opportunity", q.Shortfall.Opportunity, v.Execution.Opportunity)
	equal(t, "fee", q.Shortfall.Fee, v.Execution.Fee)
	equal(t, "price improvement", q.Improvement, v.Execution.Improvement)
	equal(t, "VWAP", q.VWAP, v.Execution.VWAP)
	equal(t, "fill ratio", q.FillRatio, v.Execution.FillRatio)
	equal(t, "efficiency", q.Efficiency, c.Add(fixed.One(), c.Add(q.Improvement, fixed.FromRaw(-1)))) // both truncate
	equal(t, "cost", e.Cost(&c), enginetest.W(t, "65.23175"))
	equal(t, "markout loss", markout.Loss, v.Markout.Loss)
	equal(t, "markout rate", markout.Rate(&c), v.Markout.Rate)
	check(t, &c)
}

func TestWorkedTurnover(t *testing.T) {
	t.Parallel()
	v := vectors(t)
	var c fixed.Calc
	var nav metrics.Average
	for _, x := range v.Returns.NAV {
		if err := nav.Observe(x, 1); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "average NAV", nav.Mean(&c), v.Turnover.AverageNAV)
	equal(t, "largest NAV", nav.Max, enginetest.W(t, "105"))
	var sold fixed.Wad
	for _, s := range v.Turnover.Sells {
		sold = c.Add(sold, s)
	}
	turnover := metrics.Turnover(&c, sold, nav.Mean(&c))
	equal(t, "turnover", turnover, v.Turnover.Turnover)
	equal(t, "turnover per year", metrics.PerYear(&c, turnover, 6*86_400), v.Turnover.Annual)
	equal(t, "cost per year", metrics.CostPerYear(&c, sold, fixed.Wad{}, nav.Mean(&c), 6*86_400), v.Turnover.Annual)
	check(t, &c)
}

func TestWorkedTimeInBand(t *testing.T) {
	t.Parallel()
	v := vectors(t).TimeInBand
	var c fixed.Calc
	var d metrics.Dwell
	for _, raw := range v.Segments {
		seconds, off := pair(t, raw)
		if err := d.Observe(seconds, off.Cmp(v.Band) <= 0); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "time in band", d.Share(&c), v.Share)
	check(t, &c)
}

// TestWorkedNetting is spec 04 §4.4: gross 2580, netted 2440, auctioned 140.
func TestWorkedNetting(t *testing.T) {
	t.Parallel()
	var c fixed.Calc
	var n metrics.Netting
	if err := n.Observe(fixed.FromInt(2440), fixed.FromInt(140), fixed.Wad{}); err != nil {
		t.Fatal(err)
	}
	equal(t, "netting rate", n.Rate(&c), c.DivTrunc(fixed.FromInt(2440), fixed.FromInt(2580)))
	equal(t, "netting rate", n.Rate(&c), enginetest.W(t, "0.945736434108527131"))
	check(t, &c)
}

// TestWorkedOvershoot is the response of the critically damped PI controller in spec 01 §1.3: it sells 17 % too much.
func TestWorkedOvershoot(t *testing.T) {
	t.Parallel()
	response := enginetest.Ws(t, "1", "0.6", "0.32", "0.128", "0", "-0.08192", "-0.131072", "-0.157286", "-0.167772")
	var c fixed.Calc
	var k metrics.Control
	for _, e := range response {
		if err := k.Observe(e, enginetest.W(t, "0.15")); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "overshoot", k.Overshoot(&c), enginetest.W(t, "0.167772"))
	// 0.6 + 2*0.32 + 3*0.128 + 5*0.08192 + 6*0.131072 + 7*0.157286 + 8*0.167772
	equal(t, "ITAE", k.ITAE, enginetest.W(t, "5.26321"))
	if k.Settling != 9 || k.Settled() {
		t.Errorf("settled %v after %d, expected not yet", k.Settled(), k.Settling)
	}
	for range 2 {
		if err := k.Observe(enginetest.W(t, "-0.15"), enginetest.W(t, "0.15")); err != nil {
			t.Fatal(err)
		}
	}
	if k.Settling != 9 || !k.Settled() {
		t.Errorf("settled %v after %d, expected 9", k.Settled(), k.Settling)
	}
	check(t, &c)
}

// TestWorkedDrift holds the drift that reports quote: it is package drift's.
func TestWorkedDrift(t *testing.T) {
	t.Parallel()
	v := vectors(t).Drift
	var c fixed.Calc
	var r drift.Report
	held, targets := enginetest.Ws(t, "0.53", "0.28", "0.19"), enginetest.Ws(t, "0.5", "0.3", "0.2")
	if err := drift.Measure(&r, held, targets); err != nil {
		t.Fatal(err)
	}
	equal(t, "L1", r.L1, v.L1)
	equal(t, "L2", r.L2Norm(&c), v.L2)
	check(t, &c)
}
