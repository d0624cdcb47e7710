package price_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/enginetest"
)

// weeks has ten weeks between its last two rows.
const weeks = "time,BTC\n2024-01-01T00:00:00Z,1\n2024-01-08T00:00:00Z,1\n2024-01-15T00:00:00Z,1\n" +
	"2024-01-22T00:00:00Z,1\n2024-04-01T00:00:00Z,1\n"

// usable are files that can be used, and what is said about them.
var usable = []struct {
	name, text string
	opt        price.Options
	rows       int
	want       string
}{
	{
		"gap", rows(hour0, hour1, hour2, "2024-01-01T05:00:00Z,99", "2024-01-01T07:00:00Z,99", "2024-01-01T08:00:00Z,99"),
		price.Options{},
		6,
		"x.csv:5: 2 gaps without rows (3 steps of 1h0m0s): time jumps there; the longest, 3h0m0s, ends here",
	},
	{
		"gap by request", rows(hour0, hour1, hour2, "2024-01-03T03:00:00Z,103"),
		price.Options{MaxGapSteps: 49},
		4,
		"x.csv:5: 1 gap without rows (48 steps of 1h0m0s): time jumps there; the longest, 2 days 1h0m0s, ends here",
	},
	{
		"filled gap", rows(hour0, hour1, hour2, "2024-01-01T05:00:00Z,103"),
		price.Options{ForwardFill: 2},
		6,
		"x.csv: 2 rows in 1 gap filled with the row before",
	},
	{
		"gap too long to fill", rows(hour0, hour1, hour2, "2024-01-01T05:00:00Z,103"),
		price.Options{ForwardFill: 1},
		4,
		"x.csv:5: 1 gap without rows (2 steps of 1h0m0s): time jumps there; the longest, 3h0m0s, ends here",
	},
	{
		"one filled, one not",
		rows(hour0, hour1, "2024-01-01T03:00:00Z,9", "2024-01-01T04:00:00Z,9", "2024-01-01T09:00:00Z,9"),
		price.Options{ForwardFill: 1},
		6,
		"x.csv:6: 1 gap without rows (4 steps of 1h0m0s): time jumps there; the longest, 5h0m0s, ends here\n" +
			"x.csv: 1 row in 1 gap filled with the row before",
	},
	{
		"empty prices", rows(hour0, "2024-01-01T01:00:00Z,", "2024-01-01T02:00:00Z, nan ", "2024-01-01T03:00:00Z,4"),
		price.Options{ForwardFill: 2},
		4,
		"x.csv:3: 2 empty prices filled with the price before",
	},
	{
		"nineteenth decimal", rows(hour0, hour1, "2024-01-01T02:00:00Z,99.0000000000000000019"),
		price.Options{},
		3,
		"x.csv:4: 1 price cut off after 18 decimals",
	},
	{
		"crash", rows(hour0, hour1, "2024-01-01T02:00:00Z,1.01", "2024-01-01T03:00:00Z,0.01"),
		price.Options{},
		4,
		"x.csv:5: BTC falls from 1.01 to 0.01 within 1h0m0s: kept as a crash",
	},
	{"rise below the limit", rows(hour0, hour1, "2024-01-01T02:00:00Z,10099"), price.Options{}, 3, ""},
	{"rise by request", rows(hour0, hour1, "2024-01-01T02:00:00Z,20000"), price.Options{MaxJump: 200}, 3, ""},
	{"ten steps of a week", weeks, price.Options{}, 5, "x.csv:6: 1 gap without rows (9 steps of 7 days): time jumps " +
		"there; the longest, 70 days, ends here"},
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	for _, test := range usable {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			table, warnings, err := price.Read(strings.NewReader(test.text), "x.csv", test.opt)
			if err != nil {
				t.Fatal(err)
			}
			if table.Len() != test.rows || table.Validate() != nil {
				t.Errorf("got %d rows, want %d; %v", table.Len(), test.rows, table.Validate())
			}
			lines := make([]string, len(warnings))
			for i, w := range warnings {
				lines[i] = w.String()
			}
			if got := strings.Join(lines, "\n"); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestFilledValues(t *testing.T) {
	t.Parallel()
	text := "time,A,B\n2024-01-01T00:00:00Z,1,2\n2024-01-01T01:00:00Z,,3\n2024-01-01T02:00:00Z,4,\n" +
		"2024-01-01T05:00:00Z,5,6\n"
	table := read(t, text, price.Options{ForwardFill: 2})
	want := enginetest.Ws(t, "1", "2", "1", "3", "4", "3", "4", "3", "4", "3", "5", "6")
	if !slices.Equal(table.Prices, want) || !slices.Equal(table.Times, span(first, 6, 3600)) {
		t.Errorf("got %v at %v, want %v", table.Prices, table.Times, want)
	}
}

// TestManyFalls bounds what a strange file can say.
func TestManyFalls(t *testing.T) {
	t.Parallel()
	text := price.AppendHeader(nil, []string{"A"})
	for i, at := range span(first, 60, 3600) { // falls by 200 and comes back in two steps
		text = price.AppendRow(text, at, enginetest.Ws(t, []string{"200", "0.99", "20"}[i%3]))
	}
	_, warnings, err := price.Read(strings.NewReader(string(text)), "x.csv", price.Options{})
	if err != nil || len(warnings) != 11 || warnings[10].String() != "x.csv: and 10 more falls" {
		t.Errorf("got %v, %v", warnings, err)
	}
}

func TestFillHasAnEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"first row":   rows("2024-01-01T00:00:00Z,", hour1, hour2),
		"third empty": rows(hour0, "2024-01-01T01:00:00Z,", "2024-01-01T02:00:00Z,", "2024-01-01T03:00:00Z,"),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := price.Read(strings.NewReader(text), "x.csv", price.Options{ForwardFill: 2})
			if !errors.Is(err, price.ErrMissing) {
				t.Errorf("got %v, want ErrMissing", err)
			}
		})
	}
	text := rows(hour0, "2024-01-01T01:00:00Z,", hour2, "2024-01-01T03:00:00Z,") // the count begins anew
	read(t, text, price.Options{ForwardFill: 1})
}

