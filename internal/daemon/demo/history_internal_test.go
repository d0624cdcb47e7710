package demo

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	rpcclient "github.com/cometbft/cometbft/rpc/client"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/index/chain"
	"github.com/ballast-finance/ballast/index/store"
	"github.com/ballast-finance/ballast/internal/daemon/compile"
	"github.com/ballast-finance/ballast/internal/history"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// record names a file that TestHistory writes the chain to, as the tests of index/ read it:
//
//	go test ./internal/daemon/demo -run TestHistory -record ../../../index/testdata/demo.tape
var record = flag.String("record", "", "write the recorded chain to this `FILE`")

// TestHistory follows a chain that has been playing by its node's RPC, and holds the history to what the chain says.
func TestHistory(t *testing.T) {
	t.Parallel()
	opt := short()
	opt.Treasuries, opt.Rounds = 3, 3
	if *record != "" {
		opt.Treasuries, opt.Makers, opt.Rounds = 4, 3, 6
	}
	opt.probe = func(s *show, _, _ []state) { s.followed(t) }
	if err := Run(t.Context(), opt, t.Output()); err != nil {
		t.Fatal(err)
	}
}

// stir lets the steward do by hand what no round does.
func (s *show) stir(t *testing.T) {
	t.Helper()
	w, err := s.wallet(stewardKey)
	if err != nil {
		t.Fatal(err)
	}
	me, some := w.Address().String(), sdk.NewInt64Coin(s.market.denoms()[s.market.cash], 1_000_000)
	for _, msg := range []sdk.Msg{
		&portfoliotypes.MsgPause{Sender: me, Id: 1},
		&portfoliotypes.MsgWithdraw{Owner: me, Id: 1, Amount: sdk.NewCoins(some)},
		&portfoliotypes.MsgAddPayment{Owner: me, Id: 1, Terms: portfoliotypes.PaymentTerms{
			Amount: some, To: portfoliotypes.Destination{Recipient: me},
			Schedule: portfoliotypes.Schedule{First: s.now(t) + 5},
		}},
		&portfoliotypes.MsgResume{Sender: me, Id: 1},
	} {
		if _, err := w.Confirm(t.Context(), patience, msg); err != nil {
			t.Fatal(err)
		}
	}
	err = s.await(t.Context(), "payment", func() (bool, error) {
		r, err := portfoliotypes.NewQueryClient(s.client()).Portfolio(
			t.Context(), &portfoliotypes.QueryPortfolioRequest{Id: 1})
		return err == nil && len(r.Portfolio.Payments) == 0, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// now is the time of the last block.
func (s *show) now(t *testing.T) int64 {
	t.Helper()
	node, ok := s.client().Client.(rpcclient.StatusClient)
	if !ok {
		t.Fatal("expected a client that asks for the status")
	}
	status, err := node.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return status.SyncInfo.LatestBlockTime.Unix()
}

// drafted asks what a policy file means here, as a page does, and holds the answer to that of the command line.
func (s *show) drafted(t *testing.T) {
	t.Helper()
	node := s.client()
	node.GRPCClient, node.GRPCConnProvider = nil, nil // by RPC, as a history asks
	ask := func(text []byte, into any) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(text))
		w := httptest.NewRecorder()
		history.Drafts(node).ServeHTTP(w, r)
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatalf("%v in %s", err, w.Body)
		}
		return w.Code
	}
	text := []byte(s.treasuries[0].policy(s.market))
	want, err := compile.Text(text, s.assets)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Policy    json.RawMessage
		Authority string
	}
	var p portfoliotypes.Policy
	if code := ask(text, &got); code != http.StatusOK {
		t.Fatalf("expected a policy, got %d %+v", code, got)
	}
	if err := node.Codec.UnmarshalJSON(got.Policy, &p); err != nil || !proto.Equal(&p, &want.Policy) {
		t.Errorf("expected %v, got %v, %v", want.Policy, p, err)
	}
	if got.Authority != app.Authority() {
		t.Errorf("expected %s, got %s", app.Authority(), got.Authority)
	}
	var refused struct{ Code, Message, Hint string }
	code := ask([]byte("version: 1\nassets:\n  - {asset: DOGE, weight: 140%}\n"), &refused)
	if code != http.StatusBadRequest || refused.Code != "invalid_argument" || !strings.Contains(refused.Message, "140%") {
		t.Errorf("expected a refusal that says why, got %d %+v", code, refused)
	}
}

