package agent

import (
	"context"
	"encoding"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/ballast-finance/ballast/agents/wallet"
)

// account are the flags of who signs.
type account struct{ gasPrices string }

func (a *account) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String(flags.FlagFrom, "", "`KEY` that signs")
	f.String(flags.FlagKeyringBackend, "os", "where keys are: os, file, test")
	f.String(flags.FlagKeyringDir, "", "`FOLDER` of the keys; otherwise --home")
	f.String(flags.FlagChainID, "", "`ID` of the chain; otherwise what the node says")
	f.StringVar(&a.gasPrices, flags.FlagGasPrices, "", "what gas costs, such as 0.01ublst; nothing when empty")
}

// open gives the context of a command that signs: its key ring, and the chain that the node is on.
func open(cmd *cobra.Command) (client.Context, error) {
	c, err := client.GetClientQueryContext(cmd)
	if err != nil {
		return c, err
	}
	if c, err = signer(cmd, c); err != nil {
		return c, err
	}
	if c.GetFromAddress().Empty() {
		return c, errors.New("--from: expected the name of a key; `ballastd keys list` shows yours")
	}
	node, err := c.GetNode()
	if err != nil {
		return c, err
	}
	status, err := node.Status(cmd.Context())
	if err != nil {
		return c, fmt.Errorf("expected a node that answers at %s; name one with --node: %w", c.NodeURI, err)
	}
	switch network := status.NodeInfo.Network; c.ChainID {
	case "", network:
		return c.WithChainID(network), nil
	default:
		return c, fmt.Errorf("--chain-id: expected %s, which the node at %s is on, got %s", network, c.NodeURI, c.ChainID)
	}
}

// signer adds the key of --from to a context, if there is one.
func signer(cmd *cobra.Command, c client.Context) (client.Context, error) {
	name, err := cmd.Flags().GetString(flags.FlagFrom)
	if err != nil || name == "" {
		return c, err
	}
	record, err := c.Keyring.Key(name)
	if err != nil {
		return c, fmt.Errorf("--from: expected the name of a key, got %q; `ballastd keys list` shows yours: %w", name, err)
	}
	address, err := record.GetAddress()
	return c.WithFrom(name).WithFromName(name).WithFromAddress(address), err
}

// wallet opens the wallet of --from.
func (a *account) wallet(c client.Context) (*wallet.Wallet, error) {
	return wallet.New(c, c.Keyring, wallet.Config{Key: c.GetFromName(), GasPrices: a.gasPrices})
}

// untilInterrupted ends with the command's context, with Ctrl-C, or when the process is asked to end.
func untilInterrupted(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
}

// logger writes to the command's error output.
func logger(cmd *cobra.Command, debug bool) log.Logger {
	level := "info"
	if debug {
		level = "debug"
	}
	filter, err := log.ParseLogLevel(level)
	if err != nil { // one of the two words
		return log.NewNopLogger()
	}
	return log.NewLogger(cmd.ErrOrStderr(), log.FilterOption(filter), log.ColorOption(false))
}

// text is a flag that reads itself, as the values of a policy file do.
type text struct {
	value encoding.TextUnmarshaler
	name  string
	shown string
}

// Set reads the flag.
func (t *text) Set(s string) error {
	t.shown = s
	if err := t.value.UnmarshalText([]byte(s)); err != nil {
		return fmt.Errorf("%w, got %q", err, s)
	}
	return nil
}

// String is the text that was read.
func (t *text) String() string { return t.shown }

// Type names what the flag takes.
func (t *text) Type() string { return t.name }

// textFlag adds a flag; usual is its usual text, and nothing leaves the value as it is.
func textFlag(cmd *cobra.Command, value encoding.TextUnmarshaler, kind, name, usual, help string) {
	t := &text{value: value, name: kind}
	if usual != "" {
		_ = t.Set(usual)
	}
	cmd.Flags().Var(t, name, help)
}

// positive checks a time between two things.
func positive(flag string, d time.Duration) error {
	if d <= 0 {
		return fmt.Errorf("--%s: expected a time above 0 such as 5s, got %v", flag, d)
	}
	return nil
}
