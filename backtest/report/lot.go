package report

import (
	"math"
	"slices"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Limits of a page. What they leave out is in result.json.
const (
	lotsMax        = 10_000
	curvePointsMax = 60_000 // of the clocks, and as many of the oracle
	curveTolerance = 1e-5   // relative: a tenth of a basis point
)

// lotData holds the auctions in columns. Prices of different pairs have nothing in common, so they are plain numbers.
type lotData struct {
	Total    int            `json:"total"`
	Assets   []string       `json:"assets"`
	ID       column         `json:"id"`
	Round    column         `json:"round"`
	Sell     column         `json:"sell"` // place in assets
	Buy      column         `json:"buy"`
	Opened   column         `json:"opened"`
	Closed   column         `json:"closed"`
	Bidders  column         `json:"bidders"`
	Mid      []float64      `json:"mid"`
	Start    []float64      `json:"start"`
	Reserve  []float64      `json:"reserve"`
	Units    []float64      `json:"units"`
	Sold     []float64      `json:"sold"`
	Proceeds []float64      `json:"proceeds"`
	Price    []float64      `json:"price"`
	Edge     []float64      `json:"edge"`
	Clock    [][2][]float64 `json:"clock"` // seconds since the opening, prices
	Oracle   [][2][]float64 `json:"oracle"`
	Fills    [][4][]float64 `json:"fills"` // seconds since the opening, prices, units, bidders
}

// newLotData returns nil when there were no auctions.
func newLotData(all []backtest.Auction) *lotData {
	if len(all) == 0 {
		return nil
	}
	lots := all[:min(len(all), lotsMax)]
	assets := dictionary{place: make(map[string]int64)}
	whole := func(of func(*backtest.Auction) int64) column {
		return wholes(len(lots), func(i int) int64 { return of(&lots[i]) })
	}
	number := func(of func(*backtest.Auction) fixed.Wad) []float64 {
		out := make([]float64, len(lots))
		for i := range lots {
			out[i] = significant(float(of(&lots[i])))
		}
		return out
	}
	d := &lotData{
		Total:    len(all),
		ID:       whole(func(a *backtest.Auction) int64 { return int64(a.ID & math.MaxInt64) }),
		Round:    whole(func(a *backtest.Auction) int64 { return int64(a.Round & math.MaxInt64) }),
		Sell:     whole(func(a *backtest.Auction) int64 { return assets.of(a.Sell) }),
		Buy:      whole(func(a *backtest.Auction) int64 { return assets.of(a.Buy) }),
		Opened:   whole(func(a *backtest.Auction) int64 { return a.Opened }),
		Closed:   whole(func(a *backtest.Auction) int64 { return a.Closed }),
		Bidders:  whole(func(a *backtest.Auction) int64 { return int64(a.Bidders) }),
		Mid:      number(func(a *backtest.Auction) fixed.Wad { return a.Mid }),
		Start:    number(func(a *backtest.Auction) fixed.Wad { return a.Start }),
		Reserve:  number(func(a *backtest.Auction) fixed.Wad { return a.Reserve }),
		Units:    number(func(a *backtest.Auction) fixed.Wad { return a.Units }),
		Sold:     number(func(a *backtest.Auction) fixed.Wad { return a.Sold }),
		Proceeds: number(func(a *backtest.Auction) fixed.Wad { return a.Proceeds }),
		Price:    number(func(a *backtest.Auction) fixed.Wad { return a.Price }),
		Edge:     number(func(a *backtest.Auction) fixed.Wad { return a.Edge }),
		Clock:    lines(lots, func(a *backtest.Auction) []backtest.Point { return a.Clock }),
		Oracle:   lines(lots, func(a *backtest.Auction) []backtest.Point { return a.Oracle }),
		Fills:    fills(lots),
	}
	d.Assets = assets.words
	return d
}

func fills(lots []backtest.Auction) [][4][]float64 {
	out := make([][4][]float64, len(lots))
	for i := range lots {
		n := len(lots[i].Fills)
		out[i] = [4][]float64{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
		for k, f := range lots[i].Fills {
			out[i][0][k] = float64(f.Time - lots[i].Opened)
			out[i][1][k] = significant(float(f.Price))
			out[i][2][k] = significant(float(f.Units))
			out[i][3][k] = float64(f.Bidders)
		}
	}
	return out
}

// lines thins one curve of every lot, all to the same tolerance: the finest at which they fit the page.
func lines(lots []backtest.Auction, of func(*backtest.Auction) []backtest.Point) [][2][]float64 {
	out := make([][2][]float64, len(lots))
	for i := range lots {
		points := of(&lots[i])
		line := [2][]float64{make([]float64, len(points)), make([]float64, len(points))}
		for k, p := range points {
			line[0][k] = float64(p.Time - lots[i].Opened)
			line[1][k] = float(p.Price)
		}
		out[i] = line
	}
	for tolerance := curveTolerance; ; tolerance *= 2 {
		total := 0
		for i := range out {
			out[i] = thin(out[i], tolerance)
			total += len(out[i][0])
		}
		if total <= curvePointsMax || tolerance > 1 {
			break
		}
	}
	for i := range out {
		for k, price := range out[i][1] {
			out[i][1][k] = significant(price)
		}
	}
	return out
}

// thin drops the points that lie on the line between their neighbours, up to a relative tolerance (Douglas and
// Peucker 1973). First and last points stay.
func thin(line [2][]float64, tolerance float64) [2][]float64 {
	n := len(line[0])
	if n < 3 {
		return line
	}
	keep := make([]bool, n)
	keep[0], keep[n-1] = true, true
	for pending := [][2]int{{0, n - 1}}; len(pending) > 0; {
		span := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		if k, far := farthest(line, span[0], span[1]); far > tolerance {
			keep[k] = true
			pending = append(pending, [2]int{span[0], k}, [2]int{k, span[1]})
		}
	}
	return [2][]float64{kept(line[0], keep), kept(line[1], keep)}
}

// farthest is the point between two others that is farthest from the line that joins them, in vertical distance over
// its price.
func farthest(line [2][]float64, from, to int) (int, float64) {
	at, far := from, 0.0
	for k := from + 1; k < to; k++ {
		share := 0.5
		if span := line[0][to] - line[0][from]; span > 0 {
			share = (line[0][k] - line[0][from]) / span
		}
		want := line[1][from] + share*(line[1][to]-line[1][from])
		if d := math.Abs(line[1][k]-want) / math.Max(math.Abs(line[1][k]), math.SmallestNonzeroFloat64); d > far {
			at, far = k, d
		}
	}
	return at, far
}

func kept(values []float64, keep []bool) []float64 {
	out := slices.Clone(values)[:0]
	for k, v := range values {
		if keep[k] {
			out = append(out, v)
		}
	}
	return out
}
