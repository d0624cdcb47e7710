package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// missing stands where a figure has no meaning, as the fill ratio of a run without orders.
const missing = "n/a"

const (
	secondsPerMinute = 60
	secondsPerHour   = 3600
	secondsPerDay    = 86400
)

// float is w for drawing: the nearest float64, as Wad.Float gives it, by way of its digits, in a tenth of the time. A
// page reads a million of them.
func float(w fixed.Wad) float64 {
	if raw, fits := w.RawUint(); fits {
		return float64(raw) / 1e18
	}
	var buf [96]byte
	digits, _ := w.AppendText(buf[:0])             // fails for nothing
	x, _ := strconv.ParseFloat(string(digits), 64) // so does this: a Wad is far below the largest float64
	return x
}

// grouped prints x with a fixed number of decimals and a comma between thousands.
func grouped(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return missing
	}
	text := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	var b strings.Builder
	if x < 0 && strings.Trim(text, "0.") != "" {
		b.WriteByte('-')
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}

// money prints a value in the unit of account: whole units from a thousand on, cents below, more digits below one.
func money(w fixed.Wad) string {
	x := float(w)
	switch size := math.Abs(x); {
	case size >= 1000 || size == 0:
		return grouped(x, 0)
	case size >= 1:
		return grouped(x, 2)
	}
	return grouped(x, 6)
}

func percent(w fixed.Wad) string { return grouped(100*float(w), 2) }

func basisPoints(w fixed.Wad) string { return grouped(1e4*float(w), 1) }

func ratio(w fixed.Wad) string { return grouped(float(w), 2) }

func count(n int) string { return grouped(float64(n), 0) }

func days(seconds int64) string { return grouped(float64(seconds)/secondsPerDay, 1) }

// duration prints a step in the largest unit that divides it.
func duration(seconds int64) string {
	switch {
	case seconds <= 0:
		return missing
	case seconds%secondsPerDay == 0:
		return count(int(seconds/secondsPerDay)) + " d"
	case seconds%secondsPerHour == 0:
		return count(int(seconds/secondsPerHour)) + " h"
	case seconds%secondsPerMinute == 0:
		return count(int(seconds/secondsPerMinute)) + " min"
	}
	return count(int(seconds)) + " s"
}

// stamp prints a time for people, in UTC.
func stamp(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02 15:04") }

// instant prints a time for programs: RFC 3339 in UTC.
func instant(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) }

// priceDigits are the significant digits of a number that stands alone.
const priceDigits = 8

// significant rounds x to priceDigits.
func significant(x float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', priceDigits, 64), 64) // reads what it has written
	return rounded
}
