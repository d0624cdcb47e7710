package api_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/index/fold"
	"github.com/ballast-finance/ballast/index/store"
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

// TestForgotten: an answer is kept as long as no block writes a table that it names, and no longer.
func TestForgotten(t *testing.T) {
	t.Parallel()
	for _, db := range storetest.Databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			web, s := serve(t, db.New(t), 20)
			watcher := hear(t, web)
			block := func(statement string, tables ...string) {
				p, err := s.Progress(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				p.Height++
				err = s.Block(t.Context(), p, func(tx *store.Tx) error {
					const told = "INSERT INTO blocks (height, time, events, changed) VALUES ($1, $2, 1, $3)"
					changed, err := json.Marshal(fold.Changed{Others: []string{"a test"}, Tables: tables})
					return errors.Join(err, tx.Exec(t.Context(), statement), tx.Exec(t.Context(), told, p.Height, p.Time,
						string(changed)))
				})
				if err != nil {
					t.Fatal(err)
				}
				until(t, watcher, p.Height)
			}
			name := func() string {
				_, header, body := get(t, web, http.MethodGet, "/v1/portfolios/1")
				if tables := header.Get("Depends-On"); tables != "portfolios" {
					t.Fatalf("expected an answer of portfolios, got one of %q", tables)
				}
				var p struct{ Name string }
				if err := json.Unmarshal([]byte(body), &p); err != nil {
					t.Fatal(err)
				}
				return p.Name
			}
			const rename = "UPDATE portfolios SET name = '+' || name"
			block(rename, "lots", "portfolios")
			first := name()
			block(rename, "lots", "rounds") // it does not tell, so that what is remembered shows
			if again := name(); again != first {
				t.Errorf("expected %q from memory, got %q", first, again)
			}
			block(rename, "intervals", "portfolios")
			if now := name(); now != "++"+first {
				t.Errorf("expected that it is asked for anew, got %q", now)
			}
			block(rename) // as histories of before have it
			if now := name(); now != "+++"+first {
				t.Errorf("expected that it is asked for anew, got %q", now)
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
