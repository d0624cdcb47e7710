package keeper_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/testutil/fake"
	"github.com/ballast-finance/ballast/x/portfolio/keeper"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// TestPause: the owner's pause is the owner's to end; the trustee ends his own.
func TestPause(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("")
	owner, trustee := alice.String(), bob.String()
	c.never(types.ErrNotPaused, &types.MsgResume{Sender: owner, Id: id})
	c.does(&types.MsgPause{Sender: trustee, Id: id})
	require.Equal(t, types.Reason_REASON_TRUSTEE, c.view(id).Reason)
	c.never(types.ErrPaused, &types.MsgPause{Sender: trustee, Id: id})
	c.does(&types.MsgResume{Sender: trustee, Id: id})
	c.does(&types.MsgPause{Sender: trustee, Id: id})
	c.does(&types.MsgPause{Sender: owner, Id: id}) // it is the owner's now
	require.Equal(t, types.Reason_REASON_OWNER, c.view(id).Reason)
	require.Equal(t, types.Status_STATUS_PAUSED, c.view(id).Status)
	c.never(types.ErrPaused, &types.MsgPause{Sender: owner, Id: id})
	c.never(types.ErrPaused, &types.MsgPause{Sender: trustee, Id: id})
	c.never(types.ErrNotAllowed, &types.MsgResume{Sender: trustee, Id: id})
	c.does(&types.MsgResume{Sender: owner, Id: id})
	require.Equal(t, types.Status_STATUS_ACTIVE, c.view(id).Status)
}

// TestOwnership: an offer, taken back, made again, accepted; the old owner is a stranger then.
func TestOwnership(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("5uatom")
	offer := &types.MsgTransferOwnership{Owner: alice.String(), Id: id, NewOwner: bob.String()}
	c.does(offer)
	c.does(&types.MsgTransferOwnership{Owner: alice.String(), Id: id})
	c.never(types.ErrNotAllowed, &types.MsgAcceptOwnership{NewOwner: bob.String(), Id: id})
	c.does(offer)
	c.never(types.ErrNotAllowed, &types.MsgAcceptOwnership{NewOwner: carol.String(), Id: id})
	c.does(&types.MsgAcceptOwnership{NewOwner: bob.String(), Id: id})
	require.Empty(t, c.record(id).Trustee, "nobody is his own trustee")
	c.never(types.ErrNotAllowed, &types.MsgWithdraw{Owner: alice.String(), Id: id, Amount: coins("5uatom")})
	c.does(&types.MsgWithdraw{Owner: bob.String(), Id: id, Amount: coins("5uatom"), Recipient: carol.String()})
	c.never(types.ErrNotAllowed, &types.MsgAcceptOwnership{NewOwner: bob.String(), Id: id})
}

// TestMinimum: a treasury below its minimum has a grace, is paused after it, and resumes by itself.
func TestMinimum(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("5uatom")
	none := func(*cycle.State) {}
	c.change(id, none, cycle.BelowMinimum)
	require.Equal(t, types.Status_STATUS_ACTIVE, c.view(id).Status)
	require.EqualValues(t, genesisTime, c.view(id).BelowMinimumSince)
	require.Contains(t, c.events(), "BelowMinimum")
	c.at(genesisTime + day - 1)
	c.change(id, none, cycle.PriceStale)
	c.change(id, none, cycle.Empty)
	require.Equal(t, types.Status_STATUS_ACTIVE, c.view(id).Status)
	c.at(genesisTime + day)
	require.Equal(t, types.Status_STATUS_PAUSED, c.view(id).Status)
	require.Equal(t, types.Reason_REASON_BELOW_MINIMUM, c.view(id).Reason)
	c.change(id, none, cycle.NotDue)
	require.EqualValues(t, genesisTime, c.view(id).BelowMinimumSince)
	c.change(id, none, cycle.Held)
	require.Equal(t, types.Status_STATUS_ACTIVE, c.view(id).Status)
	require.Zero(t, c.view(id).BelowMinimumSince)
	require.Contains(t, c.events(), "Recovered")
}

// TestBudget: a portfolio that lost its budget is halted until its owner raises it.
func TestBudget(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("5uatom")
	c.does(&types.MsgUpdatePolicy{
		Owner: alice.String(), Id: id, Policy: c.written(simple + "loss_budget: {cap: 1%, refill: 7d}\n"),
	})
	c.change(id, func(st *cycle.State) {
		st.Budget.Spent, st.Budget.Halted, st.Budget.Time = wad(t, "0.02"), true, genesisTime
	}, cycle.BudgetHalted)
	require.Equal(t, types.Reason_REASON_BUDGET, c.view(id).Reason)
	c.never(types.ErrBudget, &types.MsgRaiseBudget{Owner: alice.String(), Id: id, Cap: "0.02"})
	c.does(&types.MsgRaiseBudget{Owner: alice.String(), Id: id, Cap: "0.03"})
	require.Equal(t, types.Status_STATUS_ACTIVE, c.view(id).Status)
	require.Equal(t, "0.03", c.record(id).Policy.LossBudget.Cap)
}

