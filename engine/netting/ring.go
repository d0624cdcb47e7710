package netting

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
)

var (
	// ErrFlows says that a table of flows has the wrong size, trades an asset for itself, or adds up beyond a word.
	ErrFlows = errors.New("netting: invalid flows")
	// ErrHint says that a proposed crossing is not feasible, or not better than the greedy one.
	ErrHint = errors.New("netting: invalid hint")
	// ErrSize says that there are too many assets for the optimum.
	ErrSize = errors.New("netting: too many assets")
	// ErrPrice says that a price is missing or not positive.
	ErrPrice = errors.New("netting: invalid price")
	// ErrRing says that a ring has fewer than two assets or one outside the universe.
	ErrRing = errors.New("netting: invalid ring")
)

// Cycle is a ring of value Value in micro-units of the account (1e-6 USD): the sellers of Nodes[k] get Nodes[k+1], and
// those of the last node get the first. A pairwise cross is a ring of two.
type Cycle struct {
	Nodes []asset.Index
	Value uint64
}

// Volume is the value that the ring takes out of the market, in micro-units: its value on every arc.
func (c Cycle) Volume() uint64 { return c.Value * uint64(len(c.Nodes)) }

// Workspace keeps buffers between calls. The zero value is ready; it must not be shared. What a call returns is good
// until the next call with the same Workspace.
type Workspace struct {
	arcs   []uint64      // by node: the heads of its arcs, in order of preference
	first  []int         // by node: where its arcs start; one more than nodes
	next   []int         // by node: the first arc that is not yet known to lead nowhere
	state  []uint8       // by node
	place  []int         // by node on the path: its position there
	path   []asset.Index // of the search
	nodes  []asset.Index // of all rings
	cycles []Cycle

	trial []uint64 // a copy of flows that may be spoilt
	climb climb
	fills []Fill
	moved []asset.Amount
}

// States of a node in the search for rings.
const (
	unseen uint8 = iota
	onPath
	dead // everything that it reaches has been searched: it is in no ring, now or later
)

const headMask = 1<<16 - 1

// Cross takes rings out of a table of flows of n assets, n*n values in micro-units by row of the asset sold, and leaves
// the residual there. Pairs come first in lexicographic order, then rings in the order in which a depth-first search
// finds them; the residual has no ring. Pairs marked in blocked (n*n, or nil) are left alone. With savings (n*n, in any
// unit, or nil) the search prefers arcs that save more, else arcs in order of asset.
func Cross(ws *Workspace, n int, flows []uint64, blocked []bool, savings []uint32) ([]Cycle, error) {
	if err := check(n, flows, blocked, savings); err != nil {
		return nil, err
	}
	ws.greedy(n, flows, blocked, savings)
	return ws.cycles, nil
}

// check refuses tables that do not fit each other. The sum of the flows fits a word, hence so does every sum below.
func check(n int, flows []uint64, blocked []bool, savings []uint32) error {
	if n < 0 || n > asset.MaxAssets || len(flows) != n*n || blocked != nil && len(blocked) != n*n ||
		savings != nil && len(savings) != n*n {
		return fmt.Errorf("%w: expected tables of %d*%d pairs, got %d flows, %d marks, %d savings",
			ErrFlows, n, n, len(flows), len(blocked), len(savings))
	}
	var sum, carry uint64
	for k, f := range flows {
		if sum, carry = bits.Add64(sum, f, 0); carry != 0 {
			return fmt.Errorf("%w: expected a sum below 2^64 micro-units", ErrFlows)
		}
		if f != 0 && k/n == k%n {
			return fmt.Errorf("%w: asset %d is traded for itself", ErrFlows, k/n)
		}
	}
	return nil
}

// greedy fills ws.cycles and reduces flows.
func (ws *Workspace) greedy(n int, flows []uint64, blocked []bool, savings []uint32) {
	ws.cycles, ws.nodes = ws.cycles[:0], ws.nodes[:0]
	ws.pairwise(n, flows, blocked)
	ws.prepare(n, flows, blocked, savings)
	for root := range n {
		ws.search(n, flows, root)
	}
}

