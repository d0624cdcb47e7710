package index_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/index/chain"
	"github.com/ballast-finance/ballast/index/store"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

func coin(denom string, n int64) sdk.Coin { return sdk.NewInt64Coin(denom, n) }

// story is a chain of one portfolio that sells a lot in a round, with some blocks in which nothing happens.
func story(t *testing.T) *chain.Tape {
	t.Helper()
	lot := auctiontypes.Lot{
		Id: 7, SellDenom: "uatom", BuyDenom: "uusdc", Remaining: math.NewInt(50),
		Curve: auctiontypes.Curve{Kind: "linear", Start: "11", Reserve: "9"},
		Tranches: []auctiontypes.Tranche{{
			Units: math.NewInt(50), Sold: math.ZeroInt(), Proceeds: math.ZeroInt(),
		}},
	}
	order := rebalancetypes.PlacedOrder{
		Sell: "uatom", Buy: "uusdc", Units: math.NewInt(50), Unsold: math.NewInt(50), Got: math.ZeroInt(),
	}
	done := order
	done.Lot, done.Unsold, done.Got = 7, math.NewInt(20), math.NewInt(300)
	tape := chain.NewTape()
	for i, events := range [][]proto.Message{
		{&portfoliotypes.EventCreated{Id: 3, Owner: "owner", Address: "account", Name: `<script>"Grants"</script>`}},
		{&oracletypes.EventPriceUpdated{Denom: "uatom", Status: "ok", Value: "10", Sources: []oracletypes.SourceReport{
			{Source: oracletypes.Source{Id: 1, Class: oracletypes.ClassFeed}, Price: "10", Weight: 5, Verdict: "kept"},
		}}},
		{&portfoliotypes.EventOrderCreated{Id: 3, OrderId: 1, Terms: portfoliotypes.OrderTerms{
			Sell: "uatom", Buy: "uusdc", Share: "0.1", Amount: math.ZeroInt(), MinSlice: math.ZeroInt(),
		}}},
		{
			&rebalancetypes.EventRoundStarted{Round: 1, FrozeAt: 1004, Merged: 1},
			&rebalancetypes.EventPageDecided{Round: 1, Records: 1, Last: 3},
		},
		{
			&rebalancetypes.EventLotPlanned{Round: 1, Lot: 7, Units: coin("uatom", 50), Buy: "uusdc"},
			&auctiontypes.EventLotOpened{Lot: lot},
		},
		{&auctiontypes.EventBidPlaced{Bid: auctiontypes.Bid{
			LotId: 7, Id: 1, Bidder: "maker", Quantity: math.NewInt(30), MinFill: math.ZeroInt(), Limit: "10",
			Escrow: coin("uusdc", 300),
		}}},
		{
			&auctiontypes.EventFilled{
				LotId: 7, BidId: 1, Bidder: "maker", Units: math.NewInt(30), Payment: math.NewInt(300), Refund: math.ZeroInt(),
				Price: "10",
			},
			&auctiontypes.EventCleared{
				LotId: 7, Clock: "10", Price: "10", Sold: coin("uatom", 30), Proceeds: coin("uusdc", 300), Fills: 1,
				Remaining: math.NewInt(20), Mid: "10.01", CostBps: "9.99",
			},
		},
		{&auctiontypes.EventLotClosed{
			LotId: 7, Sold: coin("uatom", 30), Proceeds: coin("uusdc", 300), Unsold: coin("uatom", 20),
		}},
		{
			&rebalancetypes.EventPortfolioSettled{
				Portfolio: 3, Round: 1, Fill: rebalancetypes.Fill{Sold: "300", CostBps: "9.99"},
				Orders: []rebalancetypes.PlacedOrder{done},
				Slices: []rebalancetypes.SliceFill{{
					OneTime: 1, Sold: coin("uatom", 30), Bought: coin("uusdc", 300), Left: math.NewInt(20),
				}},
			},
			&rebalancetypes.EventRoundFinished{Summary: rebalancetypes.RoundSummary{Round: 1, Lots: 1, Sold: "300"}},
		},
		{&portfoliotypes.EventPaused{Id: 3, Reason: portfoliotypes.Reason_REASON_OWNER, Payments: true}},
		{},
	} {
		height := int64(i + 1)
		tape.Add(&chain.Block{
			Chain: "story", Height: height, Time: 1000 + height, Hash: fmt.Sprint("hash", height), Events: events,
		})
	}
	tape.AddStart(1, &chain.Start{Assets: []oracletypes.IndexedAsset{{
		Asset: oracletypes.Asset{Denom: "uatom", Display: "ATOM", Exponent: 6, Status: oracletypes.AssetActive},
	}}})
	p := chain.Portfolio{QueryPortfolioResponse: portfoliotypes.QueryPortfolioResponse{
		Portfolio: portfoliotypes.Portfolio{Id: 3, Owner: "owner", Name: `<script>"Grants"</script>`}, Address: "account",
	}}
	tape.AddPortfolio(1, 3, &p)
	tape.AddPortfolio(9, 3, &p) // its one-time order has come to its end
	selling := p
	selling.Orders = []portfoliotypes.Order{{
		Id: 1, Sell: "uatom", Buy: "uusdc", Remaining: math.NewInt(50), InMarket: math.NewInt(50),
	}}
	tape.AddPortfolio(4, 3, &selling)
	tape.AddPrices(4, 1, []rebalancetypes.AssetPrice{{Denom: "uatom", Price: "10", Status: "ok"}})
	tape.AddRecords(4, 1, 0, []rebalancetypes.Record{{
		Portfolio: 3, Round: 1, DecidedAt: 1004, Outcome: rebalancetypes.PortfolioNote{Outcome: "ordered", Reason: "drift"},
		Measured: true, Nav: "123.456789012345678901", Drift: "0.05",
		Assets: []rebalancetypes.AssetWeight{{Denom: "uatom", Weight: "0.6", Target: "0.5", Order: "-12.3"}},
		Orders: []rebalancetypes.PlacedOrder{order},
	}})
	return tape
}

