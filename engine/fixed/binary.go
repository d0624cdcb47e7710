package fixed

import (
	"fmt"
	"math/bits"
)

const (
	negativeBit = 0x80 // of the header of a Wad
	wadBytes    = 32
	natBytes    = 16
)

// AppendBinary appends the encoding of a to b: a header with the sign in its top bit and the number of bytes of the
// magnitude below, then these bytes, the most significant first, without leading zeros. Every Wad has exactly one
// encoding; that of zero is one zero byte. The error is nil.
func (a Wad) AppendBinary(b []byte) ([]byte, error) {
	m := a.Abs().raw
	header := byte(0)
	if a.Sign() < 0 {
		header = negativeBit
	}
	return appendWords(b, header, m.w3, m.w2, m.w1, m.w0), nil
}

// UnmarshalBinary is the inverse of AppendBinary: ErrEncoding for anything else.
func (a *Wad) UnmarshalBinary(data []byte) error {
	w, rest, err := DecodeWad(data)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%w: %d bytes too many", ErrEncoding, len(rest))
	}
	if err == nil {
		*a = w
	}
	return err
}

// DecodeWad reads the Wad that b starts with and returns what follows it. ErrEncoding.
func DecodeWad(b []byte) (Wad, []byte, error) {
	d, err := decodeWords(b, wadBytes)
	if err != nil {
		return Wad{}, b, err
	}
	m, negative := d.magnitude, d.negative
	if m.negative() || negative && m.isZero() {
		return Wad{}, b, fmt.Errorf("%w: expected a magnitude below 2^255, and no sign of zero", ErrEncoding)
	}
	if negative {
		m = m.neg()
	}
	return Wad{m}, d.rest, nil
}

// AppendBinary appends the encoding of n to b: that of a Wad of the same count. The error is nil.
func (n Nat) AppendBinary(b []byte) ([]byte, error) { return appendWords(b, 0, 0, 0, n.hi, n.lo), nil }

// UnmarshalBinary is the inverse of AppendBinary: ErrEncoding for anything else.
func (n *Nat) UnmarshalBinary(data []byte) error {
	m, rest, err := DecodeNat(data)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%w: %d bytes too many", ErrEncoding, len(rest))
	}
	if err == nil {
		*n = m
	}
	return err
}

// DecodeNat reads the Nat that b starts with and returns what follows it. ErrEncoding.
func DecodeNat(b []byte) (Nat, []byte, error) {
	d, err := decodeWords(b, natBytes)
	if err != nil {
		return Nat{}, b, err
	}
	if d.negative {
		return Nat{}, b, fmt.Errorf("%w: expected no sign", ErrEncoding)
	}
	return d.magnitude.low(), d.rest, nil
}

// appendWords appends a header and the bytes of four words, the most significant word first.
func appendWords(b []byte, header byte, words ...uint64) []byte {
	size := 0
	for i, w := range words {
		if w != 0 {
			size = 8*(len(words)-1-i) + (bits.Len64(w)+7)/8
			break
		}
	}
	b = append(b, header|byte(size))
	for at := size - 1; at >= 0; at-- {
		word := words[len(words)-1-at/8]
		b = append(b, byte(word>>(8*(at%8)))) //nolint:gosec // the lowest byte is what is asked for
	}
	return b
}

// decoded is a number that was read, and the bytes behind it.
type decoded struct {
	magnitude word256
	negative  bool
	rest      []byte
}

// decodeWords reads a header and at most so many bytes.
func decodeWords(b []byte, most int) (decoded, error) {
	if len(b) == 0 {
		return decoded{}, fmt.Errorf("%w: nothing there", ErrEncoding)
	}
	size, rest := int(b[0]&^negativeBit), b[1:]
	switch {
	case size > most || size > len(rest):
		return decoded{}, fmt.Errorf("%w: expected at most %d bytes, got %d of %d", ErrEncoding, most, len(rest), size)
	case size > 0 && rest[0] == 0:
		return decoded{}, fmt.Errorf("%w: a leading zero", ErrEncoding)
	}
	var m word256
	for _, x := range rest[:size] {
		m = word256{m.w0<<8 | uint64(x), m.w1<<8 | m.w0>>56, m.w2<<8 | m.w1>>56, m.w3<<8 | m.w2>>56}
	}
	return decoded{m, b[0]&negativeBit != 0, rest[size:]}, nil
}
