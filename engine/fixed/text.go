package fixed

import (
	"fmt"
	"strconv"
)

// Decimals is the number of decimal places of a Wad.
const Decimals = 18

// wordDigits is the number of decimal digits that always fit a word.
const wordDigits = 19

// Parse reads a plain decimal: an optional minus sign, digits, and at most 18 more after a point. Nothing is rounded:
// a nineteenth decimal, an exponent, a plus sign or a space is ErrSyntax, a value out of range ErrOverflow.
func Parse(s string) (Wad, error) { return parse(s) }

// ParseBytes is Parse for a part of a larger text. It neither keeps s nor allocates.
func ParseBytes(s []byte) (Wad, error) { return parse(s) }

func parse[T string | []byte](s T) (Wad, error) {
	first := 0
	if len(s) > 0 && s[0] == '-' {
		first = 1
	}
	point := len(s)
	var digits uint64
	for i := first; i < len(s); i++ {
		switch d := s[i] - '0'; {
		case d <= 9:
			digits = digits*10 + uint64(d)
		case s[i] == '.' && point == len(s):
			point = i
		default:
			return Wad{}, syntaxError(string(s))
		}
	}
	decimals := max(len(s)-point-1, 0)
	if point == first || point == len(s)-1 || decimals > Decimals {
		return Wad{}, syntaxError(string(s))
	}
	z := mulNat(Nat{lo: digits}, Nat{lo: tens[Decimals-decimals]})
	if len(s)-first > wordDigits { // then the digits may have left the word
		long, ok := parseLong(s[first:point], s[len(s)-decimals:])
		if !ok {
			return Wad{}, overflowError(string(s))
		}
		z = long
	}
	if first == 1 {
		z = z.neg()
	}
	return Wad{z}, nil
}

// parseLong is whole.decimals in counts of 1e-18; ok is false beyond 2^255-1.
func parseLong[T string | []byte](whole, decimals T) (z word256, ok bool) {
	z, ok = appendDigits(word256{}, whole)
	if ok {
		z, ok = appendDigits(z, decimals)
	}
	if ok {
		z, ok = z.mulAdd(tens[Decimals-len(decimals)], 0)
	}
	return z, ok && !z.negative()
}

// appendDigits writes decimal digits behind those of z; ok is false when 256 bits are not enough.
func appendDigits[T string | []byte](z word256, digits T) (longer word256, ok bool) {
	ok = true
	for len(digits) > 0 && ok {
		n := min(len(digits), wordDigits)
		var chunk uint64
		for i := range n {
			chunk = chunk*10 + uint64(digits[i]-'0')
		}
		z, ok = z.mulAdd(tens[n], chunk)
		digits = digits[n:]
	}
	return z, ok
}

func syntaxError(s string) error {
	return fmt.Errorf("%w: expected a decimal like 0.25 with at most %d decimals, got %.40q", ErrSyntax, Decimals, s)
}

func overflowError(s string) error {
	return fmt.Errorf("%w: expected a magnitude below 2^255 counts of 1e-18, got %.40q", ErrOverflow, s)
}

// ParseNat reads decimal digits.
func ParseNat(s string) (Nat, error) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return Nat{}, fmt.Errorf("%w: expected digits only, got %.40q", ErrSyntax, s)
		}
	}
	if s == "" {
		return Nat{}, fmt.Errorf("%w: expected digits, got nothing", ErrSyntax)
	}
	z, ok := appendDigits(word256{}, s)
	if !ok || !z.fits128() {
		return Nat{}, fmt.Errorf("%w: expected at most 2^128-1, got %.40q", ErrOverflow, s)
	}
	return z.low(), nil
}

// appendInteger prints x in decimal.
func (x word256) appendInteger(dst []byte) []byte {
	if x.fits64() {
		return strconv.AppendUint(dst, x.w0, 10)
	}
	q, r := x.divOne()
	dst = q.appendInteger(dst)
	n := len(dst)
	dst = strconv.AppendUint(dst, oneRaw+r, 10) // a one and 18 digits
	return append(dst[:n], dst[n+1:]...)
}

// appendFixed prints a with all 18 decimals.
func (a Wad) appendFixed(dst []byte) []byte {
	if a.raw.negative() {
		dst = append(dst, '-')
	}
	q, r := a.Abs().raw.divOne()
	dst = q.appendInteger(dst)
	n := len(dst)
	dst = strconv.AppendUint(dst, oneRaw+r, 10) // a one and 18 digits: the one makes room for the point
	dst[n] = '.'
	return dst
}

// AppendText appends what String prints. It allocates only when dst is too short.
func (a Wad) AppendText(dst []byte) ([]byte, error) {
	if a.IsZero() {
		return append(dst, '0'), nil // so many in a report that they have a way of their own
	}
	dst = a.appendFixed(dst)
	n := len(dst)
	for dst[n-1] == '0' {
		n--
	}
	if dst[n-1] == '.' {
		n--
	}
	return dst[:n], nil
}

// maxTextLength is the length of -2^255+1 as a Wad: 59 digits, 18 decimals, a point and a sign, rounded up.
const maxTextLength = 80

// String prints the exact value without trailing zeros: "0.5", "-12", "0".
func (a Wad) String() string {
	var buf [maxTextLength]byte
	text, _ := a.AppendText(buf[:0])
	return string(text)
}

// Text prints the exact value with all 18 decimals: "0.500000000000000000".
func (a Wad) Text() string {
	var buf [maxTextLength]byte
	return string(a.appendFixed(buf[:0]))
}

// usualTextLength is that of a value up to a thousand millions.
const usualTextLength = 32

// MarshalText prints String.
func (a Wad) MarshalText() ([]byte, error) { return a.AppendText(make([]byte, 0, usualTextLength)) }

// UnmarshalText reads what Parse reads.
func (a *Wad) UnmarshalText(text []byte) error {
	w, err := ParseBytes(text)
	if err != nil {
		return err
	}
	*a = w
	return nil
}

// String prints decimal digits.
func (n Nat) String() string {
	var buf [maxTextLength]byte
	return string(n.wide().appendInteger(buf[:0]))
}

// MarshalText prints String.
func (n Nat) MarshalText() ([]byte, error) { return n.wide().appendInteger(nil), nil }

// UnmarshalText reads what ParseNat reads.
func (n *Nat) UnmarshalText(text []byte) error {
	z, err := ParseNat(string(text))
	if err != nil {
		return err
	}
	*n = z
	return nil
}
