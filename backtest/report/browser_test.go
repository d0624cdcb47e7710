package report_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/report"
)

// browser finds a browser, or skips the test and says so.
func browser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("short: the pages are not opened, only read")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no chromium on this machine: the pages are not opened, only read")
	return ""
}

// dom opens a page and returns its elements after the scripts have run.
func dom(t *testing.T, path string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, browser(t), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--disable-dev-shm-usage", "--user-data-dir="+t.TempDir(), "--window-size=1400,1000", "--dump-dom", "file://"+path)
	out, err := command.Output()
	if err != nil {
		t.Skipf("the browser does not start here: %v", err)
	}
	return string(out)
}

// TestInBrowser opens pages and looks for what only the scripts can have made. The scripts mark the root element when
// they are done, and with every error and every breach of the security policy.
func TestInBrowser(t *testing.T) {
	t.Parallel()
	browser(t)
	tests := []struct {
		name string
		r    *backtest.Result
		want []string
	}{
		{"small", small(t), []string{
			`role="tab"`, "Alpha DAO", // the tabs
			"101.23",                      // NAV of Alpha at its end, its start being 100
			"Lot 1: ETH for USDC", "75.0", // the lot, and its part that was sold
		}},
		{"one treasury", sample(2, 1, 500), []string{"ordered (", "500 of 500", "2023-01-01 00:00", "inside the band"}},
		{"nothing", &backtest.Result{Treasuries: []backtest.Treasury{{Name: "Idle"}}}, []string{"never had to trade"}},
		{"hostile", poisoned(t, hostile[0]), nil},
		{"hostile attribute", poisoned(t, hostile[1]), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			paths, err := report.Write(t.TempDir(), test.r)
			if err != nil {
				t.Fatal(err)
			}
			checkOpened(t, paths[0], test.want)
		})
	}
	t.Run("frontier", func(t *testing.T) {
		t.Parallel()
		paths, err := report.WriteFrontier(t.TempDir(), sweep(40))
		if err != nil {
			t.Fatal(err)
		}
		checkOpened(t, paths[0], []string{"40 of 40", "trigger.threshold", "theoretical optimum"})
	})
}

func checkOpened(t *testing.T, path string, want []string) {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	page := dom(t, path)
	root := page[:min(len(page), 400)]
	if !strings.Contains(root, `data-state="ready"`) || strings.Contains(root, "data-error") {
		t.Fatalf("the scripts did not end well: %s", root)
	}
	if strings.Contains(page, "<title>owned") {
		t.Error("a text of the result was run as a script")
	}
	for _, text := range want {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not show %q", text)
		}
	}
}
