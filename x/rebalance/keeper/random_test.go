package keeper_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/x/rebalance/keeper"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// chance is a world in which everything happens by chance, from a seed.
type chance struct {
	*world

	rnd *rand.Rand
	ids []uint64
}

func newChance(t tester, seed uint64, portfolios int) *chance {
	t.Helper()
	c := &chance{world: newWorld(t, 4), rnd: rand.New(rand.NewPCG(seed, 1))}
	c.setParams(func(p *types.Params) {
		p.IntervalSeconds = 60
		p.Work = types.Work{Collect: 7, Settle: 3, Sales: 2, Lots: 2, Sweep: 5}
		p.Crossing.MaxAgeSeconds, p.Crossing.MinClasses = 3_600, 1
		p.FrozenLotSeconds = 30
	})
	for range portfolios {
		c.join()
	}
	return c
}

// join adds a portfolio.
func (c *chance) join() {
	first := 1_000 * c.rnd.Int64N(10)
	p := policy(int64(30+c.rnd.IntN(200)), first, 5_000-first/2, 5_000-first/2)
	p.Target.Weights[2] = p.Target.Weights[1]
	if c.rnd.IntN(2) == 0 {
		p.Trigger = trigger.Config{Mode: trigger.Always}
		p.Limits.MaxSlippage = fixed.FromBps(1 + c.rnd.Int64N(300))
	}
	if c.rnd.IntN(3) == 0 {
		p.Assets = []asset.Index{0, 2, 3}
	}
	id := c.add(p, c.rnd.Int64N(1_000_000_000), c.rnd.Int64N(1_000_000_000), c.rnd.Int64N(1_000_000_000))
	c.ids = append(c.ids, id)
	c.supply = nil
}

// happen is what a block brings.
func (c *chance) happen() {
	for i := range c.oracle.prices {
		p := &c.oracle.prices[i]
		var calc fixed.Calc
		p.Value = calc.MulDown(p.Value, fixed.FromBps(9_900+c.rnd.Int64N(202)))
		p.Status = oracle.StatusOK
		if c.rnd.IntN(60) == 0 {
			p.Status = oracle.Status(1 + c.rnd.IntN(3))
		}
	}
	if c.rnd.IntN(3) == 0 {
		require.NoError(c, c.auction.sell(c.ctx, uint64(c.rnd.IntN(1_001)), c.rnd.Int64N(100)))
	}
	switch c.rnd.IntN(40) {
	case 0:
		c.sale()
	case 1:
		c.oneTime(c.ids[c.rnd.IntN(len(c.ids))])
	case 2:
		open, err := c.auction.all(c.ctx, func(x *fakeLot) bool { return x.Lot.Status < 3 }, 1)
		require.NoError(c, err)
		for _, x := range open {
			x.Lot.Clock.Frozen = true
			require.NoError(c, c.auction.lots.Set(c.ctx, x.Lot.ID, x))
		}
	case 3:
		c.bank.refuses[c.portfolio.Account(c.ids[c.rnd.IntN(len(c.ids))]).String()] = true
	case 4:
		clear(c.bank.refuses)
		for _, id := range c.ids {
			_, _ = keeper.NewMsgServer(c.k).PayDebt(c.ctx, &types.MsgPayDebt{Sender: stranger.String(), Portfolio: id})
		}
	}
}

// sale offers units without a portfolio.
func (c *chance) sale() {
	id := uint64(1)
	require.NoError(c, c.auction.sales.Walk(c.ctx, nil, func(last uint64, _ cycle.Sale) (bool, error) {
		id = last + 1
		return false, nil
	}))
	n := 1 + c.rnd.Uint64N(100_000_000)
	sell := asset.Index(c.rnd.IntN(4))
	s := cycle.Sale{ID: id, Sell: sell, Buy: (sell + 1) % 4, Units: fixed.NatOf(n)}
	require.NoError(c, c.auction.sales.Set(c.ctx, id, s))
	require.NoError(c, c.bank.add(c.ctx, buyer, c.denoms()[sell], fixedInt(-int64(n))))
	require.NoError(c, c.bank.add(c.ctx, lots, c.denoms()[sell], fixedInt(int64(n))))
}

func (c *chance) oneTime(id uint64) {
	x, err := c.portfolio.folios.Get(c.ctx, id)
	require.NoError(c, err)
	next, err := x.State.AddOneTime(&x.Policy, c.oracle.universe, cycle.OneTime{
		ID: 1 + c.rnd.Uint64N(8), Sell: x.Policy.Assets[0], Buy: x.Policy.Assets[1], Share: fixed.FromBps(500),
		Slicing: project.Slicing{Intervals: 3},
	})
	if err == nil {
		x.State = next
		require.NoError(c, c.portfolio.folios.Set(c.ctx, id, x))
	}
}

// TestChance lets everything happen for thousands of blocks and checks after each that nothing is missing.
func TestChance(t *testing.T) {
	t.Parallel()
	blocks := 2_000
	if testing.Short() {
		blocks = 400
	}
	c := newChance(t, 7, 12)
	for range blocks {
		c.happen()
		c.block()
	}
	require.Zero(t, c.told("StepFailed"))
	require.Greater(t, c.round().Number, uint64(blocks/100))
	t.Logf("%d rounds, %d crosses, %d lots, %d settled, %d debts, %d re-anchored, %d refused", c.round().Number,
		c.told("Crossed"), c.told("LotPlanned"), c.told("PortfolioSettled"), c.told("Debt"),
		c.told("LotReanchored"), c.told("OrderRefused"))
}

