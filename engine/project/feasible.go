package project

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrInput says that an input's lengths differ, or that one of its values is negative or too large.
var ErrInput = errors.New("project: invalid input")

// Input is what a portfolio wants and what binds it. Everything is value in the unit of account, below 3.4e20; the
// slices are parallel, and those marked optional may have length zero.
type Input struct {
	Raw       []fixed.Wad // what the controller wants: buys positive, sells negative
	Values    []fixed.Wad // what is held, locked units included
	Gaps      []fixed.Wad // target minus held, signed; optional: without it nothing snaps and nobody else pays
	Floors    []fixed.Wad // minimum balances; optional
	Ceilings  []fixed.Wad // caps, fixed.Max() = none; optional
	MinOrders []fixed.Wad // smallest orders; optional
	Locked    []fixed.Wad // what must not be sold although it is held; optional
	MaxSell   fixed.Wad   // most that may be sold in sum, fixed.Max() = no limit
	OneTime   fixed.Wad   // value of one-time orders under the same cap: after forced trades, before the controller
	Quantum   fixed.Wad   // orders are multiples of it: a whole part of 1, such as 0.000001; 0 = the smallest decimal
}

// Result says how much was matched: the sum of sells, which is the sum of buys. Forced is the part of it that the
// forced tier took.
type Result struct {
	Matched, Forced fixed.Wad
	Clamp           Clamp
}

// Workspace keeps buffers between calls. The zero value is ready; it must not be shared.
type Workspace struct {
	orders  []order
	index   []int
	rests   []uint64
	weights []fixed.Wad
	targets []fixed.Wad
	bound   []bool
	split   fixed.Splitter
}

// Feasible turns wishes into orders that pay for each other: out sums to exactly zero, every order keeps its sign and
// does not grow, and every limit holds (the package comment states the two exceptions, forced trades and the snap
// rule). Orders are multiples of the quantum. ErrInput: then out is meaningless.
func Feasible(ws *Workspace, in Input, out []fixed.Wad) (Result, error) {
	if err := in.checkShape(len(out)); err != nil {
		return Result{}, err
	}
	var c fixed.Calc
	p := problem{in: &in, calc: &c, quantum: 1, perUnit: fixed.One()}
	if raw, _ := in.Quantum.RawUint(); raw != 0 {
		p.quantum, p.perUnit = raw, fixed.FromRawUint(oneRaw/raw)
	}
	p.request(ws)
	p.match(ws)
	if err := c.Err(); err != nil {
		return Result{}, in.explain(err)
	}
	for i := range out {
		o := &ws.orders[i]
		out[i] = o.worth.Raw()
		if o.side == sells {
			out[i] = out[i].Neg()
		}
	}
	return p.result, nil
}

// problem is one call of Feasible. An error in its arithmetic is looked at once, at the end.
type problem struct {
	in      *Input
	calc    *fixed.Calc
	quantum uint64    // raw units of value
	perUnit fixed.Wad // 1 over the quantum, as a raw count
	bounds  bounds    // of the asset that is looked at
	result  Result
}

// oneRaw is 1 as a raw count.
const oneRaw = 1_000_000_000_000_000_000

// quanta converts a value to whole quanta, rounded down. Because the quantum divides 1 it is a product, and cheaper
// than a division.
func (p *problem) quanta(value fixed.Nat) fixed.Nat {
	if p.quantum == 1 || value.IsZero() {
		return value
	}
	return p.calc.Nat(p.calc.MulDown(value.Raw(), p.perUnit))
}

// quantaUp is quanta rounded up.
func (p *problem) quantaUp(value fixed.Nat) fixed.Nat {
	n := p.quanta(value)
	if p.worth(n).Less(value) {
		n = p.calc.AddNat(n, fixed.NatOf(1))
	}
	return n
}

// worth converts whole quanta to their value.
func (p *problem) worth(quanta fixed.Nat) fixed.Nat {
	if p.quantum == 1 || quanta.IsZero() {
		return quanta
	}
	return p.calc.MulWord(quanta, p.quantum)
}

// limit converts a value to raw counts, where fixed.Max() stands for no limit.
func (p *problem) limit(value fixed.Wad) fixed.Nat {
	if value == fixed.Max() {
		return fixed.MaxNat()
	}
	return p.calc.Nat(value)
}

// optional returns the i-th value of a list, or zero when the list is left out.
func (p *problem) optional(list []fixed.Wad, i int) fixed.Nat {
	if len(list) == 0 {
		return fixed.Nat{}
	}
	return p.calc.Nat(list[i])
}

// checkShape reports lengths that differ and a quantum out of range.
func (in *Input) checkShape(n int) error {
	if len(in.Raw) != n || len(in.Values) != n {
		return fmt.Errorf("%w: expected %d wishes and values, got %d and %d", ErrInput, n, len(in.Raw), len(in.Values))
	}
	for _, l := range [...]int{
		len(in.Gaps), len(in.Floors), len(in.Ceilings), len(in.MinOrders), len(in.Locked),
	} {
		if l != n && l != 0 {
			return fmt.Errorf("%w: expected %d gaps, floors, ceilings, minimum orders and locked values, or none, "+
				"got one of %d", ErrInput, n, l)
		}
	}
	if raw, fits := in.Quantum.RawUint(); !fits || raw != 0 && oneRaw%raw != 0 {
		return fmt.Errorf("%w: expected a quantum that divides 1, got %v", ErrInput, in.Quantum)
	}
	return nil
}

// explain finds the value that made the arithmetic fail.
func (in *Input) explain(cause error) error {
	for k, list := range [...][]fixed.Wad{
		in.Values, in.Floors, in.Ceilings, in.MinOrders, in.Locked, {in.MaxSell}, {in.OneTime},
	} {
		for i, v := range list {
			if v.Sign() < 0 {
				name := [...]string{
					"value", "floor", "ceiling", "minimum order", "locked value", "max sell", "one-time orders",
				}[k]
				return fmt.Errorf("%w: %s %d: expected 0 or more, got %v: %w", ErrInput, name, i, v, cause)
			}
		}
	}
	return fmt.Errorf("%w: expected values whose sums stay below 3.4e20: %w", ErrInput, cause)
}
