package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/testutil/storetest"
)

// row is what ranges are about.
type row struct {
	Time   int64 `json:"time"`
	Opened int64 `json:"opened_time"`
	Round  int64 `json:"round"`
	Height int64 `json:"height"`
	ID     int64 `json:"id"`
	Seq    int64 `json:"seq"`
}

func (r row) at() int64 { return max(r.Time, r.Opened) }

// TestSpans: a list of a range of time is the part of the whole list that lies in it, on both databases, and the last
// row of each so many seconds is that.
func TestSpans(t *testing.T) {
	t.Parallel()
	for _, db := range storetest.Databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			web, s := serve(t, db.New(t), 0)
			ids := known(t, s)
			list := func(path string) []row {
				t.Helper()
				status, _, body := get(t, web, "GET", path)
				if status != 200 {
					t.Fatalf("%s: got %d %s", path, status, body)
				}
				return decode[struct{ Items []row }](t, body).Items
			}
			_, _, body := get(t, web, "GET", "/openapi.json")
			spans := 0
			for path := range decode[openapi](t, body).Paths {
				if path == "/v1/events" {
					continue // it has no end
				}
				path = ids.in(path) + "?limit=500"
				if status, _, _ := get(t, web, "GET", path+"&from=1"); status != 200 {
					continue // it has no times
				}
				whole := list(path)
				if len(whole) < 2 {
					continue
				}
				spans++
				for _, x := range whole {
					for _, span := range [][2]int64{
						{x.at() - 1, x.at() + 1}, {x.at(), 1 << 40}, {0, x.at()}, {x.at(), x.at() + 20},
					} {
						want := slices.DeleteFunc(slices.Clone(whole), func(y row) bool {
							return y.at() < span[0] || y.at() >= span[1]
						})
						got := list(fmt.Sprintf("%s&from=%d&to=%d", path, span[0], span[1]))
						if !slices.Equal(got, want) {
							t.Fatalf("%s from %d to %d: expected %v, got %v", path, span[0], span[1], want, got)
						}
					}
					if x.at() > whole[0].at() && x.at() > whole[len(whole)-1].at() {
						t.Fatalf("%s: expected times in order", path)
					}
				}
			}
			if spans < 12 {
				t.Errorf("expected many lists with times, got %d", spans)
			}
			sampled(t, list)
		})
	}
}

func sampled(t *testing.T, list func(path string) []row) {
	t.Helper()
	for _, path := range []string{
		"/v1/portfolios/1/intervals?", "/v1/portfolios/1/values?", "/v1/assets/ubtc/prices?order=asc&",
		"/v1/assets/ubtc/values?from=1795747310&", "/v1/rounds?",
	} {
		last := make(map[int64]row)
		var want []row
		whole := list(path + "limit=500")
		for _, x := range whole {
			if known, ok := last[x.at()/20]; !ok || x.at() > known.at() || x.Height > known.Height {
				last[x.at()/20] = x
			}
		}
		for _, x := range whole {
			if last[x.at()/20] == x {
				want = append(want, x)
			}
		}
		if got := list(path + "limit=500&every=20"); !slices.Equal(got, want) || len(got) == len(whole) || len(got) == 0 {
			t.Errorf("%s: expected %v, got %v", strings.TrimRight(path, "?&"), want, got)
		}
	}
}
