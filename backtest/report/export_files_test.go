package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	for _, want := range []*backtest.Result{small(t), sample(5, 2, 400), {}} {
		var b bytes.Buffer
		if err := report.JSON(&b, want); err != nil {
			t.Fatal(err)
		}
		var got backtest.Result
		if err := json.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(&got, want) {
			t.Error("what was read differs from what was written")
		}
	}
}

// cell finds the column of a line by the name of the column.
type cell func(name string) string

func readCSV(t *testing.T, r *backtest.Result) []cell {
	t.Helper()
	var b bytes.Buffer
	if err := report.CSV(&b, r); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cells := make([]cell, 0, len(lines))
	for _, line := range lines[1:] {
		cells = append(cells, func(name string) string {
			at := slices.Index(lines[0], name)
			if at < 0 {
				t.Fatalf("no column %s in %v", name, lines[0])
			}
			return line[at]
		})
	}
	return cells
}

func TestCSVParsesBack(t *testing.T) {
	t.Parallel()
	for _, r := range []*backtest.Result{small(t), sample(5, 3, 300)} {
		lines := readCSV(t, r)
		at := 0
		for i := range r.Treasuries {
			treasury := &r.Treasuries[i]
			for k := range treasury.Intervals {
				if at == len(lines) {
					t.Fatalf("only %d lines", at)
				}
				checkLine(t, lines[at], treasury, &treasury.Intervals[k])
				at++
			}
		}
		if at != len(lines) {
			t.Errorf("%d lines, want %d", len(lines), at)
		}
	}
}

func checkLine(t *testing.T, line cell, treasury *backtest.Treasury, v *backtest.Interval) {
	t.Helper()
	if at, err := time.Parse(time.RFC3339, line("time")); err != nil || at.Unix() != v.Time {
		t.Errorf("time %s, want %d", line("time"), v.Time)
	}
	for name, want := range map[string]string{"treasury": treasury.Name, "outcome": v.Outcome, "reason": v.Reason} {
		if got := strings.TrimPrefix(line(name), "'"); got != want {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
	numbers := map[string]fixed.Wad{
		"nav": v.NAV, "drift": v.Drift, "crossed": v.Crossed, "sold": v.Sold, "fill": v.Fill, "cost": v.Cost,
	}
	for k, a := range treasury.Assets {
		for prefix, values := range map[string][]fixed.Wad{
			"weight_": v.Weights, "target_": v.Targets, "order_": v.Orders, "filled_": v.Filled,
		} {
			if values == nil {
				if got := line(prefix + a); got != "" {
					t.Errorf("%s%s %q, want nothing", prefix, a, got)
				}
				continue
			}
			numbers[prefix+a] = values[k]
		}
	}
	for name, want := range numbers {
		if got, err := fixed.Parse(line(name)); err != nil || got != want {
			t.Errorf("%s %s, want %s", name, line(name), want)
		}
	}
}

func TestSpreadsheetsRunNothing(t *testing.T) {
	t.Parallel()
	r := small(t)
	r.Treasuries[0].Name = "@SUM(1)"
	lines := readCSV(t, r)
	if got := lines[0]("treasury"); got != "'@SUM(1)" {
		t.Errorf("name %q", got)
	}
	if got := lines[2]("reason"); got != "'=1+1" {
		t.Errorf("reason %q", got)
	}
	if got := lines[2]("nav"); got != "-0.25" {
		t.Errorf("a negative number is no formula: %q", got)
	}
	if got := lines[2]("weight_ETH"); got != "" {
		t.Errorf("an asset that the treasury does not have: %q", got)
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "deep", "er")
	for range 2 { // the second time over the files of the first
		paths, err := report.Write(dir, small(t))
		if err != nil {
			t.Fatal(err)
		}
		more, err := report.WriteFrontier(dir, few(t))
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"report.html", "result.json", "intervals.csv", "frontier.html", "frontier.csv"}
		for i, path := range append(paths, more...) {
			if path != filepath.Join(dir, want[i]) {
				t.Errorf("path %s, want %s", path, want[i])
			}
			file, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if file.Size() == 0 || file.Mode().Perm() != 0o644 {
				t.Errorf("%s: %d bytes, mode %v", path, file.Size(), file.Mode())
			}
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != len(want) {
			t.Errorf("%d files, want %d (%v)", len(entries), len(want), err)
		}
	}
}

func TestWriteFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := report.Write(file, small(t)); !errors.Is(err, report.ErrWrite) {
		t.Errorf("a file in the place of the folder: got %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "frontier.html"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := report.WriteFrontier(dir, few(t)); !errors.Is(err, report.ErrWrite) {
		t.Errorf("a folder in the place of the file: got %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("drafts are left over: %v", entries)
	}
}