// TestBumpless: other gains change the integral by what the proportional part gives up of the errors of this moment.
func TestBumpless(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("8000000uatom,20000000uusdc") // 80 and 20, so that the errors are -0.2 and 0.2
	gains := c.record(id).Policy.Gains
	gains.Kp, gains.Ki, gains.MaxIntegral = "0.3", "0.005", "0.5"
	c.does(&types.MsgUpdateController{Owner: alice.String(), Id: id, Gains: gains})
	c.change(id, func(st *cycle.State) {
		st.Controller.Assets[0].I, st.Controller.Assets[1].I = fixed.Wad{}, fixed.Wad{}
	})
	gains.Kp = "0.2"
	c.does(&types.MsgUpdateController{Owner: alice.String(), Id: id, Gains: gains})
	p, err := c.k.Load(c.ctx, id)
	require.NoError(t, err)
	require.Equal(t, wad(t, "0.02"), p.State.Controller.Assets[0].I, "uusdc: (0.3-0.2)*0.2")
	require.Equal(t, wad(t, "-0.02"), p.State.Controller.Assets[1].I)
}

// TestPages: pages hold every open portfolio once, whatever their size, and what cannot be read is put aside.
func TestPages(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	for range 7 {
		c.create("1uatom")
	}
	c.does(&types.MsgClose{Owner: alice.String(), Id: 3})
	broken := c.record(5)
	broken.Policy.Positions[0].Denom = "gone"
	require.NoError(t, c.k.Records.Set(c.ctx, 5, broken))
	for size := 1; size <= 8; size++ {
		var seen []uint64
		after, last := uint64(0), false
		for !last {
			var page []cycle.Portfolio
			var err error
			page, last, err = c.k.Page(c.ctx, after, size)
			require.NoError(t, err)
			require.LessOrEqual(t, len(page), size)
			for i := range page {
				seen = append(seen, page[i].ID)
			}
			if len(page) > 0 {
				after = page[len(page)-1].ID
			}
		}
		require.Equal(t, []uint64{1, 2, 4, 6, 7}, seen)
	}
	require.Len(t, slices.DeleteFunc(c.events(), func(e string) bool { return e != "Quarantined" }), 1)
	reason, err := c.k.Quarantine.Get(c.ctx, 5)
	require.NoError(t, err)
	require.NotContains(t, reason, ".go:", "what is stored is the same in every build")
	require.Len(t, c.k.Invariants(c.ctx), 1, "it cannot be read")

	c.never(types.ErrStored, &types.MsgResume{Sender: alice.String(), Id: 5})
	broken.Policy.Positions[0].Denom = "uatom"
	require.NoError(t, c.k.Records.Set(c.ctx, 5, broken))
	require.Equal(t, types.Reason_REASON_QUARANTINED, c.view(5).Reason)
	c.roundTrip()
	c.does(&types.MsgResume{Sender: bob.String(), Id: 5})
	page, _, err := c.k.Page(c.ctx, 4, 1)
	require.NoError(t, err)
	require.EqualValues(t, 5, page[0].ID)
}

// TestLists: portfolios by owner, the closed ones last, page by page.
func TestLists(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	for range 5 {
		c.create("")
	}
	c.does(&types.MsgCreate{Owner: carol.String(), Policy: c.written(simple)})
	c.does(&types.MsgClose{Owner: alice.String(), Id: 2})
	var got []uint64
	request := &types.QueryPortfoliosRequest{Owner: alice.String(), Pagination: &query.PageRequest{Limit: 2}}
	for {
		answer, err := c.query.Portfolios(c.ctx, request)
		require.NoError(t, err)
		for _, p := range answer.Portfolios {
			got = append(got, p.Id)
		}
		if answer.Pagination.NextKey == nil {
			break
		}
		request.Pagination.Key = answer.Pagination.NextKey
	}
	require.Equal(t, []uint64{1, 3, 4, 5, 2}, got)
	all, err := c.query.Portfolios(c.ctx, &types.QueryPortfoliosRequest{})
	require.NoError(t, err)
	require.Len(t, all.Portfolios, 6)
	_, err = c.query.Portfolios(c.ctx, &types.QueryPortfoliosRequest{Owner: "alice"})
	require.ErrorIs(t, err, types.ErrAddress)
	_, err = c.query.Portfolio(c.ctx, &types.QueryPortfolioRequest{Id: 9})
	require.ErrorIs(t, err, types.ErrNotFound)
	_, err = c.query.Address(c.ctx, &types.QueryAddressRequest{Id: 9})
	require.ErrorIs(t, err, types.ErrNotFound)
	address, err := c.query.Address(c.ctx, &types.QueryAddressRequest{Id: 1})
	require.NoError(t, err)
	require.Equal(t, c.view(1).Address, address.Address)
	params, err := c.query.Params(c.ctx, &types.QueryParamsRequest{})
	require.NoError(t, err)
	require.Equal(t, types.DefaultParams(), params.Params)
}

