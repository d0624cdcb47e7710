package cycle

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
)

var (
	// ErrInput says that an input does not fit the phase of the round.
	ErrInput = errors.New("cycle: invalid input")
	// ErrTime says that time or height went back.
	ErrTime = errors.New("cycle: time went back")
)

// Step takes a round one step on. It is a function of its arguments: on an error nothing has happened and the host
// stores nothing. The portfolios of the input are not changed; their new states are in the output. The workspace only
// saves memory: what Step returns stays good when it is used again.
func Step(ws *Workspace, cfg *Config, r Round, in Input) (Round, Output, error) {
	if err := check(cfg, &r, &in); err != nil {
		return r, Output{}, err
	}
	ws.out = Output{}
	ws.ledger.Reset()
	next := r.clone()
	var err error
	switch r.Phase {
	case Idle:
		if !cfg.due(&r, in.Now) {
			return r, Output{States: statesOf(in.Portfolios), Sales: slices.Clone(in.Sales)}, nil
		}
		next.freeze(&in)
		err = ws.collect(cfg, &next, &in)
	case Collecting:
		err = ws.collect(cfg, &next, &in)
	case Crossing:
		err = ws.cross(cfg, &next, &in)
	case Auctioning:
		err = ws.gather(cfg, &next, &in)
	case Settling:
		err = ws.settle(cfg, &next, &in)
	default:
		err = fmt.Errorf("%w: %v", ErrInput, r.Phase)
	}
	if err != nil {
		return r, Output{}, err
	}
	transfers, err := ws.ledger.Close()
	if err != nil {
		return r, Output{}, fmt.Errorf("round %d, %v: %w", next.Number, r.Phase, err)
	}
	ws.out.Transfers = slices.Clone(transfers)
	return next, ws.out, nil
}

// check refuses what does not fit the phase. Of the configuration it looks at what would stop the host: whoever stores
// one calls Validate.
func check(cfg *Config, r *Round, in *Input) error {
	if cfg.IntervalSeconds < 1 || cfg.Auction.Pace.BlockSeconds < 1 {
		return fmt.Errorf("%w: expected an interval and a block of at least 1 s, got %d and %d",
			ErrConfig, cfg.IntervalSeconds, cfg.Auction.Pace.BlockSeconds)
	}
	if len(in.Prices) != cfg.Universe.Len() {
		return fmt.Errorf("%w: expected %d prices, got %d", ErrInput, cfg.Universe.Len(), len(in.Prices))
	}
	if r.Phase != Idle && (in.Now < r.FrozeAt || in.Height < r.Height) {
		return fmt.Errorf("%w: expected at least %d at block %d, got %d at %d",
			ErrTime, r.FrozeAt, r.Height, in.Now, in.Height)
	}
	if r.Phase != Idle && len(r.Frozen) != len(in.Prices) {
		return fmt.Errorf("%w: expected a round of %d assets, got one of %d", ErrInput, len(in.Prices), len(r.Frozen))
	}
	for i := range in.Portfolios {
		p := &in.Portfolios[i]
		if p.Policy == nil || p.ID == 0 {
			return fmt.Errorf("%w: expected a policy and an id above zero for every portfolio", ErrInput)
		}
		if i > 0 && in.Portfolios[i-1].ID >= p.ID {
			return fmt.Errorf("%w: portfolio %d stands after %d", ErrInput, p.ID, in.Portfolios[i-1].ID)
		}
	}
	return nil
}

// due reports that a new interval has started since the last freeze. Missed intervals are merged into one. Intervals
// are those of the present terms: the ones of the freeze may have been others.
func (cfg *Config) due(r *Round, now int64) bool {
	return !r.Started || cfg.slot(now) > cfg.slot(r.FrozeAt)
}

func (cfg *Config) slot(now int64) int64 { return slotOf(now, cfg.AnchorSeconds, cfg.IntervalSeconds) }

// Due reports that Step would start a round now.
func (cfg *Config) Due(r *Round, now int64) bool { return r.Phase == Idle && cfg.due(r, now) }

