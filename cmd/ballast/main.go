// Command ballast shows a treasury what its policy would do: it writes, checks and explains policies, runs them over
// recorded prices, and reports.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/ballast-finance/ballast/internal/cli"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Run(ctx, os.Args[1:], cli.Terminal())
}
