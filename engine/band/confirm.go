package band

import "github.com/ballast-finance/ballast/engine/fixed"

// Evidence is what is known of one price when it is to confirm a move of the market.
type Evidence struct {
	Price      fixed.Wad // now
	TWAP       fixed.Wad // time-weighted mean of the last 24 hours
	Sigma      fixed.Wad // annual volatility
	Confidence fixed.Wad // half-width of the price's interval, in parts of the price
	Classes    int       // classes of sources that agree on it
}

// Confirms reports whether a price confirms the move that halted a portfolio: enough classes of sources, a narrow
// interval, and a distance from its own mean of at most Z deviations of a day. What overflows confirms nothing.
func (cfg *Config) Confirms(e Evidence) bool {
	if e.Classes < cfg.MinClasses || cfg.MaxConfidence.Less(e.Confidence) || e.Price.Sign() <= 0 || e.TWAP.Sign() <= 0 {
		return false
	}
	var c fixed.Calc
	limit := c.MulTrunc(e.TWAP, c.MulTrunc(c.MulTrunc(cfg.Z, e.Sigma), Horizon(&c, daySeconds)))
	return c.Sub(e.Price, e.TWAP).Abs().Cmp(limit) <= 0 && c.Err() == nil
}
