package report_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/report"
)

func summary(t *testing.T, r *backtest.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Summary(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSummaryFits holds every line to 80 columns, whatever the names and however many treasuries.
func TestSummaryFits(t *testing.T) {
	t.Parallel()
	r := sample(1, 7, 100)
	r.Treasuries[3].Name = strings.Repeat("very long ", 20)
	r.Treasuries[4].Name = "\x1b[2J\r\n\tBell\a"
	r.Warnings = []string{strings.Repeat("a warning of many words ", 20), "short"}
	text := summary(t, r)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if n := utf8.RuneCountInString(line); n > 80 || strings.TrimRight(line, " ") != line {
			t.Errorf("%d columns: %q", n, line)
		}
	}
	if strings.ContainsAny(text, "\x1b\r\t\a") {
		t.Error("a name moves the cursor")
	}
	if got := strings.Count(text, "Final NAV"); got != 2 {
		t.Errorf("%d blocks of figures, want 2", got)
	}
}

func TestAuctionLine(t *testing.T) {
	t.Parallel()
	r := small(t)
	r.Auctions = append(r.Auctions, r.Auctions[0], r.Auctions[0])
	r.Auctions[1].Sold = r.Auctions[1].Units
	r.Auctions[1].Edge = wad(0.001)
	r.Auctions[2].Sold = wad(0)
	const want = "auctions  3 lots: 1 sold out, 1 in part, 1 unsold; median 10.0 bp over mid\n"
	if text := summary(t, r); !strings.Contains(text, want) {
		t.Errorf("want %q in\n%s", want, text)
	}
	r.Auctions = r.Auctions[2:]
	if text := summary(t, r); !strings.Contains(text, "auctions  1 lot: 0 sold out, 0 in part, 1 unsold\n") {
		t.Errorf("nothing was sold:\n%s", text)
	}
	r.Auctions = nil
	if text := summary(t, r); strings.Contains(text, "auctions") {
		t.Errorf("an ideal market has no auctions:\n%s", text)
	}
}
