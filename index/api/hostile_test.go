package api_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/index/chain"
	"github.com/ballast-finance/ballast/index/fold"
	"github.com/ballast-finance/ballast/index/store"
	"github.com/ballast-finance/ballast/testutil/storetest"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// hostile is what somebody writes who wants to be taken for markup, a formula, a statement or the end of a message.
const hostile = `=HYPERLINK("http://evil.example")</script><script>alert(1)</script>'; DROP TABLE bids; --` +
	"\u2028\r\n\r\nevent: reset\r\ndata: &amp;{}"

// write puts a block behind the recorded ones, in which everybody is hostile and what no demonstration does happens.
func write(t *testing.T, s *store.Store) {
	t.Helper()
	recorded, head := tape(t)
	before, err := recorded.Block(t.Context(), head.Last)
	if err != nil {
		t.Fatal(err)
	}
	coin := sdk.NewInt64Coin("uatom", 5)
	terms := portfoliotypes.PaymentTerms{
		Amount: coin, To: portfoliotypes.Destination{Recipient: hostile, Channel: hostile},
	}
	b := &chain.Block{
		Chain: before.Chain, Height: head.Last + 1, Time: before.Time + 1, Hash: hostile, Events: []proto.Message{
			&portfoliotypes.EventUpdated{Id: 1, What: hostile},
			&portfoliotypes.EventPaymentAdded{Id: 1, PaymentId: 90, Terms: terms},
			&portfoliotypes.EventPaymentFailed{Id: 1, PaymentId: 90, Reason: hostile, Failures: 1},
			&portfoliotypes.EventOrderCreated{Id: 1, OrderId: 91, Terms: portfoliotypes.OrderTerms{
				Sell: "uatom", Buy: "uusdc", Amount: math.NewInt(9), MinSlice: math.ZeroInt(), Limit: hostile,
			}},
			&portfoliotypes.EventQuarantined{Id: 1, Reason: hostile},
			&rebalancetypes.EventPortfolioSettled{Portfolio: 1, Round: 99, Slices: []rebalancetypes.SliceFill{{
				OneTime: 91, Sold: coin, Bought: coin, Left: math.NewInt(4),
			}}},
			&auctiontypes.EventSalePlaced{Sale: auctiontypes.Sale{
				Id: 1, Seller: hostile, Offered: coin, BuyDenom: "uusdc", Limit: hostile,
			}},
			&auctiontypes.EventPaused{By: hostile, Reason: hostile},
			&auctiontypes.EventStepFailed{Step: hostile, Reason: hostile},
			&oracletypes.EventAssetUpdated{Denom: "uatom", Display: hostile},
			&oracletypes.EventAssetAdded{Denom: hostile, Index: 70, Display: hostile},
			&oracletypes.EventPriceUpdated{
				Denom: hostile, Status: hostile, Value: hostile, Sources: []oracletypes.SourceReport{{
					Source: oracletypes.Source{Reporter: hostile}, Verdict: hostile,
				}},
			},
		},
	}
	recorded.Add(b)
	recorded.AddPortfolio(b.Height, 1, &chain.Portfolio{
		QueryPortfolioResponse: portfoliotypes.QueryPortfolioResponse{Address: hostile, Portfolio: portfoliotypes.Portfolio{
			Id: 1, Name: hostile, Owner: hostile,
		}},
	})
	if err := index.NewFollower(index.Config{}, recorded, s).Write(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// sample are things that there are.
type sample struct{ round, interval, lot, maker string }

func known(t *testing.T, s *store.Store) (x sample) {
	t.Helper()
	err := s.Reader().QueryRowContext(t.Context(), "SELECT CAST((SELECT MIN(round) FROM crossings) AS TEXT), "+
		"CAST((SELECT MIN(round) FROM intervals WHERE portfolio = 1) AS TEXT), "+
		"CAST((SELECT MIN(f.lot) FROM fills f, orders o WHERE f.lot = o.lot) AS TEXT), (SELECT MIN(bidder) FROM fills)").
		Scan(&x.round, &x.interval, &x.lot, &x.maker)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// in puts them into a path.
func (x sample) in(path string) string {
	id := "1"
	switch {
	case strings.HasPrefix(path, "/v1/auctions"):
		id = x.lot
	case strings.HasPrefix(path, "/v1/rounds"):
		id = x.round
	}
	return strings.NewReplacer("{id}", id, "{denom}", "uatom", "{round}", x.interval, "{address}", x.maker).Replace(path)
}

// TestHostile: what people write on the chain is data: no markup in JSON, no formula in CSV, no message in a stream.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, db := range storetest.Databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			web, s := serve(t, db.New(t), 0)
			write(t, s)
			ids := known(t, s)
			_, _, body := get(t, web, "GET", "/openapi.json")
			seen := 0
			for path := range decode[openapi](t, body).Paths {
				if path == "/v1/events" || path == "/v1/overview" || path == "/v1/health" {
					continue
				}
				_, header, body := get(t, web, "GET", ids.in(path))
				if strings.ContainsAny(body, "<>&\u2028\r\n") || header.Get("X-Content-Type-Options") != "nosniff" ||
					header.Get("Content-Type") != "application/json" || !json.Valid([]byte(body)) {
					t.Errorf("%s: expected JSON without markup, got %s", path, body)
				}
				if text, err := json.Marshal(hostile); err != nil || strings.Contains(body, string(text)) {
					seen++
				}
				_, header, body = get(t, web, "GET", ids.in(path)+"?format=csv")
				if header.Get("Content-Type") != "text/csv; charset=utf-8" ||
					!strings.HasPrefix(header.Get("Content-Disposition"), `attachment; filename="`) {
					t.Errorf("%s: expected a file, got %v", path, header)
				}
				rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
				if err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				for _, row := range rows {
					for _, cell := range row {
						if _, err := strconv.ParseFloat(cell, 64); err != nil && strings.IndexAny(cell+" ", "=+-@\t\r\n") == 0 {
							t.Errorf("%s: expected no formula, got %q", path, cell)
						}
					}
				}
			}
			if seen < 10 {
				t.Errorf("expected what was written in the answers, as it is, got it in %d", seen)
			}
			if got := decode[map[string]any](t, second(get(t, web, "GET", "/v1/portfolios/1")))["name"]; got != hostile {
				t.Errorf("expected the name as it is, got %q", got)
			}
			stream(t, web)
		})
	}
}

