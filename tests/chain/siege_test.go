package chain_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// siege is a chain on which people go about their business while others mean harm. Nobody governs: what holds, holds
// by itself.
type siege struct {
	*chance

	operations int
	did        map[string]*outcomes // by role
	said       map[string][]int64   // by honest reporter, what he said last, by asset, in micro-units
	spans      []span               // by asset, of what the honest had said before the last block; nil: they were silent
	silent     int                  // blocks for which the feeders are still silent
	cursed     bool                 // nobody can send to pariahs
	acts       []act                // of people who mean no harm
	flipped    int                  // how often targets were rotated
	lots       map[uint64]tracked   // by id
	anchored   int                  // how often a lot got another curve
}

// span is the least and the most that honest reporters have said, in micro-units.
type span struct{ low, high int64 }

// Five reporters are honest, three are not: with less than half of the weight they must not move a price.
var (
	honest      = several("honest", 5)
	liars       = several("liar", 3)
	snipers     = several("sniper", 2)
	withholders = several("withholder", 2)
	dusters     = several("duster", 6)
	griefers    = several("griefer", 2)
	rotators    = several("rotator", 2)
	pariahs     = several("pariah", 3)
)

func several(name string, n int) []person {
	list := make([]person, n)
	for i := range list {
		list[i] = named(fmt.Sprintf("%s%d", name, i))
	}
	return list
}

func everybody() []person {
	return slices.Concat(honest, liars, snipers, withholders, dusters, griefers, rotators, pariahs)
}

var errCursed = errors.New("cannot receive")

func newSiege(t tester, seed uint64) *siege {
	t.Helper()
	s := &siege{did: map[string]*outcomes{}, said: map[string][]int64{}, lots: map[uint64]tracked{}}
	s.chance = newChance(t, seed, options{prune: true}, func(g *terms) {
		g.crowd = everybody()
		g.auction.Params.MinBidValue = "0" // dust is let in
		g.auction.Params.MaxBidsPerLot, g.auction.Params.MaxBidsPerAccount = 40, 16
		g.auction.Params.MaxPayoutsPerBlock, g.auction.Params.MaxReturnsPerBlock = 20, 40
		g.portfolio.Params.MaxPortfoliosPerOwner = 20
	})
	var list []oracletypes.Source
	for i, r := range slices.Concat(honest, liars) {
		list = append(list, oracletypes.Source{
			Id: uint32(i) + 1, Class: oracletypes.ClassFeed + oracletypes.SourceClass(i%2), Weight: 100, MaxAgeSeconds: 600,
			Reporter: r.String(),
		})
	}
	for _, denom := range s.denoms {
		s.accept(time.Second, &oracletypes.MsgSetSources{Authority: app.Authority(), Denom: denom, Sources: list})
	}
	s.Bank.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
		cursed := s.cursed && slices.ContainsFunc(pariahs, func(p person) bool { return p.addr.Equals(to) })
		if cursed {
			return nil, errCursed
		}
		return to, nil
	})
	s.acts = append(portfolioActs(), marketActs()[:peaceful]...)
	s.opposed()
	return s
}

// storm is how often in a block everybody who means harm has a try.
const storm = 3

// besieged makes a block.
func (s *siege) besieged() {
	s.Helper()
	after := s.pause()
	var msgs []sdk.Msg
	var roles []string
	add := func(role string, list ...sdk.Msg) {
		for _, msg := range list {
			msgs, roles = append(msgs, msg), append(roles, role)
		}
	}
	for _, r := range s.reports(after) {
		add(r.role, r.msg)
	}
	for range storm {
		for _, p := range plots() {
			if s.in(p.every) {
				add(p.role, p.make(s)...)
			}
		}
	}
	for range s.rnd.IntN(s.busy) {
		if msg := s.drawn(s.acts); msg != nil {
			add("people", msg)
		}
	}
	if s.in(12) {
		s.cursed = !s.cursed
	}
	results := s.block(after, msgs...)
	s.count(msgs, results)
	s.operations += len(msgs)
	s.blame(roles, results)
	s.holds()
}

// blame counts what became of the messages of each role.
func (s *siege) blame(roles []string, results []*abci.ExecTxResult) {
	for i, r := range results {
		o := s.did[roles[i]]
		if o == nil {
			o = &outcomes{}
			s.did[roles[i]] = o
		}
		if r.Code == 0 {
			o.accepted++
		} else {
			o.refused++
		}
	}
}

// holds asks what must hold after a block besides the books of all modules.
func (s *siege) holds() {
	s.Helper()
	s.pricesAreHonest()
	s.lotsAreWell()
}

