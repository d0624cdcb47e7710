package report_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/engine/fixed"
)

const (
	sampleStart = 1_672_531_200 // 2023-01-01 00:00 UTC
	sampleStep  = 3600
	sampleYear  = 31_557_600
	sampleNAV   = 1e7
)

// wad is x to nine places.
func wad(x float64) fixed.Wad {
	w, err := fixed.Parse(fmt.Sprintf("%.9f", x))
	if err != nil {
		return fixed.Wad{}
	}
	return w
}

// world draws the prices of three volatile assets and a stable one.
type world struct {
	random *rand.Rand
	prices [4]float64
}

var (
	sampleAssets = []string{"BTC", "ETH", "ATOM", "USDC"}
	sampleTarget = [4]float64{0.3, 0.2, 0.1, 0.4}
	sampleSigma  = [4]float64{0.55, 0.7, 0.95, 0.004}
	sampleNames  = []string{"Harbour DAO", "Runway of the Lighthouse Collective", "Index vault", "Reserve"}
	sampleRules  = []string{
		"Holds 30 % BTC, 20 % ETH, 10 % ATOM and 40 % USDC.",
		"Acts when a weight is more than 2 % of NAV away from its target, and closes about half of the gap each time.",
		"Sells at most 2 % of NAV a day and never goes below 1,000,000 USDC.",
	}
	sampleSettings = []backtest.Setting{
		{Name: "Block time", Value: "6 s"},
		{Name: "Auction window", Value: "20 min"},
		{Name: "Market makers", Value: "3: margins of 5, 8 and 12 bp, latency of 1 block, inventory of 2,000,000 USD"},
		{Name: "Start and reserve", Value: "mid +/- (30 bp + 2 deviations), at most 300 bp"},
	}
)

func (w *world) step() {
	common := w.random.NormFloat64()
	for k := range w.prices {
		shock := 0.7*common + math.Sqrt(1-0.49)*w.random.NormFloat64()
		w.prices[k] *= math.Exp(sampleSigma[k]*shock*math.Sqrt(sampleStep/float64(sampleYear)) + 4e-5*sampleSigma[k])
	}
}

// holder is a treasury of the sample while it runs.
type holder struct {
	t       *backtest.Treasury
	value   [4]float64
	held    [4]float64
	mix     float64
	cost    float64
	traded  float64
	band    float64
	peak    float64
	deepest float64
	stride  int // rows between points of a curve
}

// sample runs treasuries over a random walk, roughly as the backtester would: enough to look at, not to believe.
func sample(seed uint64, treasuries, rows int) *backtest.Result {
	r := &backtest.Result{
		Version: backtest.ResultVersion, Source: "bundled sample history", Synthetic: true, Market: "auction", Seed: seed,
		From: sampleStart, To: sampleStart + int64(rows-1)*sampleStep, Rows: rows, StepSeconds: sampleStep,
		Settings: sampleSettings, Treasuries: make([]backtest.Treasury, treasuries),
	}
	holders := make([]*holder, treasuries)
	for i := range holders {
		holders[i] = newHolder(&r.Treasuries[i], i, rows)
	}
	w := &world{random: rand.New(rand.NewPCG(seed, 7)), prices: [4]float64{16_500, 1200, 9.5, 1}}
	for row := range rows {
		before := w.prices
		if row > 0 {
			w.step()
		}
		for _, h := range holders {
			h.row(r, w, before, row)
		}
	}
	for _, h := range holders {
		h.finish(rows)
	}
	return r
}

func newHolder(t *backtest.Treasury, i, rows int) *holder {
	t.Name, t.Assets, t.Explain = sampleNames[i%len(sampleNames)], sampleAssets, sampleRules
	t.Policy = "version: 1\nname: sample\ntarget:\n  kind: constant-mix\n"
	h := &holder{t: t, mix: sampleNAV, peak: sampleNAV, band: 0.02 + 0.015*float64(i), stride: max(1, rows/2000)}
	for k := range h.value {
		h.value[k] = sampleNAV * sampleTarget[k]
		h.held[k] = h.value[k]
	}
	return h
}

