package portfolio

import (
	"fmt"

	"github.com/spf13/cobra"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/internal/daemon/compile"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/policy/form"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// due is a payment, as it is written: the words are those of a policy file.
type due struct{ amount, to, first, every, until, short string }

func (d *due) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&d.amount, "amount", "", "`AMOUNT` of each payment, such as 5_000USDC")
	f.StringVar(&d.to, "to", "", "`ADDRESS` that gets it, channel-0/ADDRESS on another chain")
	f.StringVar(&d.first, "first", "", "`TIME` of the first one, a date or as in RFC 3339")
	f.StringVar(&d.every, "every", "", "day, week, month, quarter, year or a span such as 12h (default: once)")
	f.StringVar(&d.until, "until", "", "last `TIME` at which one may be due (default: no end)")
	f.StringVar(&d.short, "when-short", "wait", "when the money is not there: wait, or partial (pay what is there)")
	for _, name := range []string{"amount", "to", "first"} {
		_ = cmd.MarkFlagRequired(name)
	}
}

// read reads the payment for the assets of a chain, and says what it is in base units.
func (d *due) read(cmd *cobra.Command, list unit.Assets) (t types.PaymentTerms, err error) {
	if t.Amount, err = list.Coin(d.amount); err != nil {
		return t, fmt.Errorf("--amount: %w", err)
	}
	if t.To, err = compile.Destination(d.to); err != nil {
		return t, fmt.Errorf("--to: %w", err)
	}
	var p policy.Payment
	if p.First, err = form.ParseMoment(d.first); err != nil {
		return t, fmt.Errorf("--first: %w", err)
	}
	if d.every != "" {
		if err := p.Every.UnmarshalText([]byte(d.every)); err != nil {
			return t, fmt.Errorf("--every: %w, got %q", err, d.every)
		}
	}
	if d.until != "" {
		until, err := form.ParseMoment(d.until)
		if err != nil {
			return t, fmt.Errorf("--until: %w", err)
		}
		p.Until = &until
	}
	s := p.Schedule()
	t.Schedule = types.Schedule{
		First: s.First, EverySeconds: s.EverySeconds, EveryMonths: s.EveryMonths, Until: s.Until,
	}
	switch d.short {
	case "wait":
		t.OnShort = types.OnShort_ON_SHORT_WAIT
	case "partial":
		t.OnShort = types.OnShort_ON_SHORT_PARTIAL
	default:
		return t, fmt.Errorf("--when-short: %s", form.Among(d.short, []string{"wait", "partial"}))
	}
	cmd.PrintErrf("Payment: %s, to %s, first on %v\n", list.Exact(t.Amount), t.To.Recipient, p.First)
	return t, nil
}

func payment() *cobra.Command {
	var g generation
	var d due
	cmd := &cobra.Command{
		Use: "add-payment [id]", Short: "Schedule a payment out of a portfolio",
		Long: `Schedule a payment, once or again and again, here or over IBC. The asset must be one of the policy; what is
missing of it is bought beforehand, in equal slices. cancel-payment forgets it, query portfolio payments shows it.`,
		Example: `  ballastd tx portfolio add-payment 7 --amount 5_000USDC --to ballast1... --first 2027-02-01 \
    --every month --from alice
  ballastd tx portfolio add-payment 7 --amount 50ATOM --to channel-0/cosmos1... --first 2027-03-01 \
    --from alice`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.speak(cmd, args[0], func(list unit.Assets, owner string, id uint64) (sdk.Msg, error) {
				t, err := d.read(cmd, list)
				return &types.MsgAddPayment{Owner: owner, Id: id, Terms: t}, err
			})
		},
	}
	d.register(cmd)
	g.register(cmd)
	return cmd
}
