package web_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/web"
)

// TestSource: the page that is committed was compiled from the sources beside it.
func TestSource(t *testing.T) {
	t.Parallel()
	names := []string{"index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"}
	for _, folder := range []string{"src", "public", "build"} {
		err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				names = append(names, filepath.ToSlash(name))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(names)
	hash := sha256.New()
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintf(hash, "%s %d\n%s", name, len(text), text)
	}
	want := hex.EncodeToString(hash.Sum(nil))
	if got := strings.TrimSpace(read(t, "source.sha256")); got != want {
		t.Errorf("dist/ was made of other sources (%s, expected %s): run `make web` and commit dist/", got, want)
	}
}

// TestProto: what the page signs was generated from the messages of this repository.
func TestProto(t *testing.T) {
	t.Parallel()
	hash := sha256.New()
	for _, name := range []string{
		"auction/v1/tx", "auction/v1/types", "portfolio/v1/tx", "portfolio/v1/types", "portfolio/v1/policy",
	} {
		text, err := os.ReadFile(filepath.Join("..", "proto", "ballast", filepath.FromSlash(name)+".proto"))
		if err != nil {
			t.Fatal(err)
		}
		hash.Write(text)
	}
	got, err := os.ReadFile(filepath.Join("src", "gen", "proto.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	if want := hex.EncodeToString(hash.Sum(nil)); strings.TrimSpace(string(got)) != want {
		t.Errorf("src/gen is of other messages (%s, expected %s): run `make web-proto` and `make web`", got, want)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(web.Page(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	mentioned = regexp.MustCompile(`(?:src|href)="([^"]+)"`)
	inline    = regexp.MustCompile(`(?i)<script[^>]*>\s*[^<\s]|<style|\sstyle=|\son[a-z]+=`)
)

// TestPage: the page finds all its files, and needs nothing that its content policy forbids.
func TestPage(t *testing.T) {
	t.Parallel()
	page := read(t, "index.html")
	found := mentioned.FindAllStringSubmatch(page, -1)
	if len(found) < 3 {
		t.Fatalf("expected a script, a style and an icon, got %s", page)
	}
	for _, m := range found {
		name, local := strings.CutPrefix(m[1], "/")
		if !local || strings.HasPrefix(name, "/") {
			t.Errorf("the page asks another server: %s", m[1])
			continue
		}
		if read(t, name) == "" {
			t.Errorf("%s is empty", name)
		}
	}
	if word := inline.FindString(page); word != "" {
		t.Errorf("the content policy forbids %q in the page: put it into a file", word)
	}
}

// budget is what a browser loads before it shows anything, compressed; the lab is loaded when it is opened.
const budget = 250 << 10

// TestSize: the page is quick to load.
func TestSize(t *testing.T) {
	t.Parallel()
	total := 0
	for _, m := range mentioned.FindAllStringSubmatch(read(t, "index.html"), -1) {
		total += zipped(t, read(t, strings.TrimPrefix(m[1], "/")))
	}
	if total > budget {
		t.Errorf("the page loads %d bytes at first, at most %d: load later what is not needed at once", total, budget)
	}
	t.Logf("%d bytes", total)
}

// zipped is how many bytes a text takes on the way.
func zipped(t *testing.T, text string) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
