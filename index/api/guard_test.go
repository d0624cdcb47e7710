package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ballast-finance/ballast/index/api"
	"github.com/ballast-finance/ballast/testutil/storetest"
)

// node stands behind the relay and says what it was asked. It answers as no honest node would.
func node(t *testing.T) *url.URL {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Grpc-Metadata-X-Cosmos-Block-Height", "7")
		if strings.HasSuffix(r.URL.Path, "/404") {
			w.WriteHeader(http.StatusNotFound)
		}
		if strings.HasSuffix(r.URL.Path, "/endless") {
			for range 1 << 10 {
				if _, err := w.Write(make([]byte, 1<<15)); err != nil {
					return
				}
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{
			"asked": r.Method + " " + r.URL.RequestURI(), "body": string(body), "header": r.Header, "host": r.Host,
		})
	}))
	t.Cleanup(web.Close)
	u, err := url.Parse(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// front serves an empty history with a page and a node.
func front(t *testing.T, cfg api.Config) *httptest.Server {
	t.Helper()
	s := storetest.Open(t, filepath.Join(t.TempDir(), "history.db"))
	web := httptest.NewServer(api.New(cfg, s))
	t.Cleanup(web.Close)
	return web
}

func post(t *testing.T, web *httptest.Server, path, body string, header ...string) (int, string) {
	t.Helper()
	status, _, text := send(t, web, http.MethodPost, path, strings.NewReader(body), header...)
	return status, text
}

type echo struct {
	Asked, Body, Host string
	Header            http.Header
}

// TestRelay: what a page needs of the node is handed on, with nothing about who asks.
func TestRelay(t *testing.T) {
	t.Parallel()
	u := node(t)
	web := front(t, api.Config{Chain: u, Rate: -1})
	for _, path := range []string{
		"/ballast/oracle/v1/prices/ibc%2FAB12?x=1&y=a%20b", "/cosmos/auth/v1beta1/accounts/ballast1abc",
		"/cosmos/bank/v1beta1/balances/ballast1abc?pagination.limit=10", "/cosmos/base/tendermint/v1beta1/blocks/latest",
		"/cosmos/tx/v1beta1/txs/ABCD",
	} {
		status, header, body := get(t, web, "GET", "/chain"+path, "Cookie", "secret", "Authorization", "secret",
			"X-Forwarded-For", "192.0.2.7", "X-Cosmos-Block-Height", "5")
		e := decode[echo](t, body)
		if status != 200 || e.Asked != "GET "+path || e.Host != u.Host || e.Header.Get("X-Cosmos-Block-Height") != "5" {
			t.Errorf("%s: got %d %s", path, status, body)
		}
		if strings.Contains(body, "secret") || strings.Contains(body, "192.0.2.7") {
			t.Errorf("expected that nobody is told who asks, got %s", body)
		}
		if header.Get("Set-Cookie") != "" || header.Get("Access-Control-Allow-Origin") != "" ||
			header.Get("Content-Type") != "application/json" || header.Get("Grpc-Metadata-X-Cosmos-Block-Height") != "7" {
			t.Errorf("expected JSON and nothing else, got %v", header)
		}
	}
	for _, path := range []string{"/cosmos/tx/v1beta1/simulate", "/cosmos/tx/v1beta1/txs"} {
		status, body := post(t, web, "/chain"+path, `{"tx_bytes":""}`, "Content-Type", "application/json; charset=utf-8")
		if e := decode[echo](t, body); status != 200 || e.Asked != "POST "+path || e.Body != `{"tx_bytes":""}` {
			t.Errorf("%s: got %d %s", path, status, body)
		}
	}
	if status, _, _ := get(t, web, "GET", "/chain/ballast/404"); status != 404 {
		t.Errorf("expected the node's own status, got %d", status)
	}
}

// TestRelayRefuses: nothing else reaches the node.
func TestRelayRefuses(t *testing.T) {
	t.Parallel()
	web := front(t, api.Config{Chain: node(t), Rate: -1})
	web.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, x := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/chain/", 404},
		{"GET", "/chain/status", 404},
		{"GET", "/chain/cosmos/tx/v1beta1/txs?query=a", 404},
		{"GET", "/chain/cosmos/base/tendermint/v1beta1/abci_query", 404},
		{"GET", "/chain/ballast/rebalance/v1/invariants", 404},
		{"GET", "/chain/ballast", 404},
		{"GET", "/chain/ballast/%2e%2e/cosmos/params", 404},
		{"GET", "/chain/ballast/..%2f..%2fstatus", 404},
		{"GET", "/chain/ballast/%5c..%5cstatus", 404},
		{"GET", "/chain/ballast%2f..%2fstatus", 404},
		{"GET", "/chain/ballast/../status", 404},
		{"HEAD", "/chain/ballast/oracle/v1/prices", 405},
		{"PUT", "/chain/cosmos/tx/v1beta1/txs", 405},
		{"OPTIONS", "/chain/cosmos/tx/v1beta1/txs", 405},
		{"POST", "/chain/ballast/oracle/v1/prices", 404},
	} {
		status, _, body := get(t, web, x.method, x.path)
		if status >= 300 && status < 400 && x.status == 404 { // the router cleans the path; the clean one is no route
			continue
		}
		if status != x.status || strings.Contains(body, `"asked":`) {
			t.Errorf("%s %s: expected %d, got %d %s", x.method, x.path, x.status, status, body)
		}
	}
	const send = "/chain/cosmos/tx/v1beta1/txs"
	for _, x := range []struct {
		body   string
		header []string
		status int
	}{
		{"tx_bytes=", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{"{}", []string{"Content-Type", "application/json", "Sec-Fetch-Site", "cross-site"}, 403},
		{"{}", []string{"Content-Type", "application/json", "Origin", "https://evil.example"}, 403},
		{"{}", []string{"Content-Type", "application/json", "Origin", web.URL}, 200},
		{strings.Repeat(" ", 1<<20+1), []string{"Content-Type", "application/json"}, 413},
	} {
		if status, body := post(t, web, send, x.body, x.header...); status != x.status {
			t.Errorf("%v: expected %d, got %d %.200s", x.header, x.status, status, body)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/chain/ballast/endless", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // reading
	if n, err := io.Copy(io.Discard, answer.Body); err == nil || n > 17<<20 {
		t.Errorf("expected that an endless answer is cut off, got %d bytes, %v", n, err)
	}
}

// TestRelayAlone: a node that is down, or that is none, takes nothing else down.
func TestRelayAlone(t *testing.T) {
	t.Parallel()
	down := httptest.NewServer(http.NotFoundHandler())
	u, err := url.Parse(down.URL)
	if err != nil {
		t.Fatal(err)
	}
	down.Close()
	web := front(t, api.Config{Chain: u})
	status, _, body := get(t, web, "GET", "/chain/ballast/oracle/v1/prices")
	if e := decode[api.Error](t, body); status != 502 || e.Code != "node_unavailable" || e.Hint == "" {
		t.Errorf("got %d %s", status, body)
	}
	if status, _, body := get(t, front(t, api.Config{}), "GET", "/chain/ballast/oracle/v1/prices"); status != 404 {
		t.Errorf("expected no node, got %d %s", status, body)
	}
}

// TestHeaders: the page may do what it must and no more, data is never a page, and other origins may read data only.
func TestHeaders(t *testing.T) {
	t.Parallel()
	web := front(t, api.Config{Chain: node(t), Page: fstest.MapFS{"index.html": {Data: []byte("<title>page</title>")}}})
	for _, x := range []struct {
		path, policy, origin string
		status               int
	}{
		{"/", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';", "", 200},
		{"/portfolio/3", "default-src 'none'; script-src 'self'", "", 200},
		{"/nothing.js", "default-src 'none'; script-src 'self'", "", 404},
		{"/v1/portfolios", "default-src 'none'; base-uri 'none';", "*", 200},
		{"/v1/nothing", "default-src 'none'; base-uri 'none';", "*", 404},
		{"/openapi.json", "default-src 'none'; base-uri 'none';", "*", 200},
		{"/chain/ballast/oracle/v1/prices", "default-src 'none'; base-uri 'none';", "", 200},
	} {
		status, h, body := get(t, web, "GET", x.path, "Origin", "https://elsewhere.example")
		if status != x.status || !strings.HasPrefix(h.Get("Content-Security-Policy"), x.policy) ||
			h.Get("Access-Control-Allow-Origin") != x.origin || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: got %d %v %s", x.path, status, h, body)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: expected %s %s, got %q", x.path, name, want, h.Get(name))
			}
		}
		p := strings.ReplaceAll(h.Get("Content-Security-Policy"), "'wasm-unsafe-eval'", "")
		if strings.Contains(p, "unsafe") {
			t.Errorf("%s: expected no inline scripts, got %s", x.path, p)
		}
	}
	status, h, _ := get(t, web, "OPTIONS", "/v1/portfolios", "Origin", "https://elsewhere.example",
		"Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "last-event-id")
	if status != 204 || h.Get("Access-Control-Allow-Methods") != "GET, HEAD" ||
		h.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("expected that anybody may read, got %d %v", status, h)
	}
}

// TestRates: one who asks too much waits, and the others do not.
func TestRates(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	web := front(t, api.Config{
		Rate: 2, Burst: 20, Forwarded: true, Now: func() time.Time { return now }, Chain: node(t),
	})
	ask := func(client string) (int, http.Header, string) {
		return get(t, web, "GET", "/v1/portfolios", "X-Forwarded-For", client)
	}
	for i := range 20 {
		if status, _, body := ask("192.0.2.1"); status != 200 {
			t.Fatalf("request %d: got %d %s", i, status, body)
		}
	}
	status, h, body := ask("192.0.2.1")
	if e := decode[api.Error](t, body); status != 429 || h.Get("Retry-After") != "1" ||
		e.Code != "too_many_requests" || e.Hint == "" {
		t.Errorf("got %d %v %s", status, h, body)
	}
	if status, _, _ := ask("192.0.2.2"); status != 200 {
		t.Errorf("expected that another is served, got %d", status)
	}
	now = now.Add(time.Second)
	for _, want := range []int{200, 200, 429} {
		if status, _, _ := ask("192.0.2.1"); status != want {
			t.Errorf("expected %d after a second, got %d", want, status)
		}
	}
	header := []string{"Content-Type", "application/json", "X-Forwarded-For", "192.0.2.3"}
	for _, want := range []int{200, 200, 429} { // a transaction costs ten
		if status, body := post(t, web, "/chain/cosmos/tx/v1beta1/txs", "{}", header...); status != want {
			t.Errorf("expected %d, got %d %s", want, status, body)
		}
	}
}
