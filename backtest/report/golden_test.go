package report_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/ballast-finance/ballast/backtest/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is written now; look at it, then run with -update:\n%s", path, got)
	}
}

var (
	inlineStyle  = regexp.MustCompile(`(?s)<style>.*?</style>`)
	inlineScript = regexp.MustCompile(`(?s)<script>.*?</script>`)
	inlineHash   = regexp.MustCompile(`sha256-[A-Za-z0-9&#;/+=]+`)
)

// bare is a page without its styles, scripts and their hashes: what is left depends on the result only.
func bare(page []byte) []byte {
	page = inlineStyle.ReplaceAll(page, []byte("<style></style>"))
	page = inlineScript.ReplaceAll(page, []byte("<script></script>"))
	return inlineHash.ReplaceAll(page, []byte("sha256-"))
}

func TestGolden(t *testing.T) {
	t.Parallel()
	r, f := small(t), few(t)
	tests := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.html", func(w io.Writer) error { return report.HTML(w, r) }},
		{"result.json", func(w io.Writer) error { return report.JSON(w, r) }},
		{"intervals.csv", func(w io.Writer) error { return report.CSV(w, r) }},
		{"summary.txt", func(w io.Writer) error { return report.Summary(w, r) }},
		{"frontier.html", func(w io.Writer) error { return report.FrontierHTML(w, f) }},
		{"frontier.csv", func(w io.Writer) error { return report.FrontierCSV(w, f) }},
		{"frontier.txt", func(w io.Writer) error { return report.FrontierPlot(w, f, 72, 20) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var first, second bytes.Buffer
			if err := errors.Join(test.write(&first), test.write(&second)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Error("two runs differ")
			}
			golden(t, test.name, bare(first.Bytes()))
		})
	}
}

var errFull = errors.New("disk full")

// full fails after a number of bytes.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.room {
		return 0, errFull
	}
	f.room -= len(p)
	return len(p), nil
}

func TestWriterErrors(t *testing.T) {
	t.Parallel()
	r, f := small(t), few(t)
	tests := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"html", func(w io.Writer) error { return report.HTML(w, r) }},
		{"json", func(w io.Writer) error { return report.JSON(w, r) }},
		{"csv", func(w io.Writer) error { return report.CSV(w, r) }},
		{"summary", func(w io.Writer) error { return report.Summary(w, r) }},
		{"frontier html", func(w io.Writer) error { return report.FrontierHTML(w, f) }},
		{"frontier csv", func(w io.Writer) error { return report.FrontierCSV(w, f) }},
		{"frontier plot", func(w io.Writer) error { return report.FrontierPlot(w, f, 80, 24) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := test.write(&full{}); !errors.Is(err, report.ErrWrite) || !errors.Is(err, errFull) {
				t.Errorf("got %v, want %v with its cause", err, report.ErrWrite)
			}
		})
	}
	for room := 0; room < 200_000; room += 9973 {
		if err := report.HTML(&full{room}, r); !errors.Is(err, errFull) && room < 100_000 {
			t.Errorf("room for %d bytes: got %v", room, err)
		}
	}
}
