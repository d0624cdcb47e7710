package quote

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// Flags of a bid that are amounts of what its lot sells, or of what it sells for.
const (
	amountOut = "amount-out"
	amountIn  = "amount-in"
	minFill   = "min-fill"
)

// Bid lets the command that makes a bid take display units. A number without a unit stays base units, as it always was.
func Bid(cmd *cobra.Command) {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if offline, err := cmd.Flags().GetBool(flags.FlagOffline); err == nil && offline {
			return run(cmd, args)
		}
		if err := rewrite(cmd, args[0]); err != nil {
			return err
		}
		return run(cmd, args)
	}
}

// rewrite reads the amounts of a bid on a lot as the assets and the lot have them.
func rewrite(cmd *cobra.Command, lotID string) error {
	id, err := strconv.ParseUint(lotID, 10, 64)
	if err != nil {
		return wrongLot(lotID)
	}
	c, err := client.GetClientQueryContext(cmd)
	if err != nil {
		return err
	}
	list, err := unit.Read(cmd.Context(), c)
	if err != nil {
		return err
	}
	lot, err := types.NewQueryClient(c).Lot(cmd.Context(), &types.QueryLotRequest{LotId: id})
	if err != nil {
		return err
	}
	for _, flag := range []string{amountOut, amountIn, minFill} {
		if err := inBase(cmd, list, &lot.Lot, flag); err != nil {
			return err
		}
	}
	return nil
}

func wrongLot(text string) error {
	return fmt.Errorf("expected the id of a lot, got %q; `ballastd query auction lots` lists them", text)
}

// inBase puts base units in the place of an amount.
func inBase(cmd *cobra.Command, list unit.Assets, lot *types.Lot, flag string) error {
	text, err := cmd.Flags().GetString(flag)
	if err != nil || text == "" {
		return err
	}
	denom := lot.SellDenom
	if flag == amountIn {
		denom = lot.BuyDenom
	}
	units, err := strconv.ParseUint(text, 10, 64)
	coin := sdk.NewCoin(denom, math.NewIntFromUint64(units))
	if err != nil {
		if coin, err = amountOf(list, lot, flag, text, denom); err != nil {
			return err
		}
	}
	cmd.PrintErrf("--%s: %s\n", flag, list.Exact(coin))
	return cmd.Flags().Set(flag, coin.Amount.String())
}

// amountOf reads an amount of one side of a lot.
func amountOf(list unit.Assets, lot *types.Lot, flag, text, denom string) (sdk.Coin, error) {
	coin, err := list.Coin(text)
	if err != nil {
		return coin, fmt.Errorf("--%s: %w", flag, err)
	}
	if coin.Denom != denom {
		return coin, fmt.Errorf("--%s: lot %d sells %s for %s; expected an amount of %s, got %q", flag, lot.Id,
			list.Display(lot.SellDenom), list.Display(lot.BuyDenom), list.Display(denom), text)
	}
	return coin, nil
}
