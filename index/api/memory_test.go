package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/testutil/storetest"
)

// TestMemory: what many ask at once is one answer; it is as good as the last block, and CSV is not taken for JSON.
func TestMemory(t *testing.T) {
	t.Parallel()
	for _, db := range storetest.Databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			web, s := serve(t, db.New(t), 20)
			await(t, func() bool { // the server knows of the block
				status, _, _ := get(t, web, http.MethodGet, "/v1/overview")
				return status == http.StatusOK
			})
			answers := make([]string, 40)
			var all sync.WaitGroup
			for i := range answers {
				all.Go(func() { _, _, answers[i] = get(t, web, http.MethodGet, "/v1/portfolios") })
			}
			all.Wait()
			for _, answer := range answers {
				if answer != answers[0] || !strings.HasPrefix(answer, `{"items":[{"id":1,`) {
					t.Fatalf("expected one answer, got %s and %s", answers[0], answer)
				}
			}
			_, header, body := get(t, web, http.MethodGet, "/v1/portfolios", "Accept", "text/csv")
			if !strings.HasPrefix(header.Get("Content-Type"), "text/csv") || !strings.HasPrefix(body, "id,owner,") {
				t.Errorf("expected CSV, got %s of %s", body, header.Get("Content-Type"))
			}
			recorded, _ := tape(t)
			if err := index.NewFollower(index.Config{Until: 21}, recorded, s).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			await(t, func() bool {
				_, _, body := get(t, web, http.MethodGet, "/v1/overview")
				return strings.Contains(body, `"height":21,`)
			})
			for range 2 { // a refusal is nobody else's answer
				if status, _, _ := get(t, web, http.MethodGet, "/v1/portfolios/99999"); status != http.StatusNotFound {
					t.Errorf("expected none, got %d", status)
				}
			}
		})
	}
}

func await(t *testing.T, holds func() bool) {
	t.Helper()
	end := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-end:
			t.Fatal("it did not come")
		case <-time.After(5 * time.Millisecond):
		}
	}
}