// roundTrip exports, imports into an empty store, and compares the stores byte by byte.
func (c *chain) roundTrip() {
	c.t.Helper()
	g, err := c.k.ExportGenesis(c.ctx)
	require.NoError(c.t, err)
	require.NoError(c.t, g.Validate())
	other := fresh(c.t)
	ctx, stores := fake.Context(c.t, types.StoreKey)
	other.ctx, other.stores = ctx, stores
	other.k, err = keeper.New(cdc(), stores[0], types.Keepers{}, authority.String())
	require.NoError(c.t, err)
	require.NoError(c.t, other.k.InitGenesis(ctx, g))
	mine := *c
	mine.stores = c.stores[:1]
	require.Equal(c.t, mine.dump(), other.dump())
	again, err := other.k.ExportGenesis(ctx)
	require.NoError(c.t, err)
	require.Equal(c.t, g, again)
	other.stores, other.k = c.stores, c.k // what the fixture checks at the end
	other.ctx = c.ctx
}

// TestGenesis: a genesis in the middle of everything comes back as the same bytes.
func TestGenesis(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.create("1000uusdc", pay(), pay())
	id := c.create("1000uatom,5uusdc", pay())
	c.order(id, 7)
	c.create("1000uatom")
	c.does(&types.MsgCreateOrder{Owner: alice.String(), Id: 3, Terms: sell(func(o *types.OrderTerms) {
		o.Proceeds, o.PayoutTo = types.Proceeds_PROCEEDS_PAYOUT, types.Destination{Recipient: carol.String()}
	})})
	c.sold(3, 1, coin("100uusdc"), true)
	c.does(&types.MsgPause{Sender: alice.String(), Id: 1, Payments: true})
	c.does(&types.MsgClose{Owner: alice.String(), Id: c.create("")})
	c.order(c.create("9uatom"), 3)
	c.does(&types.MsgClose{Owner: alice.String(), Id: 5})
	c.roundTrip()

	g, err := c.k.ExportGenesis(c.ctx)
	require.NoError(t, err)
	for name, spoil := range map[string]func(g *types.GenesisState){
		"params": func(g *types.GenesisState) { g.Params.GraceSeconds = -1 },
		"order":  func(g *types.GenesisState) { g.Portfolios[1].Portfolio.Id = 1 },
		"next":   func(g *types.GenesisState) { g.NextId = 5 },
		"none":   func(g *types.GenesisState) { g.NextId, g.Portfolios = 0, nil },
		"memory": func(g *types.GenesisState) { g.Portfolios[0].Memory = []byte{1} },
	} {
		bad := *g
		bad.Portfolios = slices.Clone(g.Portfolios)
		spoil(&bad)
		require.ErrorIs(t, bad.Validate(), types.ErrGenesis, name)
	}
}

// TestCloseUnpayable: when the recipient takes nothing the portfolio closes all the same, and its owner withdraws.
func TestCloseUnpayable(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("5uatom")
	require.NoError(t, c.bank.Refuse(c.ctx, carol))
	c.does(&types.MsgClose{Owner: alice.String(), Id: id, Recipient: carol.String()})
	require.Equal(t, types.Status_STATUS_CLOSED, c.view(id).Status)
	c.does(&types.MsgWithdraw{Owner: alice.String(), Id: id, Amount: coins("5uatom")})
}

// TestDeposit: an owner may deposit with the creation, and anyone before it.
func TestDeposit(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	require.NoError(t, c.bank.SendCoins(c.ctx, bob, types.Account(1), coins("7uatom")))
	c.does(&types.MsgCreate{Owner: alice.String(), Policy: c.written(simple), Deposit: coins("5other,3uatom")})
	require.Equal(t, coins("10uatom"), c.view(1).Holdings)
	require.EqualValues(t, 5, c.held(types.Account(1), "other"))
}

// TestInvariants: what does not add up is found.
func TestInvariants(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(c *chain, id uint64) error{
		"memory":  func(c *chain, id uint64) error { return c.k.Memory.Remove(c.ctx, id) },
		"open":    func(c *chain, id uint64) error { return c.k.Open.Remove(c.ctx, id) },
		"market":  func(c *chain, id uint64) error { return c.k.Market.Set(c.ctx, id) },
		"nobody":  func(c *chain, id uint64) error { return c.k.Market.Set(c.ctx, id+5) },
		"next id": func(c *chain, id uint64) error { return c.k.NextID.Set(c.ctx, id) },
		"due": func(c *chain, _ uint64) error {
			return c.k.Due.Clear(c.ctx, nil)
		},
		"owner": func(c *chain, _ uint64) error { return c.k.Owners.Clear(c.ctx, nil) },
		"earmark": func(c *chain, id uint64) error {
			c.change(id, func(st *cycle.State) { st.Earmarked = []cycle.Earmark{{Asset: 1, Amount: fixed.NatOf(6)}} })
			return nil
		},
	} {
		c := fresh(t)
		id := c.create("5uatom", pay())
		require.Empty(t, c.k.Invariants(c.ctx))
		keep := c.ctx
		c.ctx, _ = c.ctx.CacheContext()
		require.NoError(t, spoil(c, id), name)
		require.NotEmpty(t, c.k.Invariants(c.ctx), name)
		c.ctx = keep
	}
}