// Next is the earliest time at which a round may start: now or later.
func (cfg *Config) Next(r *Round, now int64) int64 {
	if cfg.due(r, now) {
		return now
	}
	return cfg.AnchorSeconds + (cfg.slot(r.FrozeAt)+1)*cfg.IntervalSeconds
}

// Merged is the number of intervals that a round stands for: 1, and one for each that was missed since the one before.
func (cfg *Config) Merged(r, before *Round) int64 {
	if !before.Started {
		return 1
	}
	return cfg.slot(r.FrozeAt) - cfg.slot(before.FrozeAt)
}

// Has reports that the orders of a state belong to this round. Orders of an earlier one were settled without it: see
// State.Forget.
func (r *Round) Has(st *State) bool {
	return r.Phase != Idle && len(st.Orders) > 0 && st.Ordered == r.FrozeAt
}

// freeze starts a round: the prices of its decisions are those of this moment.
func (r *Round) freeze(in *Input) {
	r.Phase, r.Number, r.Started = Collecting, r.Number+1, true
	r.Frozen = slices.Clone(in.Prices)
	r.FrozeAt, r.Height, r.Last, r.LastSale = in.Now, in.Height, 0, 0
	r.Books = nil
}

// clone copies what a step changes.
func (r *Round) clone() Round {
	next := *r
	next.Books = slices.Clone(r.Books)
	for i := range next.Books {
		next.Books[i].Tranches = slices.Clone(r.Books[i].Tranches)
	}
	next.Spreads = slices.Clone(r.Spreads)
	return next
}

func statesOf(page []Portfolio) []State {
	states := make([]State, len(page))
	for i := range page {
		states[i] = page[i].State
	}
	return states
}

// escrow is the account that holds the units of a round.
func (r *Round) escrow() settle.Account { return settle.Account{Kind: settle.Escrow, ID: r.Number} }

// advance checks that a page continues where the one before ended, and remembers its end.
func (r *Round) advance(in *Input) error {
	if err := r.advanceSales(in); err != nil || len(in.Portfolios) == 0 {
		return err
	}
	if first := in.Portfolios[0].ID; first <= r.Last {
		return fmt.Errorf("%w: expected a portfolio above %d, got %d", ErrInput, r.Last, first)
	}
	r.Last = in.Portfolios[len(in.Portfolios)-1].ID
	return nil
}

// slotOf counts intervals from an anchor, rounding down.
func slotOf(now, anchor, interval int64) int64 {
	passed := now - anchor
	slot := passed / interval
	if passed%interval < 0 {
		slot--
	}
	return slot
}

// micro is a value in micro-units, rounded down.
func micro(c *fixed.Calc, v fixed.Wad) uint64 {
	n, fits := c.DivIntTrunc(v, quantum).RawUint()
	if !fits {
		c.Fail(fmt.Errorf("%w: expected a value below 1.8e13, got %v", fixed.ErrOverflow, v))
	}
	return n
}

// Workspace keeps the buffers of decisions and steps, so that repeated use does not allocate. It holds no state: a
// new one gives the same results. The zero value is ready; it must not be shared.
type Workspace struct {
	decision   Decision
	target     target.Workspace
	project    project.Workspace
	controller pid.State
	surface    surface.Book
	netting    netting.Workspace
	split      fixed.Splitter
	ledger     settle.Book
	out        Output

	// Of the portfolio at hand, by position.
	values, gaps, locked, targets, current []fixed.Wad
	sigmas, minOrders, ceilings            []fixed.Wad
	realised, moved                        []fixed.Wad
	raw                                    []fixed.Nat // values in raw counts
	reserved                               []asset.Amount
	maxSell, oneTime                       fixed.Wad
	floored, bound                         bool // there may be floors; one is worth more than its target

	// Of the orders of the portfolio at hand.
	sells, buys []surface.Leg
	costs       []uint32
	orders      []Order

	// Of the books of a round.
	active         []asset.Index
	position       []int
	matrix         []uint64
	caps           []asset.Amount
	weights, parts []fixed.Wad
}

// grow returns a slice of n zeros, in the memory of s when it is large enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
