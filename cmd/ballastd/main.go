// Command ballastd runs a node of the chain and talks to one: see internal/daemon.
package main

import (
	"os"

	"github.com/ballast-finance/ballast/internal/daemon"
)

func main() { os.Exit(daemon.Main()) }
