package pid_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
)

// benchmarkAssets is the size of the portfolio that the figures per asset come from.
const benchmarkAssets = 6

func benchmarkStep(b *testing.B, g pid.Gains) {
	b.Helper()
	st := pid.NewState(benchmarkAssets)
	in := pid.Input{
		PeriodSeconds: 86400, Active: true,
		Errors:  enginetest.Ws(b, "0.05", "-0.031415926535897932", "0.02", "-0.02", "-0.03", "0.011415926535897932"),
		Weights: enginetest.Ws(b, "0.15", "0.231415926535897932", "0.13", "0.17", "0.18", "0.138584073464102068"),
	}
	out := make([]fixed.Wad, benchmarkAssets)
	b.ReportAllocs()
	for b.Loop() {
		in.Now += 86400
		if err := pid.Step(&g, &st, in, out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchmarkAssets, "ns/asset")
}

func BenchmarkStepAndFeedback(b *testing.B) {
	g := pid.Default(enginetest.W(b, "0.3"))
	g.Ki = enginetest.W(b, "0.01")
	in := pid.Input{
		PeriodSeconds: 86400, Active: true,
		Errors: enginetest.Ws(b, "0.05", "-0.05"), Weights: enginetest.Ws(b, "0.45", "0.55"),
	}
	out := make([]fixed.Wad, 2)
	st := pid.NewState(2)
	b.ReportAllocs()
	for b.Loop() {
		in.Now += 86400
		if err := pid.Step(&g, &st, in, out); err != nil {
			b.Fatal(err)
		}
		if err := pid.Feedback(&g, &st, out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/2, "ns/asset")
}

func BenchmarkStepProportional(b *testing.B) {
	benchmarkStep(b, pid.Default(enginetest.W(b, "0.2")))
}

func BenchmarkStepFull(b *testing.B) {
	g := pid.Default(enginetest.W(b, "0.3"))
	g.Ki, g.Kd = enginetest.W(b, "0.01"), enginetest.W(b, "0.1")
	benchmarkStep(b, g)
}
