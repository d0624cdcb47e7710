package target_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/target"
)

func BenchmarkAt(b *testing.B) {
	quarter := enginetest.Ws(b, "0.25", "0.25", "0.25", "0.25")
	safe := enginetest.Ws(b, "0", "0", "0.5", "0.5")
	in := target.Input{
		Now: 1_000_000, NAV: enginetest.W(b, "1234567.123456789"),
		Current: quarter, Sigma: enginetest.Ws(b, "0.8", "0.9", "1.1", "0.05"),
	}
	for _, s := range []target.Schedule{
		{Kind: target.ConstantMix, Weights: quarter},
		{Kind: target.ConstantMix, Weights: quarter, Max: enginetest.Ws(b, "0.3", "0.2", "0.3", "0.3")},
		{Kind: target.Glide, Weights: quarter, From: safe, Start: 1, End: 3_000_000},
		{
			Kind: target.TIPP, Weights: quarter, From: safe,
			Floor: fixed.FromInt(850_000), FloorRate: enginetest.W(b, "0.03"),
			Multiplier: fixed.FromInt(4), MaxExposure: fixed.One(), Ratchet: enginetest.W(b, "0.85"),
		},
		{
			Kind: target.VolTarget, Weights: quarter, From: safe,
			TargetSigma: enginetest.W(b, "0.3"), MaxExposure: fixed.One(),
		},
		{Kind: target.InverseVol, Weights: quarter},
	} {
		name := s.Kind.String()
		if len(s.Max) > 0 {
			name += " with bounds"
		}
		b.Run(name, func(b *testing.B) {
			var ws target.Workspace
			dst := make([]fixed.Wad, len(quarter))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := target.At(&ws, &s, target.State{}, in, dst); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
