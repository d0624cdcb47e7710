package figure

import (
	"strconv"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Decimal writes a number with 0 to 17 decimals and commas between thousands.
func Decimal(w fixed.Wad, places int) string {
	var c fixed.Calc
	half, err := fixed.Parse("0." + strings.Repeat("0", places) + "5")
	c.Fail(err)
	text := c.Add(w.Abs(), half).Text()
	if c.Err() != nil { // within one unit of the largest number that there is
		return w.String()
	}
	point := len(text) - fixed.Decimals - 1
	whole, part := Grouped(text[:point]), text[point:point+1+places]
	if places == 0 {
		part = ""
	}
	if w.Sign() < 0 && strings.ContainsAny(whole+part, "123456789") {
		whole = "-" + whole
	}
	return whole + part
}

// Grouped puts commas between the thousands of digits.
func Grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Count writes a number of zero or more with commas between thousands.
func Count(n int) string { return Grouped(strconv.Itoa(n)) }

// Percent writes a fraction of one as a percentage with so many decimals.
func Percent(w fixed.Wad, places int) string {
	var c fixed.Calc
	hundred := c.MulInt(w, 100)
	if c.Err() != nil {
		return w.String()
	}
	return Decimal(hundred, places) + " %"
}

// Bps writes a fraction of one in basis points with so many decimals.
func Bps(w fixed.Wad, places int) string {
	var c fixed.Calc
	points := c.MulInt(w, 10_000)
	if c.Err() != nil {
		return w.String()
	}
	return Decimal(points, places) + " bp"
}

// Amount writes a number with as many decimals as its size asks for: two above a thousand, six significant digits
// below.
func Amount(w fixed.Wad) string {
	const most = 12
	bound := fixed.FromInt(1000)
	places := 2
	var c fixed.Calc
	for small := w.Abs(); !small.IsZero() && small.Less(bound) && places < most; places++ {
		small = c.MulInt(small, 10)
	}
	text := Decimal(w, places)
	if places > 2 {
		text = strings.TrimRight(text, "0")
		for strings.IndexByte(text, '.') > len(text)-3 { // two decimals stay
			text += "0"
		}
	}
	return text
}

// Signed is Amount with a plus sign before what is above zero.
func Signed(w fixed.Wad) string {
	if w.Sign() > 0 {
		return "+" + Amount(w)
	}
	return Amount(w)
}

// Span writes a length of time in its two largest units.
func Span(seconds int64) string {
	units := []struct {
		name    string
		seconds int64
	}{{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}}
	for i, u := range units {
		n := seconds / u.seconds
		if n == 0 {
			continue
		}
		text := strconv.FormatInt(n, 10) + " " + u.name
		if i+1 < len(units) {
			if rest := seconds % u.seconds / units[i+1].seconds; rest > 0 && n < 10 {
				text += " " + strconv.FormatInt(rest, 10) + " " + units[i+1].name
			}
		}
		return text
	}
	return "0 s"
}

// Stamp writes a time as RFC 3339 in UTC.
func Stamp(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) }
