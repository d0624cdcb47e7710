package api_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/index/api"
	"github.com/ballast-finance/ballast/index/chain"
	"github.com/ballast-finance/ballast/index/store"
	"github.com/ballast-finance/ballast/testutil/storetest"
)

var update = flag.Bool("update", false, "write openapi.json")

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// TestDocument: the document that is served is that of the routes.
func TestDocument(t *testing.T) {
	t.Parallel()
	want, err := api.Describe()
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("openapi.json is not that of the routes: go test ./index/api -run TestDocument -update")
	}
}

func tape(t *testing.T) (*chain.Tape, chain.Head) {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", "demo.tape"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // reading
	recorded, err := chain.LoadTape(f)
	if err != nil {
		t.Fatal(err)
	}
	head, err := recorded.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return recorded, head
}

// serve serves a history of the recorded chain up to a height.
func serve(t *testing.T, dsn string, until int64) (*httptest.Server, *store.Store) {
	t.Helper()
	recorded, head := tape(t)
	if until == 0 {
		until = head.Last
	}
	s := storetest.Open(t, dsn)
	if err := index.NewFollower(index.Config{Until: until}, recorded, s).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := s.Progress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := api.New(api.Config{
		Poll: 10 * time.Millisecond, Now: func() time.Time { return time.Unix(p.Time+7, 0) }, Rate: -1,
	}, s)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = a.Run(ctx)
	}()
	web := httptest.NewServer(a)
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
		cancel()
		<-done
	})
	return web, s
}

// get asks, and returns the status, the header and the body.
func get(t *testing.T, web *httptest.Server, method, path string, header ...string) (int, http.Header, string) {
	t.Helper()
	return send(t, web, method, path, http.NoBody, header...)
}

// send is get with a body.
func send(
	t *testing.T, web *httptest.Server, method, path string, content io.Reader, header ...string,
) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, web.URL+path, content)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // reading
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(body)
}

func decode[T any](t *testing.T, body string) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return value
}

type schema struct {
	Ref        string             `json:"$ref"` //nolint:tagliatelle // of OpenAPI
	Properties map[string]*schema `json:"properties"`
	Items      *schema            `json:"items"`
}

type openapi struct {
	Paths map[string]struct {
		Get struct {
			Responses map[string]struct {
				Content map[string]struct{ Schema schema }
			}
		}
	}
	Components struct{ Schemas map[string]*schema }
}

// names are the properties of an answer, or of an item of it.
func (d *openapi) names(s *schema) []string {
	if name := s.Ref; name != "" {
		s = d.Components.Schemas[strings.TrimPrefix(name, "#/components/schemas/")]
	}
	if items := s.Properties["items"]; items != nil {
		s = items.Items
	}
	list := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// TestRoutes: every path of the document answers with what the document says, on both databases, the same.
func TestRoutes(t *testing.T) {
	t.Parallel()
	for _, db := range storetest.Databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			dsn := db.New(t)
			web, s := serve(t, dsn, 0)
			write(t, s)
			ids := known(t, s)
			_, _, body := get(t, web, "GET", "/openapi.json")
			d := decode[openapi](t, body)
			if len(d.Paths) < 15 {
				t.Fatalf("expected the routes, got %s", body)
			}
			for path, described := range d.Paths {
				if path == "/v1/events" {
					continue // TestEvents
				}
				asked := ids.in(path)
				status, header, body := get(t, web, "GET", asked)
				if status != 200 || header.Get("Content-Type") != "application/json" {
					t.Errorf("%s: got %d %s", asked, status, body)
					continue
				}
				whole := decode[map[string]any](t, body)
				if items, ok := whole["items"].([]any); ok {
					if len(items) == 0 {
						t.Errorf("%s: expected items", asked)
						continue
					}
					whole, _ = items[0].(map[string]any)
				}
				var got []string
				for name := range whole {
					got = append(got, name)
				}
				slices.Sort(got)
				response := described.Get.Responses["200"].Content["application/json"]
				if want := d.names(&response.Schema); !slices.Equal(got, want) {
					t.Errorf("%s: expected %v, got %v", asked, want, got)
				}
			}
		})
	}
}

