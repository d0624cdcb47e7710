package demo

import (
	"fmt"
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// kind is a sort of treasury: how it begins and what it wants, in percent of its value.
type kind struct {
	name  string
	why   string
	value int64 // millions
	// begin and want are the parts of the stablecoin and of the first asset; the others share the rest.
	beginCash, beginFirst int
	wantCash, wantFirst   int
	trigger               string
}

// kinds of treasuries, in turn. One sells what others buy, so that some of their trades meet without an auction.
func kinds() []kind {
	return []kind{
		{"DAO", "diversifies out of its own token", 12, 5, 95, 40, 30, "{kind: always}"},
		{"Foundation", "invests its cash", 20, 100, 0, 40, 15, "{kind: always}"},
		{"Index", "keeps equal parts", 8, 70, 10, 20, 20, "{kind: threshold, threshold: 1%}"},
		{"Runway", "builds up two years of expenses", 5, 10, 20, 80, 4, "{kind: always}"},
	}
}

// treasury is one of them.
type treasury struct {
	kind

	label string
	id    uint64
	begin sdk.Coins
}

// newTreasuries makes n of them for a market.
func newTreasuries(m *market, n int) ([]*treasury, error) {
	all := kinds()
	list := make([]*treasury, n)
	for i := range list {
		k := all[i%len(all)]
		t := &treasury{kind: k, label: k.name}
		if i >= len(all) {
			t.label = fmt.Sprintf("%s %d", k.name, i/len(all)+1)
		}
		var err error
		if t.begin, err = t.holdings(m); err != nil {
			return nil, fmt.Errorf("%s: %w", t.label, err)
		}
		list[i] = t
	}
	return list, nil
}

// policy is the policy file of the treasury, as a steward would write it; a day is some seconds here.
func (t *treasury) policy(m *market) string {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\nname: %s\nassets:\n", t.label)
	for i, part := range shares(m, t.wantCash, t.wantFirst) {
		fmt.Fprintf(&b, "  - {asset: %s, exponent: %d, weight: %s%%}\n", m.table.Assets[i], exponent, part)
	}
	fmt.Fprintf(&b, "speed: {interval: %ds, close: 95%%, within: 6}\ntrigger: %s\n", roundSeconds, t.trigger)
	b.WriteString("limits: {max_sell: 25%, min_order: 500, max_price_age: 30s}\ncost: {proportional: 0.3%}\n")
	return b.String()
}

// holdings are what the treasury begins with.
func (t *treasury) holdings(m *market) (sdk.Coins, error) {
	coins := sdk.NewCoins()
	var c fixed.Calc
	for i, part := range shares(m, t.beginCash, t.beginFirst) {
		percent, err := fixed.Parse(part)
		if err != nil {
			return nil, err
		}
		value := c.MulInt(c.DivIntTrunc(percent, 100), t.value*1_000_000)
		units, err := m.units(i, value)
		if err != nil {
			return nil, err
		}
		coins = coins.Add(sdk.NewCoin(denom(m.table.Assets[i]), math.NewIntFromBigInt(units.Big())))
	}
	return coins, c.Err()
}

// shares are the parts of the columns in percent, as texts; they add up to 100.
func shares(m *market, cash, first int) []string {
	n := len(m.table.Assets)
	parts := make([]string, n)
	if n == 2 { // nobody shares the rest
		parts[0], parts[1] = fmt.Sprint(100-cash), fmt.Sprint(cash)
		return parts
	}
	const thousandths = 1_000
	rest := (100 - cash - first) * thousandths
	each := rest / (n - 2)
	for i := range parts {
		switch i {
		case m.cash:
			parts[i] = fmt.Sprint(cash)
		case 0:
			own := first*thousandths + rest - each*(n-2)
			parts[i] = fmt.Sprintf("%d.%03d", own/thousandths, own%thousandths)
		default:
			parts[i] = fmt.Sprintf("%d.%03d", each/thousandths, each%thousandths)
		}
	}
	return parts
}

// targets are the weights that the treasury wants, by column.
func (t *treasury) targets(m *market) []fixed.Wad {
	var c fixed.Calc
	parts := shares(m, t.wantCash, t.wantFirst)
	list := make([]fixed.Wad, len(parts))
	for i, part := range parts {
		list[i] = c.DivIntTrunc(parsed(part), 100)
	}
	return list
}
