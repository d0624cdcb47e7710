package fetch_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest/fetch"
)

// interrupt downloads 300 rows of OKX, 100 to a page, and stops at a request. It returns the venue, the options, and
// the part file.
func interrupt(t *testing.T, at int) (*venue, fetch.Options, string) {
	t.Helper()
	v, opt := serve(t, "okx", start+2000*hour)
	ctx, cancel := context.WithCancel(t.Context())
	opt.Progress = func(p fetch.Progress) {
		if p.Done == at {
			cancel()
		}
	}
	if _, err := fetch.Download(ctx, opt); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	opt.Progress = nil
	v.calls = nil
	return v, opt, opt.Out + ".okx-USDT-3600.part"
}

// TestContinue takes up an interrupted download where its last whole window ended.
func TestContinue(t *testing.T) {
	t.Parallel()
	v, opt, part := interrupt(t, 7) // two windows of three assets, and one request
	if text, err := os.ReadFile(part); err != nil || strings.Count(string(text), "\n") != 201 {
		t.Fatalf("got %d lines, %v", strings.Count(string(text), "\n"), err)
	}
	if _, err := os.Stat(opt.Out); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("there is an output already: %v", err)
	}
	report, err := fetch.Download(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	same(t, opt.Out, expected(t, v, opt))
	alone(t, opt.Out)
	if report.Rows != 300 || report.Added != 100 || len(v.calls) != 3 || report.First != start {
		t.Errorf("got %+v with %d calls", report, len(v.calls))
	}
}

// TestContinueHalfLine forgets the line in which an earlier run was killed.
func TestContinueHalfLine(t *testing.T) {
	t.Parallel()
	v, opt, part := interrupt(t, 3)
	text, err := os.ReadFile(part)
	if err != nil {
		t.Fatal(err)
	}
	for _, keep := range []int{len(text) - 7, len(text) - 1, 30, 5, 0} {
		if err := os.WriteFile(part, text[:keep], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := fetch.Download(t.Context(), opt); err != nil {
			t.Fatal(err)
		}
		same(t, opt.Out, expected(t, v, opt))
		alone(t, opt.Out)
		if err := os.Remove(opt.Out); err != nil {
			t.Fatal(err)
		}
	}
}

// TestExtend adds to a finished file, and does nothing when there is nothing to add.
func TestExtend(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "binance", start+2000*hour)
	for _, rows := range []int64{300, 300, 1500} {
		opt.To = start + (rows-1)*hour
		before := len(v.calls)
		report, err := fetch.Download(t.Context(), opt)
		if err != nil || int64(report.Rows) != rows {
			t.Fatalf("got %+v, %v", report, err)
		}
		same(t, opt.Out, expected(t, v, opt))
		alone(t, opt.Out)
		if rows == 300 && before > 0 && (len(v.calls) != before || report.Added != 0 || report.Last != opt.To) {
			t.Errorf("asked again: %+v", report)
		}
	}
}

// TestExtendKraken reaches further back than Kraken does, with a file that has the rows.
func TestExtendKraken(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "kraken", start+600*hour)
	opt.To = 0
	if _, err := fetch.Download(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	v.clock = newClock(start + 1200*hour)
	opt.Clock = v.clock
	if _, err := fetch.Download(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	opt.To = start + 1200*hour
	same(t, opt.Out, expected(t, v, opt))
}

// TestEarlierRows are not put in front of a file, and this is said.
func TestEarlierRows(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "binance", start+2000*hour)
	if _, err := fetch.Download(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	want := expected(t, v, opt)
	opt.From -= 100 * hour
	report, err := fetch.Download(t.Context(), opt)
	if err != nil || len(report.Warnings) != 1 ||
		report.Warnings[0] != "the file begins at 2024-01-01T00:00:00Z: rows before that are not added to it" {
		t.Errorf("got %+v, %v", report, err)
	}
	same(t, opt.Out, want)
}

// TestExtendFails keeps the finished file as it is.
func TestExtendFails(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "binance", start+2000*hour)
	if _, err := fetch.Download(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	want := expected(t, v, opt)
	v.fault = func(call int, w http.ResponseWriter, r *http.Request) bool {
		return answers(call, 404, "gone")(call, w, r)
	}
	opt.To += 500 * hour
	if _, err := fetch.Download(t.Context(), opt); !errors.Is(err, fetch.ErrRefused) {
		t.Errorf("got %v", err)
	}
	same(t, opt.Out, want)
}

// TestForeignFile refuses to continue what is not its own.
func TestForeignFile(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{
			"other assets", "time,BTC,ETH\n2024-01-01T00:00:00Z,1,1\n2024-01-01T01:00:00Z,1,1\n",
			"has the columns [BTC ETH], expected [BTC ETH ATOM]: choose another --out, or delete prices.csv and " +
				"prices.csv.binance-USDT-3600.part",
		},
		{
			"other step", "time,BTC,ETH,ATOM\n2024-01-01T00:00:00Z,1,1,1\n2024-01-02T00:00:00Z,1,1,1\n",
			"has a row every 86400s, the last at 2024-01-02T00:00:00Z, expected one every 3600s",
		},
		{
			"other times", "time,BTC,ETH,ATOM\n2024-01-01T00:05:00Z,1,1,1\n2024-01-01T01:05:00Z,1,1,1\n",
			"the last at 2024-01-01T01:05:00Z, expected one every 3600s",
		},
		{"no prices", "a\nb\nc\n", "cannot be continued"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v, opt := serve(t, "binance", start+2000*hour)
			if err := os.WriteFile(opt.Out, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := fetch.Download(t.Context(), opt)
			if !errors.Is(err, fetch.ErrOutput) || !strings.Contains(err.Error(), test.want) || len(v.calls) > 0 {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if text, _ := os.ReadFile(opt.Out); string(text) != test.text {
				t.Error("the file was touched")
			}
		})
	}
}

// TestNoFile cannot write where there is no folder, nor over one.
func TestNoFile(t *testing.T) {
	t.Parallel()
	_, opt := serve(t, "binance", start+2000*hour)
	dir := filepath.Dir(opt.Out)
	opt.Out = filepath.Join(dir, "nowhere", "prices.csv")
	if _, err := fetch.Download(t.Context(), opt); !errors.Is(err, fetch.ErrOutput) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	opt.Out = dir
	if _, err := fetch.Download(t.Context(), opt); !errors.Is(err, fetch.ErrOutput) {
		t.Errorf("got %v", err)
	}
}

// TestTakenAway loses the folder or the output's place while the download runs.
func TestTakenAway(t *testing.T) {
	t.Parallel()
	_, opt := serve(t, "binance", start+2000*hour)
	opt.Progress = func(p fetch.Progress) {
		if p.Done == 1 {
			_ = os.MkdirAll(filepath.Join(opt.Out, "folder"), 0o700)
		}
	}
	if _, err := fetch.Download(t.Context(), opt); !errors.Is(err, fetch.ErrOutput) {
		t.Errorf("got %v", err)
	}
}
