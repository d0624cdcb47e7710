package netting

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// microExponent makes a Wad of micro-units: 1e-6 is 1e12 counts of 1e-18.
const microExponent = 12

// Fill is what crosses on a directed pair, all rings together: its sellers give Sold base units of Sell and get Bought
// base units of Buy, each by prefix over the pair's crossable flows. Value is what the rings were worth in micro-units.
type Fill struct {
	Sell, Buy    asset.Index
	Sold, Bought asset.Amount
	Value        uint64
}

// Settle turns rings into units at one price per asset: a ring of value x moves floor(x/p_i) base units of each of its
// assets, from the sellers of one pair to those of the pair before, so that of every asset exactly as much is bought as
// sold. A ring in which some asset would move nothing moves nothing.
//
// Prices are in USD per display unit, parallel to the universe. With caps (n*n by row of the asset sold, or nil) no
// pair sells more units than its cap: prices move between freeze and crossing, and orders hold units. Rings are scaled
// down in their order until they fit. Fills come sorted by pair; pairs without units are left out.
func Settle(
	ws *Workspace, cycles []Cycle, prices []fixed.Wad, u asset.Universe, caps []asset.Amount,
) ([]Fill, error) {
	n := u.Len()
	if len(prices) != n || caps != nil && len(caps) != n*n {
		return nil, fmt.Errorf("%w: expected %d prices and %d caps, got %d and %d",
			ErrFlows, n, n*n, len(prices), len(caps))
	}
	ws.fills = slices.Grow(ws.fills[:0], n*n)[:n*n]
	clear(ws.fills)
	for k, ring := range cycles {
		if err := ws.settle(ring, prices, u, caps); err != nil {
			return nil, fmt.Errorf("ring %d: %w", k, err)
		}
	}
	kept := ws.fills[:0]
	for k, f := range ws.fills {
		if f.Value > 0 {
			f.Sell, f.Buy = asset.Index(k/n), asset.Index(k%n) //nolint:gosec // below MaxAssets
			kept = append(kept, f)
		}
	}
	return kept, nil
}

// settle adds one ring to the fills of its pairs.
func (ws *Workspace) settle(ring Cycle, prices []fixed.Wad, u asset.Universe, caps []asset.Amount) error {
	if err := checkRing(ring, prices); err != nil {
		return err
	}
	var c fixed.Calc
	value, n := ring.Value, len(prices)
	ws.units(&c, ring.Nodes, value, prices, u)
	if caps != nil {
		value = ws.capped(&c, ring, prices, u, caps)
		if value < ring.Value {
			ws.units(&c, ring.Nodes, value, prices, u)
		}
	}
	if slices.Contains(ws.moved, asset.Amount{}) {
		return c.Err()
	}
	for k, sell := range ring.Nodes {
		next := (k + 1) % len(ring.Nodes)
		f := &ws.fills[int(sell)*n+int(ring.Nodes[next])]
		f.Sold = c.AddNat(f.Sold, ws.moved[k])
		f.Bought = c.AddNat(f.Bought, ws.moved[next])
		f.Value += value
	}
	return c.Err()
}

func checkRing(ring Cycle, prices []fixed.Wad) error {
	if len(ring.Nodes) < 2 {
		return fmt.Errorf("%w: %d assets", ErrRing, len(ring.Nodes))
	}
	for _, a := range ring.Nodes {
		if int(a) >= len(prices) {
			return fmt.Errorf("%w: asset %d of a universe of %d", ErrRing, a, len(prices))
		}
		if prices[a].Sign() <= 0 {
			return fmt.Errorf("%w: asset %d: expected more than 0, got %v", ErrPrice, a, prices[a])
		}
	}
	return nil
}

// units fills ws.moved with the base units of each asset of a ring that a value of micro-units moves.
func (ws *Workspace) units(c *fixed.Calc, nodes []asset.Index, micro uint64, prices []fixed.Wad, u asset.Universe) {
	value := c.MulDivDown(fixed.FromRawUint(micro), asset.Scale(microExponent), fixed.FromRaw(1))
	ws.moved = ws.moved[:0]
	for _, a := range nodes {
		ws.moved = append(ws.moved, asset.UnitsDown(c, value, prices[a], u.At(a).Exponent))
	}
}

// capped is the largest value up to the ring's own of which no pair sells more units than its cap leaves.
func (ws *Workspace) capped(
	c *fixed.Calc, ring Cycle, prices []fixed.Wad, u asset.Universe, caps []asset.Amount,
) uint64 {
	value, n := ring.Value, len(prices)
	for k, sell := range ring.Nodes {
		pair := int(sell)*n + int(ring.Nodes[(k+1)%len(ring.Nodes)])
		room := caps[pair].Monus(ws.fills[pair].Sold)
		if !room.Less(ws.moved[k]) {
			continue
		}
		// floor(value*s/p) <= room  <=>  value < (room+1)*p/s, with s base units per micro-unit at a price of one
		scale := asset.Scale(u.At(sell).Exponent + microExponent)
		above := c.MulDivUp(c.Add(room.Raw(), fixed.FromRaw(1)), prices[sell], scale)
		fits, _ := c.Sub(above, fixed.FromRaw(1)).RawUint() // it is below the ring's value, a word
		value = min(value, fits)
	}
	return value
}
