package target

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Bound sets dst to the weights that are in proportion to raw wherever lo <= weight <= hi allows it, and at their bound
// elsewhere. They add up to exactly 1 and every one of them keeps its bounds, to the last raw unit. An empty lo means
// 0, an empty hi means 1; dst may be raw.
//
// Where even the upper bounds of all assets with a positive raw weight do not reach 1, the assets without raw weight
// take what is left, in proportion to the room under their bounds. It returns ErrBounds when no weights keep the
// bounds, ErrWeights when a raw weight is negative, ErrLength, and fixed.ErrOverflow for raw weights above 1e40.
func Bound(ws *Workspace, dst, raw, lo, hi []fixed.Wad) error {
	b := bounds{lo, hi}
	if err := b.check(len(dst)); err != nil {
		return err
	}
	if err := ws.load(dst, raw); err != nil {
		return err
	}
	var c fixed.Calc
	left := fixed.One()
	for i, w := range ws.free {
		if w.IsZero() {
			dst[i] = b.low(i)
			left = c.Sub(left, dst[i])
		}
	}
	for range dst { // every round but the last settles an asset
		var settled bool
		if left, settled = ws.settle(&c, dst, b, left); !settled {
			break
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	return ws.fill(&c, dst, b, left)
}

// Cap sets dst to weights in proportion to caps, such as market capitalisations, none above limit: the excess of the
// largest is shared by the others in proportion to theirs. The weights add up to exactly 1. A limit that fewer assets
// than there are cannot fill is ErrBounds. dst may be caps.
func Cap(ws *Workspace, dst, caps []fixed.Wad, limit fixed.Wad) error {
	ws.limits = ws.limits[:0]
	for range dst {
		ws.limits = append(ws.limits, limit)
	}
	return Bound(ws, dst, caps, nil, ws.limits)
}

// load copies the raw weights to where rounds of settling can use them up.
func (ws *Workspace) load(dst, raw []fixed.Wad) error {
	if len(raw) != len(dst) {
		return fmt.Errorf("%w: expected %d raw weights, got %d", ErrLength, len(dst), len(raw))
	}
	for i, w := range raw {
		if w.Sign() < 0 {
			return fmt.Errorf("%w: expected 0 or more, got %v for asset %d", ErrWeights, w, i)
		}
	}
	ws.free = append(ws.free[:0], raw...)
	ws.share = append(ws.share[:0], raw...)
	return nil
}

// settle shares left among the free assets, looks which of them pass a bound, and fixes those on the side where more is
// passed: sharing the rest again can only push them further out. It returns what is left for the others.
func (ws *Workspace) settle(c *fixed.Calc, dst []fixed.Wad, b bounds, left fixed.Wad) (rest fixed.Wad, settled bool) {
	sum := total(c, ws.free)
	var net fixed.Wad
	for i, w := range ws.free {
		ws.share[i] = b.excess(c, i, w, left, sum)
		net = c.Add(net, ws.share[i])
	}
	for i, excess := range ws.share {
		if excess.IsZero() || excess.Sign()*net.Sign() < 0 {
			continue
		}
		dst[i] = b.low(i)
		if excess.Sign() > 0 {
			dst[i] = b.high(i)
		}
		left = c.Sub(left, dst[i])
		ws.free[i] = fixed.Wad{}
		settled = true
	}
	return left, settled
}

// fill gives left to the free assets, or, when there are none, to those that have room. Rounding keeps the bounds: they
// are whole raw units, and a share rounds to a neighbour of its quota.
func (ws *Workspace) fill(c *fixed.Calc, dst []fixed.Wad, b bounds, left fixed.Wad) error {
	free := !total(c, ws.free).IsZero()
	for i := range dst {
		if free && !ws.free[i].IsZero() {
			dst[i] = fixed.Wad{}
		}
		if !free {
			ws.free[i] = c.Sub(b.high(i), dst[i])
		}
	}
	c.Fail(ws.splitter.LargestRemainder(ws.share, ws.free, left))
	for i := range dst {
		dst[i] = c.Add(dst[i], ws.share[i])
	}
	return c.Err()
}

// bounds are the lower and upper bounds of weights; an empty list bounds nothing.
type bounds struct{ lo, hi []fixed.Wad }

func (b bounds) low(i int) fixed.Wad {
	if len(b.lo) == 0 {
		return fixed.Wad{}
	}
	return b.lo[i]
}

func (b bounds) high(i int) fixed.Wad {
	if len(b.hi) == 0 {
		return fixed.One()
	}
	return b.hi[i]
}

// excess is what the share w*left/sum of asset i has above its upper bound, or, negative, below its lower bound, times
// sum: without a division it is exact. A settled asset has w = 0 and no excess.
func (b bounds) excess(c *fixed.Calc, i int, w, left, sum fixed.Wad) fixed.Wad {
	if w.IsZero() {
		return fixed.Wad{}
	}
	share := product(c, w, left)
	if over := c.Sub(share, product(c, b.high(i), sum)); over.Sign() > 0 {
		return over
	}
	return c.Sub(share, product(c, b.low(i), sum)).Min(fixed.Wad{})
}

// product is the exact product of raw counts.
func product(c *fixed.Calc, a, b fixed.Wad) fixed.Wad { return c.MulDivTrunc(a, b, fixed.FromRaw(1)) }

// check finds whether any weights of n assets can keep the bounds.
func (b bounds) check(n int) error {
	if len(b.lo) != 0 && len(b.lo) != n || len(b.hi) != 0 && len(b.hi) != n {
		return fmt.Errorf("%w: expected %d bounds, got %d minima and %d maxima", ErrLength, n, len(b.lo), len(b.hi))
	}
	var c fixed.Calc
	var least, most fixed.Wad
	for i := range n {
		lo, hi := b.low(i), b.high(i)
		if lo.Sign() < 0 || hi.Less(lo) || fixed.One().Less(hi) {
			return fmt.Errorf("%w: expected 0 <= min <= max <= 1, got %v and %v for asset %d", ErrBounds, lo, hi, i)
		}
		least, most = c.Add(least, lo), c.Add(most, hi)
	}
	if fixed.One().Less(least) || most.Less(fixed.One()) {
		return fmt.Errorf("%w: expected minima adding up to at most 1 and maxima to at least 1, got %v and %v",
			ErrBounds, least, most)
	}
	return nil
}
