package band_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func full(b *testing.B) *band.Samples {
	b.Helper()
	var s band.Samples
	for i := range int64(band.Capacity) {
		if err := s.Record(i, fixed.FromBps(2_500+i*i%37)); err != nil {
			b.Fatal(err)
		}
	}
	return &s
}

func BenchmarkWidth(b *testing.B) {
	for _, e := range []band.Estimator{band.Levels, band.Increments, band.Robust} {
		b.Run(e.String(), func(b *testing.B) {
			cfg := band.Default()
			cfg.Estimator = e
			s, target := full(b), fixed.FromBps(2_500)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := cfg.Width(s, target, fixed.Wad{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkJudge(b *testing.B) {
	cfg := band.Default()
	targets := []fixed.Wad{fixed.FromBps(2_500), fixed.FromBps(2_500), fixed.FromBps(2_500), fixed.FromBps(2_500)}
	weights := []fixed.Wad{fixed.FromBps(2_520), fixed.FromBps(2_480), fixed.FromBps(2_510), fixed.FromBps(2_490)}
	widths := []band.Width{cfg.Default, cfg.Default, cfg.Default, cfg.Default}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := cfg.Judge(widths, targets, weights); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	cfg := band.Default()
	m := band.Machine{Phase: band.Armed}
	b.ReportAllocs()
	for b.Loop() {
		m, _ = m.Next(&cfg, band.Observation{Verdict: band.Hold, Healthy: true})
	}
}

func BenchmarkExponent(b *testing.B) {
	for _, e := range []band.Exponent{band.CubeRoot, band.SquareRoot} {
		b.Run(e.String(), func(b *testing.B) {
			theta, sigma, reference := fixed.FromBps(500), fixed.FromBps(9_500), fixed.FromBps(8_000)
			b.ReportAllocs()
			for b.Loop() {
				var c fixed.Calc
				e.Scale(&c, theta, sigma, reference)
			}
		})
	}
}
