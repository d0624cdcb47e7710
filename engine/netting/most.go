package netting

import (
	"fmt"
	"math/bits"
	"slices"
)

// MaxOptimal is the largest number of assets for which CrossMost looks for the optimum.
const MaxOptimal = 16

// climb is the working space of the optimum: a circulation that never gets worse.
type climb struct {
	arcs     []climbArc
	distance []int64
	from     []int // by node: twice the arc that improved it last, plus one if against its direction
}

// climbArc is an arc with a weight per unit crossed.
type climbArc struct{ tail, head, pair, weight int }

// CrossMost is Cross for the largest crossed value, or with savings for the largest sum of saving times value: greedy
// rings are maximal, but not maximum. From the greedy rings on it cancels negative cycles of the residual network,
// first those of large capacity: Klein, "A primal method for minimal cost flows", Management Science 14 (1967), with
// the capacity scaling of Ahuja, Magnanti and Orlin, "Network Flows" (1993). It is for at most MaxOptimal assets; more
// are ErrSize: compute a hint elsewhere and let CrossHint check it.
func CrossMost(ws *Workspace, n int, flows []uint64, blocked []bool, savings []uint32) ([]Cycle, error) {
	if n > MaxOptimal {
		return nil, fmt.Errorf("%w: expected at most %d, got %d", ErrSize, MaxOptimal, n)
	}
	if err := check(n, flows, blocked, savings); err != nil {
		return nil, err
	}
	ws.trial = append(ws.trial[:0], flows...)
	ws.greedy(n, ws.trial, blocked, savings)
	for k, left := range ws.trial {
		ws.trial[k] = flows[k] - left // what the greedy rings cross
	}
	ws.climb.start(n, flows, blocked, savings)
	for step := uint64(1) << 63; step > 0; step >>= 1 {
		for {
			node := ws.climb.improvable(flows, ws.trial, step)
			if node < 0 {
				break
			}
			ws.climb.cancel(flows, ws.trial, node)
		}
	}
	ws.take(n, flows)
	return ws.cycles, nil
}

// CrossHint is Cross for a crossing that somebody else computed: n*n values to cross. It takes what it can check in one
// pass: no value above its flow, nothing on a blocked pair, as much out of every asset as into it, and not worth less
// than the greedy rings. Otherwise the error is ErrHint, and flows are as they were.
func CrossHint(ws *Workspace, n int, flows []uint64, blocked []bool, savings []uint32, hint []uint64) ([]Cycle, error) {
	if err := check(n, flows, blocked, savings); err != nil {
		return nil, err
	}
	if err := feasible(n, flows, blocked, hint); err != nil {
		return nil, err
	}
	ws.trial = append(ws.trial[:0], flows...)
	ws.greedy(n, ws.trial, blocked, savings)
	for k, left := range ws.trial {
		ws.trial[k] = flows[k] - left
	}
	if hi, lo := worth(hint, savings); less(hi, lo, ws.trial, savings) {
		return nil, fmt.Errorf("%w: expected at least what the greedy rings are worth", ErrHint)
	}
	ws.trial = append(ws.trial[:0], hint...)
	ws.take(n, flows)
	return ws.cycles, nil
}

// feasible checks a hint against the flows.
func feasible(n int, flows []uint64, blocked []bool, hint []uint64) error {
	if len(hint) != n*n {
		return fmt.Errorf("%w: expected %d*%d values, got %d", ErrHint, n, n, len(hint))
	}
	for i := range n {
		var in, out uint64 // below the sum of the flows
		for j := range n {
			k := i*n + j
			if hint[k] > flows[k] || hint[k] > 0 && blocked != nil && blocked[k] {
				return fmt.Errorf("%w: %d micro-units cross from asset %d to %d", ErrHint, hint[k], i, j)
			}
			out += hint[k]
			in += min(hint[j*n+i], flows[j*n+i])
		}
		if in != out {
			return fmt.Errorf("%w: %d micro-units into asset %d, %d out of it", ErrHint, in, i, out)
		}
	}
	return nil
}

// worth is the sum of weight times value, in two words.
func worth(values []uint64, savings []uint32) (hi, lo uint64) {
	for k, v := range values {
		h, l := bits.Mul64(v, uint64(weight(savings, k))) //nolint:gosec // not negative
		var carry uint64
		lo, carry = bits.Add64(lo, l, 0)
		hi += h + carry
	}
	return hi, lo
}

// less reports hi:lo < worth(values).
func less(hi, lo uint64, values []uint64, savings []uint32) bool {
	h, l := worth(values, savings)
	return hi < h || hi == h && lo < l
}

// weight is what crossing one micro-unit of a pair counts.
func weight(savings []uint32, pair int) int {
	if savings == nil {
		return 1
	}
	return int(savings[pair])
}

// take makes rings of the circulation in ws.trial and reduces the flows by it. A circulation is all rings: the search
// leaves nothing of it.
func (ws *Workspace) take(n int, flows []uint64) {
	for k, v := range ws.trial {
		flows[k] -= v
	}
	ws.greedy(n, ws.trial, nil, nil)
}

// start lists the arcs that may cross.
func (c *climb) start(n int, flows []uint64, blocked []bool, savings []uint32) {
	c.arcs = c.arcs[:0]
	for k, f := range flows {
		if f > 0 && (blocked == nil || !blocked[k]) {
			c.arcs = append(c.arcs, climbArc{k / n, k % n, k, weight(savings, k)})
		}
	}
	c.distance = slices.Grow(c.distance[:0], n)[:n]
	c.from = slices.Grow(c.from[:0], n)[:n]
}

// improvable looks for a cycle of negative cost, on which step micro-units more can cross, by the method of Bellman and
// Ford. It returns a node on it, or -1.
func (c *climb) improvable(flows, crossed []uint64, step uint64) int {
	clear(c.distance)
	last := -1
	for range c.distance {
		last = -1
		for k, a := range c.arcs {
			x := crossed[a.pair]
			if flows[a.pair]-x >= step {
				last = max(last, c.relax(a.tail, a.head, -a.weight, 2*k))
			}
			if x >= step {
				last = max(last, c.relax(a.head, a.tail, a.weight, 2*k+1))
			}
		}
		if last < 0 {
			return -1
		}
	}
	for range c.distance { // from anywhere behind the cycle into it
		last = c.before(last)
	}
	return last
}

// relax improves the distance of a node by way of another, and returns the node if it did, else -1.
func (c *climb) relax(tail, head, cost, by int) int {
	if d := c.distance[tail] + int64(cost); d < c.distance[head] {
		c.distance[head], c.from[head] = d, by
		return head
	}
	return -1
}

// before is the node by way of which a node was improved.
func (c *climb) before(node int) int {
	a := c.arcs[c.from[node]/2]
	if c.from[node]%2 == 0 {
		return a.tail
	}
	return a.head
}

// cancel crosses as much more as the cycle through a node allows.
func (c *climb) cancel(flows, crossed []uint64, node int) {
	most, at := ^uint64(0), node
	for done := false; !done; done = at == node {
		pair := c.arcs[c.from[at]/2].pair
		room := crossed[pair]
		if c.from[at]%2 == 0 {
			room = flows[pair] - crossed[pair]
		}
		most = min(most, room)
		at = c.before(at)
	}
	for done := false; !done; done = at == node {
		if pair := c.arcs[c.from[at]/2].pair; c.from[at]%2 == 0 {
			crossed[pair] += most
		} else {
			crossed[pair] -= most
		}
		at = c.before(at)
	}
}
