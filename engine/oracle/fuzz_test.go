package oracle_test

import (
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

const reportBytes = 24

// readReports makes reports out of the fuzzer's bytes: anything that a type can hold.
func readReports(data []byte) []oracle.Report {
	var reports []oracle.Report
	for ; len(data) >= reportBytes && len(reports) <= oracle.MaxSources; data = data[reportBytes:] {
		price := new(big.Int).SetUint64(binary.LittleEndian.Uint64(data))
		price.Lsh(price, uint(data[8])%192)
		if data[8] >= 192 {
			price.Neg(price)
		}
		w, err := fixed.FromBig(price)
		if err != nil {
			w = fixed.Max()
		}
		reports = append(reports, oracle.Report{
			Source: oracle.Source{
				ID: uint32(len(reports)), Class: oracle.Class(data[9] % 6), Weight: binary.LittleEndian.Uint32(data[10:]),
				MaxAgeSeconds: int64(binary.LittleEndian.Uint16(data[14:])), Paused: data[9] >= 252,
			},
			Price: w, Time: int64(binary.LittleEndian.Uint64(data[16:])),
		})
	}
	return reports
}

// FuzzAggregate sends reports of any kind: nothing panics, no price without a quorum of sources that were kept, no
// price outside of theirs.
func FuzzAggregate(f *testing.F) {
	honest := make([]byte, 0, 5*reportBytes)
	for i := range byte(5) {
		one := make([]byte, reportBytes)
		binary.LittleEndian.PutUint64(one, 1e18+uint64(i)*1e15)
		one[8], one[9], one[10], one[14] = 1, 1+i%3, 100, 255
		binary.LittleEndian.PutUint64(one[16:], now-uint64(i))
		honest = append(honest, one...)
	}
	f.Add(honest, int64(now), uint8(3), uint8(2))
	f.Add(honest[:3*reportBytes], int64(now), uint8(1), uint8(1))
	f.Add(make([]byte, 33*reportBytes), int64(0), uint8(1), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, at int64, sources, classes uint8) {
		reports := readReports(data)
		cfg := oracle.DefaultConfig()
		cfg.MinSources = 1 + int(sources)%oracle.MaxSources
		cfg.MinClasses = 1 + int(classes)%cfg.MinSources
		var ws oracle.Workspace
		a, err := oracle.Aggregate(&ws, &cfg, reports, at, fixed.One())
		if err != nil {
			if len(reports) <= oracle.MaxSources {
				t.Fatal(err)
			}
			return
		}
		if a.Status != oracle.StatusOK {
			if !a.Value.IsZero() || a.Status != oracle.StatusNoQuorum {
				t.Fatalf("%v with the value %v", a.Status, a.Value)
			}
			return
		}
		low, high := fixed.Max(), fixed.Wad{}
		kept, seen := 0, make(map[oracle.Class]bool)
		for i, finding := range ws.Findings() {
			if finding.Verdict != oracle.Kept {
				continue
			}
			low, high = low.Min(reports[i].Price), high.Max(reports[i].Price)
			if k := reports[i].Source.Class; k != oracle.Auction {
				kept++
				seen[k] = true
			}
		}
		if kept < cfg.MinSources || len(seen) < cfg.MinClasses || kept != a.Sources || len(seen) != a.Classes {
			t.Fatalf("a price of %d sources of %d classes", kept, len(seen))
		}
		if a.Value.Sign() <= 0 || a.Value.Less(low) || high.Less(a.Value) || a.Confidence.Sign() < 0 || a.AgeSeconds < 0 {
			t.Fatalf("%+v of %v..%v", a, low, high)
		}
	})
}
