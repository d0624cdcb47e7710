package daemon

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/ballast-finance/ballast/internal/daemon/agent"
	"github.com/ballast-finance/ballast/internal/daemon/check"
	"github.com/ballast-finance/ballast/internal/daemon/portfolio"
	"github.com/ballast-finance/ballast/internal/daemon/prices"
	"github.com/ballast-finance/ballast/internal/daemon/quote"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
)

// extend puts our own commands into the tree that is made from the services. One of the same name is replaced.
func extend(root *cobra.Command) {
	root.AddCommand(check.Command(), prices.Command(), agent.Feed(), agent.Maker(), indexCommand())
	replace(branch(root, "tx", "portfolio", "Create and steer portfolios"), portfolio.Tx())
	replace(branch(root, "query", "portfolio", "What portfolios hold, what happened to them and why"), portfolio.Query())
	replace(branch(root, "query", "auction", "Lots, books, quotes and what is owed"), []*cobra.Command{quote.Command()})
	acceptUnits(root)
}

// acceptUnits lets the commands that are made from the services take display units and display names.
func acceptUnits(root *cobra.Command) {
	for path, places := range map[string][]unit.Place{
		"tx portfolio withdraw":        {{Name: "Amount", Arg: 1, Many: true}},
		"tx portfolio release-earmark": {{Name: "Amount", Arg: 1}},
		"tx auction sell":              {{Name: "Offer"}, {Name: "Buy", Arg: 1, Bare: true}},
		"query auction lots": {
			{Name: "sell-denom", Flag: true, Bare: true},
			{Name: "buy-denom", Flag: true, Bare: true},
		},
		"query oracle asset":   {{Name: "Asset", Bare: true}},
		"query oracle price":   {{Name: "Asset", Bare: true}},
		"query oracle sources": {{Name: "Asset", Bare: true}},
		"query oracle history": {{Name: "Asset", Bare: true}},
		"query oracle breaker": {{Name: "Asset", Bare: true}},
	} {
		if cmd := at(root, path); cmd != nil {
			unit.Accept(cmd, places...)
		}
	}
	if cmd := at(root, "tx auction bid"); cmd != nil {
		quote.Bid(cmd)
	}
}

// at finds a command by the words that call it.
func at(root *cobra.Command, path string) *cobra.Command {
	for word := range strings.FieldsSeq(path) {
		if root = named(root, word); root == nil {
			return nil
		}
	}
	return root
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
