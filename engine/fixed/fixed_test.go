package fixed_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func parse(tb testing.TB, s string) fixed.Wad {
	tb.Helper()
	return enginetest.W(tb, s)
}

// TestWorkedNumbers holds the arithmetic to the numbers of spec 00 §0.1 and of the vectors that name it.
func TestWorkedNumbers(t *testing.T) {
	t.Parallel()
	type row struct{ name, got, want string }
	var c fixed.Calc
	rows := []row{
		{"sqrtw(2)", c.Sqrt(parse(t, "2")).Text(), "1.414213562373095048"},
		{"sqrtw(123456.789)", c.Sqrt(parse(t, "123456.789")).Text(), "351.364182864446216166"},
		{"ln_ratio(2, 1)", c.LnRatio(parse(t, "2"), fixed.One()).Text(), "0.693147180559840042"},
		{"nroot(0.1, 10)", c.Root(parse(t, "0.1"), 10).Text(), "0.794328234724281503"},
	}
	var triggers struct {
		Sqrt  [][2]string       `json:"sqrtw"`
		HStar map[string]string `json:"h_star_fp"`
	}
	enginetest.Vectors(t, "triggers.json", &triggers)
	for _, v := range triggers.Sqrt {
		rows = append(rows, row{"sqrtw " + v[0], c.Sqrt(parse(t, v[0])).Text(), v[1]})
	}
	rows = append(rows, row{"cbrtw", c.Cbrt(parse(t, triggers.HStar["arg"])).Text(), triggers.HStar["h"]})
	var forecast struct {
		Ln [][3]string `json:"ln_ratio"`
	}
	enginetest.Vectors(t, "forecast.json", &forecast)
	for _, v := range forecast.Ln {
		rows = append(rows, row{"ln_ratio " + v[0], c.LnRatio(parse(t, v[0]), parse(t, v[1])).Text(), v[2]})
	}
	for _, r := range rows {
		if r.got != r.want {
			t.Errorf("%s = %s, want %s", r.name, r.got, r.want)
		}
	}
	if len(rows) != 4+6+1+4 || c.Err() != nil {
		t.Errorf("%d numbers, error %v", len(rows), c.Err())
	}
}

// TestRoundingSides is the direction rule of spec 00 §0.1 on both signs.
func TestRoundingSides(t *testing.T) {
	t.Parallel()
	var c fixed.Calc
	third, least := parse(t, "0.333333333333333333"), fixed.FromRaw(1)
	half := parse(t, "0.5")
	for _, test := range []struct {
		name string
		got  fixed.Wad
		want int64
	}{
		{"mul toward zero", c.MulTrunc(least, third), 0},
		{"mul toward zero from below", c.MulTrunc(least.Neg(), third), 0},
		{"mul of two negatives", c.MulTrunc(fixed.FromRaw(-3), half.Neg()), 1},
		{"div toward zero from below", c.DivTrunc(fixed.FromRaw(-3), fixed.FromInt(2)), -1},
		{"div by a negative", c.DivTrunc(fixed.FromRaw(3), fixed.FromInt(-2)), -1},
		{"mul-div toward zero from below", c.MulDivTrunc(fixed.FromRaw(-7), fixed.FromRaw(1), fixed.FromRaw(2)), -3},
		{"mul down", c.MulDown(least, half), 0},
		{"mul up", c.MulUp(least, half), 1},
		{"mul up, exact", c.MulUp(fixed.FromRaw(2), half), 1},
		{"div down", c.DivDown(fixed.FromRaw(3), fixed.FromInt(2)), 1},
		{"div up", c.DivUp(fixed.FromRaw(3), fixed.FromInt(2)), 2},
		{"div by an integer from below", c.DivIntTrunc(fixed.FromRaw(-7), 2), -3},
		{"times an integer", c.MulInt(fixed.FromRaw(-7), -2), 14},
	} {
		if test.got != fixed.FromRaw(test.want) {
			t.Errorf("%s: %v, want %d counts", test.name, test.got, test.want)
		}
	}
	if c.Err() != nil {
		t.Error(c.Err())
	}
}