func (s *show) followed(t *testing.T) {
	t.Helper()
	s.stir(t)
	s.drafted(t)
	source, err := history.Open(s.node.RPC)
	if err != nil {
		t.Fatal(err)
	}
	h, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close() //nolint:errcheck // reading
	head, err := source.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tape := chain.NewRecorder(source)
	if err := index.NewFollower(index.Config{Until: head.Last}, tape, h).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.hold(t, h.Reader(), head.Last)
	if *record != "" {
		f, err := os.Create(*record)
		if err != nil {
			t.Fatal(err)
		}
		if err := tape.Save(f); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// hold holds the history to what the chain says about the same height.
func (s *show) hold(t *testing.T, db *sql.DB, height int64) {
	t.Helper()
	at := s.client().WithHeight(height)
	at.GRPCClient, at.GRPCConnProvider = nil, nil
	rounds := rebalancetypes.NewQueryClient(at)
	intervals := 0
	for _, p := range s.treasuries {
		last := one[int64](t, db, "SELECT round FROM portfolios WHERE id = $1", p.id)
		for round := range last {
			ask := &rebalancetypes.QueryRecordRequest{Portfolio: p.id, Round: uint64(round) + 1}
			r, err := rounds.Record(t.Context(), ask)
			if err != nil {
				continue // it was not there yet, or not due
			}
			intervals++
			where := "FROM intervals WHERE portfolio = $1 AND round = $2"
			if got := one[string](t, db, "SELECT nav "+where, p.id, round+1); got != r.Record.Nav {
				t.Errorf("treasury %d, round %d: expected a value of %s, got %s", p.id, round+1, r.Record.Nav, got)
			}
			if got := one[string](t, db, "SELECT outcome "+where, p.id, round+1); got != r.Record.Outcome.Outcome {
				t.Errorf("treasury %d, round %d: expected %s, got %s", p.id, round+1, r.Record.Outcome.Outcome, got)
			}
		}
	}
	if got := one[int](t, db, "SELECT COUNT(*) FROM intervals"); got != intervals || got < s.opt.Rounds {
		t.Errorf("expected %d intervals, got %d", intervals, got)
	}
	lots, err := auctiontypes.NewQueryClient(at).Lots(t.Context(), &auctiontypes.QueryLotsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	open := 0
	for i := range lots.Lots {
		l := &lots.Lots[i]
		if l.Status != auctiontypes.LOT_STATUS_OPENING && l.Status != auctiontypes.LOT_STATUS_OPEN {
			continue
		}
		open++
		if got := one[string](t, db, "SELECT remaining FROM lots WHERE id = $1 AND status = 'open'", l.Id); got !=
			l.Remaining.String() {
			t.Errorf("lot %d: expected %s left, got %s", l.Id, l.Remaining, got)
		}
	}
	if got := one[int](t, db, "SELECT COUNT(*) FROM lots WHERE status = 'open'"); got != open {
		t.Errorf("expected %d open lots, got %d", open, got)
	}
	for _, question := range []string{
		"SELECT COUNT(*) FROM payments WHERE portfolio = 1 AND status = 'done' AND made = 1",
		"SELECT COUNT(*) FROM movements WHERE portfolio = 1 AND kind = 'paid'",
		"SELECT COUNT(*) FROM movements WHERE portfolio = 1 AND kind = 'withdrawn'",
		"SELECT COUNT(*) FROM pauses WHERE portfolio = 1 AND kind = 'paused' AND reason = 'owner'",
		"SELECT COUNT(*) FROM portfolios WHERE id = 1 AND status = 'active'",
	} {
		if got := one[int](t, db, question); got != 1 {
			t.Errorf("%s: expected 1, got %d", question, got)
		}
	}
	if one[int](t, db, "SELECT COUNT(*) FROM fills WHERE mid <> ''") == 0 {
		t.Error("expected fills with their mids")
	}
	if n := one[int](t, db, "SELECT COUNT(*) FROM lots WHERE round = 0"); n != 0 {
		t.Errorf("expected that every lot is of a round, got %d that are not", n)
	}
	if n := one[int](t, db, "SELECT COUNT(*) FROM notices WHERE kind LIKE '%unknown'"); n != 0 {
		t.Errorf("expected that the node knows everything, got %d notices", n)
	}
}

func one[T any](t *testing.T, db *sql.DB, question string, args ...any) (value T) {
	t.Helper()
	if err := db.QueryRowContext(context.WithoutCancel(t.Context()), question, args...).Scan(&value); err != nil {
		t.Errorf("%s %v: %v", question, args, err)
	}
	return value
}
