package fixed_test

import (
	"bytes"
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestBinary(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		w    fixed.Wad
		want []byte
	}{
		{"zero", fixed.Wad{}, []byte{0}},
		{"one raw", fixed.FromRaw(1), []byte{1, 1}},
		{"minus one raw", fixed.FromRaw(-1), []byte{0x81, 1}},
		{"two bytes", fixed.FromRaw(0x1ff), []byte{2, 1, 0xff}},
		{"one", fixed.One(), []byte{8, 0x0d, 0xe0, 0xb6, 0xb3, 0xa7, 0x64, 0, 0}},
		{"largest", fixed.Max(), append([]byte{32, 0x7f}, bytes.Repeat([]byte{0xff}, 31)...)},
		{"least", fixed.Max().Neg(), append([]byte{0xa0, 0x7f}, bytes.Repeat([]byte{0xff}, 31)...)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := test.w.AppendBinary(nil)
			if err != nil || !bytes.Equal(got, test.want) {
				t.Fatalf("got % x, %v, want % x", got, err, test.want)
			}
			var back fixed.Wad
			if err := back.UnmarshalBinary(got); err != nil || back != test.w {
				t.Errorf("got %v, %v, want %v", back, err, test.w)
			}
		})
	}
}

func TestBinaryRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		b    []byte
	}{
		{"nothing", nil},
		{"minus zero", []byte{0x80}},
		{"leading zero", []byte{2, 0, 1}},
		{"cut off", []byte{2, 1}},
		{"too much", []byte{1, 1, 1}},
		{"2^255", append([]byte{32, 0x80}, make([]byte, 31)...)},
		{"33 bytes", append([]byte{33, 1}, make([]byte, 32)...)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			kept := fixed.FromRaw(7)
			if err := kept.UnmarshalBinary(test.b); !errors.Is(err, fixed.ErrEncoding) || kept != fixed.FromRaw(7) {
				t.Errorf("wad: got %v, %v", kept, err)
			}
			n := fixed.NatOf(7)
			if err := n.UnmarshalBinary(test.b); !errors.Is(err, fixed.ErrEncoding) || n != fixed.NatOf(7) {
				t.Errorf("nat: got %v, %v", n, err)
			}
		})
	}
	for _, b := range [][]byte{{0x81, 1}, append([]byte{17, 1}, make([]byte, 16)...)} {
		if _, _, err := fixed.DecodeNat(b); !errors.Is(err, fixed.ErrEncoding) {
			t.Errorf("% x: got %v", b, err)
		}
	}
}

// TestBinaryProperty compares with math/big, and checks that what follows a number is left alone.
func TestBinaryProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		mag := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 31).Draw(t, "magnitude"))
		raw := new(big.Int).Set(mag)
		if rapid.Bool().Draw(t, "negative") {
			raw.Neg(raw)
		}
		w, err := fixed.FromBig(raw)
		if err != nil {
			t.Fatal(err)
		}
		header := byte(len(mag.Bytes()))
		if raw.Sign() < 0 {
			header |= 0x80
		}
		want := append([]byte{header}, mag.Bytes()...)
		got, _ := w.AppendBinary([]byte{9})
		if !bytes.Equal(got, append([]byte{9}, want...)) {
			t.Fatalf("%v: got % x, want 09 % x", raw, got, want)
		}
		back, rest, err := fixed.DecodeWad(append(got[1:], 5, 6))
		if err != nil || back != w || !bytes.Equal(rest, []byte{5, 6}) {
			t.Fatalf("got %v, % x, %v", back, rest, err)
		}
		if mag.BitLen() > 128 {
			return
		}
		n, err := fixed.NatFromBig(mag)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := n.AppendBinary(nil)
		if m, rest, err := fixed.DecodeNat(append(b, 5)); err != nil || m != n || len(rest) != 1 {
			t.Fatalf("got %v, % x, %v", m, rest, err)
		}
	})
}

// FuzzBinary: whatever decodes, encodes to the same bytes.
func FuzzBinary(f *testing.F) {
	f.Add([]byte{0x82, 1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		if w, rest, err := fixed.DecodeWad(b); err == nil {
			if back, _ := w.AppendBinary(nil); !bytes.Equal(back, b[:len(b)-len(rest)]) {
				t.Errorf("wad % x became % x", b, back)
			}
		}
		if n, rest, err := fixed.DecodeNat(b); err == nil {
			if back, _ := n.AppendBinary(nil); !bytes.Equal(back, b[:len(b)-len(rest)]) {
				t.Errorf("nat % x became % x", b, back)
			}
		}
	})
}
