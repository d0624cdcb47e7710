package check

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/server"
)

// Command makes ballastd check.
func Command() *cobra.Command {
	var genesis string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Add up what the modules hold and owe; the exit status says whether it does",
		Long: `Add up what the modules hold and owe: portfolios, escrows, bids, claims and debts against the accounts,
orders against lots, and every index against what it stands for.

  --node URL       asks a running node at its last block (the one of client.toml when nothing is said)
  --home FOLDER    opens the data of a stopped node
  --genesis FILE   starts a chain in memory from an exported state

The exit status is 1 when something does not add up; the list says what.`,
		Example: `  ballastd check
  ballastd check --node tcp://localhost:26657
  ballastd check --home ~/.ballastd
  ballastd check --genesis exported.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := look(cmd, genesis)
			if err != nil {
				return err
			}
			return v.Write(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&genesis, "genesis", "", "exported state, a `FILE` that ballastd export wrote")
	cmd.Flags().String(flags.FlagNode, "tcp://localhost:26657", "`URL` of a running node")
	return cmd
}

func look(cmd *cobra.Command, genesis string) (*Verdict, error) {
	node, home := cmd.Flags().Changed(flags.FlagNode), cmd.Flags().Changed(flags.FlagHome)
	opts := server.GetServerContextFromCmd(cmd).Viper
	switch {
	case genesis != "" && node:
		return nil, errors.New("expected one of --genesis and --node, got both")
	case genesis != "":
		return Genesis(cmd.Context(), genesis, opts)
	case home && !node:
		return Home(cmd.Context(), client.GetClientContextFromCmd(cmd).HomeDir, opts)
	}
	c, err := client.GetClientQueryContext(cmd)
	if err != nil {
		return nil, err
	}
	return Live(cmd.Context(), c)
}
