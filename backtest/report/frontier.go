package report

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Frontier is what a policy costs and how well it follows its target, for many values of its parameters.
type Frontier struct {
	Title      string
	Source     string // where the prices come from
	Synthetic  bool
	From       int64 // seconds of UTC since 1970
	To         int64
	Parameters []string // names of what was swept
	Points     []FrontierPoint
	Curves     []FrontierCurve // closed forms beside the points
	Optimum    *CurvePoint     // the theoretical optimum, if there is one
	Settings   []backtest.Setting
	Warnings   []string
}

// FrontierPoint is one run. Ratios are fractions of one, rates per year.
type FrontierPoint struct {
	Values        []string // of the parameters, in their order, as a user would write them
	TrackingError fixed.Wad
	CostYear      fixed.Wad
	TurnoverYear  fixed.Wad
	Rebalances    int
	MaxDrawdown   fixed.Wad
	FinalNAV      fixed.Wad
	Dominated     bool // another point costs no more and tracks no worse, and is better in one of the two
	Chosen        bool // what the policy says now, or what the sweep recommends
}

// FrontierCurve is a closed form on the same axes.
type FrontierCurve struct {
	Name   string
	Points []CurvePoint
}

// CurvePoint is a place on a closed form.
type CurvePoint struct {
	Label         string // what is there, as "h = 5 %"
	TrackingError fixed.Wad
	CostYear      fixed.Wad
}

// Rank sets Dominated on every point.
func (f *Frontier) Rank() {
	order := make([]*FrontierPoint, len(f.Points))
	for i := range f.Points {
		order[i] = &f.Points[i]
	}
	slices.SortStableFunc(order, func(a, b *FrontierPoint) int {
		return cmp.Or(a.TrackingError.Cmp(b.TrackingError), a.CostYear.Cmp(b.CostYear))
	})
	var best *FrontierPoint // the cheapest so far; among equals the first, which tracks best
	for _, p := range order {
		p.Dominated = best != nil && !p.CostYear.Less(best.CostYear) &&
			(p.CostYear != best.CostYear || p.TrackingError != best.TrackingError)
		if !p.Dominated {
			best = p
		}
	}
}

// FrontierCSV writes one line per point: the parameters under their names, then exact decimals.
func FrontierCSV(w io.Writer, f *Frontier) error {
	out := csv.NewWriter(w)
	header := make([]string, 0, len(f.Parameters)+8)
	for _, name := range f.Parameters {
		header = append(header, plain(name))
	}
	header = append(header, "tracking_error", "cost_year", "turnover_year", "rebalances", "max_drawdown", "final_nav",
		"dominated", "chosen")
	_ = out.Write(header) // the writer keeps its first error
	for i := range f.Points {
		p := &f.Points[i]
		record := make([]string, len(f.Parameters), len(header))
		for k := range min(len(f.Parameters), len(p.Values)) {
			record[k] = parameter(p.Values[k])
		}
		record = append(record, p.TrackingError.String(), p.CostYear.String(), p.TurnoverYear.String(),
			strconv.Itoa(p.Rebalances), p.MaxDrawdown.String(), p.FinalNAV.String(), strconv.FormatBool(p.Dominated),
			strconv.FormatBool(p.Chosen))
		_ = out.Write(record)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	return nil
}

// parameter is a value as a cell: a number may be negative, any other text is made plain.
func parameter(text string) string {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text
	}
	return plain(text)
}

// FrontierHTML writes a frontier as one page that opens without a network.
func FrontierHTML(w io.Writer, f *Frontier) error {
	return writePage(w, page{
		Title: "Ballast frontier: " + f.Title, Body: "frontier.html", Script: "frontier.js",
		View: f, Data: newFrontierData(f),
	})
}

// frontierData is what the scripts of the page read.
type frontierData struct {
	Kind       string      `json:"kind"`
	Synthetic  bool        `json:"synthetic"`
	Parameters []string    `json:"parameters"`
	Points     []pointData `json:"points"`
	Curves     []curveData `json:"curves"`
	Optimum    *placeData  `json:"optimum,omitempty"`
}

type pointData struct {
	Values     []string `json:"values"`
	Error      float64  `json:"te"`
	Cost       float64  `json:"cost"`
	Turnover   float64  `json:"turnover"`
	Rebalances int      `json:"rebalances"`
	Drawdown   float64  `json:"drawdown"`
	NAV        float64  `json:"nav"`
	Dominated  bool     `json:"dominated"`
	Chosen     bool     `json:"chosen"`
}

type curveData struct {
	Name   string      `json:"name"`
	Points []placeData `json:"points"`
}

type placeData struct {
	Label string  `json:"label"`
	Error float64 `json:"te"`
	Cost  float64 `json:"cost"`
}

func newFrontierData(f *Frontier) frontierData {
	round := func(w fixed.Wad) float64 { return significant(float(w)) }
	place := func(p CurvePoint) placeData { return placeData{p.Label, round(p.TrackingError), round(p.CostYear)} }
	data := frontierData{Kind: "frontier", Synthetic: f.Synthetic, Parameters: f.Parameters}
	for i := range f.Points {
		p := &f.Points[i]
		data.Points = append(data.Points, pointData{
			Values: p.Values, Error: round(p.TrackingError), Cost: round(p.CostYear), Turnover: round(p.TurnoverYear),
			Rebalances: p.Rebalances, Drawdown: round(p.MaxDrawdown), NAV: round(p.FinalNAV), Dominated: p.Dominated,
			Chosen: p.Chosen,
		})
	}
	for _, c := range f.Curves {
		curve := curveData{Name: c.Name, Points: make([]placeData, len(c.Points))}
		for i, p := range c.Points {
			curve.Points[i] = place(p)
		}
		data.Curves = append(data.Curves, curve)
	}
	if f.Optimum != nil {
		optimum := place(*f.Optimum)
		data.Optimum = &optimum
	}
	return data
}
