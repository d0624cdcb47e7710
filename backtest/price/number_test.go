package price_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/enginetest"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, want string
		exact      bool
	}{
		{"80.40596771240234", "80.40596771240234", true},
		{"1.00302319431652", "1.00302319431652", true},
		{"5e-05", "0.00005", true},
		{"8.0000000000000007e-05", "0.00008", false}, // the digit 7 stands at 1e-20
		{"5.0000000000000002e-05", "0.00005", false},
		{"1.5E+3", "1500", true},
		{"1e18", "1000000000000000000", true},
		{"999999999999999999.999999999999999999", "999999999999999999.999999999999999999", true},
		{"1e-18", "0.000000000000000001", true},
		{"0.0000000000000000019", "0.000000000000000001", false},
		{"1.0000000000000000000", "1", true}, // a nineteenth decimal that is zero loses nothing
		{"000000000000000000000000012.5", "12.5", true},
		{"17.999999999999999999", "17.999999999999999999", true},
		{"18.446744073709551616", "18.446744073709551616", true}, // 2^64 counts
		{".5", "0.5", true},
		{"5.", "5", true},
		{" 7\t", "7", true},
		{"0.00000000000000000000000000001e29", "1", true},
		{"1" + zeros(300) + "e-300", "1", true},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			got, exact, err := price.Parse(test.text)
			if err != nil || got != enginetest.W(t, test.want) || exact != test.exact {
				t.Errorf("got %v, %v, %v, want %s, %v", got, exact, err, test.want, test.exact)
			}
		})
	}
}

func zeros(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0'
	}
	return string(b)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]error{
		"": price.ErrMissing, " ": price.ErrMissing, "NaN": price.ErrMissing, "null": price.ErrMissing,
		"None": price.ErrMissing, "N/A": price.ErrMissing, "-": price.ErrMissing,
		"0": price.ErrPrice, "0.000": price.ErrPrice, "0e5": price.ErrPrice, "-1": price.ErrPrice, "+1": price.ErrPrice,
		"1e": price.ErrPrice, "e5": price.ErrPrice, "1e401": price.ErrPrice, "1e9999999999999999999": price.ErrPrice,
		"1.2.3": price.ErrPrice, "1,2": price.ErrPrice, "1_000": price.ErrPrice, "0x10": price.ErrPrice,
		".": price.ErrPrice, "١": price.ErrPrice, "1e-19": price.ErrPrice, "1000000000000000001": price.ErrPrice,
		"1000000000000000000.1": price.ErrPrice, "12345678901234567890": price.ErrPrice, "Inf": price.ErrPrice,
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if got, _, err := price.Parse(text); !errors.Is(err, want) || !got.IsZero() {
				t.Errorf("got %v, %v, want %v", got, err, want)
			}
		})
	}
}
