package openapi

import (
	_ "embed"
	"net/http"
)

//go:embed openapi.json
var document []byte

//go:embed page.html
var page []byte

// Paths at which the description is found.
const (
	Path     = "/openapi.json"
	PagePath = "/openapi/"
)

// Handler serves the document.
func Handler() http.Handler { return serve("application/json", document) }

// Page serves the page.
func Page() http.Handler { return serve("text/html; charset=utf-8", page) }

func serve(kind string, text []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(text)
	})
}
