package types_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
)

func TestMain(m *testing.M) {
	sdk.GetConfig().SetBech32PrefixForAccount("ballast", "ballastpub")
	os.Exit(m.Run())
}

// TestShapes: a stored record that changes needs a version and a migration.
func TestShapes(t *testing.T) {
	t.Parallel()
	got := strings.Join([]string{
		types.HallCodec.Shape(), types.BookCodec.Shape(), types.RestingCodec.Shape(), types.FilledCodec.Shape(),
		types.OwedCodec.Shape(), types.SellingCodec.Shape(), types.LimitCodec.Shape(),
	}, "\n") + "\n"
	name := filepath.Join("testdata", "shapes.txt")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || got != string(want) {
		t.Errorf("%v: raise the version of the record, write a migration, then run with UPDATE=1:\n%s", err, got)
	}
}

// TestLimitKey: larger limits come first, and a key is read as it was written.
func TestLimitKey(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) fixed.Wad {
			var c fixed.Calc
			w := c.MulDown(fixed.FromRaw(rapid.Int64Min(0).Draw(t, name)), fixed.FromRaw(rapid.Int64Min(0).Draw(t, name)))
			return c.Add(w, fixed.FromRaw(rapid.Int64Range(0, 1<<40).Draw(t, name)))
		}
		a, b := draw("a"), draw("b")
		ka, kb := make([]byte, types.LimitKey.Size(a)), make([]byte, types.LimitKey.SizeNonTerminal(b))
		if _, err := types.LimitKey.Encode(ka, a); err != nil {
			t.Fatal(err)
		}
		if _, err := types.LimitKey.EncodeNonTerminal(kb, b); err != nil {
			t.Fatal(err)
		}
		if bytes.Compare(ka, kb) != b.Cmp(a) {
			t.Fatalf("%v and %v are % x and % x", a, b, ka, kb)
		}
		if n, back, err := types.LimitKey.DecodeNonTerminal(ka); err != nil || back != a || n != len(ka) {
			t.Fatalf("got %v, %v", back, err)
		}
		text, err := types.LimitKey.EncodeJSON(a)
		if err != nil {
			t.Fatal(err)
		}
		back, err := types.LimitKey.DecodeJSON(text)
		if err != nil || back != a || types.LimitKey.Stringify(a) != a.String() {
			t.Fatalf("got %v, %v", back, err)
		}
	})
	if _, err := types.LimitKey.Encode(make([]byte, 32), fixed.FromInt(-1)); err == nil {
		t.Error("a negative limit has no key")
	}
	if _, _, err := types.LimitKey.Decode(make([]byte, 31)); err == nil {
		t.Error("a key of 31 bytes")
	}
	if _, err := types.LimitKey.DecodeJSON(nil); err == nil {
		t.Error("a text of no bytes")
	}
	if types.LimitKey.KeyType() != "limit" {
		t.Error("another type")
	}
}

func TestParams(t *testing.T) {
	t.Parallel()
	good := types.DefaultParams()
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(p *types.Params){
		"no lots":                    func(p *types.Params) { p.MaxLotsPerBlock = 0 },
		"too many lots":              func(p *types.Params) { p.MaxLotsPerBlock = 1001 },
		"no bids in a block":         func(p *types.Params) { p.MaxBidsPerBlock = 0 },
		"more bids than the engine":  func(p *types.Params) { p.MaxBidsPerLot = auction.MaxBids + 1 },
		"more bids of an account":    func(p *types.Params) { p.MaxBidsPerAccount = auction.MaxBidsPerAccount + 1 },
		"more sales of an account":   func(p *types.Params) { p.MaxSalesPerAccount = 17 },
		"no returns":                 func(p *types.Params) { p.MaxReturnsPerBlock = 0 },
		"no payouts":                 func(p *types.Params) { p.MaxPayoutsPerBlock = 0 },
		"no pruning":                 func(p *types.Params) { p.MaxPrunedPerBlock = 0 },
		"negative value":             func(p *types.Params) { p.MinBidValue = "-1" },
		"no decimal":                 func(p *types.Params) { p.MinSaleValue = "x" },
		"large value":                func(p *types.Params) { p.MinSaleValue = "1000000000001" },
		"negative history":           func(p *types.Params) { p.HistorySeconds = -1 },
		"endless history":            func(p *types.Params) { p.HistorySeconds = 1 << 40 },
		"guardian is not an address": func(p *types.Params) { p.Guardian = "x" },
	} {
		p := types.DefaultParams()
		change(&p)
		if err := p.Validate(); !errors.Is(err, types.ErrParams) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestGenesisRefused(t *testing.T) {
	t.Parallel()
	lot, err := types.HallCodec.Encode(types.Hall{Lot: auction.Lot{ID: 1}})
	if err != nil {
		t.Fatal(err)
	}
	bid, err := types.RestingCodec.Encode(types.Resting{Bid: auction.Bid{ID: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(g *types.GenesisState){
		"params":    func(g *types.GenesisState) { g.Params.MaxLotsPerBlock = 0 },
		"time":      func(g *types.GenesisState) { g.LastBlockTime = -1 },
		"claim id":  func(g *types.GenesisState) { g.NextClaimId = 0 },
		"no record": func(g *types.GenesisState) { g.Lots = []types.GenesisLot{{Id: 1}} },
		"other lot": func(g *types.GenesisState) { g.Lots = []types.GenesisLot{{Id: 2, State: lot}} },
		"lot twice": func(g *types.GenesisState) {
			g.Lots = []types.GenesisLot{{Id: 1, State: lot}, {Id: 1, State: lot}}
		},
		"other bid":     func(g *types.GenesisState) { g.Bids = []types.GenesisBid{{LotId: 1, Id: 2, State: bid}} },
		"no bid":        func(g *types.GenesisState) { g.Bids = []types.GenesisBid{{LotId: 1, Id: 1}} },
		"claim to come": func(g *types.GenesisState) { g.Claims = []types.Claim{{Id: 1}} },
		"sale to come":  func(g *types.GenesisState) { g.Sales = []types.GenesisSale{{Id: 1}} },
	} {
		g := types.DefaultGenesis()
		change(g)
		if err := g.Validate(); !errors.Is(err, types.ErrGenesis) && !errors.Is(err, types.ErrParams) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := types.DefaultGenesis().Validate(); err != nil {
		t.Error(err)
	}
}

// TestMap: errors of the engine have codes.
func TestMap(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ err, want error }{
		{nil, nil},
		{fixed.ErrOverflow, types.ErrOverflow},
		{auction.ErrState, types.ErrLotState},
		{auction.ErrTime, types.ErrLotState},
		{auction.ErrBid, types.ErrBid},
		{auction.ErrBook, types.ErrBookFull},
		{auction.ErrLot, auction.ErrLot},
	} {
		if got := types.Map(test.err); !errors.Is(got, test.want) {
			t.Errorf("%v: got %v, want %v", test.err, got, test.want)
		}
	}
}
