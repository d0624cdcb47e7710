package compile

import (
	"fmt"
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// Policy is what a policy file means on a chain.
type Policy struct {
	File     *policy.File
	Policy   types.Policy
	Payments []types.PaymentTerms // with the recipients that the file names
}

// Text reads a policy file for the assets of a chain. The file may name them by display name or by denom.
func Text(text []byte, list unit.Assets) (*Policy, error) {
	f, err := policy.Parse(text)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(f.Assets))
	for i := range f.Assets {
		names[i] = f.Assets[i].Asset
	}
	named, err := list.Named(names)
	if err != nil {
		return nil, err
	}
	p, err := f.Compile(named)
	if err != nil {
		return nil, err
	}
	denoms, err := list.Denoms()
	if err != nil {
		return nil, err
	}
	c := &Policy{File: f, Policy: types.PolicyOf(denoms, p)}
	for i := range p.Payments {
		terms := termsOf(list, &p.Payments[i])
		if to := f.Payments[i].To; to != "" {
			if terms.To, err = Destination(to); err != nil {
				return nil, fmt.Errorf("payments[%d].to: %w", i, err)
			}
		}
		c.Payments = append(c.Payments, terms)
	}
	return c, nil
}

// termsOf are the terms of a payment of the engine; PaymentTerms.Engine is the way back.
func termsOf(list unit.Assets, p *project.Payment) types.PaymentTerms {
	terms := types.PaymentTerms{
		Amount: sdk.NewCoin(list[p.Asset].Denom, math.NewIntFromBigInt(p.Amount.Big())),
		Schedule: types.Schedule{
			First: p.Schedule.First, EverySeconds: p.Schedule.EverySeconds, EveryMonths: p.Schedule.EveryMonths,
			Until: p.Schedule.Until,
		},
		OnShort: types.OnShort_ON_SHORT_WAIT,
	}
	if p.OnShort == project.Partial {
		terms.OnShort = types.OnShort_ON_SHORT_PARTIAL
	}
	return terms
}

// Pay names the recipients of the payments for which the file names none: one for all of them, or one for each in the
// order of the file.
func (c *Policy) Pay(to []string) error {
	var open []*types.PaymentTerms
	for i := range c.Payments {
		if c.Payments[i].To.Recipient == "" {
			open = append(open, &c.Payments[i])
		}
	}
	n := len(open)
	switch {
	case n == 0 && len(to) > 0:
		return fmt.Errorf("--payment-to: the policy file has no payment without a recipient; leave the flag out")
	case n > 0 && len(to) == 0:
		return fmt.Errorf("the policy file has %d payments but does not say to whom: expected --payment-to ADDRESS, or "+
			"one for each of them in the order of the file", n)
	case len(to) > 1 && len(to) != n:
		return fmt.Errorf("--payment-to: expected one recipient, or %d in the order of the file, got %d", n, len(to))
	}
	for i, terms := range open {
		d, err := Destination(to[min(i, len(to)-1)])
		if err != nil {
			return fmt.Errorf("--payment-to: %w", err)
		}
		terms.To = d
	}
	return nil
}

// Destination reads "ballast1..." or "channel-0/cosmos1...".
func Destination(text string) (types.Destination, error) {
	d := types.Destination{Recipient: text}
	if channel, recipient, found := strings.Cut(text, "/"); found {
		d = types.Destination{Channel: channel, Recipient: recipient}
		return d, d.Validate()
	}
	return d, Address("recipient", text)
}

// Address checks an address of this chain.
func Address(flag, text string) error {
	if _, err := sdk.AccAddressFromBech32(text); err != nil {
		return fmt.Errorf("%s: expected an address that starts with %s1, got %q: %w", flag,
			sdk.GetConfig().GetBech32AccountAddrPrefix(), text, err)
	}
	return nil
}
