package prices

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/server"

	"github.com/ballast-finance/ballast/agents/ticker"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/policy/plain"
)

// ErrMissing says that a vote would leave out an asset.
var ErrMissing = errors.New("no price")

// Command makes ballastd prices.
func Command() *cobra.Command {
	cmd := &cobra.Command{Use: "prices", Short: "The prices that a validator votes with", RunE: client.ValidateCmd}
	cmd.AddCommand(checkCommand())
	return cmd
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Ask every provider of [oracle] in app.toml once, and show what it says",
		Long: `Ask every provider of the section [oracle] in app.toml once for each of its assets, as the node does, and
show what it says, what a vote would say, and what can be done about what failed. The section is read whether it is
enabled or not; no node has to run.

The exit status is 1 when a vote would leave out an asset: no provider has a price of it, or fewer than
min-providers.`,
		Example: `  ballastd prices check
  ballastd prices check --home ~/.ballastd`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, err := ticker.ReadAll(server.GetServerContextFromCmd(cmd).Viper.Get)
			if err != nil {
				return err
			}
			known := ticker.New(config, log.NewNopLogger())
			answers, err := known.Survey(cmd.Context())
			if err != nil {
				return err
			}
			return tell(cmd.OutOrStdout(), &config, known, answers)
		},
	}
}

// tell writes what came of it. The error names the assets without a price.
func tell(w io.Writer, config *ticker.Config, known *ticker.Ticker, answers []ticker.Answer) error {
	const nothing = "–"
	var b strings.Builder
	t := figure.Table{Left: 2}
	t.Row("provider", "asset", "symbol", "price", "age", "")
	for i := range answers {
		a := &answers[i]
		if a.Err != nil {
			t.Row(a.Provider, a.Asset.Denom, a.Asset.Symbol, nothing, nothing, "failed")
			continue
		}
		t.Row(a.Provider, a.Asset.Denom, a.Asset.Symbol, a.Price.String(), a.Age.Round(time.Second).String(), "ok")
	}
	if _, err := t.WriteTo(&b); err != nil {
		return err
	}
	for i := range answers {
		if a := &answers[i]; a.Err != nil {
			fmt.Fprintf(&b, "\n%s, %s:\n%s", figure.Printable(a.Provider), a.Asset.Symbol,
				figure.Wrapped(a.Err.Error())+figure.Wrapped("How to fix: "+a.Fix()+"."))
		}
	}
	b.WriteString("\nA vote would say:\n")
	missing, err := votes(&b, known, answers)
	if err != nil {
		return err
	}
	if !config.Enabled {
		b.WriteString("\nIt says nothing yet: set enabled = true in [oracle], and restart the node.\n")
	}
	if _, err := io.WriteString(w, b.String()); err != nil || len(missing) == 0 {
		return err
	}
	return fmt.Errorf("%w of %s: expected one of %s at least for each asset", ErrMissing, strings.Join(missing, ", "),
		plain.Plural(int64(config.MinProviders), "provider"))
}

// votes writes what a vote would say of each asset, and returns those it would leave out.
func votes(w io.Writer, known *ticker.Ticker, answers []ticker.Answer) (missing []string, err error) {
	asked, said := make(map[string]int), make(map[string]int)
	var denoms []string
	for i := range answers {
		denom := answers[i].Asset.Denom
		if asked[denom]++; asked[denom] == 1 {
			denoms = append(denoms, denom)
		}
		if answers[i].Err == nil {
			said[denom]++
		}
	}
	slices.Sort(denoms)
	var t figure.Table
	for _, denom := range denoms {
		text := "nothing"
		if price, ok := known.Price(denom); ok {
			text = price.String()
		} else {
			missing = append(missing, denom)
		}
		t.Row(denom, text, fmt.Sprintf("%d of %s", said[denom], plain.Plural(int64(asked[denom]), "provider")))
	}
	_, err = t.WriteTo(w)
	return missing, err
}