// pairwise crosses opposite flows.
func (ws *Workspace) pairwise(n int, flows []uint64, blocked []bool) {
	for i := range n {
		for j := i + 1; j < n; j++ {
			out, back := i*n+j, j*n+i
			value := min(flows[out], flows[back])
			if value == 0 || blocked != nil && (blocked[out] || blocked[back]) {
				continue
			}
			flows[out] -= value
			flows[back] -= value
			ws.nodes = append(ws.nodes, asset.Index(i), asset.Index(j))
			ws.add(2, value)
		}
	}
}

// add makes a ring of the last nodes.
func (ws *Workspace) add(length int, value uint64) {
	end := len(ws.nodes)
	ws.cycles = append(ws.cycles, Cycle{ws.nodes[end-length : end : end], value})
}

// prepare lists the arcs that may cross.
func (ws *Workspace) prepare(n int, flows []uint64, blocked []bool, savings []uint32) {
	ws.arcs, ws.first, ws.path = ws.arcs[:0], append(ws.first[:0], 0), ws.path[:0]
	for i := range n {
		start := len(ws.arcs)
		for j := range n {
			k := i*n + j
			if flows[k] == 0 || blocked != nil && blocked[k] {
				continue
			}
			key := uint64(j) // not negative
			if savings != nil {
				key |= uint64(^savings[k]) << 16 // the larger saving sorts first
			}
			ws.arcs = append(ws.arcs, key)
		}
		if savings != nil {
			slices.Sort(ws.arcs[start:])
		}
		ws.first = append(ws.first, len(ws.arcs))
	}
	ws.next = append(ws.next[:0], ws.first[:n]...)
	ws.place = slices.Grow(ws.place[:0], n)[:n]
	ws.state = slices.Grow(ws.state[:0], n)[:n]
	clear(ws.state)
}

// search cancels every ring that can be reached from root.
//
// The rule (§4.1) is to start again after every ring. The search would then take the same way, past the same dead ends,
// up to the first arc that the ring emptied; so it goes on from there. An arc that it has passed is empty or leads to a
// dead node, and stays so: arcs are passed once, not once per ring.
func (ws *Workspace) search(n int, flows []uint64, root int) {
	if ws.state[root] == dead {
		return
	}
	ws.push(root)
	for len(ws.path) > 0 {
		node := int(ws.path[len(ws.path)-1])
		if ws.next[node] == ws.first[node+1] {
			ws.state[node] = dead
			ws.path = ws.path[:len(ws.path)-1]
			continue
		}
		head := int(ws.arcs[ws.next[node]] & headMask)
		switch {
		case flows[node*n+head] == 0 || ws.state[head] == dead:
			ws.next[node]++
		case ws.state[head] == onPath:
			ws.cancel(n, flows, ws.place[head])
		default:
			ws.push(head)
		}
	}
}

func (ws *Workspace) push(node int) {
	ws.state[node], ws.place[node] = onPath, len(ws.path)
	ws.path = append(ws.path, asset.Index(node)) //nolint:gosec // below MaxAssets
}

// cancel takes the ring that starts at a place of the path out of the flows, and shortens the path to the tail of the
// first arc that this empties.
func (ws *Workspace) cancel(n int, flows []uint64, from int) {
	ring := ws.path[from:]
	value := ^uint64(0)
	for k, node := range ring {
		value = min(value, flows[int(node)*n+int(ring[(k+1)%len(ring)])])
	}
	keep := len(ring)
	for k, node := range ring {
		flow := &flows[int(node)*n+int(ring[(k+1)%len(ring)])]
		*flow -= value
		if *flow == 0 {
			keep = min(keep, k+1)
		}
	}
	ws.nodes = append(ws.nodes, ring...)
	ws.add(len(ring), value)
	for _, node := range ring[keep:] {
		ws.state[node] = unseen
	}
	ws.path = ws.path[:from+keep]
}
