package agent

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// listed is how many rows the tables have at most.
const listed = 100

// look makes a command about one account, which is named by address or by --from.
func look(cmd *cobra.Command, run func(cmd *cobra.Command, c client.Context, who sdk.AccAddress) error) *cobra.Command {
	cmd.Args = cobra.MaximumNArgs(1)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := client.GetClientQueryContext(cmd)
		if err != nil {
			return err
		}
		if c, err = signer(cmd, c); err != nil {
			return err
		}
		who := c.GetFromAddress()
		if len(args) > 0 {
			if who, err = sdk.AccAddressFromBech32(args[0]); err != nil {
				return fmt.Errorf("expected the address of a maker, got %q: %w", args[0], err)
			}
		}
		if who.Empty() {
			return errors.New("expected the address of a maker, or its key with --from")
		}
		return run(cmd, c, who)
	}
	new(account).register(cmd)
	nodeFlag(cmd)
	return cmd
}

func status() *cobra.Command {
	return look(&cobra.Command{
		Use: "status [address]", Short: "What a maker has, and its bids that rest",
		Long:    "What a maker has and what is in its bids, and every bid that rests.",
		Example: "  ballastd maker status --from maker\n  ballastd maker status ballast1...",
	}, func(cmd *cobra.Command, c client.Context, who sdk.AccAddress) error {
		list, err := unit.Read(cmd.Context(), c)
		if err != nil {
			return err
		}
		balances, err := banktypes.NewQueryClient(c).AllBalances(cmd.Context(), &banktypes.QueryAllBalancesRequest{
			Address: who.String(), Pagination: &query.PageRequest{Limit: listed},
		})
		if err != nil {
			return err
		}
		bids, err := types.NewQueryClient(c).Bids(cmd.Context(), &types.QueryBidsRequest{
			Bidder: who.String(), Pagination: &query.PageRequest{Limit: listed},
		})
		if err != nil {
			return err
		}
		return tellStatus(cmd, list, balances.Balances, bids.Bids)
	})
}

func tellStatus(cmd *cobra.Command, list unit.Assets, balances sdk.Coins, bids []types.Bid) error {
	escrows := sdk.NewCoins()
	for i := range bids {
		escrows = escrows.Add(bids[i].Escrow)
	}
	var t figure.Table
	t.Row("asset", "free", "in bids")
	for _, coin := range balances.Add(escrows...) {
		t.Row(list.Display(coin.Denom), list.Number(coin.Denom, balances.AmountOf(coin.Denom)),
			list.Number(coin.Denom, escrows.AmountOf(coin.Denom)))
	}
	if _, err := t.WriteTo(cmd.OutOrStdout()); err != nil {
		return err
	}
	if len(bids) == 0 {
		cmd.Println("\nNo bid rests.")
		return nil
	}
	cmd.Println()
	t = figure.Table{}
	t.Row("lot", "bid", "base units", "limit", "deposit", "state")
	for i := range bids {
		b, state := &bids[i], "rests"
		if b.Cancelled {
			state = "leaves after the next clearing"
		}
		t.Row(strconv.FormatUint(b.LotId, 10), strconv.FormatUint(b.Id, 10), figure.Grouped(b.Quantity.String()), b.Limit,
			list.Text(b.Escrow.Denom, b.Escrow.Amount), state)
	}
	_, err := t.WriteTo(cmd.OutOrStdout())
	return err
}

func fills() *cobra.Command {
	return look(&cobra.Command{
		Use: "fills [address]", Short: "What a maker bought, the newest lots first",
		Long:    "What a maker bought, the newest lots first, as long as the chain remembers the lots.",
		Example: "  ballastd maker fills --from maker\n  ballastd maker fills ballast1...",
	}, func(cmd *cobra.Command, c client.Context, who sdk.AccAddress) error {
		list, err := unit.Read(cmd.Context(), c)
		if err != nil {
			return err
		}
		r, err := types.NewQueryClient(c).Fills(cmd.Context(), &types.QueryFillsRequest{
			Bidder: who.String(), Pagination: &query.PageRequest{Limit: listed, Reverse: true},
		})
		if err != nil {
			return err
		}
		if len(r.Fills) == 0 {
			cmd.Println("Nothing was bought, as far as the chain remembers.")
			return nil
		}
		t := figure.Table{Left: 1}
		t.Row("lot", "time", "bought", "paid", "price")
		for i := range r.Fills {
			f := &r.Fills[i]
			t.Row(strconv.FormatUint(f.LotId, 10), figure.Stamp(f.Time), list.Text(f.Units.Denom, f.Units.Amount),
				list.Text(f.Payment.Denom, f.Payment.Amount), f.Price)
		}
		_, err = t.WriteTo(cmd.OutOrStdout())
		return err
	})
}