// few checks a property that takes its time on a few draws.
func few(t *testing.T, prop func(t *testing.T, r *rand.Rand)) {
	t.Helper()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			prop(t, rand.New(rand.NewPCG(seed, 0)))
		})
	}
}

// TestSameOnEveryMachine gives the same hash of the state for the same blocks, however many processors there are.
func TestSameOnEveryMachine(t *testing.T) {
	run := func(processors int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		c := newChance(t, 3, 10)
		for range 300 {
			c.happen()
			c.block()
		}
		return c.hash()
	}
	require.Equal(t, run(1), run(2))
}

// TestExportInTheMiddle writes everything down at a random block and starts again from that: the chain goes on to the
// same bytes as one that did not.
func TestExportInTheMiddle(t *testing.T) {
	t.Parallel()
	few(t, func(t *testing.T, r *rand.Rand) { //nolint:thelper // the property, not a helper
		seed, blocks := r.Uint64(), 1+r.IntN(60)
		run := func(export bool) []byte {
			c := newChance(t, seed, 6)
			for range blocks {
				c.happen()
				c.block()
			}
			if export {
				c.reimport()
			}
			for range 20 {
				c.happen()
				c.block()
			}
			return c.codec().MustMarshalJSON(c.state())
		}
		require.Equal(t, string(run(false)), string(run(true)))
	})
}

// reimport writes the state down and moves it to a store of its own.
func (w *world) reimport() {
	w.Helper()
	genesis := w.state()
	require.NoError(w, genesis.Validate())
	text := w.codec().MustMarshalJSON(genesis)
	var read types.GenesisState
	w.codec().MustUnmarshalJSON(text, &read)
	w.service = w.spare
	w.withCheckers()
	require.NoError(w, w.k.InitGenesis(w.ctx, &read))
	require.Equal(w, string(text), string(w.codec().MustMarshalJSON(w.state())))
}

// TestPagesDoNotShow compares pages of one with pages of thousands, at prices that do not move.
func TestPagesDoNotShow(t *testing.T) {
	t.Parallel()
	few(t, func(t *testing.T, r *rand.Rand) { //nolint:thelper // the property, not a helper
		seed, parts, bps := r.Uint64(), r.Uint64N(1_001), r.Int64N(51)
		run := func(size uint32) ([][]int64, []types.Record, []cycle.SaleFill) {
			c := newChance(t, seed, 8)
			for range 3 {
				c.sale()
			}
			c.setParams(func(p *types.Params) {
				p.IntervalSeconds = hour
				p.Work = types.Work{Collect: size, Settle: size, Sales: size, Lots: size, Sweep: size}
			})
			c.play(parts, bps)
			var held [][]int64
			var records []types.Record
			for _, id := range c.ids {
				held = append(held, c.held(id))
				rec, err := c.record(id, 1)
				require.NoError(t, err)
				records = append(records, rec)
			}
			require.Zero(t, c.told("StepFailed"))
			return held, records, c.auction.fills
		}
		held, records, fills := run(1)
		held2, records2, fills2 := run(1_000)
		require.Equal(t, held, held2)
		require.Equal(t, fills, fills2)
		for i := range records {
			require.Equal(t, records[i].String(), records2[i].String())
		}
	})
}

// TestSimulateIsTheResult compares a simulation with the record of a round that freezes at the same prices and time.
func TestSimulateIsTheResult(t *testing.T) {
	t.Parallel()
	few(t, func(t *testing.T, r *rand.Rand) { //nolint:thelper // the property, not a helper
		c := newChance(t, r.Uint64(), 5)
		for range r.IntN(41) {
			c.happen()
			c.block()
		}
		if c.round().Phase != cycle.Idle {
			c.play(500, 5)
		}
		c.next(60)
		c.happen()
		c.setParams(func(p *types.Params) { p.Work.Collect = 100 })
		q := keeper.NewQueryServer(c.k)
		var simulated []types.Record
		for _, id := range c.ids {
			got, err := q.Simulate(c.ctx, &types.QuerySimulateRequest{Portfolio: id})
			require.NoError(t, err)
			simulated = append(simulated, got.Record)
		}
		before := c.round().Number
		c.block()
		require.Equal(t, before+1, c.round().Number)
		for i, id := range c.ids {
			rec, err := c.record(id, before+1)
			if err != nil {
				require.Equal(t, "not due", simulated[i].Outcome.Outcome)
				continue
			}
			rec.Round = 0
			require.Equal(t, rec.String(), simulated[i].String())
		}
	})
}

// TestShapes holds what is stored: a change of a line is a change of the store.
func TestShapes(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	for _, shape := range []string{
		types.RoundCodec.Shape(), types.ProgressCodec.Shape(), types.SummaryCodec.Shape(), types.EntryCodec.Shape(),
	} {
		got.WriteString(shape + "\n")
	}
	name := filepath.Join("testdata", "shapes.txt")
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(name, got.Bytes(), 0o600))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String(), "raise the version and write a migration; then run with UPDATE=1")
}
