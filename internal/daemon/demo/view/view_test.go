package view_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/daemon/demo/view"
)

var update = flag.Bool("update", false, "write the golden frames")

// scene is a moment in the second of nine rounds.
func scene(t *testing.T, holders int) *view.Scene {
	t.Helper()
	w := func(texts ...string) []fixed.Wad {
		list := make([]fixed.Wad, len(texts))
		for i, text := range texts {
			list[i] = enginetest.W(t, text)
		}
		return list
	}
	one := func(text string) fixed.Wad { return enginetest.W(t, text) }
	s := &view.Scene{
		Height: 1234, Moment: 1893558000, Speed: 14400, Round: 2, Rounds: 9, Phase: "auctioning",
		Nodes: "http://127.0.0.1:1317",
		Prices: []view.Price{
			{Asset: "GOV", Value: one("0.8123"), Before: one("0.8"), Usable: true},
			{Asset: "BTC", Value: one("101234.5"), Before: one("102000"), Usable: true},
			{Asset: "ETH", Value: one("3021.75"), Before: one("3021.75"), Usable: true},
			{Asset: "ATOM", Before: one("9")},
			{Asset: "USDC", Value: one("1"), Before: one("1"), Usable: true},
		},
		Lots: []view.Lot{
			{ID: 1, Sell: "GOV", Buy: "USDC", Clock: one("0.8204"), Oracle: one("0.8123"), Left: one("0.62"), Bids: 3},
			{ID: 2, Sell: "USDC", Buy: "BTC", Clock: one("0.00000975"), Oracle: one("0.00000987"), Left: one("1"), Bids: 12},
			{ID: 3, Sell: "ETH", Buy: "USDC", Oracle: one("3021.75"), Left: one("1")},
		},
		Fills: []view.Fill{
			{
				Who: "maker1", Amount: one("1432724.5"), Sell: "USDC", Price: one("0.00000971"), Buy: "BTC",
				Oracle: one("0.00000987"),
			},
			{Who: "maker10", Amount: one("5.69371"), Sell: "BTC", Price: one("101300"), Buy: "USDC", Oracle: one("101234.5")},
		},
		Past: []view.Past{{
			Round: 1, Ordered: one("10744767"), Crossed: one("4957124"), Auctioned: one("5787643"), Lots: 7,
			Lost: one("32470"), Sold: one("10744767"),
		}},
	}
	all := []view.Holder{
		{
			Name: "DAO", Value: one("12430907"), Weights: w("0.67", "0.04", "0.1", "0.1", "0.09"), Drift: one("0.37"),
			Targets: w("0.3", "0.1", "0.1", "0.1", "0.4"), Drifts: w("0.65"), Reason: "sold 3.17 M of 3.17 M, max sell",
		},
		{
			Name: "Foundation", Value: one("20003847"), Weights: w("0", "0", "0", "0", "1"), Drift: one("0.6"),
			Targets: w("0.15", "0.15", "0.15", "0.15", "0.4"), Drifts: w("0.6", "0.3", "0.1", "0"),
			Reason: "invests its cash",
		},
	}
	for i := range holders {
		h := all[i%len(all)]
		if i > 1 {
			h.Name += strings.Repeat(" again", i/2)
		}
		s.Holders = append(s.Holders, h)
	}
	return s
}

// TestFrames compares frames with those that somebody looked at.
func TestFrames(t *testing.T) {
	t.Parallel()
	ending := scene(t, 2)
	ending.Ending, ending.Lots, ending.Fills = true, nil, nil
	for _, test := range []struct {
		name          string
		scene         *view.Scene
		width, height int
	}{
		{"small", scene(t, 2), 80, 24},
		{"four", scene(t, 4), 80, 24},
		{"crowd", scene(t, 30), 80, 24},
		{"wide", scene(t, 4), 132, 40},
		{"narrow", scene(t, 4), 72, 16},
		{"tiny", scene(t, 4), 40, 10},
		{"empty", new(view.Scene), 80, 24},
		{"ending", ending, 80, 24},
	} {
		got := view.Frame(test.scene, test.width, test.height)
		name := filepath.Join("testdata", test.name+".golden")
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, want)
		}
	}
}

// TestFits: whatever is shown, a frame has the lines of its room and none is wider, and no text moves the cursor.
func TestFits(t *testing.T) {
	t.Parallel()
	full := scene(t, 50)
	rapid.Check(t, func(r *rapid.T) {
		s := *full
		s.Holders = s.Holders[:rapid.IntRange(0, 50).Draw(r, "holders")]
		s.Lots = s.Lots[:rapid.IntRange(0, 3).Draw(r, "lots")]
		s.Past = s.Past[:rapid.IntRange(0, 1).Draw(r, "past")]
		if len(s.Holders) > 0 {
			h := &s.Holders[0]
			h.Name, h.Reason = rapid.String().Draw(r, "name"), rapid.String().Draw(r, "reason")
		}
		width, height := rapid.IntRange(72, 200).Draw(r, "width"), rapid.IntRange(16, 70).Draw(r, "height")
		lines := strings.Split(view.Frame(&s, width, height), "\n")
		if len(lines) != height {
			r.Fatalf("expected %d lines, got %d", height, len(lines))
		}
		for i, line := range lines {
			if strings.ContainsAny(line, "\x1b\r\t") {
				r.Fatalf("line %d moves the cursor: %q", i, line)
			}
			if n := lipgloss.Width(line); n > width {
				r.Fatalf("line %d is %d wide, of %d: %q", i, n, width, line)
			}
		}
	})
}

// TestModel: scenes are drawn, with colours, and keys end the program.
func TestModel(t *testing.T) {
	t.Parallel()
	var m tea.Model = view.NewModel()
	m, _ = m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	m, cmd := m.Update(scene(t, 2))
	if text := m.View().Content; cmd != nil || !strings.Contains(text, "Foundation") || !strings.Contains(text, "\x1b[") {
		t.Errorf("got %q", text)
	}
	if m, cmd = m.Update(tea.KeyPressMsg{Code: 'x', Text: "x"}); cmd != nil {
		t.Error("x ends the program")
	}
	for _, key := range []tea.KeyPressMsg{
		{Code: 'q', Text: "q"}, {Code: tea.KeyEscape}, {Code: 'c', Mod: tea.ModCtrl},
	} {
		_, cmd := m.Update(key)
		if cmd == nil {
			t.Fatalf("%s does nothing", key)
		}
		if _, quits := cmd().(tea.QuitMsg); !quits {
			t.Errorf("%s does not end the program", key)
		}
	}
}

// TestScreen: a key gives the terminal back and tells who opened it; closing twice is closing once.
func TestScreen(t *testing.T) {
	t.Parallel()
	keys, hand := io.Pipe()
	ended := make(chan struct{})
	var out bytes.Buffer
	s := view.Open(t.Context(), keys, &out, func() { close(ended) })
	s.Show(scene(t, 2))
	if _, err := hand.Write([]byte("q")); err != nil {
		t.Fatal(err)
	}
	<-ended
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), "q ends the show") {
		t.Errorf("expected a frame, got %q", out.String())
	}
	if !strings.Contains(out.String(), "\x1b[?1049h") || !strings.Contains(out.String(), "\x1b[?1049l") {
		t.Errorf("expected the other screen and back, got %q", out.String())
	}
}
