package metrics_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
)

// raw draws a decimal of lo..hi units of 1e-18.
func raw(lo, hi int64) *rapid.Generator[fixed.Wad] {
	return rapid.Map(rapid.Int64Range(lo, hi), fixed.FromRaw)
}

// micro draws a decimal of lo..hi millionths, so that products of two are exact.
func micro(lo, hi int64) *rapid.Generator[fixed.Wad] {
	return rapid.Map(rapid.Int64Range(lo, hi), func(n int64) fixed.Wad {
		var c fixed.Calc
		return c.MulInt(fixed.FromRaw(1_000_000_000_000), n)
	})
}

// within fails when a and b differ by more than ulps units of the last place.
func within(t *rapid.T, what string, a, b fixed.Wad, ulps int64) {
	var c fixed.Calc
	if fixed.FromRaw(ulps).Less(c.Sub(a, b).Abs()) || c.Err() != nil {
		t.Fatalf("%s: %v and %v differ by more than %d units of the last place", what, a, b, ulps)
	}
}

func must(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

type series struct{ nav, benchmark []fixed.Wad }

func drawSeries(t *rapid.T) series {
	n := rapid.IntRange(2, 60).Draw(t, "n")
	s := series{nav: make([]fixed.Wad, n), benchmark: make([]fixed.Wad, n)}
	for i := range n {
		s.nav[i] = raw(1e15, 9e18).Draw(t, "nav")
		s.benchmark[i] = raw(-9e17, 9e17).Draw(t, "benchmark")
	}
	return s
}

func (s series) performance(t *rapid.T) metrics.Performance {
	var p metrics.Performance
	for i, nav := range s.nav {
		must(t, p.Observe(nav, s.benchmark[i]))
	}
	return p
}

func figures(t *rapid.T, s series) metrics.Figures {
	p := s.performance(t)
	f, err := p.Figures(8760, fixed.Wad{})
	must(t, err)
	return f
}

// deviation is the textbook's, in two passes over all samples, in floating point.
func deviation(samples []float64) float64 {
	var mean, squares float64
	for _, x := range samples {
		mean += x / float64(len(samples))
	}
	for _, x := range samples {
		squares += (x - mean) * (x - mean)
	}
	return math.Sqrt(squares / float64(len(samples)-1))
}

func near(t *rapid.T, what string, got fixed.Wad, want float64) {
	if math.Abs(got.Float()-want) > 1e-9*math.Max(1, math.Abs(want)) {
		t.Fatalf("%s: got %v, the twin says %v", what, got, want)
	}
}

// TestPerformanceTwin compares with a twin that keeps every sample and works in floating point.
func TestPerformanceTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, performanceTwin)
}

func FuzzPerformanceTwin(f *testing.F) { f.Fuzz(rapid.MakeFuzz(performanceTwin)) }

func performanceTwin(t *rapid.T) {
	s := drawSeries(t)
	f := figures(t, s)
	var returns, active []float64
	for i := 1; i < len(s.nav); i++ {
		r := s.nav[i].Float()/s.nav[i-1].Float() - 1
		returns = append(returns, r)
		active = append(active, r-s.benchmark[i].Float())
	}
	if f.Returns != int64(len(returns)) || f.Insufficient != (len(returns) < 20) {
		t.Fatalf("%+v: expected %d returns", f, len(returns))
	}
	if len(returns) > 1 {
		sd := deviation(returns)
		near(t, "volatility", f.Volatility, sd*math.Sqrt(8760))
		near(t, "tracking error", f.TrackingError, deviation(active)*math.Sqrt(8760))
		if sd > 1e-4 { // below, the twin's own rounding shows
			near(t, "Sharpe ratio", f.Sharpe, mean(returns)/sd*math.Sqrt(8760))
		}
	}
	near(t, "total return", f.TotalReturn, s.nav[len(s.nav)-1].Float()/s.nav[0].Float()-1)
}

func mean(samples []float64) float64 {
	var sum float64
	for _, x := range samples {
		sum += x
	}
	return sum / float64(len(samples))
}

// TestDrawdownTwin compares with a twin that looks at every pair of samples, in exact fractions.
func TestDrawdownTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		d := figures(t, s).Drawdown
		worst, longest := new(big.Rat), int64(0)
		for i, peak := range s.nav {
			below := int64(0)
			for _, nav := range s.nav[i+1:] {
				if peak.Cmp(nav) <= 0 {
					break
				}
				below++
				fall := new(big.Int).Sub(peak.Big(), nav.Big())
				if depth := new(big.Rat).SetFrac(fall, peak.Big()); depth.Cmp(worst) > 0 {
					worst = depth
				}
			}
			longest = max(longest, below)
		}
		scaled := new(big.Int).Mul(worst.Num(), fixed.One().Big())
		if want := scaled.Quo(scaled, worst.Denom()); d.Depth.Big().Cmp(want) != 0 || d.Longest != longest {
			t.Fatalf("got %+v, the twin says %v and %d", d, want, longest)
		}
		if d.Fall > d.Longest || d.Depth.IsZero() != (d.Fall == 0) {
			t.Fatalf("%+v: a fall is a part of the time under a peak", d)
		}
	})
}

