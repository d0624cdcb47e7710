package daemon

import (
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/ballast-finance/ballast/internal/daemon/agent"
	"github.com/ballast-finance/ballast/internal/daemon/check"
	"github.com/ballast-finance/ballast/internal/daemon/portfolio"
	"github.com/ballast-finance/ballast/internal/daemon/quote"
)

// extend puts our own commands into the tree that is made from the services. One of the same name is replaced.
func extend(root *cobra.Command) {
	root.AddCommand(check.Command(), agent.Feed(), agent.Maker())
	replace(branch(root, "tx", "portfolio", "Create and steer portfolios"), portfolio.Tx())
	replace(branch(root, "query", "portfolio", "What portfolios hold, what happened to them and why"), portfolio.Query())
	replace(branch(root, "query", "auction", "Lots, books, quotes and what is owed"), []*cobra.Command{quote.Command()})
}

// branch finds the commands of a module, or makes a place for them.
func branch(root *cobra.Command, parent, module, short string) *cobra.Command {
	at := named(root, parent)
	if found := named(at, module); found != nil {
		return found
	}
	made := &cobra.Command{Use: module, Short: short, RunE: client.ValidateCmd}
	at.AddCommand(made)
	return made
}

func named(parent *cobra.Command, name string) *cobra.Command {
	for _, c := range parent.Commands() {
		if c.Name() == name {
			return c
		}
	}
	return nil
}

func replace(parent *cobra.Command, commands []*cobra.Command) {
	for _, c := range commands {
		if old := named(parent, c.Name()); old != nil {
			parent.RemoveCommand(old)
		}
		parent.AddCommand(c)
	}
}
