package portfolio

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/daemon/compile"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy/form"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// terms of a one-time order, as they are written.
type terms struct {
	sell, share, buy, limit, least, proceeds, payTo string
	intervals                                       int64
	beyond, reversal                                bool
}

func (o *terms) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.sell, "sell", "", "`AMOUNT` to sell in all, such as 1_000ATOM; with --share the name of the asset")
	f.StringVar(&o.share, "share", "", "`RATIO` of the portfolio's value to sell, such as 5%")
	f.StringVar(&o.buy, "buy", "", "`ASSET` that is bought")
	f.Int64Var(&o.intervals, "over", 1, "how many intervals of the portfolio it is spread over")
	f.StringVar(&o.limit, "limit", "",
		"worst `PRICE` accepted, of what is sold in what is bought (default: the policy's slippage)")
	f.StringVar(&o.least, "min-slice", "", "smallest `AMOUNT` that is sold at once")
	f.StringVar(&o.proceeds, "proceeds", "earmark", "what it brings: earmark (kept apart), payout (sent), pool (managed)")
	f.StringVar(&o.payTo, "payout-to", "", "`ADDRESS` that gets the proceeds, channel-0/ADDRESS on another chain")
	f.BoolVar(&o.beyond, "outside-cap", false, "sell beyond the largest sale of an interval, too")
	f.BoolVar(&o.reversal, "accept-reversal", false, "take it that the controller may sell pooled proceeds again")
	_ = cmd.MarkFlagRequired("sell")
	_ = cmd.MarkFlagRequired("buy")
}

// read reads the terms for the assets of a chain, and says what they are in base units.
func (o *terms) read(cmd *cobra.Command, list unit.Assets) (t types.OrderTerms, err error) {
	t = types.OrderTerms{
		Amount: math.ZeroInt(), MinSlice: math.ZeroInt(), Intervals: o.intervals, Limit: o.limit,
		OutsideCap: o.beyond, AcceptReversal: o.reversal,
	}
	buy, err := list.Find(o.buy)
	if err != nil {
		return t, fmt.Errorf("--buy: %w", err)
	}
	t.Buy = buy.Denom
	if err := o.size(cmd, list, &t); err != nil {
		return t, err
	}
	if o.limit != "" {
		if p, err := fixed.Parse(o.limit); err != nil || p.Sign() <= 0 {
			return t, fmt.Errorf("--limit: expected a price of %s in %s above 0, got %q", list.Display(t.Sell), buy.Display,
				o.limit)
		}
	}
	kinds := map[string]types.Proceeds{
		"earmark": types.Proceeds_PROCEEDS_EARMARK, "payout": types.Proceeds_PROCEEDS_PAYOUT,
		"pool": types.Proceeds_PROCEEDS_POOL,
	}
	kind, known := kinds[o.proceeds]
	switch {
	case !known:
		return t, fmt.Errorf("--proceeds: %s", form.Among(o.proceeds, []string{"earmark", "payout", "pool"}))
	case (kind == types.Proceeds_PROCEEDS_PAYOUT) != (o.payTo != ""):
		return t, errors.New("--payout-to: expected a recipient with --proceeds payout, and only with it")
	}
	if t.Proceeds = kind; o.payTo != "" {
		if t.PayoutTo, err = compile.Destination(o.payTo); err != nil {
			return t, fmt.Errorf("--payout-to: %w", err)
		}
	}
	return t, nil
}

// size reads how much is sold.
func (o *terms) size(cmd *cobra.Command, list unit.Assets, t *types.OrderTerms) error {
	if o.share != "" {
		a, err := list.Find(o.sell)
		if err != nil {
			return fmt.Errorf("--sell: with --share, the name of an asset: %w", err)
		}
		var share form.Ratio
		if err := share.UnmarshalText([]byte(o.share)); err != nil {
			return fmt.Errorf("--share: %w, got %q", err, o.share)
		}
		t.Sell, t.Share = a.Denom, share.Wad.String()
		return nil
	}
	coin, err := list.Coin(o.sell)
	if err != nil {
		return fmt.Errorf("--sell: %w", err)
	}
	t.Sell, t.Amount = coin.Denom, coin.Amount
	cmd.PrintErrf("Sell: %s\n", list.Exact(coin))
	if o.least == "" {
		return nil
	}
	least, err := list.Coin(o.least)
	if err != nil {
		return fmt.Errorf("--min-slice: %w", err)
	}
	if least.Denom != coin.Denom {
		return fmt.Errorf("--min-slice: expected an amount of %s, got %q", list.Display(coin.Denom), o.least)
	}
	t.MinSlice = least.Amount
	cmd.PrintErrf("Smallest slice: %s\n", list.Exact(least))
	return nil
}

func order() *cobra.Command {
	var g generation
	var o terms
	cmd := &cobra.Command{
		Use: "create-order [id]", Short: "Sell some of one asset for another one, once",
		Long: `Sell an amount, or a share of the portfolio's value, at once or spread over some of its intervals, within
a limit price. The slices go into the same auctions as everything else. What they bring is kept apart until the owner
releases it (release-earmark), sent to somebody, or managed with the rest. cancel-order ends it; a slice in the market
finishes.`,
		Example: `  ballastd tx portfolio create-order 7 --sell 1_000ATOM --buy USDC --over 4 --limit 9.5 --from alice
  ballastd tx portfolio create-order 7 --sell ATOM --share 5% --buy USDC --proceeds pool --from alice
  ballastd tx portfolio create-order 7 --sell 9ATOM --buy USDC --proceeds payout --payout-to ballast1... --from alice`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.speak(cmd, args[0], func(list unit.Assets, owner string, id uint64) (sdk.Msg, error) {
				t, err := o.read(cmd, list)
				return &types.MsgCreateOrder{Owner: owner, Id: id, Terms: t}, err
			})
		},
	}
	o.register(cmd)
	g.register(cmd)
	return cmd
}

// speak makes a message of the owner of a portfolio and sends it.
func (g *generation) speak(
	cmd *cobra.Command, portfolio string, say func(list unit.Assets, owner string, id uint64) (sdk.Msg, error),
) error {
	id, err := identity(portfolio)
	if err != nil {
		return err
	}
	c, owner, err := g.begin(cmd)
	if err != nil {
		return err
	}
	list, err := unit.Read(cmd.Context(), c)
	if err != nil {
		return err
	}
	msg, err := say(list, owner, id)
	if err != nil {
		return err
	}
	return g.send(cmd, c, msg)
}
