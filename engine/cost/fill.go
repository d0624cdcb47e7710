package cost

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Convention is how a fee on traded notional changes what is traded.
type Convention uint8

const (
	// Post finds the value after fees at which the holdings are exactly in the wanted proportions. It is the default.
	Post Convention = iota
	// Leg lets every leg pay its own fee out of its own gap.
	Leg
	// Seq sells first, the largest gap first, and buys the smallest gap first, with the cash that there is.
	Seq
)

// String is the name of the convention: "post", "leg" or "seq".
func (v Convention) String() string {
	switch v {
	case Post:
		return "post"
	case Leg:
		return "leg"
	case Seq:
		return "seq"
	}
	return fmt.Sprintf("convention %d", uint8(v))
}

// Filled is what a fill traded, both ways, and the fee, in the unit of account.
type Filled struct{ Traded, Fee fixed.Wad }

// Workspace keeps the buffers of Fill. The zero value is ready; it must not be shared.
type Workspace struct{ legs []leg }

// leg is the trade of one asset.
type leg struct {
	gap   fixed.Wad // wanted - held
	index int
}

// Fill trades from held to wanted at once, in an ideal market that takes a fee on what is traded, 0 <= fee < 1. held
// are the values of the assets before; wanted are the values after a trade without cost; dst, of the same length and
// apart from both, becomes the values after the trade and its fee. No value becomes negative.
//
// What wanted exceeds held is cash brought in: a portfolio that begins with cash alone holds zeros. Values and fee add
// up to what was there: sum(dst) + Fee == sum(wanted), exactly. Fee is fee times Traded and what rounding leaves, less
// than three raw units for each asset; when fee is 0 nothing is left and dst is wanted.
//
// Under Leg a sale is at most the holding; where a fee would want more, the buys shrink in proportion. After an error
// dst is not usable.
func Fill(ws *Workspace, conv Convention, fee fixed.Wad, held, wanted, dst []fixed.Wad) (Filled, error) {
	if len(held) != len(wanted) || len(held) != len(dst) {
		return Filled{}, fmt.Errorf("%w: held %d, wanted %d, result %d", ErrLength, len(held), len(wanted), len(dst))
	}
	if fee.Sign() < 0 || fixed.One().Cmp(fee) <= 0 {
		return Filled{}, fmt.Errorf("%w: expected 0 or more and less than 1, got %v", ErrFee, fee)
	}
	var c fixed.Calc
	t := trade{fee: fee, held: held, wanted: wanted, dst: dst, legs: ws.legs[:0]}
	if err := t.open(&c); err != nil {
		return Filled{}, err
	}
	ws.legs = t.legs
	switch {
	case t.value.IsZero():
		clear(dst)
	case conv == Post:
		t.post(&c)
	case conv == Leg:
		t.leg(&c)
	case conv == Seq:
		t.seq(&c)
	default:
		return Filled{}, fmt.Errorf("%w: expected post, leg or seq, got %v", ErrConvention, conv)
	}
	f := t.close(&c)
	if err := c.Err(); err != nil {
		return Filled{}, fmt.Errorf("cost: %v: %w", conv, err)
	}
	return f, nil
}

// trade is a fill under way.
type trade struct {
	fee, value, cash  fixed.Wad // value = sum(wanted), cash = value - sum(held)
	held, wanted, dst []fixed.Wad
	legs              []leg
}

// open checks the values, adds them up and sets a leg for each asset.
func (t *trade) open(c *fixed.Calc) error {
	for i, w := range t.wanted {
		h := t.held[i]
		if h.Sign() < 0 || w.Sign() < 0 {
			return fmt.Errorf("%w: expected 0 or more, got %v held and %v wanted of asset %d", ErrValue, h, w, i)
		}
		gap := c.Sub(w, h)
		t.value, t.cash = c.Add(t.value, w), c.Add(t.cash, gap)
		t.legs = append(t.legs, leg{gap, i})
	}
	if err := c.Err(); err != nil {
		return fmt.Errorf("cost: %w", err)
	}
	if t.cash.Sign() < 0 {
		return fmt.Errorf("%w: expected at least what is held, got %v less", ErrUnfunded, t.cash.Neg())
	}
	return nil
}

// close adds up what was traded and what is missing.
func (t *trade) close(c *fixed.Calc) Filled {
	f := Filled{Fee: t.value}
	for i, after := range t.dst {
		f.Fee = c.Sub(f.Fee, after)
		f.Traded = c.Add(f.Traded, c.Sub(after, t.held[i]).Abs())
	}
	return f
}