func TestCalcErrors(t *testing.T) {
	t.Parallel()
	one, zero, negative, most := fixed.One(), fixed.Wad{}, fixed.FromInt(-1), fixed.Max()
	for _, test := range []struct {
		name string
		run  func(c *fixed.Calc)
		want error
	}{
		{"sum too large", func(c *fixed.Calc) { c.Add(most, fixed.FromRaw(1)) }, fixed.ErrOverflow},
		{"sum one too small", func(c *fixed.Calc) { c.Add(most.Neg(), fixed.FromRaw(-1)) }, fixed.ErrOverflow},
		{"difference one too small", func(c *fixed.Calc) { c.Sub(most.Neg(), fixed.FromRaw(1)) }, fixed.ErrOverflow},
		{"difference too large", func(c *fixed.Calc) { c.Sub(most, negative) }, fixed.ErrOverflow},
		{"product too large", func(c *fixed.Calc) { c.MulTrunc(most, fixed.FromInt(2)) }, fixed.ErrOverflow},
		{"product down too large", func(c *fixed.Calc) { c.MulDown(most, fixed.FromInt(2)) }, fixed.ErrOverflow},
		{"quotient down too large", func(c *fixed.Calc) { c.DivDown(most, fixed.FromRaw(1)) }, fixed.ErrOverflow},
		{"quotient of words too large", func(c *fixed.Calc) {
			n := fixed.MaxNat().Raw()
			c.MulDivDown(n, n, fixed.FromRaw(1))
		}, fixed.ErrOverflow},
		{"integer product too large", func(c *fixed.Calc) { c.MulInt(most, -2) }, fixed.ErrOverflow},
		{"divide by zero", func(c *fixed.Calc) { c.DivTrunc(one, zero) }, fixed.ErrDivideByZero},
		{"divide down by zero", func(c *fixed.Calc) { c.MulDivDown(one, one, zero) }, fixed.ErrDivideByZero},
		{"divide up by zero", func(c *fixed.Calc) { c.DivUp(most, zero) }, fixed.ErrDivideByZero},
		{"divide by the integer zero", func(c *fixed.Calc) { c.DivIntTrunc(one, 0) }, fixed.ErrDivideByZero},
		{"negative money", func(c *fixed.Calc) { c.MulDown(negative, one) }, fixed.ErrNegative},
		{"negative money up", func(c *fixed.Calc) { c.DivUp(one, negative) }, fixed.ErrNegative},
		{"root of a negative", func(c *fixed.Calc) { c.Sqrt(negative) }, fixed.ErrNegative},
		{"cube root of a negative", func(c *fixed.Calc) { c.Cbrt(negative) }, fixed.ErrNegative},
		{"power too large", func(c *fixed.Calc) { c.PowDown(most, 2) }, fixed.ErrOverflow},
		{"root above one", func(c *fixed.Calc) { c.Root(fixed.FromInt(2), 2) }, fixed.ErrDomain},
		{"root below zero", func(c *fixed.Calc) { c.Root(negative, 2) }, fixed.ErrDomain},
		{"zeroth root", func(c *fixed.Calc) { c.Root(one, 0) }, fixed.ErrDomain},
		{"ln of a sum too large", func(c *fixed.Calc) { c.LnRatio(most, most) }, fixed.ErrOverflow},
		{"negative amount", func(c *fixed.Calc) { c.Nat(negative) }, fixed.ErrNegative},
		{"amount too large", func(c *fixed.Calc) { c.Nat(most) }, fixed.ErrOverflow},
		{"amounts too large", func(c *fixed.Calc) { c.AddNat(fixed.MaxNat(), fixed.NatOf(1)) }, fixed.ErrOverflow},
		{"amount below zero", func(c *fixed.Calc) { c.SubNat(fixed.NatOf(1), fixed.NatOf(2)) }, fixed.ErrNegative},
		{"claim beyond the sum", func(c *fixed.Calc) {
			c.PrefixShare(fixed.NatOf(2), fixed.NatOf(2), fixed.NatOf(3), fixed.NatOf(9))
		}, fixed.ErrDomain},
		{"claim beyond all sums", func(c *fixed.Calc) {
			c.PrefixShare(fixed.MaxNat(), fixed.NatOf(1), fixed.MaxNat(), fixed.NatOf(9))
		}, fixed.ErrOverflow},
		{"claim of nothing", func(c *fixed.Calc) {
			c.PrefixShare(fixed.Nat{}, fixed.NatOf(1), fixed.Nat{}, fixed.NatOf(9))
		}, fixed.ErrDomain},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c fixed.Calc
			test.run(&c)
			if !errors.Is(c.Err(), test.want) {
				t.Errorf("error %v, want %v", c.Err(), test.want)
			}
			c.Fail(errors.New("later"))
			if !errors.Is(c.Err(), test.want) {
				t.Error("a later error replaced the first one")
			}
		})
	}
}

