package types

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// decimals reads several decimals and keeps the first error.
type decimals struct{ err error }

func (d *decimals) read(name, text string) fixed.Wad {
	w, err := num.Decimal(text)
	if err != nil && d.err == nil {
		d.err = ErrParams.Wrapf("%s: expected a decimal such as 0.05, got %q: %s", name, text, err)
	}
	return w
}

// PhaseOf names a phase of the engine.
func PhaseOf(p cycle.Phase) Phase { return Phase(p) }

// Writer writes values of the engine for people: assets by their denoms, decimals as texts.
type Writer struct{ Universe asset.Universe }

// Denom of an asset. An index outside the universe has none.
func (w Writer) Denom(a asset.Index) string {
	if int(a) >= w.Universe.Len() {
		return ""
	}
	return string(w.Universe.At(a).ID)
}

// Coin is an amount of an asset.
func (w Writer) Coin(a asset.Index, n asset.Amount) sdk.Coin { return num.Coin(w.Denom(a), n) }

// Note writes what happened.
func (w Writer) Note(n *cycle.Note) PortfolioNote {
	x := PortfolioNote{Outcome: n.Outcome.String(), Clamps: n.Clamp.Reasons()}
	if n.Reason != 0 {
		x.Reason = n.Reason.String()
	}
	if n.HasAsset {
		x.Denom = w.Denom(n.Asset)
	}
	if n.Err != nil {
		x.Error = n.Err.Error()
	}
	return x
}

// Fill writes what orders brought.
func (Writer) Fill(f *cycle.Filled) Fill {
	return Fill{
		Ordered: num.Text(f.Ordered), Crossed: num.Text(f.Crossed), Sold: num.Text(f.Sold), Got: num.Text(f.Got),
		Lost: num.Text(f.Lost), Fill: num.Text(f.Fill), CostBps: report.Bps(report.Cost(f)),
	}
}

// Slices writes what slices of one-time orders brought.
func (w Writer) Slices(list []cycle.SliceFill) []SliceFill {
	slices := make([]SliceFill, 0, len(list))
	for i := range list {
		s := &list[i]
		slices = append(slices, SliceFill{
			OneTime: s.OneTime, Sold: w.Coin(s.Sell, s.Sold), Bought: w.Coin(s.Buy, s.Bought), Left: num.Int(s.Left),
		})
	}
	return slices
}

// Record writes an entry of the log. round is the round of the entry while it runs, else nil.
func (w Writer) Record(e *report.Entry, round *cycle.Round) Record {
	r := &e.Record
	rec := Record{
		Portfolio: e.Portfolio, Round: e.Round, DecidedAt: e.DecidedAt, Outcome: w.Note(&r.Note), Measured: r.Measured,
		Nav: num.Text(r.NAV), Drift: num.Text(r.Drift), TotalDrift: num.Text(r.L1), Threshold: num.Text(r.Threshold),
		Settled: e.Settled, Slices: w.Slices(e.Slices),
	}
	for k, a := range e.Assets {
		if k >= len(r.Weights) || k >= len(r.Targets) {
			break
		}
		line := AssetWeight{Denom: w.Denom(a), Weight: num.Text(r.Weights[k]), Target: num.Text(r.Targets[k])}
		if k < len(r.Orders) {
			line.Order = num.Text(r.Orders[k])
		}
		rec.Assets = append(rec.Assets, line)
	}
	rec.Orders = w.Placed(e, round)
	if e.Settled {
		fill := w.Fill(&e.Fill)
		rec.Fill = &fill
	}
	for i := range e.Notes {
		rec.Notes = append(rec.Notes, w.Note(&e.Notes[i]))
	}
	return rec
}

// Placed writes the orders of an entry. round is its round while that runs, else nil.
func (w Writer) Placed(e *report.Entry, round *cycle.Round) []PlacedOrder {
	orders := make([]PlacedOrder, 0, len(e.Orders))
	for i := range e.Orders {
		orders = append(orders, w.placed(e, &e.Orders[i], round))
	}
	return orders
}

