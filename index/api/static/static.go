package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

const (
	// home is the page itself.
	home = "index.html"
	// worth is the size from which a file is compressed.
	worth = 1 << 10
	// maxFile bounds a file that was stored compressed.
	maxFile = 64 << 20
)

// types are what files are. The table of the operating system is not asked: it differs from machine to machine.
var types = map[string]string{
	".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".ico": "image/x-icon",
	".js": "text/javascript; charset=utf-8", ".json": "application/json", ".map": "application/json",
	".mjs": "text/javascript; charset=utf-8", ".png": "image/png", ".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json",
	".webp": "image/webp", ".woff2": "font/woff2", ".yaml": "text/yaml; charset=utf-8",
}

// packed are files that are compressed already.
var packed = map[string]bool{".png": true, ".webp": true, ".woff2": true}

// Files are the files of a page.
type Files struct {
	from fs.FS

	mu   sync.Mutex
	read map[string]*file
}

type file struct {
	body, zipped []byte // zipped is empty when it is not worth it
	tag          string
}

// New serves files.
func New(from fs.FS) *Files { return &Files{from: from, read: make(map[string]*file)} }

// Serve answers a request for a file or a view. It reports false when there is no such file, and writes nothing then.
func (f *Files) Serve(w http.ResponseWriter, r *http.Request) (bool, error) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || name == home || path.Ext(name) == "" {
		name = home
	}
	x, err := f.open(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	kind := types[path.Ext(name)]
	if kind == "" {
		kind = "application/octet-stream"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, tag := x.body, x.tag
	if len(x.zipped) > 0 && takesGzip(r.Header.Get("Accept-Encoding")) {
		body, tag = x.zipped, x.tag+"z"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+tag+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return true, nil
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return true, nil
	}
	_, _ = w.Write(body)
	return true, nil
}

// takesGzip reads Accept-Encoding; a quality of nothing refuses.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) != "gzip" {
			continue
		}
		q, given := strings.CutPrefix(strings.ReplaceAll(quality, " ", ""), "q=")
		n, err := strconv.ParseFloat(q, 64)
		return !given || err != nil || n > 0
	}
	return false
}

func (f *Files) open(name string) (*file, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if x := f.read[name]; x != nil {
		return x, nil
	}
	x, err := f.load(name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(x.body)
	x.tag = hex.EncodeToString(sum[:8])
	f.read[name] = x
	return x, nil
}

func (f *Files) load(name string) (*file, error) {
	zipped, err := f.file(name + ".gz")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	body, err := f.file(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && zipped != nil:
		if body, err = unzip(zipped); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	}
	if zipped == nil && len(body) >= worth && !packed[path.Ext(name)] {
		if zipped, err = zip(body); err != nil {
			return nil, err
		}
	}
	return &file{body: body, zipped: zipped}, nil
}

// file reads a file; a folder is none.
func (f *Files) file(name string) ([]byte, error) {
	info, err := fs.Stat(f.from, name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(f.from, name)
}

func unzip(zipped []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(z, maxFile+1))
	if err == nil && len(body) > maxFile {
		err = errors.New("expected a smaller file")
	}
	return body, err
}

func zip(body []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = z.Write(body)
	err = errors.Join(err, z.Close())
	return out.Bytes(), err
}