func TestConstructors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		got  fixed.Wad
		want string
	}{
		{"zero value", fixed.Wad{}, "0"},
		{"one", fixed.One(), "1"},
		{"integer", fixed.FromInt(-12), "-12"},
		{"largest integer", fixed.FromInt(math.MaxInt64), "9223372036854775807"},
		{"least integer", fixed.FromInt(math.MinInt64), "-9223372036854775808"},
		{"raw", fixed.FromRaw(-5), "-0.000000000000000005"},
		{"least raw", fixed.FromRaw(math.MinInt64), "-9.223372036854775808"},
		{"unsigned raw", fixed.FromRawUint(math.MaxUint64), "18.446744073709551615"},
		{"basis points", fixed.FromBps(25), "0.0025"},
		{"many basis points", fixed.FromBps(-1_000_000), "-100"},
		{"least basis points", fixed.FromBps(math.MinInt64), "-922337203685477.5808"},
		{"natural", fixed.MaxNat().Raw(), "340282366920938463463.374607431768211455"},
	} {
		if test.got.String() != test.want || test.got != parse(t, test.want) {
			t.Errorf("%s: %v, want %s", test.name, test.got, test.want)
		}
	}
	if fixed.Max().Big().Cmp(new(big.Int).Sub(limit, big.NewInt(1))) != 0 {
		t.Errorf("Max is %v", fixed.Max().Big())
	}
	if _, err := fixed.FromBig(limit); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("2^255: error %v", err)
	}
	if got := fixed.FromInt(5).Clamp(fixed.FromInt(3), fixed.FromInt(2)); got != fixed.FromInt(3) {
		t.Errorf("clamp with crossed limits: %v, the lower one wins", got)
	}
	if f := parse(t, "-0.5").Float(); f != -0.5 {
		t.Errorf("float %v", f)
	}
}

func accepted() []string {
	return []string{
		"0", "-0", "00.0", "5238.14", "0.5", "-12", "1.000000000000000001", "9999999999999999999",
		"99999999999999999999", "0.000000000000000001", "-18446744073709551616.5", "1" + strings.Repeat("0", 58),
		fixed.Max().Text(), fixed.Max().Neg().String(), strings.Repeat("0", 80) + "1",
	}
}

func rejected() []string {
	return []string{
		"", "-", ".", ".5", "5.", "-.5", "+1", " 1", "1 ", "1e5", "1.2.3", "--1", "1,5", "0x1", "NaN", "é",
		"0.0000000000000000001", "1" + strings.Repeat("0", 59), strings.Repeat("9", 1_000), "1-", "1.-2",
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, s := range accepted() {
		want, _ := readDecimal(s)
		if got, err := fixed.Parse(s); err != nil || got.Big().Cmp(want) != 0 {
			t.Errorf("Parse(%q) = %v, %v, want %v", s, got.Big(), err, want)
		}
	}
	for _, s := range rejected() {
		got, err := fixed.Parse(s)
		if !errors.Is(err, fixed.ErrSyntax) && !errors.Is(err, fixed.ErrOverflow) || got != (fixed.Wad{}) {
			t.Errorf("Parse(%.20q) = %v, %v, want an error", s, got, err)
		}
		var w fixed.Wad
		if w.UnmarshalText([]byte(s)) == nil {
			t.Errorf("UnmarshalText(%.20q) gave %v", s, w)
		}
	}
	var w fixed.Wad
	if err := w.UnmarshalText([]byte("-1.5")); err != nil || w.Text() != "-1.500000000000000000" {
		t.Errorf("%v, %v", w, err)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, text, short string }{
		{"0", "0.000000000000000000", "0"},
		{"-0.5", "-0.500000000000000000", "-0.5"},
		{"100", "100.000000000000000000", "100"},
		{"1000000000000000000.1", "1000000000000000000.100000000000000000", "1000000000000000000.1"},
		{
			"100000000000000000000000000000000000", "100000000000000000000000000000000000." + strings.Repeat("0", 18),
			"100000000000000000000000000000000000",
		},
	} {
		w := parse(t, test.in)
		if w.Text() != test.text || w.String() != test.short || fmt.Sprint(w) != test.short {
			t.Errorf("%s prints %s and %s", test.in, w.Text(), w.String())
		}
		marshalled, err := w.MarshalText()
		appended, appendErr := w.AppendText([]byte("x"))
		if err != nil || appendErr != nil || string(marshalled) != test.short || string(appended) != "x"+test.short {
			t.Errorf("%s marshals to %q and %q", test.in, marshalled, appended)
		}
	}
}

func TestNatText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"0", "18446744073709551616", "1000000000000000000000", "340282366920938463463374607431768211455",
	} {
		n, err := fixed.ParseNat("00" + s)
		if err != nil || n.String() != s {
			t.Errorf("%s came back as %v, %v", s, n, err)
		}
		var m fixed.Nat
		text, _ := n.MarshalText()
		if err := m.UnmarshalText(text); err != nil || m != n {
			t.Errorf("%s came back as %v, %v", s, m, err)
		}
	}
	for s, want := range map[string]error{
		"": fixed.ErrSyntax, "-1": fixed.ErrSyntax, "1.0": fixed.ErrSyntax,
		"340282366920938463463374607431768211456": fixed.ErrOverflow, strings.Repeat("9", 99): fixed.ErrOverflow,
	} {
		var n fixed.Nat
		if err := n.UnmarshalText([]byte(s)); !errors.Is(err, want) {
			t.Errorf("ParseNat(%.20q): error %v, want %v", s, err, want)
		}
	}
	if _, err := fixed.NatFromBig(big.NewInt(-1)); !errors.Is(err, fixed.ErrNegative) {
		t.Errorf("-1: error %v", err)
	}
	if _, err := fixed.NatFromBig(limit); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("2^255: error %v", err)
	}
}

