package progress_test

import (
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/internal/cli/progress"
)

func TestBar(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	b := progress.New(&out, "rows")
	for _, done := range []int{0, 1, 2, 500, 501, 1000, 2000} {
		b.Set(done, 1000)
	}
	b.Set(1, 0)
	b.Close()
	b.Set(1, 2)
	b.Close()
	lines := strings.Split(out.String(), "\r")
	if len(lines) != 6 { // nothing, 0 %, 50 %, 100 %, blanks, nothing
		t.Fatalf("got %q", lines)
	}
	if want := "rows [###############---------------]  50%"; lines[2] != want {
		t.Errorf("got %q, want %q", lines[2], want)
	}
	if len(lines[4]) != len(lines[3]) || strings.TrimSpace(lines[4]) != "" {
		t.Errorf("got %q, want blanks as long as the line", lines[4])
	}
}

func TestSilent(t *testing.T) {
	t.Parallel()
	b := progress.New(nil, "rows")
	b.Set(1, 2)
	b.Close()
}