// stream holds a stream of events to one message for each block, whatever assets are called.
func stream(t *testing.T, web *httptest.Server) {
	t.Helper()
	_, head := tape(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/v1/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Last-Event-ID", strconv.FormatInt(head.Last, 10))
	answer, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // reading
	var events []string
	in := bufio.NewScanner(answer.Body)
	for in.Scan() && !slices.Contains(events, "height") {
		if word, ok := strings.CutPrefix(in.Text(), "event: "); ok {
			events = append(events, word)
		}
		if data, ok := strings.CutPrefix(in.Text(), "data: "); ok && len(events) == 1 &&
			!slices.Contains(decode[struct{ Changed fold.Changed }](t, data).Changed.Prices, hostile) {
			t.Errorf("expected the asset as it is called, got %s", data)
		}
	}
	if !slices.Equal(events, []string{"block", "height"}) {
		t.Errorf("expected one block, got %v", events)
	}
}

func second[A, B any](_ A, _ B, body string) string { return body }

// TestCells: what a spreadsheet would calculate stands as text, and numbers stay numbers.
func TestCells(t *testing.T) {
	t.Parallel()
	web, s := serve(t, storetest.Databases[0].New(t), 0)
	p, err := s.Progress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1+1": "'+1+1", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\n=1": "'\n=1",
		"＝1": "'＝1", "-12.5": "-12.5", "+3": "+3", "a=1": "a=1", "": "", "1e5": "1e5", `x","=1`: `x","=1`,
	} {
		p.Height++
		err := s.Block(t.Context(), p, func(tx *store.Tx) error {
			return tx.Exec(t.Context(), "UPDATE portfolios SET name = $1 WHERE id = 1", text)
		})
		if err != nil {
			t.Fatal(err)
		}
		// A question of its own each time: the server need not have seen the block yet.
		_, _, body := get(t, web, "GET", fmt.Sprintf("/v1/portfolios?format=csv&limit=%d", p.Height))
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil || rows[1][5] != want {
			t.Errorf("%q: expected %q, got %.200q, %v", text, want, rows, err)
		}
	}
}
