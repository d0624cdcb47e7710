package project

// The civil calendar in integers: days are counted from 1970-01-01, and a month is a month of the Gregorian calendar
// in UTC. A year is taken to start in March, so that the leap day is its last day.

const (
	daySeconds = 86400
	// TimeMax is the last moment that schedules know, the end of the year 9999 in unix seconds.
	TimeMax = 253402300799

	daysPer400Years = 146097
	daysPer100Years = 36524
	daysPer4Years   = 1461
	daysToMarch0000 = 719468 // from 0000-03-01 to 1970-01-01
)

// date is a day of the civil calendar; month is 1..12.
type date struct{ year, month, day int64 }

// dateOf returns the date of a count of days, 0 or more.
func dateOf(days int64) date {
	days += daysToMarch0000
	cycle := days / daysPer400Years
	days %= daysPer400Years
	century := min(days/daysPer100Years, 3) // the fourth century is one day longer
	days -= century * daysPer100Years
	leaps := days / daysPer4Years
	days %= daysPer4Years
	years := min(days/365, 3) // and so is the fourth year
	days -= years * 365
	month := (5*days + 2) / 153 // months since March; 153 days are five months
	d := date{
		year: 400*cycle + 100*century + 4*leaps + years, month: month + 3, day: days - (153*month+2)/5 + 1,
	}
	if d.month > 12 {
		d.year++
		d.month -= 12
	}
	return d
}

// days returns the count of days of a date from 1970 on.
func (d date) days() int64 {
	year, month := d.year, d.month-3
	if month < 0 {
		year--
		month += 12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*month+2)/5 + d.day - 1 - daysToMarch0000
}

// daysIn returns the length of a month in days.
func daysIn(year, month int64) int64 {
	first := date{year, month, 1}
	next := date{year, month + 1, 1}
	if month == 12 {
		next = date{year + 1, 1, 1}
	}
	return next.days() - first.days()
}

// addMonths returns the moment n >= 0 months after t >= 0, at the same time of day: on the same day of the month, or on
// the month's last day when it is shorter.
func addMonths(t, n int64) int64 {
	d := dateOf(t / daySeconds)
	months := 12*d.year + d.month - 1 + n
	year, month := months/12, months%12+1
	there := date{year, month, min(d.day, daysIn(year, month))}
	return there.days()*daySeconds + t%daySeconds
}

// monthsBetween returns the whole months from one moment to a later one.
func monthsBetween(from, to int64) int64 {
	a, b := dateOf(from/daySeconds), dateOf(to/daySeconds)
	n := 12*(b.year-a.year) + b.month - a.month
	if n > 0 && to < addMonths(from, n) {
		n--
	}
	return max(n, 0)
}
