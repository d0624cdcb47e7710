package trigger

import "fmt"

const (
	daySeconds  = 86_400
	weekSeconds = 7 * daySeconds
	// mondaySeconds is the first Monday after the epoch, 1970-01-05, which is a Thursday.
	mondaySeconds = 4 * daySeconds
	// timeMax bounds times, so that no difference of two overflows.
	timeMax = 1 << 53
	// monthsMax is a century.
	monthsMax = 1_200
)

// Period cuts time into slots: of so many seconds from an anchor, or of so many civil months of UTC. Exactly one of
// Seconds and Months is positive. With months the anchor shifts the boundary: 8 hours make a month begin at 08:00.
type Period struct{ Seconds, Months, Anchor int64 }

// Every returns slots of a number of seconds, one of which begins at the anchor.
func Every(seconds, anchor int64) Period { return Period{Seconds: seconds, Anchor: anchor} }

// Daily returns the days of UTC.
func Daily() Period { return Period{Seconds: daySeconds} }

// Weekly returns the weeks of UTC, which begin on Monday.
func Weekly() Period { return Period{Seconds: weekSeconds, Anchor: mondaySeconds} }

// Monthly returns the civil months of UTC.
func Monthly() Period { return Period{Months: 1} }

// Quarterly returns the quarters of the civil year.
func Quarterly() Period { return Period{Months: 3} }

// Validate returns ErrConfig unless the period is one or the other.
func (p Period) Validate() error {
	if p.Seconds < 0 || p.Months < 0 || p.Seconds > timeMax || p.Months > monthsMax || p.Seconds > 0 == (p.Months > 0) {
		return fmt.Errorf("%w: expected a period of either seconds or up to %d months, got %d s and %d months",
			ErrConfig, monthsMax, p.Seconds, p.Months)
	}
	if p.Anchor > timeMax || p.Anchor < -timeMax {
		return fmt.Errorf("%w: expected an anchor of magnitude up to 2^53, got %d", ErrConfig, p.Anchor)
	}
	return nil
}

// Slot returns the number of the slot that holds a moment. Slots are numbered from the anchor, or from January 1970.
func (p Period) Slot(now int64) int64 {
	if p.Months > 0 {
		return floorDiv(monthOf(floorDiv(now-p.Anchor, daySeconds)), p.Months)
	}
	return floorDiv(now-p.Anchor, max(p.Seconds, 1))
}

// Start returns the moment at which a slot begins.
func (p Period) Start(slot int64) int64 {
	if p.Months > 0 {
		return dayOf(slot*p.Months)*daySeconds + p.Anchor
	}
	return slot*p.Seconds + p.Anchor
}

// Next returns the moment at which the slot after that of now begins.
func (p Period) Next(now int64) int64 { return p.Start(p.Slot(now) + 1) }

// The calendar counts from 1 March of the year 0, so that the leap day is the last of its year and month lengths repeat
// with 153 days in five months.
const (
	eraDays     = 146_097 // 400 years
	eraYears    = 400
	epochDays   = 719_468 // from 0000-03-01 to 1970-01-01
	epochMonths = 1970*12 - 2
)

// monthOf returns the months from January 1970 to the month of a day counted from 1970-01-01.
func monthOf(day int64) int64 {
	day += epochDays
	era := floorDiv(day, eraDays)
	day -= era * eraDays
	// Taking the leap days of 4, 100 and 400 years out leaves years of 365 days.
	year := (day - day/1_460 + day/36_524 - day/146_096) / 365
	day -= 365*year + year/4 - year/100
	return (era*eraYears+year)*12 + (5*day+2)/153 - epochMonths
}

// dayOf returns the day, counted from 1970-01-01, on which a month begins.
func dayOf(month int64) int64 {
	month += epochMonths
	year := floorDiv(month, 12)
	month -= 12 * year
	return 365*year + floorDiv(year, 4) - floorDiv(year, 100) + floorDiv(year, 400) + (153*month+2)/5 - epochDays
}

// floorDiv returns a/b rounded down; b > 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
