package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/internal/cli/progress"
)

// Streams are what a command reads from and writes to.
type Streams struct {
	In          io.Reader
	Out, Err    io.Writer
	Interactive bool             // Err is a terminal: progress may be drawn there
	Now         func() time.Time // the clock
}

// Terminal returns the streams of the process.
func Terminal() Streams {
	info, err := os.Stderr.Stat()
	interactive := err == nil && info.Mode()&os.ModeCharDevice != 0
	now := time.Now //nolint:forbidigo // the one place where the clock of the program comes from
	return Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Interactive: interactive, Now: now}
}

// bar returns a progress bar, which is silent unless there is a terminal.
func (s *Streams) bar(label string) *progress.Bar {
	if !s.Interactive {
		return nil
	}
	return progress.New(s.Err, label)
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
	root := newRoot(s)                        //nolint:contextcheck // cobra hands the context to the commands
	root.SetArgs(append([]string{}, args...)) // cobra takes those of the process instead of none at all
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		_, _ = fmt.Fprintln(s.Err, "interrupted")
		return exitFailed
	}
	_, _ = fmt.Fprintf(s.Err, "error: %s\n", strings.TrimPrefix(err.Error(), ErrUsage.Error()+": "))
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

  ballast init --template dao-treasury -o policy.yaml
  ballast explain policy.yaml
  ballast prices sample -o prices.csv
  ballast backtest --policy policy.yaml --prices prices.csv --out report

Everything runs on this machine; only "prices download" uses the network.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", ".FlagUsagesWrapped 100 "))
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage(cmd, "%w", err) })
	root.AddCommand(
		newInit(), newSchema(), newValidate(), newExplain(s),
		newBacktest(s), newFrontier(s), newPlan(s), newTune(), newPrices(s), newDemo(s), newVersion(),
	)
	return root
}

// usage is an error of the command line, with the way to the help.
func usage(cmd *cobra.Command, format string, args ...any) error {
	return fmt.Errorf("%w: %w; see `%s --help`", ErrUsage, fmt.Errorf(format, args...), cmd.CommandPath())
}

// noArgs refuses words that are not flags.
func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case cmd.HasAvailableSubCommands():
		hint := ""
		cmd.SuggestionsMinimumDistance = 3
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			hint = "; did you mean " + strings.Join(near, " or ") + "?"
		}
		return usage(cmd, "%q is not a command%s", args[0], hint)
	}
	return usage(cmd, "expected flags only, got %q", args[0])
}

// someArgs wants at least one word that is not a flag.
func someArgs(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage(cmd, "expected %s", what)
		}
		return nil
	}
}