// TestFiguresDoNotDependOnTheUnit scales the NAV: nothing but the NAV changes.
func TestFiguresDoNotDependOnTheUnit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		k := rapid.Int64Range(1, 1e9).Draw(t, "k")
		scaled := series{nav: make([]fixed.Wad, len(s.nav)), benchmark: s.benchmark}
		var c fixed.Calc
		for i, nav := range s.nav {
			scaled.nav[i] = c.MulInt(nav, k)
		}
		must(t, c.Err())
		a, b := figures(t, s), figures(t, scaled)
		a.Drawdown, b.Drawdown = trim(a.Drawdown), trim(b.Drawdown)
		if a != b {
			t.Fatalf("%+v, scaled by %d %+v", a, k, b)
		}
	})
}

// trim forgets the peak, which is a NAV.
func trim(d metrics.Drawdown) metrics.Drawdown {
	return metrics.Drawdown{Depth: d.Depth, Fall: d.Fall, Longest: d.Longest}
}

// TestTrackingErrorIgnoresAConstant adds the same to every return of the benchmark, and then takes the portfolio itself
// as the benchmark.
func TestTrackingErrorIgnoresAConstant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		before := figures(t, s)
		shift := raw(-1e17, 1e17).Draw(t, "shift")
		var c fixed.Calc
		for i := range s.benchmark {
			s.benchmark[i] = c.Add(s.benchmark[i], shift)
		}
		if after := figures(t, s); after.TrackingError != before.TrackingError || after.Volatility != before.Volatility {
			t.Fatalf("%+v, benchmark shifted %+v", before, after)
		}
		for i := range s.benchmark[1:] {
			s.benchmark[i+1] = metrics.Return(&c, s.nav[i], s.nav[i+1])
		}
		must(t, c.Err())
		if te := figures(t, s).TrackingError; !te.IsZero() {
			t.Fatalf("tracking error %v against itself", te)
		}
	})
}

type order struct {
	size, decision, end fixed.Wad
	fills               []metrics.Fill
}

// drawOrder draws an order in whole units, so that its values are exact.
func drawOrder(t *rapid.T) order {
	left := rapid.Int64Range(1, 1e6).Draw(t, "size")
	price := micro(1, 1e9)
	o := order{size: fixed.FromInt(left), decision: price.Draw(t, "decision"), end: price.Draw(t, "end")}
	for range rapid.IntRange(0, 5).Draw(t, "fills") {
		n := rapid.Int64Range(0, left).Draw(t, "quantity")
		left -= n
		o.fills = append(o.fills, metrics.Fill{
			Quantity: fixed.FromInt(n),
			Price:    price.Draw(t, "price"),
			Mid:      price.Draw(t, "mid"),
			Fee:      micro(0, 1e6).Draw(t, "fee"),
		})
	}
	return o
}

func (o order) execute(t *rapid.T, e *metrics.Execution) {
	must(t, e.Order(o.size, o.decision))
	var c fixed.Calc
	left := o.size
	for _, f := range o.fills {
		must(t, e.Fill(o.decision, f))
		left = c.Sub(left, f.Quantity)
	}
	must(t, c.Err())
	must(t, e.End(left, o.decision, o.end))
}

func quality(t *rapid.T, e metrics.Execution) metrics.Quality {
	q, err := e.Quality()
	must(t, err)
	return q
}

func TestExecution(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := drawOrder(t)
		var e metrics.Execution
		o.execute(t, &e)
		q := quality(t, e)
		var c fixed.Calc
		s := q.Shortfall
		within(t, "the parts and the whole", c.Add(c.Add(s.Execution, s.Opportunity), s.Fee), s.Total, 3)
		if q.FillRatio.Sign() < 0 || fixed.One().Less(q.FillRatio) {
			t.Fatalf("fill ratio %v", q.FillRatio)
		}
		if q.FillRatio.IsZero() {
			return
		}
		within(t, "efficiency and improvement", c.Sub(q.Efficiency, fixed.One()), q.Improvement, 1)
		lo, hi := fixed.Max(), fixed.Wad{}
		for _, f := range o.fills {
			if !f.Quantity.IsZero() {
				lo, hi = lo.Min(f.Price), hi.Max(f.Price)
			}
		}
		if q.VWAP.Less(lo) || hi.Less(q.VWAP) {
			t.Fatalf("VWAP %v is outside the prices %v..%v", q.VWAP, lo, hi)
		}
	})
}

