package price_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/enginetest"
)

// TestForms reads one table in many spellings.
func TestForms(t *testing.T) {
	t.Parallel()
	const plain = "time,A,B\n2024-01-01T00:00:00Z,1.5,0.00005\n2024-01-01T01:00:00Z,1.25,0.00004\n"
	tests := map[string]string{
		"plain":         plain,
		"no last end":   strings.TrimSuffix(plain, "\n"),
		"CR LF":         strings.ReplaceAll(plain, "\n", "\r\n"),
		"BOM":           "\ufeff" + plain,
		"empty lines":   strings.ReplaceAll(plain, "\n", "\n\n") + "\r\n",
		"comments":      "# a remark\n#\n" + plain,
		"spaces":        strings.ReplaceAll(plain, ",", " ,\t "),
		"exponents":     strings.ReplaceAll(plain, "0.00005", "5e-05"),
		"big exponents": strings.ReplaceAll(plain, "1.5", "15E-1"),
		"zeros":         strings.ReplaceAll(plain, "1.25", "0001.2500"),
		"no whole part": strings.ReplaceAll(plain, "0.00004", ".00004"),
		"offset zero":   strings.ReplaceAll(plain, "Z", "+00:00"),
		"no fraction":   strings.ReplaceAll(plain, "00Z", "00.000Z"),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, warnings, err := price.Read(strings.NewReader(text), "x.csv", price.Options{})
			if err != nil || len(warnings) > 0 {
				t.Fatal(err, warnings)
			}
			if !slices.Equal(table.Assets, []string{"A", "B"}) || !slices.Equal(table.Times, []int64{first, first + 3600}) {
				t.Errorf("got %v %v", table.Assets, table.Times)
			}
			if want := enginetest.Ws(t, "1.5", "0.00005", "1.25", "0.00004"); !slices.Equal(table.Prices, want) {
				t.Errorf("got %v, want %v", table.Prices, want)
			}
		})
	}
}

// rows makes a file of one asset from its rows.
func rows(lines ...string) string { return "time,BTC\n" + strings.Join(lines, "\n") + "\n" }

const (
	hour0 = "2024-01-01T00:00:00Z,100"
	hour1 = "2024-01-01T01:00:00Z,101"
	hour2 = "2024-01-01T02:00:00Z,102"
)

