package daemon_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	gogo "github.com/cosmos/gogoproto/proto"
)

// annotated are the routes that the services of our modules declare.
func annotated(t *testing.T) (paths []string) {
	t.Helper()
	files, err := gogo.MergedRegistry()
	if err != nil {
		t.Fatal(err)
	}
	files.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		services := f.Services()
		for i := range services.Len() {
			methods := services.Get(i).Methods()
			for k := range methods.Len() {
				rule, is := proto.GetExtension(methods.Get(k).Options(), annotations.E_Http).(*annotations.HttpRule)
				if path := rule.GetGet(); is && strings.HasPrefix(path, "/ballast/") {
					paths = append(paths, strings.ReplaceAll(path, "=**}", "}"))
				}
			}
		}
		return true
	})
	return paths
}

// get asks the node over HTTP.
func (c *chain) get(t *testing.T, path string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.node.HTTP+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// routes: the served description has every route that our modules declare, and the node answers each of them.
func (c *chain) routes(t *testing.T) {
	t.Helper()
	status, text := c.get(t, "/openapi.json")
	var document struct {
		Paths map[string]map[string]any
		Info  struct{ Title string }
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil || status != http.StatusOK ||
		document.Info.Title != "Ballast" {
		t.Fatalf("openapi.json: %d, %v", status, err)
	}
	declared := annotated(t)
	if len(declared) < 30 {
		t.Fatalf("expected the routes of four modules, got %q", declared)
	}
	fill := strings.NewReplacer("{denom}", "uusdc", "{id}", "1", "{portfolio}", "1", "{lot_id}", c.lot, "{round}", "1",
		"{bidder}", c.address["maker"], "{owner}", c.address["maker"])
	for _, path := range declared {
		if document.Paths[path]["get"] == nil {
			t.Errorf("openapi.json: expected %s", path)
		}
		url := fill.Replace(path)
		if strings.HasSuffix(url, "/quote") || strings.HasSuffix(url, "/take") {
			url += "?amount_out=1000"
		}
		status, text := c.get(t, url)
		if !json.Valid([]byte(text)) || strings.Contains(url, "{") {
			t.Errorf("%s: not JSON: %s", url, text)
		}
		over := strings.Contains(text, "closed") || strings.Contains(text, "over") // a lot takes bids for seconds only
		if status != http.StatusOK && (!over || !strings.Contains(path, "{lot_id}/")) {
			t.Errorf("%s: %d: %s", url, status, text)
		}
	}
	for _, path := range []string{
		"/cosmos/bank/v1beta1/balances/{address}", "/cosmos/auth/v1beta1/accounts/{address}", "/cosmos/tx/v1beta1/txs",
		"/cosmos/base/tendermint/v1beta1/blocks/latest",
	} {
		if document.Paths[path] == nil {
			t.Errorf("openapi.json: expected %s", path)
		}
	}
	if status, page := c.get(t, "/openapi/"); status != http.StatusOK || strings.Contains(page, "://") {
		t.Errorf("the page: %d, or it asks somebody else", status)
	}
}
