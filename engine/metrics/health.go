package metrics

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Health measures how long an asset's price could be trusted. The zero value is empty.
type Health struct {
	OK         Dwell   // time with a good price
	Tripped    Dwell   // time with the breaker open
	NoQuorum   Dwell   // time without enough sources
	Confidence Average // of the good prices, over time
}

// Observe takes in the price that held for a span of time. ErrSample when the span is negative.
func (h *Health) Observe(seconds int64, p oracle.Price) error {
	next := *h
	for _, in := range []struct {
		dwell  *Dwell
		status oracle.Status
	}{{&next.OK, oracle.StatusOK}, {&next.Tripped, oracle.StatusTripped}, {&next.NoQuorum, oracle.StatusNoQuorum}} {
		if err := in.dwell.Observe(seconds, p.Status == in.status); err != nil {
			return err
		}
	}
	if p.Status == oracle.StatusOK {
		if err := next.Confidence.Observe(p.Confidence, seconds); err != nil {
			return fmt.Errorf("metrics: confidence %v: %w", p.Confidence, err)
		}
	}
	*h = next
	return nil
}

// Source counts what became of one source's reports. The zero value is empty.
type Source struct {
	Reports  int64
	Rejected int64
}

// Observe takes in one report.
func (s *Source) Observe(rejected bool) {
	s.Reports++
	if rejected {
		s.Rejected++
	}
}

// RejectionRate is the rejected reports over all of them; zero without reports.
func (s *Source) RejectionRate(c *fixed.Calc) fixed.Wad {
	return ratio(c, fixed.FromInt(s.Rejected), fixed.FromInt(s.Reports))
}