func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func follow(t *testing.T, source chain.Source, s *store.Store, until int64) {
	t.Helper()
	if err := index.NewFollower(index.Config{Until: until}, source, s).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func dump(t *testing.T, s *store.Store) string {
	t.Helper()
	var out bytes.Buffer
	if err := s.Dump(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestStory: what a chain tells is what is kept, exactly.
func TestStory(t *testing.T) {
	t.Parallel()
	s := open(t)
	follow(t, story(t), s, 11)
	got := dump(t, s)
	for _, part := range []string{
		`progress id=1 chain="story" first_height=1 height=11`,
		`name="<script>\"Grants\"</script>" status="paused" reason="owner" payments_paused=1`,
		`nav="123.456789012345678901"`, `hold="123.456789012345678901"`, `managed="123.456789012345678901"`,
		`settled_height=9 settled_time=1009`, `cost_bps="9.99"`,
		`lot=7 settled=1 unsold="20" got="300"`,
		`round=1 sell="uatom" sell_exponent=0 buy="uusdc" buy_exponent=0 status="closed" units="50"`,
		`status="filled" ended_height=7`, `mid="10.01" cost_bps="9.99" height=7`,
		`\"class\":\"feed\"`, `finished_height=9`, `scope="portfolio" portfolio=3`,
		`one_time_orders portfolio=3 id=1 height=3 time=1003 sell="uatom" buy="uusdc" amount="50"`,
		`remaining="20" status="done"`, `slices portfolio=3 one_time=1 round=1 height=9`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("expected %s in\n%s", part, got)
		}
	}
}

// TestResume: a history that is interrupted after every block, and written again by a stranger, is the same.
func TestResume(t *testing.T) {
	t.Parallel()
	whole := open(t)
	follow(t, story(t), whole, 11)
	file := filepath.Join(t.TempDir(), "history.db")
	var last *store.Store
	for until := int64(1); until <= 11; until++ {
		s, err := store.Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		source := story(t)
		follow(t, source, s, until)
		b, err := source.Block(t.Context(), until)
		if err != nil {
			t.Fatal(err)
		}
		if err := index.NewFollower(index.Config{}, source, s).Write(t.Context(), b); !errors.Is(err, store.ErrOrder) {
			t.Fatalf("block %d twice: got %v", until, err)
		}
		if until < 11 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		last = s
	}
	defer last.Close() //nolint:errcheck // reading
	if got, want := dump(t, last), dump(t, whole); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestTape: a chain that was saved and loaded makes the same history; one that lacks an answer stops it whole.
func TestTape(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := story(t).Save(&file); err != nil {
		t.Fatal(err)
	}
	loaded, err := chain.LoadTape(&file)
	if err != nil {
		t.Fatal(err)
	}
	a, b := open(t), open(t)
	follow(t, story(t), a, 11)
	follow(t, loaded, b, 11)
	if got, want := dump(t, b), dump(t, a); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestForeign: a history takes no block of another chain, nor of the same name started anew, and forgets on demand.
func TestForeign(t *testing.T) {
	t.Parallel()
	s := open(t)
	follow(t, story(t), s, 5)
	anew := story(t)
	b, err := anew.Block(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	b.Hash = "another"
	err = index.NewFollower(index.Config{Until: 11}, anew, s).Run(t.Context())
	if !errors.Is(err, index.ErrForeign) {
		t.Errorf("got %v", err)
	}
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Progress(t.Context()); !errors.Is(err, store.ErrEmpty) {
		t.Errorf("got %v", err)
	}
	follow(t, anew, s, 11)
}