func (h *holder) row(r *backtest.Result, w *world, before [4]float64, row int) {
	var nav, grown, held float64
	for k := range h.value {
		change := w.prices[k] / before[k]
		h.value[k] *= change
		h.held[k] *= change
		grown += sampleTarget[k] * change
		nav += h.value[k]
		held += h.held[k]
	}
	h.mix *= grown
	now := sampleStart + int64(row)*sampleStep
	v := backtest.Interval{Time: now, NAV: wad(nav), Outcome: "held", Reason: "inside the band"}
	drift := 0.0
	for k := range h.value {
		weight := h.value[k] / nav
		v.Weights, v.Targets = append(v.Weights, wad(weight)), append(v.Targets, wad(sampleTarget[k]))
		drift = math.Max(drift, math.Abs(weight-sampleTarget[k]))
	}
	v.Drift = wad(drift)
	switch {
	case row%701 == 700:
		v.Outcome, v.Reason = "price stale", "price stale: ATOM"
	case drift > h.band:
		h.trade(r, w, &v, nav)
	}
	h.t.Intervals = append(h.t.Intervals, v)
	h.peak = math.Max(h.peak, nav)
	h.deepest = math.Max(h.deepest, 1-nav/h.peak)
	if row%h.stride == 0 || len(v.Orders) > 0 {
		h.point(now, nav, held, drift)
	}
}

func (h *holder) trade(r *backtest.Result, w *world, v *backtest.Interval, nav float64) {
	fill := 0.75 + 0.25*w.random.Float64()
	var sold, crossed float64
	for k := range h.value {
		order := 0.5 * (sampleTarget[k]*nav - h.value[k])
		v.Orders, v.Filled = append(v.Orders, wad(order)), append(v.Filled, wad(order*fill))
		h.value[k] += order * fill
		sold += math.Max(0, -order*fill)
	}
	if len(r.Treasuries) > 1 {
		crossed = sold * 0.2 * w.random.Float64()
	}
	cost := sold * (0.0004 + 0.0006*w.random.NormFloat64())
	h.value[3] -= cost
	h.cost += cost
	h.traded += 2 * sold
	v.Outcome, v.Reason = "ordered", fmt.Sprintf("drift above %.1f %%; limited by: max sell", 100*h.band)
	v.Sold, v.Crossed, v.Fill, v.Cost = wad(sold), wad(crossed), wad(fill), wad(cost)
	r.Auctions = append(r.Auctions, lot(w, uint64(len(r.Auctions)+1), v.Time, fill))
	h.t.Summary.Rebalances++
}

// lot is an auction of ETH for USDC on an exponential clock, filled at two instants.
func lot(w *world, id uint64, opened int64, fill float64) backtest.Auction {
	mid, units := w.prices[1], 100+50*w.random.Float64()
	a := backtest.Auction{
		ID: id, Round: id, Sell: "ETH", Buy: "USDC", Opened: opened, Closed: opened + 1200, Mid: wad(mid),
		Start: wad(mid * 1.01), Reserve: wad(mid * 0.99), Units: wad(units), Sold: wad(units * fill),
		Bidders: 1 + w.random.IntN(3),
	}
	price, proceeds := mid, 0.0
	for second := int64(0); second <= 1200; second += 30 {
		price *= 1 + 2e-4*w.random.NormFloat64()
		clock := mid * 1.01 * math.Pow(0.99/1.01, float64(second)/1200)
		a.Clock = append(a.Clock, backtest.Point{Time: opened + second, Price: wad(clock)})
		a.Oracle = append(a.Oracle, backtest.Point{Time: opened + second, Price: wad(price)})
		if second == 600 || second == 750 {
			half := units * fill / 2
			a.Fills = append(a.Fills, backtest.AuctionFill{
				Time: opened + second, Price: wad(clock), Units: wad(half), Bidders: a.Bidders,
			})
			proceeds += clock * half
			a.Edge = wad(clock/price - 1)
		}
	}
	a.Proceeds, a.Price = wad(proceeds), wad(proceeds/(units*fill))
	return a
}

func (h *holder) point(now int64, nav, held, drift float64) {
	s := &h.t.Series
	s.Time, s.NAV = append(s.Time, now), append(s.NAV, wad(nav))
	s.Drift, s.Cost = append(s.Drift, wad(drift)), append(s.Cost, wad(h.cost))
	s.Bench = grow(s.Bench, []float64{h.mix, held})
	weights, lower, upper := make([]float64, 4), make([]float64, 4), make([]float64, 4)
	for k := range h.value {
		weights[k], lower[k], upper[k] = h.value[k]/nav, sampleTarget[k]-h.band, sampleTarget[k]+h.band
	}
	s.Weights, s.Targets = grow(s.Weights, weights), grow(s.Targets, sampleTarget[:])
	s.Lower, s.Upper = grow(s.Lower, lower), grow(s.Upper, upper)
}

