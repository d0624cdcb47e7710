package fold

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cosmossdk.io/math"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
	"github.com/ballast-finance/ballast/index/chain"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// market is what the intervals of a round are measured by: the prices that froze for it.
type market struct {
	prices    map[string]fixed.Wad
	exponents map[string]uint8
}

// standing is what the benchmarks of a portfolio go on from.
type standing struct {
	NAV  fixed.Wad `json:"nav"`
	Hold fixed.Wad `json:"hold"`
	Mix  fixed.Wad `json:"mix"`
	Legs []leg     `json:"legs"`
}

// leg is an asset of it: as it was looked at last, and what was traded of it since, and since the first look.
type leg struct {
	Denom     string       `json:"denom"`
	Weight    fixed.Wad    `json:"weight"`
	Target    fixed.Wad    `json:"target"`
	Price     fixed.Wad    `json:"price"`
	Bought    asset.Amount `json:"bought"`
	Sold      asset.Amount `json:"sold"`
	AllBought asset.Amount `json:"all_bought"`
	AllSold   asset.Amount `json:"all_sold"`
}

func (s *standing) of(denom string) *leg {
	i := slices.IndexFunc(s.Legs, func(l leg) bool { return l.Denom == denom })
	if i < 0 {
		i = len(s.Legs)
		s.Legs = append(s.Legs, leg{Denom: denom})
	}
	return &s.Legs[i]
}

// worth is what the benchmarks of an interval are, as the history shows it; nothing where it is not known.
type worth struct{ Hold, Mix string }

// look takes the prices of a round. Without them there are no benchmarks, and nothing else is missing.
func (b *block) look(ctx context.Context, round uint64) error {
	b.market = market{}
	list, err := b.source.Prices(ctx, b.Height, round)
	if errors.Is(err, chain.ErrGone) {
		return b.notice(ctx, notice{kind: "benchmarks unknown", round: round, reason: err.Error()})
	}
	if err != nil {
		return err
	}
	b.market.prices = make(map[string]fixed.Wad, len(list))
	for i := range list {
		if b.market.prices[list[i].Denom], err = decimal(list[i].Price); err != nil {
			return err
		}
	}
	rows, err := b.tx.Texts(ctx, "SELECT CAST(exponent AS TEXT) || ' ' || denom FROM assets")
	b.market.exponents = make(map[string]uint8, len(rows))
	for _, text := range rows {
		exponent, denom, _ := strings.Cut(text, " ")
		n, wrong := strconv.ParseUint(exponent, 10, 8)
		err = errors.Join(err, wrong)
		b.market.exponents[denom] = uint8(n)
	}
	return err
}

// decimal reads one of the chain; an empty one is zero.
func decimal(text string) (fixed.Wad, error) {
	if text == "" {
		return fixed.Wad{}, nil
	}
	return fixed.Parse(text)
}

// standing reads what a portfolio's benchmarks go on from; there is nothing before its first measured interval.
func (b *block) standing(ctx context.Context, portfolio uint64) (s standing, known bool, err error) {
	rows, err := b.tx.Texts(ctx, "SELECT state FROM benchmarks WHERE portfolio = $1", id(portfolio))
	if err != nil || len(rows) == 0 {
		return s, false, err
	}
	return s, true, json.Unmarshal([]byte(rows[0]), &s)
}

func (b *block) stand(ctx context.Context, portfolio uint64, s *standing) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return b.exec(ctx, "INSERT INTO benchmarks (portfolio, state) VALUES ($1, $2) "+
		"ON CONFLICT (portfolio) DO UPDATE SET state = excluded.state", id(portfolio), string(text))
}

// compare takes the benchmarks of a portfolio on to an interval. One that was not measured is left out.
func (b *block) compare(ctx context.Context, r *rebalancetypes.Record) (worth, error) {
	if !r.Measured || b.market.prices == nil {
		return worth{}, nil
	}
	nav, err := decimal(r.Nav)
	if err != nil {
		return worth{}, err
	}
	s, known, err := b.standing(ctx, r.Portfolio)
	if err != nil {
		return worth{}, err
	}
	now := metrics.Held(nav)
	if known {
		var c fixed.Calc
		now = metrics.Benchmarks{Hold: s.Hold, Mix: s.Mix}.Next(&c, s.NAV, nav, b.legs(&s))
		if err := c.Err(); err != nil {
			return worth{}, fmt.Errorf("benchmarks of portfolio %d: %w", r.Portfolio, err)
		}
	}
	s.NAV, s.Hold, s.Mix = nav, now.Hold, now.Mix
	for i := range s.Legs {
		l := &s.Legs[i]
		l.Weight, l.Target, l.Price = fixed.Wad{}, fixed.Wad{}, b.market.prices[l.Denom]
		l.Bought, l.Sold = asset.Amount{}, asset.Amount{}
	}
	for _, a := range r.Assets {
		l := s.of(a.Denom)
		weight, wrong := decimal(a.Weight)
		target, bad := decimal(a.Target)
		if err := errors.Join(wrong, bad); err != nil {
			return worth{}, err
		}
		l.Weight, l.Target, l.Price = weight, target, b.market.prices[a.Denom]
	}
	return worth{now.Hold.String(), now.Mix.String()}, b.stand(ctx, r.Portfolio, &s)
}

// legs are the assets of a portfolio between its last look and this one.
func (b *block) legs(s *standing) []metrics.Leg {
	list := make([]metrics.Leg, len(s.Legs))
	for i := range s.Legs {
		l := &s.Legs[i]
		list[i] = metrics.Leg{
			Weight: l.Weight, Target: l.Target, Before: l.Price, Now: b.market.prices[l.Denom], Bought: l.Bought,
			Sold: l.Sold, AllBought: l.AllBought, AllSold: l.AllSold, Exponent: b.market.exponents[l.Denom],
		}
	}
	return list
}

// traded takes what the orders of a round sold and got. One-time orders are the owner's doing: what they move counts as
// what comes in and goes out.
func (b *block) traded(ctx context.Context, e *rebalancetypes.EventPortfolioSettled) error {
	s, known, err := b.standing(ctx, e.Portfolio)
	if err != nil || !known {
		return err
	}
	var c fixed.Calc
	for i := range e.Orders {
		o := &e.Orders[i]
		if o.OneTime != 0 {
			continue
		}
		sold, err := fixed.NatFromBig(amount(o.Units).Sub(amount(o.Unsold)).BigInt())
		if err != nil {
			return err
		}
		got, err := fixed.NatFromBig(amount(o.Got).BigInt())
		if err != nil {
			return err
		}
		from := s.of(o.Sell)
		from.Sold, from.AllSold = c.AddNat(from.Sold, sold), c.AddNat(from.AllSold, sold)
		to := s.of(o.Buy)
		to.Bought, to.AllBought = c.AddNat(to.Bought, got), c.AddNat(to.AllBought, got)
	}
	if err := c.Err(); err != nil {
		return err
	}
	return b.stand(ctx, e.Portfolio, &s)
}

// amount is a whole number of the chain; one that was left out is zero.
func amount(n math.Int) math.Int {
	if n.IsNil() {
		return math.ZeroInt()
	}
	return n
}
