package policy

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Ratio is a fraction of one, written as 40% or 0.4.
type Ratio struct{ fixed.Wad }

// UnmarshalYAML reads a ratio.
func (r *Ratio) UnmarshalYAML(node *yaml.Node) error {
	text, percent := strings.CutSuffix(strings.TrimSpace(node.Value), "%")
	w, err := decimal(node, strings.TrimSpace(text), "a ratio like 40% or 0.4")
	if err != nil {
		return err
	}
	if percent {
		var c fixed.Calc
		scaled := c.DivIntTrunc(w, 100)
		if c.MulInt(scaled, 100) != w || c.Err() != nil {
			return problem(node, "expected at most 16 decimals in a percentage, got %q", node.Value)
		}
		w = scaled
	}
	r.Wad = w
	return nil
}

// MarshalYAML prints a ratio as a percentage when that is exact.
func (r Ratio) MarshalYAML() (any, error) {
	var c fixed.Calc
	if p := c.MulInt(r.Wad, 100); c.Err() == nil {
		return p.String() + "%", nil
	}
	return r.String(), nil
}

// Decimal is an amount in display units or a value, written with optional underscores.
type Decimal struct{ fixed.Wad }

// UnmarshalYAML reads a decimal.
func (d *Decimal) UnmarshalYAML(node *yaml.Node) error {
	w, err := decimal(node, strings.ReplaceAll(node.Value, "_", ""), "a decimal like 1_000_000 or 0.25")
	d.Wad = w
	return err
}

// MarshalYAML prints the exact decimal.
func (d Decimal) MarshalYAML() (any, error) { return d.String(), nil }

// Span is a length of time in seconds, written as 90s, 30m, 6h, 1d or 2w.
type Span struct{ Seconds int64 }

var spanUnits = []struct {
	suffix  string
	seconds int64
}{{"w", 604800}, {"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}}

// maxSpanSeconds is a hundred years.
const maxSpanSeconds = 100 * 31557600

// ParseSpan reads a span.
func ParseSpan(text string) (Span, error) {
	for _, u := range spanUnits {
		number, found := strings.CutSuffix(text, u.suffix)
		if !found {
			continue
		}
		n, err := fixed.ParseNat(number)
		if err != nil {
			break
		}
		count, small := n.Uint64()
		if !small || count > maxSpanSeconds/uint64(u.seconds) {
			return Span{}, fmt.Errorf("expected a span of at most 100 years, got %q", text)
		}
		return Span{int64(count) * u.seconds}, nil
	}
	return Span{}, fmt.Errorf("expected a span like 30m, 6h, 1d or 2w, got %q", text)
}

// UnmarshalYAML reads a span.
func (s *Span) UnmarshalYAML(node *yaml.Node) error {
	v, err := ParseSpan(strings.TrimSpace(node.Value))
	if err != nil {
		return problem(node, "%v", err)
	}
	*s = v
	return nil
}

// MarshalYAML prints the span in the largest unit that divides it.
func (s Span) MarshalYAML() (any, error) { return s.String(), nil }

// String prints the span in the largest unit that divides it.
func (s Span) String() string {
	for _, u := range spanUnits {
		if s.Seconds%u.seconds == 0 && s.Seconds != 0 {
			return fmt.Sprintf("%d%s", s.Seconds/u.seconds, u.suffix)
		}
	}
	return "0s"
}

// Moment is a point in time, written as 2024-01-31 or in RFC 3339.
type Moment struct{ Unix int64 }

// ParseMoment reads a moment.
func ParseMoment(text string) (Moment, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return Moment{t.Unix()}, nil
		}
	}
	return Moment{}, fmt.Errorf("expected a date like 2024-01-31 or a time like 2024-01-31T12:00:00Z, got %q", text)
}

// UnmarshalYAML reads a moment.
func (m *Moment) UnmarshalYAML(node *yaml.Node) error {
	v, err := ParseMoment(strings.TrimSpace(node.Value))
	if err != nil {
		return problem(node, "%v", err)
	}
	*m = v
	return nil
}

// MarshalYAML prints the moment in RFC 3339.
func (m Moment) MarshalYAML() (any, error) { return m.String(), nil }

// String prints the moment in RFC 3339, UTC.
func (m Moment) String() string { return time.Unix(m.Unix, 0).UTC().Format(time.RFC3339) }

func decimal(node *yaml.Node, text, expected string) (fixed.Wad, error) {
	w, err := fixed.Parse(text)
	if err != nil {
		return fixed.Wad{}, problem(node, "expected %s, got %q", expected, node.Value)
	}
	return w, nil
}

// problem is an error at a node. It is the decoder's own type, which the decoder collects instead of stopping.
func problem(node *yaml.Node, format string, args ...any) error {
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %s", node.Line, fmt.Sprintf(format, args...))}}
}
