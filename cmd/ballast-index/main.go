// Command ballast-index keeps a history of a chain beside a node: see internal/history.
package main

import (
	"fmt"
	"os"

	"github.com/ballast-finance/ballast/internal/history"
)

func main() {
	cmd := history.Command()
	if err := cmd.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}
