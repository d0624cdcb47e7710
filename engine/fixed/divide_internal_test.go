package fixed

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

func TestReciprocal(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range 2_000_000 {
		d := rnd.Uint64() | 1<<63
		switch i % 4 {
		case 1:
			d = 1<<63 | d>>rnd.UintN(64)
		case 2:
			d = ^uint64(0) << rnd.UintN(64)
		}
		d |= 1 << 63
		want, _ := bits.Div64(^d, ^uint64(0), d)
		if got := reciprocal2by1(d); got != want {
			t.Fatalf("%x: %x, want %x", d, got, want)
		}
	}
}
