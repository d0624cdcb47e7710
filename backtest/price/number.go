package price

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
)

const (
	wadOne = 1_000_000_000_000_000_000
	// maxWhole is the number of digits before the point up to which the short path is taken.
	maxWhole = 18
	// tooLarge is what a price beyond the limit of the specification (00 §0.0) should have been.
	tooLarge = "a price of 1e18 or less"
	// wordWhole is the whole part from which a count of 1e-18 may need more than 64 bits.
	wordWhole = 18
	// maxExponent bounds the exponents that are read; float64 itself ends at 308.
	maxExponent = 400
)

// scale holds 10^(18-n) for n decimals.
var scale = func() [fixed.Decimals + 1]uint64 {
	var powers [fixed.Decimals + 1]uint64
	powers[fixed.Decimals] = 1
	for n := fixed.Decimals - 1; n >= 0; n-- {
		powers[n] = powers[n+1] * 10
	}
	return powers
}()

// absent are the words that programs write where they have no price.
var absent = []string{"", "nan", "null", "none", "na", "n/a", "#n/a", "-"}

// Parse reads a positive price of at most 10^18: digits with an optional point, and an optional exponent of ten as in
// 5e-05. It is exact up to 18 decimals; further decimals are cut off (the price is rounded down) and exact is false.
// The errors are ErrMissing for nothing, NaN and the like, and ErrPrice for the rest.
func Parse(text string) (p fixed.Wad, exact bool, err error) {
	text = strings.TrimSpace(text)
	if slices.Contains(absent, strings.ToLower(text)) {
		return fixed.Wad{}, false, fmt.Errorf("%w: expected a positive decimal, got %q", ErrMissing, text)
	}
	mantissa, exponent, ok := cutExponent(text)
	whole, decimals, _ := strings.Cut(mantissa, ".")
	digits := whole + decimals
	if !ok || digits == "" || !digitsOnly(digits) {
		return fixed.Wad{}, false, notPrice("expected a positive decimal like 0.25 or 5e-05", text)
	}
	p, exact, problem := place18(strings.TrimLeft(digits, "0"), exponent-len(decimals))
	if problem != "" {
		return fixed.Wad{}, false, notPrice("expected "+problem, text)
	}
	return p, exact, nil
}

func notPrice(expected, text string) error {
	return fmt.Errorf("%w: %s, got %.40q", ErrPrice, expected, text)
}

// place18 returns digits * 10^power, cut to 18 decimals, or what would have been a price. The digits have no leading
// zero.
func place18(digits string, power int) (p fixed.Wad, exact bool, problem string) {
	keep := len(digits) + power + fixed.Decimals // digits that stand before the 19th decimal
	switch {
	case digits == "":
		return p, false, "a price above zero"
	case keep <= 0:
		return p, false, "a price of 1e-18 or more"
	case keep > maxWhole+1+fixed.Decimals:
		return p, false, tooLarge
	}
	exact = true
	if len(digits) > keep {
		exact = strings.Trim(digits[keep:], "0") == ""
		digits = digits[:keep]
	}
	digits += strings.Repeat("0", keep-len(digits))
	if pad := fixed.Decimals + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	point := len(digits) - fixed.Decimals
	p, err := fixed.Parse(digits[:point] + "." + digits[point:])
	if err != nil || fixed.FromInt(wadOne).Less(p) {
		return p, false, tooLarge
	}
	return p, exact, ""
}

// cutExponent splits 5e-05 into 5 and -5.
func cutExponent(text string) (mantissa string, exponent int, ok bool) {
	at := strings.IndexAny(text, "eE")
	if at < 0 {
		return text, 0, true
	}
	exponent, err := strconv.Atoi(text[at+1:])
	return text[:at], exponent, err == nil && -maxExponent <= exponent && exponent <= maxExponent
}

func digitsOnly(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// quick reads the digits[.digits] at the start of line, up to 18 before and 18 after the point: what nearly every
// price is. It returns the bytes read, or 0 when the field is anything else, zero included.
func quick(line []byte) (p fixed.Wad, read int) {
	whole, i := natural(line)
	if i == 0 || i > maxWhole {
		return p, 0
	}
	fraction := uint64(0)
	if i < len(line) && line[i] == '.' {
		decimals, n := natural(line[i+1:])
		if n == 0 || n > fixed.Decimals {
			return p, 0
		}
		fraction = decimals * scale[n]
		i += 1 + n
	}
	if i < len(line) && line[i] != ',' || whole|fraction == 0 {
		return p, 0
	}
	if whole < wordWhole {
		return fixed.FromRawUint(whole*wadOne + fraction), i
	}
	var c fixed.Calc
	return c.Add(fixed.FromInt(int64(whole)), fixed.FromRawUint(fraction)), i //nolint:gosec // at most 18 digits
}

// natural reads leading digits. More than 19 of them wrap around: the caller looks at the length.
func natural(line []byte) (n uint64, read int) {
	for read < len(line) && line[read]-'0' <= 9 {
		n = n*10 + uint64(line[read]-'0')
		read++
	}
	return n, read
}

// field returns the bytes up to the next comma, without spaces around them, and how many bytes they took.
func field(line []byte) (value []byte, read int) {
	read = bytes.IndexByte(line, ',')
	if read < 0 {
		read = len(line)
	}
	return bytes.TrimSpace(line[:read]), read
}
