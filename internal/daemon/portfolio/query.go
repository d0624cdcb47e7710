package portfolio

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// Query are the commands that ask.
func Query() []*cobra.Command { return []*cobra.Command{explain(), simulate(), value()} }

// identity reads the id of a portfolio.
func identity(text string) (uint64, error) {
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil || id == 0 {
		return 0, fmt.Errorf("expected the id of a portfolio, a number from 1, got %q; "+
			"`ballastd query portfolio list` lists them", text)
	}
	return id, nil
}

// ask makes a command about one portfolio.
func ask(cmd *cobra.Command, run func(cmd *cobra.Command, c client.Context, id uint64) error) *cobra.Command {
	cmd.Args = cobra.ExactArgs(1)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := identity(args[0])
		if err != nil {
			return err
		}
		c, err := client.GetClientQueryContext(cmd)
		if err != nil {
			return err
		}
		return run(cmd, c, id)
	}
	flags.AddQueryFlagsToCmd(cmd)
	return cmd
}

func explain() *cobra.Command {
	var round uint64
	cmd := ask(&cobra.Command{
		Use:   "explain [id]",
		Short: "Say what the last interval of a portfolio did, and why",
		Long: `Say in sentences what the last interval of a portfolio did and why, with its weights and its orders.
--output json prints the record that they are made of.`,
		Example: "  ballastd query portfolio explain 7\n  ballastd query portfolio explain 7 --round 12 --output json",
	}, func(cmd *cobra.Command, c client.Context, id uint64) error {
		r, err := types.NewQueryClient(c).Explain(cmd.Context(), &types.QueryExplainRequest{Portfolio: id, Round: round})
		if err != nil {
			return err
		}
		if c.OutputFormat == flags.OutputFormatJSON {
			return c.PrintProto(r)
		}
		return tellRecord(cmd, c, r.Sentences, &r.Record)
	})
	cmd.Flags().Uint64Var(&round, "round", 0, "number of the `ROUND`; otherwise the last in which it was due")
	return cmd
}

func simulate() *cobra.Command {
	var due bool
	cmd := ask(&cobra.Command{
		Use:   "simulate [id]",
		Short: "Say what a portfolio would decide now",
		Long: `Say what a portfolio would decide at the prices of now, by the code of a round. Nothing is changed. What its
orders would bring is not part of it: they meet no others here.`,
		Example: "  ballastd query portfolio simulate 7\n  ballastd query portfolio simulate 7 --due",
	}, func(cmd *cobra.Command, c client.Context, id uint64) error {
		r, err := types.NewQueryClient(c).Simulate(cmd.Context(), &types.QuerySimulateRequest{Portfolio: id, Due: due})
		if err != nil {
			return err
		}
		if c.OutputFormat == flags.OutputFormatJSON {
			return c.PrintProto(r)
		}
		return tellRecord(cmd, c, r.Sentences, &r.Record)
	})
	cmd.Flags().BoolVar(&due, "due", false, "decide as if the portfolio's own interval had passed")
	return cmd
}

func value() *cobra.Command {
	return ask(&cobra.Command{
		Use:     "value [id]",
		Short:   "Say what a portfolio owns, and what it is worth",
		Long:    "Say what a portfolio owns and what it is worth, what it has in the market included.",
		Example: "  ballastd query portfolio value 7\n  ballastd query portfolio value 7 --output json",
	}, func(cmd *cobra.Command, c client.Context, id uint64) error {
		r, err := types.NewQueryClient(c).Value(cmd.Context(), &types.QueryValueRequest{Portfolio: id})
		if err != nil {
			return err
		}
		if c.OutputFormat == flags.OutputFormatJSON {
			return c.PrintProto(r)
		}
		list, err := unit.Read(cmd.Context(), c)
		if err != nil {
			return err
		}
		return tellValue(cmd.OutOrStdout(), list, id, r)
	})
}

func tellValue(w io.Writer, list unit.Assets, id uint64, r *types.QueryValueResponse) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Portfolio %d is worth %s.\n", id, money(r.Nav))
	if !r.Healthy {
		b.WriteString("Some of its prices may not be used now: nothing is traded at them.\n")
	}
	var t figure.Table
	t.Row("asset", "free", "in the market", "price", "value", "price is")
	for i := range r.Assets {
		a := &r.Assets[i]
		t.Row(list.Display(a.Denom), list.Number(a.Denom, a.Free), list.Number(a.Denom, a.InMarket), money(a.Price),
			money(a.Value), a.Status)
	}
	return write(w, &b, &t, len(r.Assets))
}

func tellRecord(cmd *cobra.Command, c client.Context, sentences []string, r *types.Record) error {
	list, err := unit.Read(cmd.Context(), c)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, s := range sentences {
		b.WriteString(figure.Wrapped(s))
	}
	var weights, orders figure.Table
	weights.Row("asset", "weight", "target", "to trade")
	for i := range r.Assets {
		a := &r.Assets[i]
		weights.Row(list.Display(a.Denom), percent(a.Weight), percent(a.Target), signed(a.Order))
	}
	if err := write(cmd.OutOrStdout(), &b, &weights, len(r.Assets)); err != nil {
		return err
	}
	orders.Row("sell", "for", "brought", "unsold", "lot")
	for i := range r.Orders {
		o := &r.Orders[i]
		orders.Row(list.Text(o.Sell, o.Units), list.Display(o.Buy), list.Number(o.Buy, o.Got),
			list.Number(o.Sell, o.Unsold), strconv.FormatUint(o.Lot, 10))
	}
	b.Reset()
	return write(cmd.OutOrStdout(), &b, &orders, len(r.Orders))
}

// write writes lines and, when it has rows, a table below an empty line.
func write(w io.Writer, lines *strings.Builder, t *figure.Table, rows int) error {
	if rows > 0 {
		lines.WriteString("\n")
		if _, err := t.WriteTo(lines); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, lines.String())
	return err
}

// percent writes a weight; one that was not measured is a dash.
func percent(text string) string {
	x, err := fixed.Parse(text)
	if err != nil {
		return "-"
	}
	return figure.Percent(x, 2)
}

// signed writes a value to buy or, below zero, to sell.
func signed(text string) string {
	x, err := fixed.Parse(text)
	if err != nil {
		return "-"
	}
	return figure.Signed(x)
}

// money writes a value in units of account.
func money(text string) string {
	x, err := fixed.Parse(text)
	if err != nil {
		return "-"
	}
	return figure.Amount(x)
}
