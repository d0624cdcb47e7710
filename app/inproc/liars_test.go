package inproc_test

import (
	"encoding/json"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// turncoat says one price of uasset0, and another one, or none, once it has turned.
type turncoat struct {
	first fixed.Wad
	then  fixed.Wad // zero: silent
	turn  *atomic.Bool
}

// Price is what it says now.
func (c turncoat) Price(string) (fixed.Wad, bool) {
	if !c.turn.Load() {
		return c.first, true
	}
	return c.then, !c.then.IsZero()
}

// quorum is a start with the default quorum of three sources and two classes: the validators, and reporters that have
// just said 10.
func quorum(a *app.App, state map[string]json.RawMessage) error {
	if err := polled(a, state); err != nil {
		return err
	}
	var g oracletypes.GenesisState
	if err := a.AppCodec().UnmarshalJSON(state[oracletypes.ModuleName], &g); err != nil {
		return err
	}
	g.Params = oracletypes.DefaultParams()
	var said []oracletypes.LastReport
	for id, class := range map[uint32]oracletypes.SourceClass{
		2: oracletypes.ClassFeed, 3: oracletypes.ClassFeed, 4: oracletypes.ClassDEX,
	} {
		reporter := sdk.AccAddress(append(make([]byte, 19), byte(id))).String()
		g.Assets[0].Sources = append(g.Assets[0].Sources, oracletypes.Source{
			Id: id, Class: class, Weight: 100, MaxAgeSeconds: 600, Reporter: reporter,
		})
		said = append(said, oracletypes.LastReport{
			Source: id, Price: fixed.FromInt(10), Time: time.Now().Unix() - 2,
		})
	}
	byID := func(a, b oracletypes.LastReport) int { return int(a.Source) - int(b.Source) }
	slices.SortFunc(said, byID)
	slices.SortFunc(g.Assets[0].Sources, func(a, b oracletypes.Source) int { return int(a.Id) - int(b.Id) })
	var err error
	if g.Assets[0].Reports, err = oracletypes.ReportsCodec().Encode(said); err != nil {
		return err
	}
	state[oracletypes.ModuleName], err = a.AppCodec().MarshalJSON(&g)
	return err
}

// TestTurncoats: validators of whole nodes turn: a third lies, a third lies while a third is silent, all lie where
// there are other classes. Blocks go on, and the price stays where honest ones put it, without even a breaker.
func TestTurncoats(t *testing.T) {
	for _, test := range []struct {
		name    string
		powers  []int64
		then    []string // what each says then; empty: nothing
		genesis func(*app.App, map[string]json.RawMessage) error
	}{
		{"three tenths lie", []int64{40, 30, 20, 10}, []string{"10", "0.001", "10.02", "10.03"}, polled},
		{"three tenths lie, three are silent", []int64{40, 30, 20, 10}, []string{"10", "0.001", "", ""}, polled},
		{"a third lies, a third is silent", []int64{1, 1, 1}, []string{"10", "0.001", ""}, polled},
		{"all lie, and others do not", []int64{40, 30, 20, 10}, []string{"99", "99", "99", "99"}, quorum},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var turn atomic.Bool
			first := []string{"10", "10.01", "10.02", "10.03"}
			nodes := run(t, inproc.Options{
				Powers: test.powers, VoteHeight: 1, Genesis: test.genesis, Change: func(i int, a *app.App) {
					c := turncoat{first: enginetest.W(t, first[i]), turn: &turn}
					if test.then[i] != "" {
						c.then = enginetest.W(t, test.then[i])
					}
					a.SetPrices(c)
				},
			}, 3)
			n := nodes[0]
			usable(t, n)
			began := n.App.LastBlockHeight()
			turn.Store(true)
			require.NoError(t, n.WaitHeight(t.Context(), began+15, time.Minute))
			for h := began; h <= began+15; h++ {
				p := priceAt(t, n, h)
				require.Equal(t, oracle.StatusOK, p.Status, "%d", h)
				low, high := enginetest.W(t, "10"), enginetest.W(t, "10.03")
				require.False(t, p.Value.Less(low) || high.Less(p.Value), "%d: %v", h, p.Value)
			}
		})
	}
}
