package frontier

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy/form"
)

// ErrParameter says that a parameter cannot be swept as it is written.
var ErrParameter = errors.New("frontier: invalid parameter")

// Parameter is a place in a policy file and the values to try there.
type Parameter struct {
	Path   string // keys and positions with dots between them, as trigger.threshold; an asset may stand for its position
	Values []string
}

// maxSteps bounds the values of one parameter.
const maxSteps = 10_000

// digits are the significant digits of a value between the ends of a range.
const digits = 6

// wanted is how a parameter is written.
const wanted = "PATH=FROM..TO/STEPS, with ,log behind it for equal ratios, or PATH=VALUE,VALUE,..."

// ParseParameter reads "trigger.threshold=0.5%..20%/40", a range of so many values with both ends, in equal steps or,
// with ",log" behind it, in equal ratios; or a list, as "trigger.every=day,week,month". The ends of a range are both
// percentages, both spans as 6h or 2d, or both plain numbers.
func ParseParameter(text string) (Parameter, error) {
	path, values, found := strings.Cut(text, "=")
	if !found || path == "" || values == "" {
		return Parameter{}, fmt.Errorf("%w: expected %s, got %q", ErrParameter, wanted, text)
	}
	p := Parameter{Path: path}
	from, rest, isRange := strings.Cut(values, "..")
	if !isRange {
		p.Values = strings.Split(values, ",")
		if slices.Contains(p.Values, "") {
			return Parameter{}, fmt.Errorf("%w: %s: expected a value between any two commas, got %q",
				ErrParameter, path, values)
		}
		return p, nil
	}
	var err error
	if p.Values, err = spread(from, rest); err != nil {
		return Parameter{}, fmt.Errorf("%w: %s: %w", ErrParameter, path, err)
	}
	return p, nil
}

// spread makes the values of "FROM" and "TO/STEPS[,log]".
func spread(from, rest string) ([]string, error) {
	rest, log := strings.CutSuffix(rest, ",log")
	to, count, found := strings.Cut(rest, "/")
	n, err := strconv.Atoi(count)
	if !found || err != nil || n < 2 || n > maxSteps {
		return nil, fmt.Errorf("expected a number of values from 2 to %d behind a slash, as 0.5%%..20%%/40, got %q",
			maxSteps, rest)
	}
	lo, unit, err := end(from)
	if err != nil {
		return nil, err
	}
	hi, other, err := end(to)
	if err != nil {
		return nil, err
	}
	if unit != other {
		return nil, fmt.Errorf("expected both ends in the same unit, got %q and %q", from, to)
	}
	if log && (lo.Sign() <= 0 || hi.Sign() <= 0) {
		return nil, fmt.Errorf("expected ends above zero for equal ratios, got %q and %q", from, to)
	}
	points, err := between(lo, hi, int64(n), log)
	if err != nil {
		return nil, err
	}
	values := make([]string, len(points))
	for i, p := range points {
		values[i] = unit.write(p)
	}
	return slices.Compact(values), nil
}

// unit is what the numbers of a range count.
type unit uint8

const (
	number unit = iota
	percent
	seconds
)

// end reads an end of a range, in percent, in seconds or as it is.
func end(text string) (fixed.Wad, unit, error) {
	if body, found := strings.CutSuffix(text, "%"); found {
		w, err := fixed.Parse(body)
		if err != nil || w.Sign() < 0 {
			return w, percent, fmt.Errorf("expected a percentage like 0.5%%, got %q", text)
		}
		return w, percent, nil
	}
	if w, err := fixed.Parse(strings.ReplaceAll(text, "_", "")); err == nil && w.Sign() >= 0 {
		return w, number, nil
	}
	span, err := form.ParseSpan(text)
	if err != nil {
		return fixed.Wad{}, number, fmt.Errorf(
			"expected a percentage, a span like 6h or a number of zero or more, got %q", text)
	}
	return fixed.FromInt(span.Seconds), seconds, nil
}

func (u unit) write(w fixed.Wad) string {
	switch u {
	case percent:
		return w.String() + "%"
	case seconds:
		whole, _, _ := strings.Cut(w.String(), ".")
		n, _ := strconv.ParseInt(whole, 10, 64) // at most a hundred years
		return form.Span{Seconds: n}.String()
	case number:
	}
	return w.String()
}

// between is n values from lo to hi, both exact, with equal steps or equal ratios.
func between(lo, hi fixed.Wad, n int64, log bool) ([]fixed.Wad, error) {
	var c fixed.Calc
	points := make([]fixed.Wad, n)
	small, large := lo.Min(hi), lo.Max(hi)
	var ratio fixed.Wad
	if log {
		ratio = c.Root(c.DivTrunc(small, large), uint64(n-1)) //nolint:gosec // positive
	}
	for k := range n {
		switch {
		case log:
			points[k] = c.MulTrunc(large, c.PowDown(ratio, uint64(n-1-k))) //nolint:gosec // not negative
		default:
			points[k] = c.Add(small, c.DivIntTrunc(c.MulInt(c.Sub(large, small), k), n-1))
		}
		points[k] = rounded(&c, points[k])
	}
	points[0], points[n-1] = small, large
	if hi.Less(lo) {
		slices.Reverse(points)
	}
	return points, c.Err()
}

// rounded keeps the first significant digits of a number of zero or more, and all of its whole part; half goes up.
func rounded(c *fixed.Calc, w fixed.Wad) fixed.Wad {
	text := w.Text()
	point := strings.IndexByte(text, '.')
	first := strings.IndexAny(text, "123456789")
	if first < 0 {
		return w
	}
	decimals := digits - (point - first)
	if first > point {
		decimals = digits + first - point - 1
	}
	decimals = max(decimals, 0)
	if decimals >= fixed.Decimals {
		return w
	}
	half, err := fixed.Parse("0." + strings.Repeat("0", decimals) + "5")
	c.Fail(err)
	text = c.Add(w, half).Text()
	short, err := fixed.Parse(strings.TrimSuffix(text[:len(text)-fixed.Decimals+decimals], "."))
	c.Fail(err)
	return short
}
