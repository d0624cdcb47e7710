package plain

import (
	"strings"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
)

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
	week   = 7 * day
)

// Span writes a length of time in the largest unit up to days that divides it: 10 days, 6 hours, 90 minutes.
func Span(seconds int64) string {
	n, name := largest(seconds, day)
	return Plural(n, name)
}

// About writes a length of time in the largest unit, up to days, of which it has two or more, with up to one decimal:
// 4.2 days, 30 hours.
func About(seconds int64) string {
	for _, u := range [...]struct {
		seconds int64
		name    string
	}{{day, "day"}, {hour, "hour"}, {minute, "minute"}} {
		if seconds >= 2*u.seconds && seconds%u.seconds != 0 {
			var c fixed.Calc // seconds are below 2^63
			return significant(c.DivIntTrunc(fixed.FromInt(seconds), u.seconds), 0, 1) + " " + u.name + "s"
		}
		if seconds%u.seconds == 0 && seconds != 0 {
			break
		}
	}
	return Span(seconds)
}

// Every writes how often something happens: every day, every 6 hours, every week.
func Every(seconds int64) string {
	n, name := largest(seconds, week)
	if n == 1 {
		return "every " + name
	}
	return "every " + Plural(n, name)
}

// largest is a span in the largest unit, at most the given one, that divides it.
func largest(seconds, most int64) (int64, string) {
	for _, u := range [...]struct {
		seconds int64
		name    string
	}{{week, "week"}, {day, "day"}, {hour, "hour"}, {minute, "minute"}} {
		if u.seconds <= most && seconds%u.seconds == 0 && seconds != 0 {
			return seconds / u.seconds, u.name
		}
	}
	return seconds, "second"
}

// Plural writes a count of things: 1 day, 2 days.
func Plural(n int64, name string) string {
	if n == 1 {
		return "1 " + name
	}
	return Count(n) + " " + name + "s"
}

// Date writes a moment in UTC: 1 February 2026, and the time of day unless it is midnight.
func Date(unix int64) string {
	t := time.Unix(unix, 0).UTC()
	if unix%day == 0 {
		return t.Format("2 January 2006")
	}
	return t.Format("2 January 2006 15:04 UTC")
}

// List joins words: a, b and c.
func List(words []string) string { return join(words, " and ") }

// Either joins words: a, b or c.
func Either(words []string) string { return join(words, " or ") }

func join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	end := len(words) - 1
	return strings.Join(words[:end], ", ") + last + words[end]
}

// Times writes a factor: 1.3 times.
func Times(w fixed.Wad) string { return significant(w, 0, 1) + " times" }