func TestLargestRemainder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		weights []string
		total   string
		want    []string
		err     error
	}{
		{
			"ties go to the lower index",
			[]string{"1", "1", "1"},
			"0.000000000000000002",
			[]string{"0.000000000000000001", "0.000000000000000001", "0"},
			nil,
		},
		{"weights without weight", []string{"0", "0"}, "1", []string{"0", "0"}, nil},
		{"nothing to split", []string{"1", "2"}, "0", []string{"0", "0"}, nil},
		{"no weights", nil, "1", nil, nil},
		{
			"a weight of zero gets nothing",
			[]string{"0", "0.5", "0.5"},
			"0.000000000000000001",
			[]string{"0", "0.000000000000000001", "0"},
			nil,
		},
		{"negative weight", []string{"1", "-1"}, "1", nil, fixed.ErrNegative},
		{"negative total", []string{"1", "1"}, "-1", nil, fixed.ErrDomain},
		{"weights too large", []string{fixed.Max().String(), "1"}, "1", nil, fixed.ErrOverflow},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			weights := enginetest.Ws(t, test.weights...)
			dst := make([]fixed.Wad, len(weights))
			var s fixed.Splitter
			if err := s.LargestRemainder(dst, weights, parse(t, test.total)); !errors.Is(err, test.err) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			for i := range test.want {
				if dst[i] != parse(t, test.want[i]) {
					t.Errorf("part %d is %v, want %s", i, dst[i], test.want[i])
				}
			}
		})
	}
	var s fixed.Splitter
	if err := s.LargestRemainder(nil, []fixed.Wad{fixed.One()}, fixed.One()); !errors.Is(err, fixed.ErrDomain) {
		t.Errorf("too few parts: error %v", err)
	}
}

func TestMomentsLimits(t *testing.T) {
	t.Parallel()
	var m fixed.Moments
	if m.Mean() != (fixed.Wad{}) || m.SampleDeviation() != (fixed.Wad{}) || m.ZeroMeanDeviation(5) != (fixed.Wad{}) {
		t.Error("nothing has a mean or a deviation")
	}
	if err := m.Remove(fixed.One()); !errors.Is(err, fixed.ErrDomain) {
		t.Errorf("removed from nothing: error %v", err)
	}
	tooLarge := parse(t, "40000000000")
	if !errors.Is(m.Add(tooLarge), fixed.ErrOverflow) || !errors.Is(m.Remove(tooLarge), fixed.ErrOverflow) {
		t.Error("a sample of 2^95 counts was taken")
	}
	if err := m.Add(fixed.One()); err != nil {
		t.Fatal(err)
	}
	if err := m.Remove(fixed.FromInt(2)); !errors.Is(err, fixed.ErrDomain) || m.Count() != 1 {
		t.Errorf("removed what was never added: error %v", err)
	}
}

// TestNoAllocations keeps the hot operations free of garbage.
func TestNoAllocations(t *testing.T) {
	x, y := parse(t, "123456.789"), parse(t, "-5238.14")
	weights := []fixed.Wad{x, x, fixed.One()}
	dst, buf, text := make([]fixed.Wad, 3), make([]byte, 0, 80), []byte("5238.14")
	var s fixed.Splitter
	for name, run := range map[string]func(c *fixed.Calc){
		"products": func(c *fixed.Calc) { c.MulTrunc(c.DivTrunc(x, y), c.MulDivDown(x, x, x)) },
		"wide":     func(c *fixed.Calc) { c.MulDivDown(fixed.Max(), fixed.Max(), fixed.Max()) },
		"roots":    func(c *fixed.Calc) { c.LnRatio(c.Sqrt(x), c.Cbrt(x)) },
		"splits":   func(c *fixed.Calc) { c.Fail(s.LargestRemainder(dst, weights, fixed.One())) },
		"shares":   func(c *fixed.Calc) { c.PrefixShare(fixed.NatOf(1), fixed.NatOf(1), fixed.MaxNat(), fixed.MaxNat()) },
		"texts":    func(c *fixed.Calc) { _, err := y.AppendText(buf); c.Fail(err) },
		"parse":    func(c *fixed.Calc) { _, err := fixed.ParseBytes(text); c.Fail(err) },
	} {
		var c fixed.Calc
		if n := testing.AllocsPerRun(100, func() { run(&c) }); n != 0 || c.Err() != nil {
			t.Errorf("%s: %v allocations, error %v", name, n, c.Err())
		}
	}
}
