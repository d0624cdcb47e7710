package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/engine/drift"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
)

// short is the demonstration of a test: a few seconds, in which half a month passes.
func short() Options {
	return Options{Treasuries: 2, Makers: 2, Speed: 172_800, Rounds: 2, Seed: 1}
}

// TestDemo plays a short demonstration: its treasuries come closer to their targets, the table says so, and the verdict
// is the last word.
func TestDemo(t *testing.T) {
	t.Parallel()
	opt := short()
	var from, to []fixedDrift
	opt.probe = func(s *show, before, after []state) {
		from, to = s.drifts(t, before), s.drifts(t, after)
	}
	var out bytes.Buffer
	if err := Run(t.Context(), opt, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	text := out.String()
	for _, want := range []string{
		"first block after", "treasury 1: DAO", "round  1", "round  2", "weights, %", "before", "after", "target", "filled",
		"maker2: ", "invariants hold at height",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("expected %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "\x1b") {
		t.Errorf("expected plain lines, got\n%q", text)
	}
	if len(from) != opt.Treasuries {
		t.Fatalf("expected %d treasuries, got %d", opt.Treasuries, len(from))
	}
	for i := range from {
		if !to[i].L1.Less(from[i].L1) {
			t.Errorf("treasury %d: drift was %v, is %v\n%s", i+1, from[i].L1, to[i].L1, text)
		}
	}
}

type fixedDrift = drift.Report

func (s *show) drifts(t *testing.T, states []state) []fixedDrift {
	t.Helper()
	list := make([]fixedDrift, len(states))
	for i, x := range states {
		if err := drift.Measure(&list[i], x.values, s.treasuries[i].targets(s.market)); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// TestBroken: coins of the auctions that are nobody's are a verdict, and the error that the exit status is made of.
func TestBroken(t *testing.T) {
	t.Parallel()
	opt := short()
	opt.Rounds = 1
	opt.tamper = func(a *app.App, state map[string]json.RawMessage) error {
		var b banktypes.GenesisState
		a.AppCodec().MustUnmarshalJSON(state[banktypes.ModuleName], &b)
		found := sdk.NewCoins(sdk.NewInt64Coin("uusdc", 5))
		b.Balances = append(b.Balances, banktypes.Balance{
			Address: authtypes.NewModuleAddress(auctiontypes.ModuleName).String(), Coins: found,
		})
		b.Supply = b.Supply.Add(found...)
		state[banktypes.ModuleName] = a.AppCodec().MustMarshalJSON(&b)
		return nil
	}
	var out bytes.Buffer
	err := Run(t.Context(), opt, &out) // main makes status 1 of any error
	if !errors.Is(err, ErrBroken) || !strings.Contains(out.String(), "invariants BROKEN at height") {
		t.Errorf("got %v\n%s", err, out.String())
	}
}

// TestLive: on a terminal the show is drawn, a key ends it early, and the table follows on the ordinary screen.
func TestLive(t *testing.T) {
	t.Parallel()
	keys, hand := io.Pipe()
	opt := short()
	opt.Rounds, opt.Terminal = 100, keys
	out := &watcher{part: "Foundation", seen: func() { _, _ = hand.Write([]byte("q")) }}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := Run(ctx, opt, out); err != nil {
		t.Fatalf("%v\n%q", err, out.String())
	}
	_, after, left := strings.Cut(out.String(), "\x1b[?1049l")
	if !left || !strings.Contains(after, "invariants hold at height") || !strings.Contains(after, "weights, %") {
		t.Errorf("expected the table after the show, got\n%q", after)
	}
}

// watcher calls a function once when a part has been written.
type watcher struct {
	bytes.Buffer

	part string
	seen func()
}

func (w *watcher) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if w.part != "" && strings.Contains(w.String(), w.part) {
		w.part = ""
		go w.seen()
	}
	return n, err
}

// TestInterrupted: a context that ends, ends the demonstration, and leaves no folder.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	out := &watcher{part: "treasury 1", seen: cancel}
	if err := Run(ctx, short(), out); !errors.Is(err, context.Canceled) {
		t.Errorf("expected %v, got %v", context.Canceled, err)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Options){
		"treasuries": func(o *Options) { o.Treasuries = 51 },
		"makers":     func(o *Options) { o.Makers = 0 },
		"rounds":     func(o *Options) { o.Rounds = -1 },
		"speed":      func(o *Options) { o.Speed = 0 },
	} {
		opt := short()
		change(&opt)
		if err := Run(t.Context(), opt, io.Discard); !errors.Is(err, ErrOptions) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	opt := short()
	opt.Prices = []string{"none.csv"}
	if err := Run(t.Context(), opt, io.Discard); err == nil {
		t.Error("expected an error for a file that is not there")
	}
}
