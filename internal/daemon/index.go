package daemon

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
)

// indexer is the program that keeps the history. It is one of its own: its databases would be a twentieth of the node.
const indexer = "ballast-index"

// indexCommand makes `ballastd index`: the program beside this one, or in the PATH, takes its place.
func indexCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "index",
		Short: "Follow a node into a database, and serve the history of the chain (runs " + indexer + ")",
		Example: `  ballastd index --help
  ballastd index --node tcp://localhost:26657 --db history.db --listen localhost:1318`,
		DisableFlagParsing: true,
		PersistentPreRunE:  func(*cobra.Command, []string) error { return nil }, // it reads no file of a node
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := beside(indexer)
			if err != nil {
				return fmt.Errorf("%w: `make build` puts it beside ballastd", err)
			}
			return syscall.Exec(file, append([]string{indexer}, args...), os.Environ()) //nolint:gosec // our own program
		},
	}
}

// beside finds a program in the folder of this one, or in the PATH.
func beside(name string) (string, error) {
	if own, err := os.Executable(); err == nil {
		file := filepath.Join(filepath.Dir(own), name)
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
	}
	return exec.LookPath(name)
}
