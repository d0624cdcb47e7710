package form_test

import (
	"encoding"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy/form"
)

func TestScalars(t *testing.T) {
	t.Parallel()
	ratio := func() encoding.TextUnmarshaler { return new(form.Ratio) }
	decimal := func() encoding.TextUnmarshaler { return new(form.Decimal) }
	span := func() encoding.TextUnmarshaler { return new(form.Span) }
	moment := func() encoding.TextUnmarshaler { return new(form.Moment) }
	for _, test := range []struct {
		kind       func() encoding.TextUnmarshaler
		text, want string // an empty want is an error
	}{
		{ratio, "40%", "40%"},
		{ratio, " 40 % ", "40%"},
		{ratio, "0.4", "40%"},
		{ratio, "-1.5%", "-1.5%"},
		{ratio, "33.3333333333333333%", "33.3333333333333333%"},
		{ratio, "33.33333333333333333%", ""},
		{ratio, "0.333333333333333333", "33.3333333333333333%"},
		{ratio, "40%%", ""},
		{ratio, "%", ""},
		{ratio, "", ""},
		{ratio, "40 percent", ""},
		{ratio, "0,4", ""},
		{ratio, fixed.Max().String(), fixed.Max().String()},
		{decimal, "1_000_000", "1_000_000"},
		{decimal, "1000000.25", "1_000_000.25"},
		{decimal, "-123456", "-123_456"},
		{decimal, "999", "999"},
		{decimal, "0x10", ""},
		{decimal, "1,000", ""},
		{span, "90s", "90s"},
		{span, "60m", "1h"},
		{span, "24h", "1d"},
		{span, "14d", "2w"},
		{span, "0s", "0s"},
		{span, "5200w", "5200w"},
		{span, "36526d", ""},
		{span, "99999999999999999999999s", ""},
		{span, "340282366920938463463374607431768211456s", ""},
		{span, "1.5h", ""},
		{span, "-1h", ""},
		{span, "h", ""},
		{span, "10", ""},
		{moment, "2026-01-31", "2026-01-31"},
		{moment, "2026-01-31T00:00:00Z", "2026-01-31"},
		{moment, "2026-01-31T12:30:00+02:00", "2026-01-31T10:30:00Z"},
		{moment, "1970-01-01", "1970-01-01"},
		{moment, "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
		{moment, "9999-12-31T23:59:59-01:00", ""},
		{moment, "1969-12-31", ""},
		{moment, "2026-01-31T12:00:00.5Z", ""},
		{moment, "2026-02-30", ""},
		{moment, "31.1.2026", ""},
	} {
		v := test.kind()
		err := v.UnmarshalText([]byte(test.text))
		if test.want == "" {
			if err == nil {
				t.Errorf("%q: expected an error, got %v", test.text, v)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		m, _ := v.(encoding.TextMarshaler)
		if got, err := m.MarshalText(); err != nil || string(got) != test.want {
			t.Errorf("%q: got %s %v, want %s", test.text, got, err, test.want)
		}
	}
}

// TestScalarsKeepTheirValue draws values, writes them and reads them again.
func TestScalarsKeepTheirValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := fixed.FromRaw(rapid.Int64().Draw(t, "raw"))
		ratio, decimal := form.Ratio{Wad: w}, form.Decimal{Wad: w}
		span := form.Span{Seconds: rapid.Int64Range(0, 3_155_760_000).Draw(t, "seconds")}
		moment := form.Moment{Unix: rapid.Int64Range(0, 253_402_300_799).Draw(t, "unix")}
		var r form.Ratio
		var d form.Decimal
		var s form.Span
		var m form.Moment
		for _, pair := range []struct {
			from encoding.TextMarshaler
			to   encoding.TextUnmarshaler
		}{{ratio, &r}, {decimal, &d}, {span, &s}, {moment, &m}} {
			text, err := pair.from.MarshalText()
			if err == nil {
				err = pair.to.UnmarshalText(text)
			}
			if err != nil {
				t.Fatalf("%v: %v", pair.from, err)
			}
		}
		if r != ratio || d != decimal || s != span || m != moment {
			t.Errorf("got %v %v %v %v, want %v %v %v %v", r, d, s, m, ratio, decimal, span, moment)
		}
		if m.Size() != fixed.FromInt(m.Unix) || s.Size() != fixed.FromInt(s.Seconds) || r.Size() != w || d.Size() != w {
			t.Error("sizes")
		}
	})
}
