package portfolio

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/internal/daemon/compile"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// Tx are the commands that make transactions.
func Tx() []*cobra.Command { return []*cobra.Command{create(), update(), order(), payment()} }

// input is what both commands read.
type input struct {
	generation

	file string
}

func (in *input) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&in.file, fromPolicy, "", "policy `FILE`, as for ballast backtest; - reads standard input")
	_ = cmd.MarkFlagRequired(fromPolicy)
	in.generation.register(cmd)
}

const fromPolicy = "from-policy"

// read reads the policy file for the assets of the chain, and says what its owner will hardly want.
func (in *input) read(cmd *cobra.Command, c client.Context) (*compile.Policy, unit.Assets, error) {
	text, err := in.text(cmd)
	if err != nil {
		return nil, nil, err
	}
	list, err := unit.Read(cmd.Context(), c)
	if err != nil {
		return nil, nil, err
	}
	compiled, err := compile.Text(text, list)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", in.file, err)
	}
	warnings, err := policy.Warnings(compiled.File, policy.ExplainOptions{})
	for _, w := range warnings {
		cmd.PrintErrf("Note: %v\n", w)
	}
	return compiled, list, err
}

func (in *input) text(cmd *cobra.Command) ([]byte, error) {
	if in.file == "-" {
		return io.ReadAll(cmd.InOrStdin())
	}
	text, err := os.ReadFile(in.file)
	if err != nil {
		return nil, fmt.Errorf("--%s: expected a policy file; `ballast init` writes one to start from: %w", fromPolicy, err)
	}
	return text, nil
}

func create() *cobra.Command {
	var in input
	var name, trustee, deposit string
	var payTo []string
	cmd := &cobra.Command{
		Use: "create", Short: "Create a portfolio from a policy file", Long: createLong, Example: createExample,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, owner, err := in.begin(cmd)
			if err != nil {
				return err
			}
			compiled, list, err := in.read(cmd, c)
			if err != nil {
				return err
			}
			msg := &types.MsgCreate{Owner: owner, Name: name, Trustee: trustee, Policy: compiled.Policy}
			if msg.Name == "" {
				msg.Name = compiled.File.Name
			}
			if msg.Deposit, err = list.Coins(deposit); err != nil {
				return fmt.Errorf("--deposit: %w", err)
			}
			if trustee != "" {
				err = compile.Address("--trustee", trustee)
			}
			if err = errors.Join(err, compiled.Pay(payTo)); err != nil {
				return err
			}
			msg.Payments = compiled.Payments
			tell(cmd, list, msg)
			return in.send(cmd, c, msg)
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "name", "", "what people call it; otherwise the name in the policy file")
	f.StringVar(&trustee, "trustee", "", "`ADDRESS` that may pause, resume and release a halt")
	f.StringVar(&deposit, "deposit", "", "`AMOUNTS` to move into it at once, such as 100USDC,5ATOM")
	f.StringSliceVar(&payTo, "payment-to", nil,
		"`ADDRESS` that gets the payments of the file, channel-0/ADDRESS on another chain; one for all, or one for each")
	in.register(cmd)
	return cmd
}

const createLong = `Create a portfolio from a policy file, the same one that ballast backtest reads. The file names
assets by their display names on this chain, or by denoms. The portfolio gets an account of its own: whatever is sent
there is managed.

Amounts are in display units, such as 1_000.5USDC, or in base units behind a denom; what will be signed is printed
first. With --generate the message is printed for governance, a multisig or an interchain account, and nothing is sent.`

const createExample = `  ballastd tx portfolio create --from-policy policy.yaml --deposit 100_000USDC,5ATOM --from alice
  ballastd tx portfolio create --from-policy policy.yaml --payment-to ballast1... --trustee ballast1... --from alice
  ballastd tx portfolio create --from-policy policy.yaml --generate proposal --title "A treasury" > proposal.json`

// tell says which base units the amounts of a message are.
func tell(cmd *cobra.Command, list unit.Assets, msg *types.MsgCreate) {
	for _, coin := range msg.Deposit {
		cmd.PrintErrf("Deposit: %s\n", list.Exact(coin))
	}
	for i := range msg.Payments {
		p := &msg.Payments[i]
		cmd.PrintErrf("Payment: %s, to %s\n", list.Exact(p.Amount), p.To.Recipient)
	}
	tellPolicy(cmd, list, &msg.Policy)
}

func tellPolicy(cmd *cobra.Command, list unit.Assets, p *types.Policy) {
	for i := range p.Positions {
		if x := &p.Positions[i]; !x.MinBalance.IsZero() {
			cmd.PrintErrf("Minimum balance: %s\n", list.Exact(sdk.NewCoin(x.Denom, x.MinBalance)))
		}
	}
}

func update() *cobra.Command {
	var in input
	cmd := &cobra.Command{
		Use:   "update [id]",
		Short: "Replace the policy of a portfolio by that of a policy file",
		Long: `Replace the policy of a portfolio by that of a policy file. While orders are in the market the assets must
stay the same. Payments of the file are not part of it: add-payment and cancel-payment change those.`,
		Example: `  ballastd tx portfolio update 7 --from-policy policy.yaml --from alice
  ballastd tx portfolio update 7 --from-policy policy.yaml --generate proposal --title "A calmer treasury"`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := identity(args[0])
			if err != nil {
				return err
			}
			c, owner, err := in.begin(cmd)
			if err != nil {
				return err
			}
			compiled, list, err := in.read(cmd, c)
			if err != nil {
				return err
			}
			if n := len(compiled.Payments); n > 0 {
				cmd.PrintErrf("Note: the %d payments of the file are no part of this; see tx portfolio add-payment.\n", n)
			}
			tellPolicy(cmd, list, &compiled.Policy)
			return in.send(cmd, c, &types.MsgUpdatePolicy{Owner: owner, Id: id, Policy: compiled.Policy})
		},
	}
	in.register(cmd)
	return cmd
}
