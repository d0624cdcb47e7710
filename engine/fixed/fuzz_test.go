package fixed_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// FuzzArithmetic compares every operation with its twin on numbers made of the fuzzer's bytes.
func FuzzArithmetic(f *testing.F) {
	ones := strings.Repeat("\xff", 32)
	f.Add([]byte{}, []byte{}, []byte{}, byte(0))
	f.Add([]byte(ones), []byte(ones), []byte(ones), byte(0))
	f.Add([]byte(ones), []byte(ones[:16]), []byte(ones[:8]), byte(7))
	f.Add([]byte("\x80"+ones), []byte("\x01"), []byte("\x0d\xe0\xb6\xb3\xa7\x64\x00\x00"), byte(1))
	f.Fuzz(func(t *testing.T, a, b, d []byte, negative byte) {
		read := func(bytes []byte, bit int) *big.Int {
			n := new(big.Int).SetBytes(bytes[:min(len(bytes), 32)])
			n.And(n, new(big.Int).Sub(limit, big.NewInt(1)))
			if negative>>bit&1 == 1 {
				n.Neg(n)
			}
			return n
		}
		compare(t, read(a, 0), read(b, 1), read(d, 2))
	})
}

// FuzzParse holds Parse to the grammar and to a reading by math/big, and printing to reading.
func FuzzParse(f *testing.F) {
	for _, s := range append(accepted(), rejected()...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := fixed.Parse(s)
		if other, otherErr := fixed.ParseBytes([]byte(s)); other != got || (err == nil) != (otherErr == nil) {
			t.Fatalf("ParseBytes(%q) = %v, %v, but Parse gives %v, %v", s, other, otherErr, got, err)
		}
		want, valid := readDecimal(s)
		switch {
		case !valid:
			if !errors.Is(err, fixed.ErrSyntax) {
				t.Fatalf("Parse(%q): error %v, want %v", s, err, fixed.ErrSyntax)
			}
			return
		case want.CmpAbs(limit) >= 0:
			if !errors.Is(err, fixed.ErrOverflow) {
				t.Fatalf("Parse(%q): error %v, want %v", s, err, fixed.ErrOverflow)
			}
			return
		case err != nil || got.Big().Cmp(want) != 0:
			t.Fatalf("Parse(%q) = %v, %v, want %v", s, got.Big(), err, want)
		}
		for _, text := range []string{got.String(), got.Text()} {
			if back, err := fixed.Parse(text); err != nil || back != got {
				t.Fatalf("%q came back from %q as %v, %v", s, text, back, err)
			}
		}
	})
}

// readDecimal is the slow reading of a decimal, and whether the text is one.
func readDecimal(s string) (*big.Int, bool) {
	body, negative := strings.CutPrefix(s, "-")
	whole, decimals, point := strings.Cut(body, ".")
	digits := whole + decimals
	if whole == "" || point && decimals == "" || len(decimals) > fixed.Decimals ||
		strings.Trim(digits, "0123456789") != "" {
		return nil, false
	}
	n, ok := new(big.Int).SetString(digits+strings.Repeat("0", fixed.Decimals-len(decimals)), 10)
	if negative {
		n.Neg(n)
	}
	return n, ok
}
