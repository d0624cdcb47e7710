package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/ballast-finance/ballast/agents/feed"
	"github.com/ballast-finance/ballast/backtest/fetch"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy/form"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// Kinds of sources.
const (
	exchange = "exchange"
	replay   = "replay"
)

// origin is where prices come from.
type origin struct {
	kind            string
	provider, quote string
	step            form.Span
	url             string
	files           []string
	speed           int64
	mapped          []string
}

func (o *origin) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.kind, "source", exchange, "`KIND` of source: exchange (the last prices of one) or replay (a history)")
	f.StringVar(&o.provider, "provider", "", "`NAME` of the exchange: "+strings.Join(fetch.Providers(), ", "))
	f.StringVar(&o.quote, "quote", "", "`SYMBOL` of what the exchange's prices are in; else the provider's usual one")
	textFlag(cmd, &o.step, "span", "step", "1m", "length of the exchange's bars")
	f.StringVar(&o.url, "base-url", "", "ask this `URL` instead of the provider's, for mirrors")
	f.StringArrayVar(&o.files, "prices", nil, "price `FILE` to replay (CSV: time,ASSET,...); more files may follow")
	f.Int64Var(&o.speed, "speed", 1, "seconds of history that are played in a `SECOND`")
	f.StringSliceVar(&o.mapped, "map", nil,
		"`ASSET=DENOM`,...: which denom an asset of the source is; otherwise the one of that display name")
}

// pair is an asset of a source and the denom that it is on the chain.
type pair struct{ asset, denom string }

// pairs reads --map.
func (o *origin) pairs(list unit.Assets) ([]pair, error) {
	var all []pair
	for _, item := range o.mapped {
		name, denom, found := strings.Cut(item, "=")
		if !found || name == "" {
			return nil, fmt.Errorf("--map: expected a list like BTC=ubtc,ETH=aeth, got %q", item)
		}
		a, err := list.Find(denom)
		if err != nil {
			return nil, fmt.Errorf("--map: %w", err)
		}
		if slices.ContainsFunc(all, func(p pair) bool { return p.asset == name || p.denom == a.Denom }) {
			return nil, fmt.Errorf("--map: %s or %s stands twice", name, a.Denom)
		}
		all = append(all, pair{name, a.Denom})
	}
	return all, nil
}

// allowed are the assets for which the chain takes reports of an account, as the source calls them.
func (o *origin) allowed(ctx context.Context, c client.Context, list unit.Assets, reporter string) ([]pair, error) {
	named, err := o.pairs(list)
	if err != nil {
		return nil, err
	}
	var all []pair
	for i := range list {
		if list[i].Status == oracletypes.AssetDisabled {
			continue
		}
		mine, err := reports(ctx, c, list[i].Denom, reporter)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(named, func(p pair) bool { return p.denom == list[i].Denom })
		switch {
		case mine && at >= 0:
			all = append(all, named[at])
		case mine:
			all = append(all, pair{list[i].Display, list[i].Denom})
		case at >= 0:
			return nil, fmt.Errorf("--map: %s is no reporter of %s; governance adds sources", reporter, list[i].Denom)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s is no reporter of any asset of this chain: governance adds sources "+
			"(ballastd tx oracle set-sources)", reporter)
	}
	return all, nil
}

// reports tells whether an account is a reporter of an asset.
func reports(ctx context.Context, c client.Context, denom, reporter string) (bool, error) {
	r, err := oracletypes.NewQueryClient(c).Sources(ctx, &oracletypes.QuerySourcesRequest{Denom: denom})
	if err != nil {
		return false, fmt.Errorf("the sources of %s: %w", denom, err)
	}
	return slices.ContainsFunc(r.Sources, func(s oracletypes.SourceReport) bool { return s.Source.Reporter == reporter }),
		nil
}

// open opens the source for what may be reported, and says what it does not know.
func (o *origin) open(cmd *cobra.Command, may []pair) (feed.Source, []pair, error) {
	switch o.kind {
	case exchange:
		if len(o.files) > 0 {
			return nil, nil, errors.New("--prices: expected it with --source replay only")
		}
		return o.exchange(may)
	case replay:
		return o.replay(cmd, may)
	}
	return nil, nil, fmt.Errorf("--source: %s", form.Among(o.kind, []string{exchange, replay}))
}

func (o *origin) exchange(may []pair) (feed.Source, []pair, error) {
	if o.provider == "" {
		return nil, nil, fmt.Errorf("--provider: expected one of %s", strings.Join(fetch.Providers(), ", "))
	}
	e := &feed.Exchange{Options: fetch.Options{
		Provider: o.provider, Quote: o.quote, StepSeconds: o.step.Seconds, BaseURL: o.url,
	}}
	steps, err := fetch.Steps(o.provider)
	if err != nil {
		return nil, nil, fmt.Errorf("--provider: %w", err)
	}
	if !slices.Contains(steps, o.step.Seconds) {
		return nil, nil, fmt.Errorf("--step: expected one of %v seconds at %s, got %d", steps, o.provider, o.step.Seconds)
	}
	for _, p := range may {
		e.Assets, e.Denoms = append(e.Assets, p.asset), append(e.Denoms, p.denom)
	}
	return e, may, nil
}

func (o *origin) replay(cmd *cobra.Command, may []pair) (feed.Source, []pair, error) {
	if len(o.files) == 0 {
		return nil, nil, errors.New("--prices: expected a price file; `ballast prices sample -o prices.csv` writes one")
	}
	table, warnings, err := price.Load(o.files, price.Options{})
	if err != nil {
		return nil, nil, err
	}
	for _, w := range warnings {
		cmd.PrintErrf("Note: %v\n", w)
	}
	denoms := make([]string, len(table.Assets))
	var known []pair
	for i, name := range table.Assets {
		at := slices.IndexFunc(may, func(p pair) bool { return p.asset == name })
		if at < 0 {
			cmd.PrintErrf("Note: %s of the history is not reported; name its denom with --map %s=DENOM.\n", name, name)
			continue
		}
		denoms[i] = may[at].denom
		known = append(known, may[at])
	}
	if len(known) == 0 {
		return nil, nil, fmt.Errorf("--prices: expected an asset that %s may report, got %s; name denoms with --map",
			"this account", strings.Join(table.Assets, ", "))
	}
	r, err := feed.NewReplay(table, denoms, o.speed)
	return r, known, err
}
