package feed

import (
	"context"
	"time"

	"github.com/ballast-finance/ballast/backtest/fetch"
)

// Exchange asks a public exchange for the last price of each asset.
type Exchange struct {
	Options fetch.Options // provider, quote and step, and how it is reached
	Assets  []string      // as the exchange calls them
	Denoms  []string      // parallel to Assets
}

// Quotes asks now.
func (e *Exchange) Quotes(ctx context.Context, _ time.Time) ([]Quote, error) {
	opt := e.Options
	opt.Assets = e.Assets
	closes, err := fetch.Latest(ctx, opt)
	if err != nil {
		return nil, err
	}
	quotes := make([]Quote, len(closes))
	for i, c := range closes {
		quotes[i] = Quote{e.Denoms[i], c.Price}
	}
	return quotes, nil
}