// defects is every defect with the whole of its message.
var defects = []struct {
	name, text string
	kind       error
	want       string
}{
	{"empty file", "", price.ErrHeader, `x.csv: invalid header: expected a line "time,ASSET,...", got an empty file`},
	{
		"other first column", "date,BTC\n", price.ErrHeader,
		`x.csv:1: invalid header: expected "time,ASSET,...", got "date,BTC"`,
	},
	{
		"semicolons", "\n\ntime;BTC\n", price.ErrHeader,
		`x.csv:3: invalid header: expected "time,ASSET,...", got "time;BTC"`,
	},
	{"no asset", "time\n", price.ErrHeader, `x.csv:1: invalid header: expected "time,ASSET,...": there is no asset`},
	{"UTF-16", "\xff\xfet\x00i\x00", price.ErrHeader, `x.csv:1: invalid header: the file is UTF-16: save it as UTF-8`},
	{
		"unnamed column", "time,BTC,\n", price.ErrHeader,
		`x.csv:1: invalid header: column 3: expected a name of 1..64 bytes without spaces and quotes, got ""`,
	},
	{
		"quoted name", "time,\"BTC\"\n", price.ErrHeader,
		`x.csv:1: invalid header: column 2: expected a name of 1..64 bytes without spaces and quotes, got "\"BTC\""`,
	},
	{"column twice", "time,BTC,ETH,BTC\n", price.ErrAsset, `x.csv:1: invalid assets: column 4: BTC is there twice`},
	{
		"too many columns", "time" + strings.Repeat(",A", 1025), price.ErrHeader,
		`x.csv:1: invalid header: expected at most 1024 assets, got 1025`,
	},
	{
		"field missing", rows(hour0, "2024-01-01T01:00:00Z", hour2), price.ErrFields,
		`x.csv:3: invalid line: expected 2 fields, got 1 in "2024-01-01T01:00:00Z"`,
	},
	{
		"field too many", rows(hour0, hour1+",5", hour2), price.ErrFields,
		`x.csv:3: invalid line: expected 2 fields, got 3 in "2024-01-01T01:00:00Z,101,5"`,
	},
	{
		"quoted number with a comma", rows(hour0, `2024-01-01T01:00:00Z,"1,000"`, hour2), price.ErrFields,
		`x.csv:3: invalid line: quoted fields are not read: expected plain decimals, got "2024-01-01T01:00:00Z,\"1,000\""`,
	},
	{
		"quoted number", rows(hour0, `2024-01-01T01:00:00Z,"1000"`, hour2), price.ErrFields,
		`x.csv:3: BTC: invalid line: quoted fields are not read: expected a plain decimal, got "\"1000\""`,
	},
	{
		"no time", rows(hour0, "yesterday,1", hour2), price.ErrTime,
		`x.csv:3: invalid time: expected RFC 3339 as in 2024-01-31T13:00:00Z, got "yesterday"`,
	},
	{
		"date that is none", rows(hour0, "2024-02-30T00:00:00Z,1", hour2), price.ErrTime,
		`x.csv:3: invalid time: expected RFC 3339 as in 2024-01-31T13:00:00Z, got "2024-02-30T00:00:00Z"`,
	},
	{
		"hour that is none", rows(hour0, "2024-01-01T24:00:00Z,1", hour2), price.ErrTime,
		`x.csv:3: invalid time: expected RFC 3339 as in 2024-01-31T13:00:00Z, got "2024-01-01T24:00:00Z"`,
	},
	{
		"another zone", rows(hour0, "2024-01-01T01:00:00+03:00,1", hour2), price.ErrTime,
		`x.csv:3: invalid time: expected UTC, got "2024-01-01T01:00:00+03:00": write 2023-12-31T22:00:00Z`,
	},
	{
		"part of a second", rows(hour0, "2024-01-01T01:00:00.5Z,1", hour2), price.ErrTime,
		`x.csv:3: invalid time: expected whole seconds, got "2024-01-01T01:00:00.5Z"`,
	},
	{
		"duplicate", rows(hour0, hour1, hour1, hour2), price.ErrDuplicate,
		`x.csv:4: duplicate time: 2024-01-01T01:00:00Z is there already`,
	},
	{
		"disorder", rows(hour1, hour2, hour0), price.ErrOrder,
		`x.csv:4: rows out of order: 2024-01-01T00:00:00Z stands behind 2024-01-01T02:00:00Z`,
	},
	{
		"zero", rows(hour0, "2024-01-01T01:00:00Z,0.0", hour2), price.ErrPrice,
		`x.csv:3: BTC: invalid price: expected a price above zero, got "0.0"`,
	},
	{
		"negative", rows(hour0, "2024-01-01T01:00:00Z,-3", hour2), price.ErrPrice,
		`x.csv:3: BTC: invalid price: expected a positive decimal like 0.25 or 5e-05, got "-3"`,
	},
	{
		"NaN", rows(hour0, "2024-01-01T01:00:00Z,NaN", hour2), price.ErrMissing,
		`x.csv:3: BTC: missing price: expected a positive decimal, got "NaN"`,
	},
	{
		"empty price", rows(hour0, "2024-01-01T01:00:00Z,", hour2), price.ErrMissing,
		`x.csv:3: BTC: missing price: expected a positive decimal, got ""`,
	},
	{
		"infinite", rows(hour0, "2024-01-01T01:00:00Z,inf", hour2), price.ErrPrice,
		`x.csv:3: BTC: invalid price: expected a positive decimal like 0.25 or 5e-05, got "inf"`,
	},
	{
		"too large", rows(hour0, "2024-01-01T01:00:00Z,1e19", hour2), price.ErrPrice,
		`x.csv:3: BTC: invalid price: expected a price of 1e18 or less, got "1e19"`,
	},
	{
		"too small", rows(hour0, "2024-01-01T01:00:00Z,1e-19", hour2), price.ErrPrice,
		`x.csv:3: BTC: invalid price: expected a price of 1e-18 or more, got "1e-19"`,
	},
	{"one row", rows(hour0), price.ErrRows, `x.csv: too few rows: expected at least 2, got 1`},
	{"header only", "time,BTC", price.ErrRows, `x.csv: too few rows: expected at least 2, got 0`},
	{
		"gap", rows(hour0, hour1, hour2, "2024-01-03T03:00:00Z,103"), price.ErrGap,
		`x.csv:5: gap: no row between 2024-01-01T02:00:00Z and 2024-01-03T03:00:00Z: 2 days 1h0m0s or 49 steps without ` +
			`a price, at most 48 are accepted; trading was suspended or the asset delisted: choose a range (--from, --to) ` +
			`beside the gap, or --max-gap 49`,
	},
	{
		"another asset under the ticker", rows(hour0, hour1, "2024-01-01T02:00:00Z,10100"), price.ErrJump,
		`x.csv:4: BTC: jump: the price rises 100-fold, from 101 to 10100, in one step of 1h0m0s: the ticker was ` +
			`probably given to another asset; choose a range (--from, --to) on one side of 2024-01-01T02:00:00Z`,
	},
	{
		"another asset after a gap", rows(hour0, hour1, hour2, "2024-01-01T04:00:00Z,1020"), price.ErrJump,
		`x.csv:5: BTC: jump: the price rises 10-fold, from 102 to 1020, after a gap of 2h0m0s: the ticker was ` +
			`probably given to another asset; choose a range (--from, --to) on one side of 2024-01-01T04:00:00Z`,
	},
}