// pricesAreHonest asks that a price that is offered lies within what honest reporters had said last before the block,
// widened by the half of a percent that the oracle's trimming may move it.
func (s *siege) pricesAreHonest() {
	s.Helper()
	snapshot, err := s.Oracle.Snapshot(s.ctx())
	require.NoError(s, err)
	for i, x := range s.spans {
		p, denom := snapshot.Prices[i], s.denoms[i]
		if p.Status != oracle.StatusOK {
			continue
		}
		var calc fixed.Calc
		least, err := fixed.Parse(decimal(x.low))
		require.NoError(s, err)
		most, err := fixed.Parse(decimal(x.high))
		require.NoError(s, err)
		least, most = calc.MulDown(least, fixed.FromBps(9_950)), calc.MulUp(most, fixed.FromBps(10_050))
		require.False(s, p.Value.Less(least) || most.Less(p.Value), "height %d: %s at %s, honest reporters said %s to %s",
			s.height, denom, p.Value, least, most)
	}
}

// tracked is a lot after the last block, and what its tranches had sold when it got the curve that it has.
type tracked struct {
	last  auction.Lot
	since []auction.Tranche
}

// since is what the tranches of a lot had sold when it got its curve: nothing, or what was sold before a halt froze it.
// It then goes on around a fresh price, which must be told.
func (s *siege) since(lot *auction.Lot) []auction.Tranche {
	s.Helper()
	t, known := s.lots[lot.ID]
	switch {
	case !known:
		t.since = make([]auction.Tranche, len(lot.Tranches))
	case t.last.Curve != lot.Curve:
		s.anchored++
		require.LessOrEqual(s, s.anchored, s.events["auction.v1.EventLotReanchored"], "lot %d", lot.ID)
		t.since = t.last.Tranches
	}
	t.last = *lot
	s.lots[lot.ID] = t
	return t.since
}

// lotsAreWell asks of every lot that is open that its clock is at the reserve or above, that what it sold at this
// reserve was paid at it or above, and that every tranche got its limit: but for the unit that the division of a
// clearing may cost it.
func (s *siege) lotsAreWell() {
	s.Helper()
	var calc fixed.Calc
	err := s.Auction.Live.Walk(s.ctx(), nil, func(id uint64) (bool, error) {
		h, err := s.Auction.Halls.Get(s.ctx(), id)
		if err != nil {
			return true, err
		}
		clock := h.Lot.Curve.Price(h.Lot.Clock.Effective)
		require.False(s, clock.Less(h.Lot.Curve.Reserve), "lot %d", id)
		since := s.since(&h.Lot)
		var sold, paid asset.Amount
		for i, x := range h.Lot.Tranches {
			x.Sold, x.Proceeds = calc.SubNat(x.Sold, since[i].Sold), calc.SubNat(x.Proceeds, since[i].Proceeds)
			sold, paid = calc.AddNat(sold, x.Sold), calc.AddNat(paid, x.Proceeds)
			least := h.Lot.Pair.QuoteDown(&calc, x.Sold, h.Lot.Curve.Reserve.Max(x.Limit))
			require.False(s, calc.AddNat(x.Proceeds, fixed.NatOf(h.Lot.Blocks)).Less(least),
				"lot %d: %v of a tranche for %v, not %v", id, x.Sold, x.Proceeds, least)
		}
		least := h.Lot.Pair.QuoteUp(&calc, sold, h.Lot.Curve.Reserve)
		require.False(s, paid.Less(least), "lot %d: %v for %v, not %v", id, sold, paid, least)
		return false, nil
	})
	require.NoError(s, errors.Join(err, calc.Err()))
}

// relieved ends the siege: prices come, nobody harms, everybody can receive. Then everything comes to its end: no claim
// is left, and rounds go on.
func (s *siege) relieved() {
	s.Helper()
	s.cursed, s.silent = false, 0
	rounds := s.events["rebalance.v1.EventRoundFinished"]
	for range 1_000 {
		var msgs []sdk.Msg
		for _, r := range s.reports(6 * time.Second) {
			msgs = append(msgs, r.msg)
		}
		if who := s.owed(); who != nil {
			msgs = append(msgs, &auctiontypes.MsgClaim{Owner: who.String()})
		}
		s.block(6*time.Second, msgs...)
		s.holds()
		if s.owed() == nil && !s.resting() && s.events["rebalance.v1.EventRoundFinished"] > rounds+3 {
			return
		}
	}
	require.FailNow(s, "the siege is over, and something is stuck", "owed to %s, bids %v, %d rounds", s.owed(),
		s.resting(), s.events["rebalance.v1.EventRoundFinished"]-rounds)
}

// resting reports a bid of those who mean harm that has not come back.
func (s *siege) resting() (found bool) {
	s.Helper()
	err := s.Auction.Owners.Walk(s.ctx(), nil,
		func(collections.Triple[sdk.AccAddress, uint64, uint64], fixed.Wad) (bool, error) {
			found = true
			return true, nil
		})
	require.NoError(s, err)
	return found
}
