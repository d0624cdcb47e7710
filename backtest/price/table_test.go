package price_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// read reads a file that must be good.
func read(t *testing.T, text string, opt price.Options) *price.Table {
	t.Helper()
	table, _, err := price.Read(strings.NewReader(text), "test.csv", opt)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

const small = `time,BTC,ETH,USDC
2024-01-01T00:00:00Z,40000,2000,1
2024-01-02T00:00:00Z,41000.5,2100,1.0001
2024-01-03T00:00:00Z,39000,1900.25,0.9999
2024-01-04T00:00:00Z,39500,1950,1
`

const (
	day   = 86_400
	first = 1_704_067_200 // 2024-01-01T00:00:00Z
)

func TestTable(t *testing.T) {
	t.Parallel()
	table := read(t, small, price.Options{})
	if table.Len() != 4 || table.StepSeconds() != day || table.PeriodsPerYear() != 365 {
		t.Errorf("%d rows, step %d, %d a year", table.Len(), table.StepSeconds(), table.PeriodsPerYear())
	}
	if table.Source != "test.csv" || table.Synthetic {
		t.Errorf("source %q, synthetic %v", table.Source, table.Synthetic)
	}
	if want := enginetest.Ws(t, "41000.5", "2100", "1.0001"); !slices.Equal(table.Row(1), want) {
		t.Errorf("row 1: got %v, want %v", table.Row(1), want)
	}
	if table.Times[0] != first || table.Times[3] != first+3*day {
		t.Errorf("times %v", table.Times)
	}
	if err := table.Validate(); err != nil {
		t.Error(err)
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	table := read(t, small, price.Options{})
	part, err := table.Select([]string{"USDC", "BTC"})
	if err != nil {
		t.Fatal(err)
	}
	if want := enginetest.Ws(t, "0.9999", "39000"); !slices.Equal(part.Row(2), want) || part.Len() != 4 {
		t.Errorf("got %v, want %v", part.Row(2), want)
	}
	_, err = table.Select([]string{"BTC", "ATOM", "OSMO"})
	const want = "price: invalid assets: no column ATOM, OSMO in test.csv: expected some of BTC, ETH, USDC"
	if !errors.Is(err, price.ErrAsset) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err = table.Select(nil); !errors.Is(err, price.ErrAsset) {
		t.Errorf("no asset: got %v", err)
	}
}

func TestSlice(t *testing.T) {
	t.Parallel()
	table := read(t, small, price.Options{})
	tests := []struct {
		name     string
		from, to int64
		start, n int // n == 0: an error
	}{
		{"all", 0, 1 << 62, 0, 4},
		{"both ends included", first + day, first + 2*day, 1, 2},
		{"between rows", first + 1, first + 3*day - 1, 1, 2},
		{"one row", first, first, 0, 0},
		{"nothing", 0, first - 1, 0, 0},
		{"upside down", first + 3*day, first, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			part, err := table.Slice(test.from, test.to)
			if test.n == 0 {
				if !errors.Is(err, price.ErrRows) {
					t.Errorf("got %v, want ErrRows", err)
				}
				return
			}
			if err != nil || part.Len() != test.n || part.Times[0] != table.Times[test.start] {
				t.Fatalf("got %v, %v", part, err)
			}
			if !slices.Equal(part.Row(0), table.Row(test.start)) || len(part.Prices) != test.n*3 {
				t.Errorf("prices %v", part.Prices)
			}
		})
	}
}

func TestLast(t *testing.T) {
	t.Parallel()
	table := read(t, small, price.Options{})
	part, err := table.Last(2)
	if err != nil || part.Len() != 2 || part.Times[0] != first+2*day || !slices.Equal(part.Row(1), table.Row(3)) {
		t.Errorf("got %v, %v", part, err)
	}
	for _, n := range []int{-1, 0, 1, 5} {
		if _, err := table.Last(n); !errors.Is(err, price.ErrRows) {
			t.Errorf("last %d: got %v, want ErrRows", n, err)
		}
	}
}

func TestPeriodsPerYear(t *testing.T) {
	t.Parallel()
	weekdays := func(weeks int) []int64 {
		times := make([]int64, 0, 5*weeks)
		for w := range weeks {
			for d := range 5 {
				times = append(times, int64(7*w+d)*day)
			}
		}
		return times
	}
	tests := []struct {
		name  string
		times []int64
		step  int64
		want  int64
	}{
		{"hourly", []int64{0, 3600, 7200}, 3600, 8760},
		{"hourly with a gap below a tenth", append([]int64{-7200}, span(0, 40, 3600)...), 3600, 8760},
		{"daily", []int64{0, day}, day, 365},
		{"minutes", []int64{0, 60, 120}, 60, 525_600},
		{"weekdays", weekdays(200), day, 261},
		{"decades", []int64{0, 4_000_000_000}, 4_000_000_000, 1},
		{"one row", []int64{5}, 0, 1},
		{"no row", nil, 0, 1},
		{"lower median", []int64{0, 1, 3}, 1, 365 * day * 2 / 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			table := price.Table{Assets: []string{"A"}, Times: test.times, Prices: make([]fixed.Wad, len(test.times))}
			if got := table.StepSeconds(); got != test.step {
				t.Errorf("step: got %d, want %d", got, test.step)
			}
			if got := table.PeriodsPerYear(); !near(got, test.want) {
				t.Errorf("periods: got %d, want %d", got, test.want)
			}
		})
	}
}

// near allows for the leap days of a counted year.
func near(got, want int64) bool { return 1000*max(got-want, want-got) <= want }

func span(from int64, n int, step int64) []int64 {
	times := make([]int64, n)
	for i := range times {
		times[i] = from + int64(i)*step
	}
	return times
}

func TestValidate(t *testing.T) {
	t.Parallel()
	one := fixed.One()
	tests := []struct {
		name  string
		table price.Table
		want  error
	}{
		{"good", price.Table{Assets: []string{"A"}, Times: []int64{1, 2}, Prices: []fixed.Wad{one, one}}, nil},
		{"price missing", price.Table{Assets: []string{"A"}, Times: []int64{1}}, price.ErrRows},
		{"no asset", price.Table{}, price.ErrRows},
		{
			"asset twice",
			price.Table{Assets: []string{"A", "A"}, Times: []int64{1}, Prices: []fixed.Wad{one, one}},
			price.ErrAsset,
		},
		{
			"same time",
			price.Table{Assets: []string{"A"}, Times: []int64{1, 1}, Prices: []fixed.Wad{one, one}},
			price.ErrOrder,
		},
		{"zero", price.Table{Assets: []string{"A"}, Times: []int64{1}, Prices: []fixed.Wad{{}}}, price.ErrPrice},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := test.table.Validate(); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}