// TestPaperPortfolio fills the whole order at the decision price without a fee: there is no shortfall.
func TestPaperPortfolio(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := drawOrder(t)
		o.fills = []metrics.Fill{{Quantity: o.size, Price: o.decision, Mid: o.decision}}
		var e metrics.Execution
		o.execute(t, &e)
		q, one := quality(t, e), fixed.One()
		if q.Shortfall != (metrics.Shortfall{}) || q.FillRatio != one || q.Efficiency != one {
			t.Fatalf("%+v: expected no shortfall", q)
		}
	})
}

// TestExecutionAddsUp takes the orders in either sequence: the sums do not care.
func TestExecutionAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawOrder(t), drawOrder(t)
		var ab, ba, alone metrics.Execution
		a.execute(t, &ab)
		b.execute(t, &ab)
		b.execute(t, &ba)
		a.execute(t, &ba)
		if ab != ba {
			t.Fatalf("%+v and %+v", ab, ba)
		}
		a.execute(t, &alone)
		var c fixed.Calc
		rest := c.Sub(ab.Cost(&c), alone.Cost(&c))
		var other metrics.Execution
		b.execute(t, &other)
		if rest != other.Cost(&c) || c.Err() != nil {
			t.Fatalf("costs %v and %v", rest, other.Cost(&c))
		}
	})
}

func TestAverage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(raw(-1e18, 1e18), 1, 30).Draw(t, "values")
		shuffled := rapid.Permutation(values).Draw(t, "shuffled")
		var a, b metrics.Average
		lo := fixed.Max()
		for i := range values {
			must(t, a.Observe(values[i], 7))
			must(t, b.Observe(shuffled[i], 7))
			lo = lo.Min(values[i])
		}
		var c fixed.Calc
		m := a.Mean(&c)
		if a != b || m.Less(lo) || a.Max.Less(m) || c.Err() != nil {
			t.Fatalf("%+v, shuffled %+v, mean %v outside %v..%v", a, b, m, lo, a.Max)
		}
	})
}

func TestDwell(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var in, out metrics.Dwell
		for range rapid.IntRange(1, 20).Draw(t, "n") {
			seconds := rapid.Int64Range(0, 1e6).Draw(t, "seconds")
			inside := rapid.Bool().Draw(t, "inside")
			must(t, in.Observe(seconds, inside))
			must(t, out.Observe(seconds, !inside))
		}
		var c fixed.Calc
		if in.Total > 0 {
			within(t, "shares", c.Add(in.Share(&c), out.Share(&c)), fixed.One(), 1)
		}
	})
}

// TestControlIsSymmetric mirrors the response: buying too much and selling too much are alike.
func TestControlIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		band := raw(0, 1e17).Draw(t, "band")
		var a, b metrics.Control
		for _, e := range rapid.SliceOfN(raw(-1e18, 1e18), 1, 30).Draw(t, "errors") {
			must(t, a.Observe(e, band))
			must(t, b.Observe(e.Neg(), band))
		}
		var c fixed.Calc
		over := a.Overshoot(&c)
		if a.ITAE != b.ITAE || a.Settling != b.Settling || over != b.Overshoot(&c) || over.Sign() < 0 {
			t.Fatalf("%+v, mirrored %+v", a, b)
		}
	})
}

// TestTrading holds the turnover between the traded value over the largest and over the smallest NAV, halved.
func TestTradingBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tr metrics.Trading
		lo, hi := fixed.Max(), fixed.Wad{}
		n := rapid.Int64Range(1, 20).Draw(t, "n")
		for range n {
			nav := raw(1e15, 9e18).Draw(t, "nav")
			lo, hi = lo.Min(nav), hi.Max(nav)
			must(t, tr.Observe(nav, raw(0, 9e18).Draw(t, "traded"), raw(0, 1e15).Draw(t, "fees")))
		}
		var c fixed.Calc
		most, least := c.DivIntTrunc(c.DivUp(tr.Traded, lo), 2), c.DivIntTrunc(c.DivDown(tr.Traded, hi), 2)
		slack := fixed.FromRaw(n)
		if c.Add(most, slack).Less(tr.Turnover) || tr.Turnover.Less(c.Sub(least, slack)) || c.Err() != nil {
			t.Fatalf("turnover %v is outside %v..%v", tr.Turnover, least, most)
		}
	})
}
