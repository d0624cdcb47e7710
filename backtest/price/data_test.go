package price_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest/price"
)

// recorded is where real price files lie, when they are there. They are not part of the repository.
const recorded = "../../../shared/data"

// data returns the files that match, or skips the test.
func data(tb testing.TB, pattern string) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(recorded, pattern))
	if err != nil {
		tb.Fatal(err)
	}
	if len(files) == 0 {
		tb.Skipf("SKIPPED: no recorded prices (%s) in %s", pattern, recorded)
	}
	return files
}

// dataRows are the rows that the description of the files gives.
var dataRows = map[string]int{
	"daily_majors.csv": 2444, "daily_btc_eth_long.csv": 2983, "daily_alts8.csv": 1932, "hourly_btc_eth.csv": 68444,
	"hourly_majors8.csv": 53638, "hourly_defi8.csv": 38970, "defi_daily.csv": 1624, "hourly_cosmos.csv": 23013,
	"hourly_cosmos_ntrn.csv": 14684, "hourly_treasury_usdc.csv": 19793, "daily_treasury_bybit.csv": 1211,
	"luna_crash_1h.csv": 3352, "luna_crash_30m.csv": 2018, "ftx_crash_1h.csv": 745, "mar2020_crash_1h.csv": 744,
	"may2021_crash_15m.csv": 5829, "usdc_depeg_15m.csv": 808, "usdc_depeg_1h.csv": 233, "feb2026_crash_1m.csv": 7201,
	"usde_oct2025_1m.csv": 5761, "mit_hourly_usd.csv": 32658, "mit_daily_tokens.csv": 913,
	"mit_daily_tokens_crv.csv": 687, "mit_daily_yahoo.csv": 1225, "etf_daily_adj.csv": 5247,
	"etf_daily_close.csv": 5247, "osmo_early_daily.csv": 236,
}

// TestRecorded loads every recorded file: all rows of the prices, none of the traps, and nothing that is no price.
func TestRecorded(t *testing.T) {
	t.Parallel()
	for _, file := range data(t, "*.csv") {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, _, err := price.Load([]string{file}, price.Options{})
			switch want, known := dataRows[name]; {
			case strings.HasPrefix(name, "trap_"), strings.HasPrefix(name, "extra_"):
				if err == nil {
					t.Error("expected an error")
				}
			case !known:
				t.Skip("SKIPPED: nothing is known of this file")
			case err != nil || table.Len() != want || table.Validate() != nil:
				t.Errorf("got %v, want %d rows", err, want)
			}
		})
	}
}

// TestTraps holds what the two traps say.
func TestTraps(t *testing.T) {
	t.Parallel()
	files := data(t, "trap_*.csv")
	tests := map[string]struct {
		kinds []error
		want  []string
	}{
		"trap_luna_ticker_reuse_1h.csv": {
			[]error{price.ErrGap, price.ErrJump},
			[]string{
				"csv:76: gap: no row between 2022-05-13T01:00:00Z and 2022-05-31T07:00:00Z: 18 days 6h0m0s or 438 steps",
				"csv:76: LUNA: jump: the price rises 171116-fold, from 0.00005 to 8.5558, after a gap of 18 days 6h0m0s",
			},
		},
		"trap_usdc_gap_1h.csv": {
			[]error{price.ErrGap},
			[]string{
				"csv:606: gap: no row between 2022-09-26T03:00:00Z and 2023-03-11T15:00:00Z: 166 days 12h0m0s or 3996 steps",
			},
		},
	}
	for _, file := range files {
		test, known := tests[filepath.Base(file)]
		if !known {
			continue
		}
		_, _, err := price.Load([]string{file}, price.Options{})
		for _, kind := range test.kinds {
			if !errors.Is(err, kind) {
				t.Errorf("%s: got %v, want %v", file, err, kind)
			}
		}
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", file, err, want)
			}
		}
	}
}

// TestTrapsCanBeUsed loads the traps in the ways that their errors propose.
func TestTrapsCanBeUsed(t *testing.T) {
	t.Parallel()
	file := data(t, "trap_usdc_gap_1h.csv")
	if _, _, err := price.Load(file, price.Options{MaxGapSteps: 3996}); err != nil {
		t.Error(err)
	}
	const relisted = 1_678_546_800 // 2023-03-11T15:00:00Z
	if table, _, err := price.Load(file, price.Options{From: relisted}); err != nil || table.Times[0] != relisted {
		t.Error(err)
	}
}

// TestRecordedJoin joins two real files with different holes.
func TestRecordedJoin(t *testing.T) {
	t.Parallel()
	data(t, "hourly_*.csv")
	files := []string{filepath.Join(recorded, "hourly_cosmos.csv"), filepath.Join(recorded, "usdc_depeg_15m.csv")}
	table, warnings, err := price.Load(files, price.Options{})
	if err != nil || len(warnings) < 2 || table.StepSeconds() != 3600 || len(table.Assets) != 5 {
		t.Errorf("got %v, %v", warnings, err)
	}
}

// BenchmarkLoad reads 4.1 MB from disk: 53,638 rows of eight prices.
func BenchmarkLoad(b *testing.B) {
	file := data(b, "hourly_majors8.csv")
	stat, err := os.Stat(file[0])
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(stat.Size())
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := price.Load(file, price.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
