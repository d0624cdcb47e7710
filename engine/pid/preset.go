package pid

import "github.com/ballast-finance/ballast/engine/fixed"

// Preset is a named set of gains.
type Preset struct {
	Name  string
	Gains Gains
}

// Presets returns the sets of gains that treasuries have used before, from slow to fast, so that a policy can name a
// speed. They are the tuning presets of the Valence rebalancer (spec 01 §1.5) inside our defaults. Each call returns
// a new slice.
func Presets() []Preset {
	presets := make([]Preset, 0, 5)
	for _, p := range [...]struct {
		name         string
		kpBps, kiBps int64
	}{
		{"very slow", 2000, 8},
		{"slow", 4000, 10},
		{"medium", 5500, 10},
		{"fast", 7000, 10},
		{"very fast", 9000, 10},
	} {
		g := Default(fixed.FromBps(p.kpBps))
		g.Ki = fixed.FromBps(p.kiBps)
		presets = append(presets, Preset{p.name, g})
	}
	return presets
}