type page struct {
	Items []json.RawMessage `json:"items"`
	Next  string            `json:"next"`
}

// TestPages: the pages of a list are the list, in both directions, whole and within a time, as JSON and as CSV.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, db := range storetest.Databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			dsn := db.New(t)
			web, _ := serve(t, dsn, 0)
			for _, path := range []string{
				"/v1/portfolios?", "/v1/portfolios/1/intervals?", "/v1/portfolios/1/orders?order=asc&", "/v1/auctions?",
				"/v1/auctions?order=asc&", "/v1/assets?", "/v1/assets/ubtc/prices?", "/v1/rounds?order=asc&",
				"/v1/auctions?status=closed&from=1795747320&",
			} {
				_, _, body := get(t, web, "GET", path+"limit=500")
				whole := decode[page](t, body)
				if whole.Next != "" || len(whole.Items) < 4 {
					t.Fatalf("%s: expected one page, got %d items and %q", path, len(whole.Items), whole.Next)
				}
				var got []json.RawMessage
				cells, cursor := 0, ""
				for range len(whole.Items) {
					_, _, body := get(t, web, "GET", path+"limit=3&cursor="+cursor)
					part := decode[page](t, body)
					got = append(got, part.Items...)
					_, header, text := get(t, web, "GET", path+"limit=3&cursor="+cursor, "Accept", "text/csv, */*")
					rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
					if err != nil || header.Get("Next-Cursor") != part.Next {
						t.Fatalf("%s: %v, next %q, expected %q", path, err, header.Get("Next-Cursor"), part.Next)
					}
					cells += len(rows) - 1
					if cursor = part.Next; cursor == "" {
						break
					}
				}
				if fmt.Sprintf("%s", got) != fmt.Sprintf("%s", whole.Items) || cells != len(got) {
					t.Errorf("%s: expected\n%s\ngot %d as CSV and\n%s", path, whole.Items, cells, got)
				}
			}
			_, _, up := get(t, web, "GET", "/v1/rounds?order=asc")
			_, _, down := get(t, web, "GET", "/v1/rounds")
			a, b := decode[page](t, up).Items, decode[page](t, down).Items
			slices.Reverse(b)
			if fmt.Sprintf("%s", a) != fmt.Sprintf("%s", b) {
				t.Errorf("expected the same from both ends, got\n%s\n%s", a, b)
			}
		})
	}
}

// TestRefusals: what cannot be answered is refused with a code, words and a hint.
func TestRefusals(t *testing.T) {
	t.Parallel()
	web, _ := serve(t, filepath.Join(t.TempDir(), "history.db"), 0)
	for _, x := range []struct {
		method, path string
		status       int
		code, part   string
	}{
		{"GET", "/v1/nothing", 404, "not_found", "/v1/nothing"},
		{"POST", "/v1/portfolios", 405, "method_not_allowed", "only read"},
		{"DELETE", "/", 405, "method_not_allowed", "only read"},
		{"GET", "/v1/portfolios/99", 404, "not_found", "99"},
		{"GET", "/v1/portfolios/x", 400, "invalid_argument", "whole number"},
		{"GET", "/v1/portfolios/-1", 400, "invalid_argument", "whole number"},
		{"GET", "/v1/portfolios/99/intervals", 404, "not_found", "99"},
		{"GET", "/v1/auctions/1/bids", 404, "not_found", "lots"},
		{"GET", "/v1/assets/ibc%2FABC/prices", 404, "not_found", "ibc/ABC"},
		{"GET", "/v1/portfolios?limit=0", 400, "invalid_argument", "1..500"},
		{"GET", "/v1/portfolios?limit=501", 400, "invalid_argument", "1..500"},
		{"GET", "/v1/portfolios?cursor=%21", 400, "invalid_argument", "cursor"},
		{"GET", "/v1/portfolios?cursor=WyJhIiwiYiJd", 400, "invalid_argument", "cursor"},
		{"GET", "/v1/rounds?order=up", 400, "invalid_argument", "asc or desc"},
		{"GET", "/v1/rounds?from=yesterday", 400, "invalid_argument", "time"},
		{"GET", "/v1/rounds?owner=x", 400, "invalid_argument", "owner"},
		{"GET", "/v1/rounds?limit=1&limit=2", 400, "invalid_argument", "more than once"},
		{"GET", "/v1/rounds?format=xml", 400, "invalid_argument", "json or csv"},
		{"GET", "/v1/auctions?round='%20OR%201=1", 400, "invalid_argument", "whole number"},
		{"GET", "/v1/overview?x=1", 400, "invalid_argument", "unknown parameter x"},
		{"GET", "/v1/events?after=x", 400, "invalid_argument", "height"},
	} {
		status, _, body := get(t, web, x.method, x.path)
		e := decode[api.Error](t, body)
		if status != x.status || e.Code != x.code || !strings.Contains(e.Message, x.part) || e.Hint == "" {
			t.Errorf("%s %s: expected %d %s with %q, got %d %+v", x.method, x.path, x.status, x.code, x.part, status, e)
		}
	}
	status, _, body := get(t, web, "GET", "/v1/portfolios?owner='%20OR%20''='")
	if status != 200 || len(decode[page](t, body).Items) != 0 {
		t.Errorf("expected nobody, got %d %s", status, body)
	}
}

