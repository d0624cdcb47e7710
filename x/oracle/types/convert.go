package types

import (
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// PriceOf writes a price for readers.
func PriceOf(a *Asset, p *oracle.Price) Price {
	return Price{
		Denom: a.Denom, Display: a.Display, Status: p.Status.String(), Value: num.Text(p.Value),
		Confidence: num.Text(p.Confidence), Sigma: num.Text(p.Sigma), Twap: num.Text(p.TWAP),
		AgeSeconds: p.AgeSeconds, Classes: uint32(p.Classes), //nolint:gosec // at most the number of classes
	}
}

// PriceUpdated is the event of a price.
func PriceUpdated(a *Asset, p *oracle.Price, sources []SourceReport) *EventPriceUpdated {
	return &EventPriceUpdated{
		Denom: a.Denom, Status: p.Status.String(), Value: num.Text(p.Value), Confidence: num.Text(p.Confidence),
		Sigma: num.Text(p.Sigma), Twap: num.Text(p.TWAP), AgeSeconds: p.AgeSeconds,
		Classes: uint32(p.Classes), Sources: sources, //nolint:gosec // at most the number of classes
	}
}

// PointOf writes a point of a price history for readers.
func PointOf(seconds int64, p *oracle.Price) Point {
	return Point{
		TimeSeconds: seconds, Status: p.Status.String(), Value: num.Text(p.Value), Confidence: num.Text(p.Confidence),
		Sigma: num.Text(p.Sigma), Twap: num.Text(p.TWAP),
	}
}

// silent is the verdict on a source that has not reported.
const silent = "silent"

// SourceReports writes the sources of an asset with their reports and what became of them. Reports are in the order of
// their sources, findings in that of the reports.
func SourceReports(sources []Source, reports []oracle.Report, findings []oracle.Finding, now int64) []SourceReport {
	list := make([]SourceReport, len(sources))
	next := 0
	for i := range sources {
		list[i] = SourceReport{Source: sources[i], Verdict: silent}
		if next == len(reports) || reports[next].Source.ID != sources[i].Id {
			continue
		}
		r, f := &reports[next], &findings[next]
		list[i].Price, list[i].TimeSeconds, list[i].AgeSeconds = num.Text(r.Price), r.Time, now-r.Time
		list[i].Weight, list[i].Verdict = f.Weight, f.Verdict.String()
		next++
	}
	return list
}

// Asks reports whether a history is asked for at a time.
func (q *QueryHistoryRequest) Asks(seconds int64) bool {
	return q.FromSeconds <= seconds && (q.UntilSeconds == 0 || seconds <= q.UntilSeconds)
}
