package plain

import (
	"math/big"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Percent writes a fraction as a percentage with up to two decimals, more where it is small: 2 %, 12.35 %, 0.0012 %.
func Percent(w fixed.Wad) string { return significant(w, 2, 2) + " %" }

// Points writes a difference of two weights: 5 percentage points.
func Points(w fixed.Wad) string {
	text := significant(w, 2, 2)
	if text == "1" {
		return "1 percentage point"
	}
	return text + " percentage points"
}

// Number writes a number with commas and up to two decimals, more where it is small: 1,000,000, 0.25, 0.0012.
func Number(w fixed.Wad) string { return significant(w, 0, 2) }

// Gain writes a number with up to four decimals, more where it is small.
func Gain(w fixed.Wad) string { return significant(w, 0, 4) }

// Count writes a whole number with commas.
func Count(n int64) string { return Number(fixed.FromInt(n)) }

// significant rounds w*10^shift to a number of decimals. Where that would leave nothing it keeps two digits.
func significant(w fixed.Wad, shift, decimals int) string {
	most := fixed.Decimals - shift
	for d := decimals; d < most; d++ {
		if text := round(w, shift, d); text != "0" {
			if d > decimals {
				text = round(w, shift, d+1)
			}
			return text
		}
	}
	return round(w, shift, most)
}

// round writes w*10^shift with the given decimals, without trailing zeros.
func round(w fixed.Wad, shift, decimals int) string {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(fixed.Decimals-shift-decimals)), nil)
	n := new(big.Int).Abs(w.Big())
	n.Quo(n.Add(n, new(big.Int).Rsh(unit, 1)), unit)
	digits := n.String()
	if missing := decimals + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	whole, rest := digits[:len(digits)-decimals], strings.TrimRight(digits[len(digits)-decimals:], "0")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if rest != "" {
		whole += "." + rest
	}
	if w.Sign() < 0 && n.Sign() != 0 {
		return "-" + whole
	}
	return whole
}
