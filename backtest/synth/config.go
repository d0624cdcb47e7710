package synth

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrConfig says that a history cannot be drawn.
var ErrConfig = errors.New("synth: invalid configuration")

const (
	maxRows    = 10_000_000
	maxLoading = 10
	dearest    = 1_000_000 // the highest start price
)

// Config says what to draw.
type Config struct {
	Seed        uint64
	Start       int64 // time of the first row, seconds of UTC since 1970
	Rows        int
	StepSeconds int64
	Assets      []Asset
}

// Asset is one column.
type Asset struct {
	Name       string
	Price      fixed.Wad // of the first row; a pegged asset begins at 1 whatever this says
	Beta       fixed.Wad // loading on the market
	Volatility fixed.Wad // annual, of the asset's own part, beside the market's
	Pegged     bool      // returns to 1; Beta and Volatility are not used
}

// SampleConfig is the configuration of the bundled sample: three years by the hour, of a treasury's own token, two
// large coins, a smaller one and a stablecoin. It lies in the future, so that nobody takes it for a record.
func SampleConfig() Config {
	return Config{
		Seed:        1,
		Start:       1_893_456_000, // 2030-01-01T00:00:00Z
		Rows:        3 * 365 * 24,
		StepSeconds: 3600,
		Assets: []Asset{
			{Name: "GOV", Price: fixed.FromInt(2), Beta: fixed.FromBps(12_500), Volatility: fixed.FromBps(7_500)},
			{Name: "BTC", Price: fixed.FromInt(40_000), Beta: fixed.FromBps(9_000), Volatility: fixed.FromBps(1_500)},
			{Name: "ETH", Price: fixed.FromInt(2_500), Beta: fixed.FromBps(11_000), Volatility: fixed.FromBps(3_000)},
			{Name: "ATOM", Price: fixed.FromInt(10), Beta: fixed.FromBps(12_000), Volatility: fixed.FromBps(5_500)},
			{Name: "USDC", Pegged: true},
		},
	}
}

// Validate returns ErrConfig for what cannot be drawn.
func (cfg *Config) Validate() error {
	switch {
	case cfg.Rows < 2 || cfg.Rows > maxRows:
		return fmt.Errorf("%w: expected 2..%d rows, got %d", ErrConfig, maxRows, cfg.Rows)
	case cfg.StepSeconds < 1 || cfg.StepSeconds > yearSeconds:
		return fmt.Errorf("%w: expected a step of 1..%d seconds, got %d", ErrConfig, yearSeconds, cfg.StepSeconds)
	case len(cfg.Assets) == 0:
		return fmt.Errorf("%w: expected an asset", ErrConfig)
	}
	for i, a := range cfg.Assets {
		if err := a.validate(); err != nil {
			return err
		}
		if slices.ContainsFunc(cfg.Assets[:i], func(b Asset) bool { return a.Name == b.Name }) {
			return fmt.Errorf("%w: %s is there twice", ErrConfig, a.Name)
		}
	}
	return nil
}

func (a *Asset) validate() error {
	loading := fixed.FromInt(maxLoading)
	switch {
	case a.Name == "" || strings.ContainsAny(a.Name, ", \"\t\r\n"):
		return fmt.Errorf("%w: expected a name without spaces, commas and quotes, got %q", ErrConfig, a.Name)
	case a.Pegged:
		return nil
	case a.Price.Less(fixed.FromRaw(lowest*rawPerPico)) || fixed.FromInt(dearest).Less(a.Price):
		return fmt.Errorf("%w: %s: expected a price of 0.000001..%d, got %v", ErrConfig, a.Name, dearest, a.Price)
	case a.Beta.Sign() < 0 || loading.Less(a.Beta):
		return fmt.Errorf("%w: %s: expected a beta of 0..%d, got %v", ErrConfig, a.Name, maxLoading, a.Beta)
	case a.Volatility.Sign() < 0 || loading.Less(a.Volatility):
		return fmt.Errorf("%w: %s: expected a volatility of 0..%d, got %v", ErrConfig, a.Name, maxLoading, a.Volatility)
	}
	return nil
}
