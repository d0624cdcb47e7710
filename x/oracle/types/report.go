package types

import (
	"cmp"
	"slices"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/oracle"
)

// bySource is the order of last reports.
func bySource(r LastReport, id uint32) int { return cmp.Compare(r.Source, id) }

// LastOf is the last report of a source, and whether there is one.
func LastOf(reports []LastReport, source uint32) (LastReport, bool) {
	i, found := slices.BinarySearchFunc(reports, source, bySource)
	if !found {
		return LastReport{}, false
	}
	return reports[i], true
}

// Put is the reports with one in the place of its source's last.
func Put(reports []LastReport, r LastReport) []LastReport {
	i, found := slices.BinarySearchFunc(reports, r.Source, bySource)
	if found {
		reports[i] = r
		return reports
	}
	return slices.Insert(reports, i, r)
}

// Kept is the reports of the sources that are still the same: of the same id, class and reporter.
func Kept(reports []LastReport, before, after []Source) []LastReport {
	same := func(r LastReport) bool {
		id := func(s Source) bool { return s.Id == r.Source }
		i, j := slices.IndexFunc(before, id), slices.IndexFunc(after, id)
		return i >= 0 && j >= 0 && before[i].Class == after[j].Class && before[i].Reporter == after[j].Reporter
	}
	return slices.DeleteFunc(slices.Clone(reports), func(r LastReport) bool { return !same(r) })
}

// Gather is what the sources of one asset say, as far as they say anything: their last reports, and for the source of
// class auction what the clearings say.
func Gather(sources []Source, last []LastReport, clearings *oracle.ClearingPrice) []oracle.Report {
	said := make([]oracle.Report, 0, len(sources))
	for i := range sources {
		s := sources[i].Engine()
		if s.Class == oracle.Auction {
			if clearings.Count > 0 {
				said = append(said, clearings.Report(s))
			}
			continue
		}
		if r, reported := LastOf(last, s.ID); reported {
			said = append(said, oracle.Report{Source: s, Price: r.Price, Time: r.Time})
		}
	}
	return said
}

// ReporterOf is the source that an address reports for, and whether there is one.
func ReporterOf(sources []Source, reporter string) (Source, bool) {
	i := slices.IndexFunc(sources, func(s Source) bool { return s.Reporter == reporter })
	if i < 0 {
		return Source{}, false
	}
	return sources[i], true
}

// Check checks what can be seen of a batch alone, and returns its reporter in the usual form.
func (m *MsgReport) Check(most int) (string, error) {
	reporter, err := sdk.AccAddressFromBech32(m.Reporter)
	if err != nil {
		return "", ErrReporter.Wrapf("expected an address, got %q: %v", m.Reporter, err)
	}
	if len(m.Reports) == 0 || len(m.Reports) > most {
		return "", ErrTooMany.Wrapf("expected 1..%d reports, got %d: send several messages", most, len(m.Reports))
	}
	for i := range m.Reports {
		for j := range i {
			if m.Reports[i].Denom == m.Reports[j].Denom {
				return "", ErrReport.Wrapf("%s: expected one report, got two", m.Reports[i].Denom)
			}
		}
	}
	return reporter.String(), nil
}

// CheckReports checks that last reports are stored as they should be: in order, and each of a source that reports.
func CheckReports(reports []LastReport, sources []Source) error {
	for i, r := range reports {
		if i > 0 && reports[i-1].Source >= r.Source {
			return ErrReport.Wrapf("expected reports in the order of their sources, got source %d after %d",
				r.Source, reports[i-1].Source)
		}
		known := func(s Source) bool { return s.Id == r.Source && s.Class != ClassAuction }
		if !slices.ContainsFunc(sources, known) {
			return ErrReport.Wrapf("expected reports of registered sources, got one of source %d", r.Source)
		}
	}
	return nil
}
