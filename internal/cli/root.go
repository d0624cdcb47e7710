package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Streams are what a command reads from and writes to.
type Streams struct {
	In          io.Reader
	Out, Err    io.Writer
	Interactive bool // Err is a terminal: progress may be drawn there
}

// Terminal returns the streams of the process.
func Terminal() Streams {
	info, err := os.Stderr.Stat()
	interactive := err == nil && info.Mode()&os.ModeCharDevice != 0
	return Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Interactive: interactive}
}

// ErrUsage says that a command was called in a way that it does not understand.
var ErrUsage = errors.New("usage")

// Exit codes.
const (
	exitOK = iota
	exitFailed
	exitUsage
)

// Run runs a command line and returns the exit code: 0 when it worked, 2 when it was not understood, 1 otherwise.
func Run(ctx context.Context, args []string, s Streams) int {
	root := newRoot(s)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(s.Err, "interrupted")
		return exitFailed
	}
	fmt.Fprintf(s.Err, "error: %v\n", err)
	if errors.Is(err, ErrUsage) {
		return exitUsage
	}
	return exitFailed
}

func newRoot(s Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "ballast",
		Short: "Manage a treasury by a policy: write it, check it, see what it would have done",
		Long: `Ballast keeps a treasury at the portfolio that its policy asks for.

Start with a policy, read what it will do, and run it over history:

  ballast init --template dao-treasury > policy.yaml
  ballast explain policy.yaml
  ballast backtest --policy policy.yaml --prices prices.csv`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w: %w; `%s --help` lists the flags", ErrUsage, err, cmd.CommandPath())
	})
	root.AddCommand(
		newInit(), newSchema(), newValidate(), newExplain(),
		newBacktest(s), newFrontier(s), newPlan(), newTune(), newPrices(s), newDemo(s), newVersion(),
	)
	return root
}