// TestDefects wants the kind, the message and the type of every error.
func TestDefects(t *testing.T) {
	t.Parallel()
	for _, test := range defects {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			table, _, err := price.Read(strings.NewReader(test.text), "x.csv", price.Options{})
			if table != nil || !errors.Is(err, test.kind) {
				t.Fatalf("got %v, want %v", err, test.kind)
			}
			if err.Error() != test.want {
				t.Errorf("got\n%s\nwant\n%s", err, test.want)
			}
			var defect *price.DefectError
			if !errors.As(err, &defect) || defect.File != "x.csv" {
				t.Errorf("not a DefectError of x.csv: %v", err)
			}
		})
	}
}

func TestDefectCarriesItsPlace(t *testing.T) {
	t.Parallel()
	text := "time,BTC,ETH\n2024-01-01T00:00:00Z,1,-" + strings.Repeat("7", 60) + "\n"
	_, _, err := price.Read(strings.NewReader(text), "x.csv", price.Options{})
	var defect *price.DefectError
	if !errors.As(err, &defect) {
		t.Fatal(err)
	}
	if defect.Line != 2 || defect.Asset != "ETH" || defect.Value != "-"+strings.Repeat("7", 39) {
		t.Errorf("got %+v", defect)
	}
}

func TestManyDefects(t *testing.T) {
	t.Parallel()
	text := rows(slices.Repeat([]string{"2024-01-01T00:00:00Z,0"}, 1)...) + strings.Repeat("never,1\n", 20)
	_, _, err := price.Read(strings.NewReader(text), "x.csv", price.Options{})
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 11 || !errors.Is(err, price.ErrPrice) || !errors.Is(err, price.ErrTime) {
		t.Errorf("got %d lines:\n%v", len(lines), err)
	}
	if want := "x.csv: and 12 more defects"; lines[len(lines)-1] != want { // 1 + 20 + too few rows - 10
		t.Errorf("got %q, want %q", lines[len(lines)-1], want)
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	text := rows("2023-01-01T00:00:00Z,junk", hour0, hour1, hour2, "2025-01-01T00:00:00Z,0")
	table := read(t, text, price.Options{From: first, To: first + 7200})
	if table.Len() != 3 {
		t.Errorf("got %d rows", table.Len())
	}
	_, _, err := price.Read(strings.NewReader(text), "x", price.Options{From: first})
	if !errors.Is(err, price.ErrPrice) {
		t.Errorf("got %v", err)
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	_, _, err := price.Read(iotest.ErrReader(io.ErrUnexpectedEOF), "x.csv", price.Options{})
	if !errors.Is(err, price.ErrFile) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	if _, _, err = price.Load(nil, price.Options{}); !errors.Is(err, price.ErrFile) {
		t.Errorf("got %v", err)
	}
	nowhere := filepath.Join(t.TempDir(), "nowhere.csv")
	if _, _, err = price.Load([]string{nowhere}, price.Options{}); !errors.Is(err, price.ErrFile) ||
		!errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
