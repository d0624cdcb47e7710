package metrics

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Netting sums up where flows went, in value at the decision prices. A flow that takes several legs counts once. The
// zero value is empty.
type Netting struct {
	Netted    fixed.Wad // crossed against other portfolios
	Auctioned fixed.Wad // offered in auctions
	Routed    fixed.Wad // sent to another venue
}

// Observe takes in the flows of one cycle. ErrSample when a value is negative.
func (n *Netting) Observe(netted, auctioned, routed fixed.Wad) error {
	if netted.Sign() < 0 || auctioned.Sign() < 0 || routed.Sign() < 0 {
		return fmt.Errorf("%w: expected values of zero or more, got %v, %v, %v", ErrSample, netted, auctioned, routed)
	}
	var c fixed.Calc
	next := Netting{
		Netted:    c.Add(n.Netted, netted),
		Auctioned: c.Add(n.Auctioned, auctioned),
		Routed:    c.Add(n.Routed, routed),
	}
	if err := c.Err(); err != nil {
		return fmt.Errorf("metrics: netting: %w", err)
	}
	*n = next
	return nil
}

// Rate is the netted value over all of it; zero without flows.
func (n *Netting) Rate(c *fixed.Calc) fixed.Wad {
	return ratio(c, n.Netted, c.Add(c.Add(n.Netted, n.Auctioned), n.Routed))
}
