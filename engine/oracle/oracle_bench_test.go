package oracle_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

func BenchmarkAggregate(b *testing.B) {
	v := fixture(b)
	seven, cfg := v.reports, v.cfg
	full := make([]oracle.Report, oracle.MaxSources)
	for i := range full {
		full[i] = seven[i%4]
		full[i].Source.ID = uint32(i)
		full[i].Price = fixed.FromBps(100_000 + int64(i*7919%97))
	}
	for _, test := range []struct {
		name    string
		reports []oracle.Report
	}{{"sources=7", seven}, {"sources=32", full}} {
		b.Run(test.name, func(b *testing.B) {
			var ws oracle.Workspace
			b.ReportAllocs()
			for b.Loop() {
				if a, err := oracle.Aggregate(&ws, &cfg, test.reports, v.OK.Now, fixed.One()); err != nil || a.Value.IsZero() {
					b.Fatal(a.Status, err)
				}
			}
		})
	}
}

func BenchmarkHistory(b *testing.B) {
	cfg := oracle.DefaultHistoryConfig()
	cfg.Volatility.Initial = fixed.One()
	var aggregations [64]oracle.Aggregation
	for i := range aggregations {
		aggregations[i] = oracle.Certain(fixed.FromBps(100_000+int64(i%7)), 3)
	}
	var h oracle.History
	at := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		at += 6
		if _, err := h.Observe(&cfg, at, &aggregations[at/6%64]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPoll(b *testing.B) {
	ballots := make([]oracle.Ballot, 150)
	for i := range ballots {
		ballots[i] = oracle.Ballot{Validator: uint32(i), Power: 100, Price: fixed.FromBps(100_000 + int64(i*7919%97))}
	}
	var p oracle.Poll
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Median(ballots, 15_000); err != nil {
			b.Fatal(err)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	v := fixture(t)
	reports, cfg := v.reports, v.cfg
	past := oracle.DefaultHistoryConfig()
	var ws oracle.Workspace
	var h oracle.History
	at := v.OK.Now
	if n := testing.AllocsPerRun(100, func() {
		a, err := oracle.Aggregate(&ws, &cfg, reports, v.OK.Now, h.Sigma(&past))
		if err != nil {
			t.Error(err)
		}
		at += 6
		if _, err := h.Observe(&past, at, &a); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
