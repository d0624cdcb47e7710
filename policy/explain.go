package policy

import "github.com/ballast-finance/ballast/engine/fixed"

// ExplainOptions are what is known of the world beyond the policy. Zero values are unknown and left out.
type ExplainOptions struct {
	NAV        fixed.Wad            // net asset value
	Volatility fixed.Wad            // annual, of the assets against each other
	Prices     map[string]fixed.Wad // of display units
	Now        int64                // unix seconds
}

// Explain says in plain words what a policy will do.
func Explain(f *File, _ ExplainOptions) ([]string, error) {
	u, err := Universe(f)
	if err != nil {
		return nil, err
	}
	_, err = f.Compile(u)
	return nil, err
}
