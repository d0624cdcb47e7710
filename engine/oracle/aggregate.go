package oracle

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Aggregation is what the reports of one moment say about one asset. The value counts only with StatusOK.
type Aggregation struct {
	Status     Status    // StatusOK or StatusNoQuorum
	Value      fixed.Wad // the mean, held to both medians
	Mean       fixed.Wad // weighted, of the kept reports, rounded down
	Median     fixed.Wad // weighted, of the kept reports
	Centre     fixed.Wad // weighted median before outliers were dropped
	Deviation  fixed.Wad // weighted median distance from Centre
	Limit      fixed.Wad // distance from Centre beyond which reports were dropped
	Dispersion fixed.Wad // distance of the quartiles from the median, relative, at least the floor
	Confidence fixed.Wad // Dispersion, widened by what the price moves within its age
	AgeSeconds int64     // weighted
	Sources    int       // kept, without the own auctions
	Classes    int       // kept, without the own auctions
}

// madScale makes a median absolute deviation a standard deviation of normal noise: 1.4826.
const madScale = 14_826

// Aggregate makes one price of the reports on an asset (spec 06 §6.1): decay by age, cap by class, drop what is far
// from the median, take the mean of the rest and hold it to the median of the rest and, last, of all: only that one
// cannot be moved by less than half of the weight, because dropping can turn a minority into a majority. Too few
// sources give StatusNoQuorum and not an error; an error means more than MaxSources reports or two of one source. The
// configuration must be valid, sigma is the annual volatility. The order of the reports does not matter.
func Aggregate(ws *Workspace, cfg *Config, reports []Report, now int64, sigma fixed.Wad) (Aggregation, error) {
	if err := checkReports(reports); err != nil {
		return Aggregation{}, err
	}
	var c fixed.Calc
	a := Aggregation{Status: StatusNoQuorum}
	ws.admit(cfg, reports, now)
	ws.capClasses(&c, cfg)
	if sources, classes := ws.quorum(); sources < cfg.MinSources || classes < cfg.MinClasses {
		return a, c.Err()
	}
	ws.sort()
	live := ws.weight()
	a.Centre = ws.quantile(1, 2)
	a.Deviation = ws.deviation(&c, a.Centre)
	spread := c.MulTrunc(c.MulTrunc(cfg.OutlierFactor, fixed.FromBps(madScale)), a.Deviation)
	a.Limit = spread.Max(c.MulTrunc(cfg.OutlierFloor, a.Centre))
	ws.drop(&c, a.Centre, a.Limit)
	kept := ws.weight()
	sources, classes := ws.quorum()
	enough := c.MulUp(cfg.MinKept, fixed.FromRawUint(live)).Cmp(fixed.FromRawUint(kept)) <= 0
	if sources < cfg.MinSources || classes < cfg.MinClasses || !enough {
		return a, c.Err()
	}
	a.Sources, a.Classes = sources, classes
	ws.summarise(&c, cfg, &a)
	a.Confidence = c.Add(a.Dispersion, drift(&c, sigma, a.AgeSeconds))
	if err := c.Err(); err != nil {
		return Aggregation{}, fmt.Errorf("oracle: %w", err)
	}
	a.Status = StatusOK
	return a, nil
}

func checkReports(reports []Report) error {
	if len(reports) > MaxSources {
		return fmt.Errorf("%w: expected at most %d reports, got %d", ErrSource, MaxSources, len(reports))
	}
	for i := range reports {
		for j := range i {
			if reports[i].Source.ID == reports[j].Source.ID {
				return fmt.Errorf("%w: two reports of source %d", ErrSource, reports[i].Source.ID)
			}
		}
		if reports[i].Source.Class >= classCount {
			return fmt.Errorf("%w: source %d: unknown class %d", ErrSource, reports[i].Source.ID, reports[i].Source.Class)
		}
	}
	return nil
}

// summarise computes the figures of the kept quotes.
func (ws *Workspace) summarise(c *fixed.Calc, cfg *Config, a *Aggregation) {
	total := ws.weight()
	var worth, ages fixed.Wad
	for i := range ws.quotes {
		q := &ws.quotes[i]
		weight := int64(q.weight) //nolint:gosec // below 2^32
		worth = c.Add(worth, c.MulInt(q.price, weight))
		ages = c.Add(ages, c.MulInt(fixed.FromRaw(q.ageSeconds), weight))
	}
	sum := int64(total) //nolint:gosec // below 2^37
	a.Mean, a.Median = c.DivIntTrunc(worth, sum), ws.quantile(1, 2)
	a.Value = cfg.hold(c, cfg.hold(c, a.Mean, a.Median), a.Centre)
	wide := c.Sub(ws.quantile(3, 4), a.Median).Max(c.Sub(a.Median, ws.quantile(1, 4)))
	a.Dispersion = cfg.ConfidenceFloor.Max(c.DivTrunc(wide, a.Median))
	age, _ := c.DivIntTrunc(ages, sum).RawUint()
	a.AgeSeconds = int64(age) //nolint:gosec // a mean of ages
}

// hold keeps a value within the band about a median.
func (cfg *Config) hold(c *fixed.Calc, value, median fixed.Wad) fixed.Wad {
	band := c.MulTrunc(cfg.MeanBand, median)
	return value.Clamp(c.Sub(median, band), c.Add(median, band))
}

// drift is one standard deviation of a price after some seconds: sigma*sqrt(seconds/year).
func drift(c *fixed.Calc, sigma fixed.Wad, seconds int64) fixed.Wad {
	return c.MulTrunc(sigma, c.Sqrt(c.DivIntTrunc(fixed.FromInt(seconds), SecondsPerYear)))
}
