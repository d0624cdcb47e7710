package unit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
)

// Place is where a command takes something that is counted in an asset.
type Place struct {
	Name string // a flag, or what to call an argument
	Flag bool
	Arg  int  // of an argument: where it stands, counted from 0
	Many bool // an argument: all that follow are amounts, too
	Bare bool // the name of an asset without an amount
}

// Accept lets a command that takes base units and denoms take display units and display names as well, at these places.
// What an amount is in base units is said before anything is signed.
func Accept(cmd *cobra.Command, places ...Place) {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if offline, err := cmd.Flags().GetBool(flags.FlagOffline); err == nil && offline {
			return run(cmd, args) // nobody can be asked what an asset is
		}
		c, err := client.GetClientQueryContext(cmd)
		if err != nil {
			return err
		}
		list, err := Read(cmd.Context(), c)
		if err != nil {
			return err
		}
		args = slices.Clone(args)
		for i := range places {
			if args, err = list.accept(cmd, &places[i], args); err != nil {
				return fmt.Errorf("%s: %w", places[i].called(), err)
			}
		}
		return run(cmd, args)
	}
}

func (p *Place) called() string {
	if p.Flag {
		return "--" + p.Name
	}
	return p.Name
}

// accept puts base units in the place of what was written.
func (list Assets) accept(cmd *cobra.Command, p *Place, args []string) ([]string, error) {
	if p.Flag {
		text, err := cmd.Flags().GetString(p.Name)
		if err != nil || text == "" {
			return args, err
		}
		base, err := list.base(cmd, p, text)
		if err != nil {
			return args, err
		}
		return args, cmd.Flags().Set(p.Name, base[0])
	}
	if p.Arg >= len(args) {
		return args, nil
	}
	end := p.Arg + 1
	if p.Many {
		end = len(args)
	}
	base, err := list.base(cmd, p, strings.Join(args[p.Arg:end], ",")) // a message has them in order
	if err != nil {
		return args, err
	}
	return slices.Replace(args, p.Arg, end, base...), nil
}

// base reads one text.
func (list Assets) base(cmd *cobra.Command, p *Place, text string) ([]string, error) {
	if p.Bare {
		a, err := list.Find(text)
		return []string{a.Denom}, err
	}
	coins, err := list.Coins(text)
	switch {
	case err != nil:
		return nil, err
	case len(coins) == 0 || len(coins) > 1 && !p.Many:
		return nil, fmt.Errorf("%w: expected one amount such as 1_000.5USDC, got %q", ErrAmount, text)
	}
	var all []string
	for _, coin := range coins {
		cmd.PrintErrf("%s: %s\n", p.called(), list.Exact(coin))
		all = append(all, coin.String())
	}
	return all, nil
}