// TestHealth: a history is healthy while it keeps up.
func TestHealth(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, filepath.Join(t.TempDir(), "history.db"))
	now := time.Unix(0, 0)
	web := httptest.NewServer(api.New(api.Config{Now: func() time.Time { return now }}, s))
	defer web.Close()
	expect := func(status int, word string) {
		t.Helper()
		got, _, body := get(t, web, "GET", "/v1/health")
		if h := decode[api.Health](t, body); got != status || h.Status != word {
			t.Errorf("expected %d %s, got %d %s", status, word, got, body)
		}
	}
	expect(503, "empty")
	if status, _, _ := get(t, web, "GET", "/v1/overview"); status != 404 {
		t.Errorf("expected no overview, got %d", status)
	}
	recorded, head := tape(t)
	if err := index.NewFollower(index.Config{Until: head.Last}, recorded, s).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := s.Progress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now = time.Unix(p.Time+60, 0)
	expect(200, "ok")
	now = time.Unix(p.Time+61, 0)
	expect(503, "behind")
}

// TestEvents: one who watches hears of every block once, in order, and one who comes back hears what was missed.
func TestEvents(t *testing.T) {
	t.Parallel()
	for _, db := range storetest.Databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			dsn := db.New(t)
			web, s := serve(t, dsn, 30)
			recorded, head := tape(t)
			watcher := hear(t, web)
			if err := index.NewFollower(index.Config{Until: head.Last}, recorded, s).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			seen := until(t, watcher, head.Last)
			again := until(t, hear(t, web, "Last-Event-ID", "30"), head.Last)
			if len(seen) == 0 || !slices.Equal(seen, again) {
				t.Errorf("expected the same blocks, got\n%v\n%v", seen, again)
			}
			var rows int
			err := s.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM blocks WHERE height > 30").Scan(&rows)
			if err != nil || rows != len(seen) {
				t.Errorf("expected %d blocks, got %d, %v", rows, len(seen), err)
			}
		})
	}
}

// hear opens the stream.
func hear(t *testing.T, web *httptest.Server, header ...string) *bufio.Scanner {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/v1/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if len(header) == 2 {
		r.Header.Set(header[0], header[1])
	}
	answer, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return bufio.NewScanner(answer.Body)
}

// until reads the stream as far as a height, and returns what it says of blocks.
func until(t *testing.T, in *bufio.Scanner, height int64) (blocks []string) {
	t.Helper()
	event := ""
	for in.Scan() {
		if word, ok := strings.CutPrefix(in.Text(), "event: "); ok {
			event = word
		}
		data, ok := strings.CutPrefix(in.Text(), "data: ")
		if !ok {
			continue
		}
		if event == "block" {
			blocks = append(blocks, data)
		}
		if event == "height" && decode[struct{ Height int64 }](t, data).Height == height {
			return blocks
		}
	}
	t.Fatalf("the stream ended: %v", in.Err())
	return nil
}
