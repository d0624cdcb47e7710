package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/index/api/limit"
)

// Limits of a client, unless the configuration has others.
const (
	DefaultRate  = 50  // requests in a second
	DefaultBurst = 300 // at once, after a pause
)

// What a request costs, in tokens. The node has less to spare than the history.
const (
	costRead  = 1
	costNode  = 2
	costWrite = 10
)

// What a browser may do with answers. The page runs scripts of its own, WebAssembly among them, and speaks with nobody
// else; data is not shown as a page at all.
const (
	pagePolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
		"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)

// data reports that a path is that of data, which pages of other origins may read.
func data(path string) bool {
	return strings.HasPrefix(path, "/v1/") || path == "/openapi.json"
}

// guard writes the headers that every answer has.
func guard(h http.Header, path string) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	policy, resource := pagePolicy, "same-origin"
	switch {
	case data(path):
		policy, resource = dataPolicy, "cross-origin"
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "Next-Cursor, Retry-After, "+dependsOn)
	case strings.HasPrefix(path, under+"/"):
		policy = dataPolicy
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Resource-Policy", resource)
}

// preflight answers a browser that asks what another origin may do: read.
func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, HEAD")
	h.Set("Access-Control-Allow-Headers", "Accept, Last-Event-ID")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

// pay takes what a request costs from its client's bucket.
func (a *Server) pay(w http.ResponseWriter, r *http.Request) error {
	if a.limits == nil {
		return nil
	}
	cost := float64(costRead)
	if strings.HasPrefix(r.URL.Path, under+"/") {
		cost = costNode
		if r.Method == http.MethodPost {
			cost = costWrite
		}
	}
	forwarded := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
	wait := a.limits.Take(limit.Client(r.RemoteAddr, forwarded, a.cfg.Forwarded), cost, a.cfg.Now())
	if wait == 0 {
		return nil
	}
	seconds := math.Ceil(wait.Seconds())
	w.Header().Set("Retry-After", strconv.Itoa(int(seconds)))
	return &Error{
		"too_many_requests", fmt.Sprintf("expected at most %g requests in a second", a.cfg.Rate),
		fmt.Sprintf("wait for %g s, or follow /v1/events instead of asking again and again", seconds),
		http.StatusTooManyRequests,
	}
}

// hurry gives a client so long to send a body and to take the answer; one who is slower is cut off.
func hurry(w http.ResponseWriter, body bool) {
	now, out := time.Now(), http.NewResponseController(w) //nolint:forbidigo // deadlines are of the world
	if body {
		_ = out.SetReadDeadline(now.Add(patience)) // writers of tests have none
	}
	_ = out.SetWriteDeadline(now.Add(2 * patience))
}
