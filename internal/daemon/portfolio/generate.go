package portfolio

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/client/tx"
	sdk "github.com/cosmos/cosmos-sdk/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	"github.com/cosmos/gogoproto/proto"
	icatypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon/compile"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy/form"
)

// Kinds of what --generate writes.
const (
	proposal = "proposal"
	multisig = "multisig"
	ica      = "ica"
)

// generation is a message that somebody else will send.
type generation struct {
	kind, owner             string
	title, summary, deposit string
}

func (g *generation) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&g.kind, "generate", "",
		"print the message for `WHOM` instead of sending it: proposal (governance), multisig, ica (an interchain account)")
	f.StringVar(&g.owner, "owner", "", "`ADDRESS` here of the multisig or interchain account, with --generate")
	f.StringVar(&g.title, "title", "", "title of the proposal, with --generate proposal")
	f.StringVar(&g.summary, "summary", "", "summary of the proposal, with --generate proposal")
	f.StringVar(&g.deposit, "proposal-deposit", "", "deposit of the proposal; else what starts the vote")
	flags.AddTxFlagsToCmd(cmd)
	gas := f.Lookup(flags.FlagGas)
	gas.DefValue = flags.GasFlagAuto
	_ = gas.Value.Set(flags.GasFlagAuto)
	_ = f.Set(flags.FlagGasAdjustment, gasMargin)
	f.Lookup(flags.FlagGasAdjustment).DefValue = gasMargin
}

// gasMargin is what is added to an estimate: the state may be another one when the transaction runs.
const gasMargin = "1.5"

// send signs and sends a message, or writes it where --generate says.
func (g *generation) send(cmd *cobra.Command, c client.Context, msg sdk.Msg) error {
	if g.kind != "" {
		return g.write(cmd, c, msg)
	}
	return tx.GenerateOrBroadcastTxCLI(c, cmd.Flags(), msg)
}

// begin gives the context of the command and the owner whom the message names.
func (g *generation) begin(cmd *cobra.Command) (client.Context, string, error) {
	c, err := client.GetClientTxContext(cmd)
	if err != nil {
		return c, "", err
	}
	from := c.GetFromAddress().String()
	switch g.kind {
	case "":
		if from == "" {
			return c, "", errors.New("--from: expected the key of the owner; `ballastd keys list` shows yours. With " +
				"--generate the message is only printed")
		}
		if g.owner != "" && g.owner != from {
			return c, "", fmt.Errorf("--owner: expected it with --generate only; here the owner is --from, %s", from)
		}
		return c, from, nil
	case proposal:
		if g.owner != "" && g.owner != app.Authority() {
			return c, "", fmt.Errorf("--owner: a proposal speaks for governance, %s; leave the flag out", app.Authority())
		}
		return c, app.Authority(), nil
	case multisig, ica:
		if g.owner == "" && g.kind == multisig {
			g.owner = from
		}
		if g.owner == "" {
			return c, "", fmt.Errorf("--owner: expected the address that --generate %s speaks for", g.kind)
		}
		return c, g.owner, compile.Address("--owner", g.owner)
	}
	return c, "", fmt.Errorf("--generate: %s", form.Among(g.kind, []string{proposal, multisig, ica}))
}

// write prints the message.
func (g *generation) write(cmd *cobra.Command, c client.Context, msg sdk.Msg) error {
	switch g.kind {
	case proposal:
		return g.writeProposal(cmd, c, msg)
	case ica:
		return writePacket(cmd, c, msg)
	}
	owner, err := sdk.AccAddressFromBech32(g.owner)
	if err != nil {
		return err
	}
	gas := cmd.Flags().Lookup(flags.FlagGas)
	if !gas.Changed { // nobody can be asked to sign for an estimate
		if err := gas.Value.Set(multisigGas); err != nil {
			return err
		}
	}
	c = c.WithGenerateOnly(true).WithFromAddress(owner)
	factory, err := tx.NewFactoryCLI(c, cmd.Flags())
	if err != nil {
		return err
	}
	return factory.PrintUnsignedTx(c, msg)
}

// multisigGas is enough for any policy.
const multisigGas = "600000"

// writeProposal prints what `tx gov submit-proposal` takes.
func (g *generation) writeProposal(cmd *cobra.Command, c client.Context, msg sdk.Msg) error {
	if g.title == "" {
		return errors.New("--title: expected a title of the proposal, such as \"A treasury for grants\"")
	}
	if g.summary == "" {
		g.summary = g.title
	}
	deposit, err := g.coins(cmd, c)
	if err != nil {
		return err
	}
	text, err := c.Codec.MarshalInterfaceJSON(msg)
	if err != nil {
		return err
	}
	return writeJSON(cmd, struct {
		Messages  []json.RawMessage `json:"messages"`
		Metadata  string            `json:"metadata"`
		Deposit   string            `json:"deposit"`
		Title     string            `json:"title"`
		Summary   string            `json:"summary"`
		Expedited bool              `json:"expedited"`
	}{[]json.RawMessage{text}, "", deposit.String(), g.title, g.summary, false})
}

// coins are the deposit of the proposal.
func (g *generation) coins(cmd *cobra.Command, c client.Context) (sdk.Coins, error) {
	if g.deposit == "" {
		r, err := govv1.NewQueryClient(c).Params(cmd.Context(), &govv1.QueryParamsRequest{})
		if err != nil {
			return nil, fmt.Errorf("the smallest deposit of a proposal: %w", err)
		}
		return r.Params.MinDeposit, nil
	}
	list, err := unit.Read(cmd.Context(), c)
	if err != nil {
		return nil, err
	}
	deposit, err := list.Coins(g.deposit)
	if err != nil {
		return nil, fmt.Errorf("--proposal-deposit: %w", err)
	}
	for _, coin := range deposit {
		cmd.PrintErrf("Deposit of the proposal: %s\n", list.Exact(coin))
	}
	return deposit, nil
}

// writePacket prints what `tx interchain-accounts controller send-tx` of another chain takes.
func writePacket(cmd *cobra.Command, c client.Context, msg sdk.Msg) error {
	data, err := icatypes.SerializeCosmosTx(c.Codec, []proto.Message{msg}, icatypes.EncodingProtobuf)
	if err != nil {
		return err
	}
	packet := icatypes.InterchainAccountPacketData{Type: icatypes.EXECUTE_TX, Data: data}
	text, err := c.Codec.MarshalJSON(&packet)
	if err != nil {
		return err
	}
	return writeJSON(cmd, json.RawMessage(text))
}

func writeJSON(cmd *cobra.Command, v any) error {
	e := json.NewEncoder(cmd.OutOrStdout())
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