// save writes files and returns their names.
func save(t *testing.T, texts ...string) []string {
	t.Helper()
	dir := t.TempDir()
	names := make([]string, len(texts))
	for i, text := range texts {
		names[i] = filepath.Join(dir, string(rune('a'+i))+".csv")
		if err := os.WriteFile(names[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func TestJoin(t *testing.T) {
	t.Parallel()
	files := save(t,
		"time,BTC\n2024-01-01T00:00:00Z,1\n2024-01-01T01:00:00Z,2\n2024-01-01T02:00:00Z,3\n"+
			"2024-01-01T03:00:00Z,4\n",
		"time,ETH,ATOM\n2024-01-01T01:00:00Z,5,6\n2024-01-01T02:00:00Z,7,8\n2024-01-01T03:00:00Z,9,10\n",
		"# source: synthetic (seed 7)\ntime,USDC\n2023-12-31T23:00:00Z,1\n2024-01-01T01:00:00Z,1\n"+
			"2024-01-01T03:00:00Z,1\n",
	)
	table, warnings, err := price.Load(files, price.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(table.Assets, []string{"BTC", "ETH", "ATOM", "USDC"}) {
		t.Errorf("assets %v", table.Assets)
	}
	if want := enginetest.Ws(t, "2", "5", "6", "1", "4", "9", "10", "1"); !slices.Equal(table.Prices, want) {
		t.Errorf("got %v, want %v", table.Prices, want)
	}
	if table.Source != "a.csv, b.csv, synthetic (seed 7)" || !table.Synthetic {
		t.Errorf("source %q, synthetic %v", table.Source, table.Synthetic)
	}
	const dropped = "a.csv: 2 of 4 rows dropped: another file has no row at their time"
	if len(warnings) != 3 || !strings.HasSuffix(warnings[0].String(), dropped) {
		t.Errorf("got %v", warnings)
	}
}

func TestJoinFails(t *testing.T) {
	t.Parallel()
	hours := func(asset string, from int64, n int) string {
		b := price.AppendHeader(nil, []string{asset})
		for _, at := range span(from, n, 3600) {
			b = price.AppendRow(b, at, enginetest.Ws(t, "1"))
		}
		return string(b)
	}
	holes := hours("ETH", first, 20) + strings.TrimPrefix(hours("ETH", first+60*3600, 20), "time,ETH\n")
	other := hours("BTC", first, 10) + strings.TrimPrefix(hours("BTC", first+48*3600, 32), "time,BTC\n")
	tests := []struct {
		name  string
		texts []string
		kind  error
		want  string
	}{
		{"asset twice", []string{hours("BTC", first, 5), hours("BTC", first+5*3600, 5)}, price.ErrAsset, "side by side"},
		{
			"nothing in common",
			[]string{hours("BTC", first, 5), hours("ETH", first+1800, 5)},
			price.ErrRows,
			"b.csv has 5 rows from 2024-01-01T00:30:00Z to 2024-01-01T04:30:00Z, one every 1h0m0s",
		},
		{"holes add up", []string{holes, other}, price.ErrGap, "2 days 3h0m0s or 51 steps without a price"},
		{"one is bad", []string{hours("BTC", first, 5), "time,ETH\n"}, price.ErrRows, "b.csv: too few rows"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			table, _, err := price.Load(save(t, test.texts...), price.Options{})
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v, want %v, %q", table, err, test.kind, test.want)
			}
		})
	}
}
