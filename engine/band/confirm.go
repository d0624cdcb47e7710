package band

import (
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Confirms reports whether a price confirms the move that halted a portfolio: it is good, enough classes of sources
// agree on it, its interval is narrow, and it is at most Z deviations of MeanSeconds from its own mean. What overflows
// confirms nothing.
func (cfg *Config) Confirms(p oracle.Price) bool {
	if p.Status != oracle.StatusOK || p.Classes < cfg.MinClasses || cfg.MaxConfidence.Less(p.Confidence) {
		return false
	}
	var c fixed.Calc
	limit := c.MulTrunc(p.TWAP, c.MulTrunc(c.MulTrunc(cfg.Z, p.Sigma), Horizon(&c, cfg.MeanSeconds)))
	return c.Sub(p.Value, p.TWAP).Abs().Cmp(limit) <= 0 && p.TWAP.Sign() > 0 && c.Err() == nil
}
