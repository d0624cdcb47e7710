package pack_test

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/pack"
)

// inner and outer have a field of every kind.
type inner struct {
	N int32
	W fixed.Wad
}

type outer struct {
	B    bool
	I    int64
	U    uint8
	S    string
	W    fixed.Wad
	A    fixed.Nat
	List []inner
	Ring [3]uint16
	Err  error
	Text []string
}

func drawOuter(t *rapid.T) outer {
	o := outer{
		B: rapid.Bool().Draw(t, "b"), I: rapid.Int64().Draw(t, "i"), U: rapid.Uint8().Draw(t, "u"),
		S: rapid.String().Draw(t, "s"), W: fixed.FromRaw(rapid.Int64().Draw(t, "w")),
		A:    fixed.NatOf(rapid.Uint64().Draw(t, "a")),
		Ring: [3]uint16{rapid.Uint16().Draw(t, "r0"), rapid.Uint16().Draw(t, "r1"), 0},
	}
	for range rapid.IntRange(0, 3).Draw(t, "n") {
		o.List = append(o.List, inner{rapid.Int32().Draw(t, "n"), fixed.FromRaw(rapid.Int64().Draw(t, "v"))})
		o.Text = append(o.Text, rapid.String().Draw(t, "t"))
	}
	if text := rapid.StringN(0, 9, 9).Draw(t, "err"); text != "" {
		o.Err = errors.New(text)
	}
	return o
}

// TestRoundTrip: what is read is what was written, and written again it is the same bytes.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	c := pack.Must[outer]("outer", 1)
	rapid.Check(t, func(t *rapid.T) {
		o := drawOuter(t)
		b, err := c.Encode(o)
		if err != nil {
			t.Fatal(err)
		}
		back, err := c.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if (o.Err == nil) != (back.Err == nil) || o.Err != nil && o.Err.Error() != back.Err.Error() {
			t.Fatalf("got the error %v, want %v", back.Err, o.Err)
		}
		again, err := c.Encode(back)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("got % x, want % x", again, b)
		}
		text, err := c.EncodeJSON(back)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.DecodeJSON(text); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Decode(b[:rapid.IntRange(0, len(b)-1).Draw(t, "cut")]); !errors.Is(err, pack.ErrBytes) &&
			!errors.Is(err, fixed.ErrEncoding) {
			t.Fatalf("cut off: got %v", err)
		}
		if _, err := c.Decode(append(b, 0)); !errors.Is(err, pack.ErrBytes) {
			t.Fatalf("too long: got %v", err)
		}
	})
}

func TestVersion(t *testing.T) {
	t.Parallel()
	b, err := pack.Must[uint8]("x", 1).Encode(7)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pack.Must[uint8]("x", 2).Decode(b); !errors.Is(err, pack.ErrBytes) {
		t.Errorf("got %v, want %v", err, pack.ErrBytes)
	}
}

func TestRefusedTypes(t *testing.T) {
	t.Parallel()
	refused := map[string]error{}
	add := func(name string, err error) { refused[name] = err }
	_, err := pack.New[map[string]int]("map", 1)
	add("map", err)
	_, err = pack.New[*int]("pointer", 1)
	add("pointer", err)
	_, err = pack.New[float64]("float", 1)
	add("float", err)
	_, err = pack.New[struct{ a int }]("unexported", 1)
	add("unexported", err)
	_, err = pack.New[[]struct{}]("nothing", 1)
	add("elements of no bytes", err)
	for name, err := range refused {
		if !errors.Is(err, pack.ErrType) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestEngineTypes: all that modules store has an encoding.
func TestEngineTypes(t *testing.T) {
	t.Parallel()
	_, state := pack.New[cycle.State]("state", 1)
	_, round := pack.New[cycle.Round]("round", 1)
	_, record := pack.New[cycle.Record]("record", 1)
	_, lot := pack.New[auction.Lot]("lot", 1)
	_, history := pack.New[oracle.History]("history", 1)
	_, clearing := pack.New[oracle.ClearingPrice]("clearing", 1)
	if err := errors.Join(state, round, record, lot, history, clearing); err != nil {
		t.Error(err)
	}
}

// FuzzDecode: whatever decodes, encodes to the same bytes.
func FuzzDecode(f *testing.F) {
	c := pack.Must[outer]("outer", 1)
	b, err := c.Encode(outer{S: "a", List: []inner{{1, fixed.One()}}, Text: []string{"b"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := c.Decode(b)
		if err != nil {
			return
		}
		back, err := c.Encode(o)
		if err != nil || !bytes.Equal(back, b) {
			t.Errorf("% x became % x, %v", b, back, err)
		}
	})
}

func BenchmarkState(b *testing.B) {
	c := pack.Must[cycle.State]("state", 1)
	st := cycle.NewState(4)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Encode(st); err != nil {
				b.Fatal(err)
			}
		}
	})
	packed, err := c.Encode(st)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Decode(packed); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(packed)), "bytes")
	})
}
