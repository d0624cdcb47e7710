package quote

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy/form"
	"github.com/ballast-finance/ballast/x/auction/types"
)

const long = `Say what a bid would get: the clearings that will be made with the bids that rest in the book, by the code
that the chain runs. It is exact when no other bid comes and every block takes its target time.

Say how much to buy with --amount, or how much to pay with --pay; both in display units such as 5ATOM, or in base units
behind a denom. Without --limit it is the price of the clock at the clearing that the bid comes to; without --at the bid
comes now.`

const example = `  ballastd query auction quote 1048576 --amount 5ATOM
  ballastd query auction quote 1048576 --pay 100USDC --at 2027-01-31T12:00:00Z
  ballastd query auction quote 1048576 --amount 5ATOM --limit 9.85 --all-or-none --output json`

// bid is what is asked about, as it is written.
type bid struct {
	amount, pay, at, limit, minFill, expiry string
	whole                                   bool
}

// Command makes ballastd query auction quote.
func Command() *cobra.Command {
	var b bid
	cmd := &cobra.Command{
		Use: "quote [lot]", Short: "What a bid would get, exactly", Long: long, Example: example,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			lot, err := strconv.ParseUint(args[0], 10, 64)
			if err != nil {
				return wrongLot(args[0])
			}
			c, err := client.GetClientQueryContext(cmd)
			if err != nil {
				return err
			}
			return ask(cmd, c, lot, &b)
		},
	}
	f := cmd.Flags()
	f.StringVar(&b.amount, "amount", "", "`AMOUNT` to buy, such as 5ATOM")
	f.StringVar(&b.pay, "pay", "", "`AMOUNT` to pay, such as 100USDC")
	f.StringVar(&b.at, "at", "", "`TIME` at which the bid comes, in RFC 3339 or unix seconds (default: now)")
	f.StringVar(&b.limit, "limit", "", "highest `PRICE` of the bid (default: the price of the clock)")
	f.StringVar(&b.minFill, "min-fill", "", "least `AMOUNT` that it takes")
	f.StringVar(&b.expiry, "expiry", "", "last `TIME` at which it may fill (default: as long as the lot)")
	f.BoolVar(&b.whole, "all-or-none", false, "take all of it or nothing")
	flags.AddQueryFlagsToCmd(cmd)
	return cmd
}

func ask(cmd *cobra.Command, c client.Context, id uint64, b *bid) error {
	list, err := unit.Read(cmd.Context(), c)
	if err != nil {
		return err
	}
	q := types.NewQueryClient(c)
	lot, err := q.Lot(cmd.Context(), &types.QueryLotRequest{LotId: id})
	if err != nil {
		return err
	}
	req, err := b.request(list, &lot.Lot)
	if err != nil {
		return err
	}
	r, err := q.Quote(cmd.Context(), req)
	if err != nil {
		return err
	}
	if c.OutputFormat == flags.OutputFormatJSON {
		return c.PrintProto(r)
	}
	return tell(cmd, list, &lot.Lot, r)
}

// request reads what is asked for about a lot.
func (b *bid) request(list unit.Assets, lot *types.Lot) (*types.QueryQuoteRequest, error) {
	if (b.amount == "") == (b.pay == "") {
		return nil, errors.New("expected one of --amount, how much to buy, and --pay, how much to pay")
	}
	r := &types.QueryQuoteRequest{LotId: lot.Id, Limit: b.limit, AllOrNone: b.whole}
	if b.limit != "" {
		if p, err := fixed.Parse(b.limit); err != nil || p.Sign() <= 0 {
			return nil, fmt.Errorf("--limit: expected a price of %s in %s above 0, got %q", list.Display(lot.SellDenom),
				list.Display(lot.BuyDenom), b.limit)
		}
	}
	for _, x := range []struct {
		flag, text, denom string
		to                *string
	}{
		{"amount", b.amount, lot.SellDenom, &r.AmountOut},
		{"pay", b.pay, lot.BuyDenom, &r.AmountIn},
		{"min-fill", b.minFill, lot.SellDenom, &r.MinFill},
	} {
		if x.text == "" {
			continue
		}
		coin, err := amountOf(list, lot, x.flag, x.text, x.denom)
		if err != nil {
			return nil, err
		}
		*x.to = coin.Amount.String()
	}
	var err, err2 error
	r.At, err = moment("at", b.at)
	r.Expiry, err2 = moment("expiry", b.expiry)
	return r, errors.Join(err, err2)
}

// moment reads a time; nothing is 0.
func moment(flag, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	if unix, err := strconv.ParseInt(text, 10, 64); err == nil && unix > 0 {
		return unix, nil
	}
	m, err := form.ParseMoment(text)
	if err != nil {
		return 0, fmt.Errorf("--%s: expected unix seconds, a date, or a time as in RFC 3339: %w", flag, err)
	}
	return m.Unix, nil
}

func tell(cmd *cobra.Command, list unit.Assets, lot *types.Lot, r *types.QueryQuoteResponse) error {
	w := cmd.OutOrStdout()
	if r.Units.Amount.IsNil() || r.Units.IsZero() {
		_, err := fmt.Fprintf(w, "Lot %d: at a limit of %s nothing would be bought.\n", lot.Id, r.Limit)
		return err
	}
	_, err := fmt.Fprintf(w, "Lot %d: %s for %s, at %s, if no other bid comes.\n", lot.Id,
		list.Text(r.Units.Denom, r.Units.Amount), list.Text(r.Payment.Denom, r.Payment.Amount), figure.Stamp(r.Time))
	if err != nil {
		return err
	}
	var t figure.Table
	pair := " " + list.Display(lot.BuyDenom) + " per " + list.Display(lot.SellDenom)
	t.Row("price", r.Price+pair)
	t.Row("limit", r.Limit+pair)
	t.Row("buys", r.Units.String())
	t.Row("pays", r.Payment.String())
	t.Row("comes back of the deposit", r.Refund.String())
	t.Row("oracle's "+list.Display(lot.SellDenom), aged(r.SellPrice, r.SellPriceAgeSeconds))
	t.Row("oracle's "+list.Display(lot.BuyDenom), aged(r.BuyPrice, r.BuyPriceAgeSeconds))
	_, err = t.WriteTo(w)
	return err
}

func aged(price string, seconds int64) string {
	if price == "" {
		return "-"
	}
	return fmt.Sprintf("%s, %d s old", price, seconds)
}
