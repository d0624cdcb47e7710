package fetch_test

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest/fetch"
	"github.com/ballast-finance/ballast/backtest/price"
)

// echo answers every request with one body.
type echo string

func (e echo) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(e)))}, nil
}

// FuzzAnswer sends any body in the place of every provider: the download never panics, an error has a kind, and a
// file that it leaves can be loaded.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		`[[1704067200000,"1","9","0.5","42"],[1704070800000,"1","9","0.5","4e1"]]`,
		`[[1704067200,1,9,5,42,1],[1704070800,1,9,5,43,1]]`,
		`{"error":[],"result":{"XXBTZUSD":[[1704067200,"1","9","5","42"],[1704070800,"1","9","5","42"]],"last":1}}`,
		`{"code":"0","data":[["1704067200000","1","9","5","42","1"],["1704070800000","1","9","5","42","0"]]}`,
		`{"retCode":0,"result":{"list":[["1704067200000","1","9","5","42"],["-1","","","",""]]}}`,
		`null`, `{}`, `[[]]`, `{"error":["EService:Busy"]}`, `{"code":"50011"}`, `{"retCode":"x"}`,
	} {
		for i := range fetch.Providers() {
			f.Add(i, seed)
		}
	}
	f.Fuzz(func(t *testing.T, provider int, body string) {
		names := fetch.Providers()
		out := filepath.Join(t.TempDir(), "x.csv")
		_, err := fetch.Download(t.Context(), fetch.Options{
			Provider: names[uint(provider)%uint(len(names))], Assets: []string{"BTC"}, From: start, To: start + 5*hour,
			StepSeconds: hour, Out: out, Clock: newClock(start + 100*hour), HTTPClient: &http.Client{Transport: echo(body)},
		})
		if err != nil {
			for _, kind := range []error{fetch.ErrRefused, fetch.ErrUnavailable, fetch.ErrBar, fetch.ErrEmpty} {
				if errors.Is(err, kind) {
					return
				}
			}
			t.Fatalf("an error without a kind: %v", err)
		}
		opt := price.Options{MaxJump: 1 << 40}
		if _, _, err := price.Load([]string{out}, opt); err != nil && !errors.Is(err, price.ErrRows) {
			t.Fatal(err)
		}
	})
}