// placed writes an order, with what it has brought so far when its round runs.
func (w Writer) placed(e *report.Entry, o *report.Placed, round *cycle.Round) PlacedOrder {
	x := &o.Order
	unsold, got, lot := o.Unsold, o.Got, uint64(0)
	if !e.Settled {
		unsold = x.Units
	}
	if round != nil {
		var c fixed.Calc
		unsold, got = round.Owned(&c, x, nil)
		lot = round.LotOf(x.Sell, x.Buy)
	}
	return PlacedOrder{
		Sell: w.Denom(x.Sell), Buy: w.Denom(x.Buy), Units: num.Int(x.Units), Crossable: x.Crossable,
		OneTime: x.OneTime, Lot: lot, Unsold: num.Int(unsold), Got: num.Int(got),
	}
}

// Pair writes what became of a pair.
func (w Writer) Pair(b *cycle.PairBook) Pair {
	p := report.PairOf(b)
	return Pair{
		Sell: w.Denom(p.Sell), Buy: w.Denom(p.Buy), Units: num.Int(p.Units), Crossed: num.Int(p.Crossed),
		Received: num.Int(p.Received), Lot: p.Lot, Sold: num.Int(p.Sold), Proceeds: num.Int(p.Proceeds),
		Width: num.Text(p.Width), Done: p.Done,
	}
}

// Summary writes what a round was.
func (w Writer) Summary(s *report.Summary) RoundSummary {
	x := RoundSummary{
		Round: s.Round, FrozeAt: s.FrozeAt, FrozeHeight: s.Froze, CrossedHeight: s.Crossed, ClosedHeight: s.Closed,
		FinishedHeight: s.Finished, Lots: s.Lots, Ordered: num.Text(s.Ordered), Crossed: num.Text(s.Inside),
		Sold: num.Text(s.Sold), Lost: num.Text(s.Lost),
	}
	for _, c := range s.Outcomes {
		x.Counts = append(x.Counts, Counts{Outcome: c.Outcome.String(), Portfolios: c.Number})
	}
	for i := range s.Prices {
		price := &s.Prices[i]
		denom := w.Denom(asset.Index(i))
		x.Prices = append(x.Prices, AssetPrice{
			Denom: denom, Price: num.Text(price.Value), Status: price.Status.String(),
		})
	}
	return x
}

// Owned writes what a portfolio owns of an asset.
func (w Writer) Owned(o *report.Owned, m *cycle.Market) OwnedAsset {
	x := OwnedAsset{
		Denom: w.Denom(o.Asset), Free: num.Int(o.Free), InMarket: num.Int(o.InMarket), Value: num.Text(o.Value),
	}
	if int(o.Asset) < len(m.Prices) {
		x.Price, x.Status = num.Text(m.Prices[o.Asset].Value), m.Prices[o.Asset].Status.String()
	}
	return x
}

// Outlook adds to a value at which weights the portfolio would act, and how long it can pay what it owes when lots end
// at their widest reserve. The state of the portfolio may change; give a copy.
func (w Writer) Outlook(
	r *QueryValueResponse, ws *cycle.Workspace, m *cycle.Market, p *cycle.Portfolio, worth *report.Worth,
	widest fixed.Wad,
) error {
	runways, err := worth.Runways(m, p, widest)
	if err != nil {
		return Registered(err)
	}
	for i := range runways {
		x := &runways[i]
		r.Runways = append(r.Runways, Runway{Denom: w.Denom(x.Asset), Due: x.Due, Months: x.Months, Short: x.Short})
	}
	edges, err := ws.Edges(p, m)
	if err != nil {
		return Registered(err)
	}
	for k, target := range edges.Targets {
		x := WeightEdges{Denom: w.Denom(p.Policy.Assets[k]), Target: num.Text(target)}
		if len(edges.Lower) > 0 {
			x.Lower, x.Upper = num.Text(edges.Lower[k]), num.Text(edges.Upper[k])
		}
		r.Edges = append(r.Edges, x)
	}
	return nil
}
