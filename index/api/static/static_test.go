package static_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ballast-finance/ballast/index/api/static"
)

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unzipped(t *testing.T, body io.Reader) string {
	t.Helper()
	z, err := gzip.NewReader(body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func ask(t *testing.T, f *static.Files, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/", http.NoBody)
	r.URL.Path = path
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	found, err := f.Serve(w, r)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if !found {
		w.Code = http.StatusNotFound
	}
	return w
}

// TestServe: files are what they are, views are the page, and nothing else is there.
func TestServe(t *testing.T) {
	t.Parallel()
	script := strings.Repeat("let a = 1\n", 1000)
	f := static.New(fstest.MapFS{
		"index.html":         {Data: []byte("<title>page</title>")},
		"assets/app-1.js":    {Data: []byte(script)},
		"assets/lab.wasm.gz": {Data: zipped(t, "wasm")},
		"icon.svg":           {Data: []byte("<svg/>")},
		"folder.d/x.txt":     {Data: []byte("x")},
	})
	for _, x := range []struct{ path, kind, body, kept string }{
		{"/", "text/html; charset=utf-8", "<title>page</title>", "no-cache"},
		{"/index.html", "text/html; charset=utf-8", "<title>page</title>", "no-cache"},
		{"/portfolio/7", "text/html; charset=utf-8", "<title>page</title>", "no-cache"},
		{"/assets/app-1.js", "text/javascript; charset=utf-8", script, "public, max-age=31536000, immutable"},
		{"/assets/lab.wasm", "application/wasm", "wasm", "public, max-age=31536000, immutable"},
		{"/icon.svg", "image/svg+xml", "<svg/>", "no-cache"},
	} {
		w := ask(t, f, "GET", x.path)
		if w.Code != 200 || w.Header().Get("Content-Type") != x.kind || w.Body.String() != x.body ||
			w.Header().Get("Cache-Control") != x.kept {
			t.Errorf("%s: got %d %v %q", x.path, w.Code, w.Header(), w.Body)
		}
	}
	for _, path := range []string{
		"/nothing.js", "/assets/../index.html", "/../secret.txt", "//index.html", "/folder.d", "/a\x00.js",
	} {
		if w := ask(t, f, "GET", path); w.Code != 404 || w.Body.Len() != 0 {
			t.Errorf("%s: expected nothing, got %d %q", path, w.Code, w.Body)
		}
	}
}

// TestCompressed: whoever takes gzip gets it, and nobody gets a file twice that has not changed.
func TestCompressed(t *testing.T) {
	t.Parallel()
	script := strings.Repeat("let a = 1\n", 1000)
	f := static.New(fstest.MapFS{
		"index.html": {Data: []byte("<title>page</title>")}, "assets/app-1.js": {Data: []byte(script)},
		"assets/lab.wasm.gz": {Data: zipped(t, "wasm")},
	})
	w := ask(t, f, "GET", "/assets/app-1.js", "Accept-Encoding", "br, gzip;q=0.8")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > 200 || unzipped(t, w.Body) != script {
		t.Errorf("expected a small script, got %v", w.Header())
	}
	if w := ask(t, f, "GET", "/assets/lab.wasm", "Accept-Encoding", "gzip"); unzipped(t, w.Body) != "wasm" {
		t.Errorf("expected the file that was compressed, got %v", w.Header())
	}
	for _, accept := range []string{"", "br", "gzip;q=0", "gzipped"} {
		if w := ask(t, f, "GET", "/assets/app-1.js", "Accept-Encoding", accept); w.Body.String() != script {
			t.Errorf("%q: expected it as it is, got %v", accept, w.Header())
		}
	}
	if w := ask(t, f, "GET", "/", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" {
		t.Error("expected that a small file is not compressed")
	}
	tag := w.Header().Get("ETag")
	w = ask(t, f, "GET", "/assets/app-1.js", "Accept-Encoding", "gzip", "If-None-Match", tag)
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("expected no body again, got %d", w.Code)
	}
	if w := ask(t, f, "GET", "/assets/app-1.js", "If-None-Match", tag); w.Code != 200 {
		t.Errorf("expected another tag of what is not compressed, got %d", w.Code)
	}
	if w := ask(t, f, "HEAD", "/assets/app-1.js"); w.Body.Len() != 0 || w.Header().Get("Content-Length") != "10000" {
		t.Errorf("expected a length and no body, got %v", w.Header())
	}
}