// grow adds a value to each of several curves.
func grow(curves [][]fixed.Wad, values []float64) [][]fixed.Wad {
	if curves == nil {
		curves = make([][]fixed.Wad, len(values))
	}
	for i, v := range values {
		curves[i] = append(curves[i], wad(v))
	}
	return curves
}

func (h *holder) finish(rows int) {
	s, series := &h.t.Summary, &h.t.Series
	years := float64(rows) * sampleStep / sampleYear
	last := len(series.NAV) - 1
	nav := series.NAV[last].Float()
	s.InitialNAV, s.FinalNAV, s.TotalReturn = wad(sampleNAV), series.NAV[last], wad(nav/sampleNAV-1)
	s.Volatility, s.TrackingError, s.MaxDrawdown, s.Sharpe = wad(0.3612), wad(0.0123), wad(h.deepest), wad(-0.41)
	s.DrawdownSeconds, s.Traded, s.Cost = 41*86400, wad(h.traded), wad(h.cost)
	s.Turnover, s.TurnoverYear = wad(h.traded/2/sampleNAV), wad(h.traded/2/sampleNAV/years)
	s.CostYear = wad(h.cost / nav / years)
	s.TimeInBand, s.FillRatio, s.NettingRate, s.Improvement = wad(0.973), wad(0.874), wad(0.11), wad(-0.00042)
	s.MeanDrift, s.MaxDrift, s.Payments, s.PaymentsShort = wad(0.0123), wad(0.0567), 12, 1
	for k, name := range []string{"target mix without costs", "buy and hold"} {
		h.t.Benchmarks = append(h.t.Benchmarks, backtest.Benchmark{
			Name: name, FinalNAV: series.Bench[k][last], Volatility: wad(0.37 + 0.05*float64(k)),
			MaxDrawdown: wad(0.18 + 0.02*float64(k)),
		})
	}
}

// sweep is a frontier of noise around the closed form of trading to the edge of a band (w = 1/2, s = 20 % a year).
func sweep(points int) *report.Frontier {
	const s, sigma, cost = 0.2, 0.8, 0.003
	random := rand.New(rand.NewPCG(11, 13))
	f := &report.Frontier{
		Title: "Threshold and gain of Harbour DAO", Source: "bundled sample history", Synthetic: true, From: sampleStart,
		To: sampleStart + 364*86400, Parameters: []string{"trigger.threshold", "controller.kp"},
		Settings: []backtest.Setting{{Name: "Fee", Value: "30 bp"}},
		Warnings: []string{"one run of 61 failed: threshold 0.9 is outside 0..0.5"},
		Optimum:  &report.CurvePoint{Label: "h = 5.20 %", TrackingError: wad(0.024), CostYear: wad(0.00115)},
	}
	for i := range points {
		h, gain := 0.01+0.09*float64(i)/float64(points), 0.2+0.2*float64(i%4)
		noise := 1 + 0.25*random.Float64()*(1.2-gain)
		f.Points = append(f.Points, report.FrontierPoint{
			Values:        []string{fmt.Sprintf("%.4f", h), fmt.Sprintf("%.1f", gain)},
			TrackingError: wad(sigma * h / math.Sqrt(3) * noise),
			CostYear:      wad(cost * s * s / (2 * h) * (0.9 + 0.3*random.Float64())),
			TurnoverYear:  wad(s * s / (2 * h)), Rebalances: int(4 / h), MaxDrawdown: wad(0.4 + 0.02*random.Float64()),
			FinalNAV: wad(9.8e6 + 1e5*random.NormFloat64()), Chosen: i == points/2,
		})
	}
	edge, periodic := report.FrontierCurve{Name: "to the edge"}, report.FrontierCurve{Name: "periodic"}
	for i := range 60 {
		h, t := 0.008*math.Pow(1.05, float64(i)), 0.002*math.Pow(1.08, float64(i))
		edge.Points = append(edge.Points, report.CurvePoint{
			Label: fmt.Sprintf("h = %.2f %%", 100*h), TrackingError: wad(sigma * h / math.Sqrt(3)),
			CostYear: wad(cost * s * s / (2 * h)),
		})
		periodic.Points = append(periodic.Points, report.CurvePoint{
			Label: fmt.Sprintf("every %.1f d", 365*t), TrackingError: wad(sigma * s * math.Sqrt(t/2)),
			CostYear: wad(cost * s * math.Sqrt(2/(math.Pi*t))),
		})
	}
	f.Curves = []report.FrontierCurve{edge, periodic}
	f.Rank()
	return f
}
