package daemon

import (
	"fmt"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/internal/daemon/historian"
)

// indexCommand makes `ballastd index`: the program beside this one, or in the PATH, takes its place.
func indexCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "index",
		Short: "Follow a node into a database, and serve the history of the chain (runs " + historian.Program + ")",
		Example: `  ballastd index --help
  ballastd index --node tcp://localhost:26657 --db history.db --listen localhost:1318`,
		DisableFlagParsing: true,
		PersistentPreRunE:  func(*cobra.Command, []string) error { return nil }, // it reads no file of a node
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := historian.Find()
			if err != nil {
				return fmt.Errorf("%w: `make build` puts it beside ballastd", err)
			}
			argv := append([]string{historian.Program}, args...)
			return syscall.Exec(file, argv, os.Environ()) //nolint:gosec // our own program
		},
	}
}
