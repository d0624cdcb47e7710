package types

// The ranges of params.
const (
	daySeconds            = 86_400
	maxPeriodSeconds      = 30 * daySeconds
	maxPortfoliosPerOwner = 10_000
	// MaxPayments is as many as a policy file may have.
	MaxPayments          = 100
	maxPayoutsPerBlock   = 1_000
	maxGraceSeconds      = 365 * daySeconds
	minTransferSeconds   = 60
	maxTransferSeconds   = 7 * daySeconds
	defaultPeriodSeconds = 60
	defaultPerOwner      = 100
	defaultPayouts       = 50
	defaultTransfer      = 600
)

// DefaultParams are the params of a chain that chooses none.
func DefaultParams() Params {
	return Params{
		MinPeriodSeconds: defaultPeriodSeconds, MaxPortfoliosPerOwner: defaultPerOwner, MaxPayments: MaxPayments,
		MaxPayoutsPerBlock: defaultPayouts, GraceSeconds: daySeconds, TransferTimeoutSeconds: defaultTransfer,
	}
}

// Validate checks the ranges.
func (p *Params) Validate() error {
	for _, r := range []struct {
		name             string
		got, least, most int64
		why              string
	}{
		{"min_period_seconds", p.MinPeriodSeconds, 1, maxPeriodSeconds, "every decision costs all others"},
		{"max_portfolios_per_owner", int64(p.MaxPortfoliosPerOwner), 1, maxPortfoliosPerOwner, "bids look at each"},
		{"max_payments", int64(p.MaxPayments), 0, MaxPayments, "they are one value of the store"},
		{"max_payouts_per_block", int64(p.MaxPayoutsPerBlock), 1, maxPayoutsPerBlock, "a block must end"},
		{"grace_seconds", p.GraceSeconds, 0, maxGraceSeconds, "a pause must show"},
		{
			"transfer_timeout_seconds", p.TransferTimeoutSeconds, minTransferSeconds, maxTransferSeconds,
			"relayers need time, and a retry must come",
		},
	} {
		if r.got < r.least || r.got > r.most {
			return ErrParams.Wrapf("%s: expected %d..%d, got %d: %s", r.name, r.least, r.most, r.got, r.why)
		}
	}
	return nil
}
