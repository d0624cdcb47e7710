package enginetest

import (
	"embed"
	"encoding/json"
	"testing"

	"github.com/ballast-finance/ballast/engine/fixed"
)

//go:embed testdata/vectors/*.json
var vectors embed.FS

// W reads a decimal literal.
func W(tb testing.TB, s string) fixed.Wad {
	tb.Helper()
	w, err := fixed.Parse(s)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

// Ws reads decimal literals.
func Ws(tb testing.TB, s ...string) []fixed.Wad {
	tb.Helper()
	out := make([]fixed.Wad, len(s))
	for i := range s {
		out[i] = W(tb, s[i])
	}
	return out
}

// N reads a natural number.
func N(tb testing.TB, s string) fixed.Nat {
	tb.Helper()
	n, err := fixed.ParseNat(s)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// Vectors decodes a file of worked numbers, such as "control.json", into v.
func Vectors(tb testing.TB, name string, v any) {
	tb.Helper()
	data, err := vectors.ReadFile("testdata/vectors/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
}

// Peer is one number taken from another system's tests or documents.
type Peer struct {
	ID       string          `json:"id"`
	System   string          `json:"system"`
	Topic    string          `json:"topic"`
	Status   string          `json:"status"`
	Inputs   json.RawMessage `json:"inputs"`
	Expected json.RawMessage `json:"expected"`
	Note     string          `json:"note"`
}

// Peers returns the peers' numbers of a topic.
func Peers(tb testing.TB, topic string) []Peer {
	tb.Helper()
	var file struct {
		Vectors []Peer `json:"vectors"`
	}
	Vectors(tb, "peers.json", &file)
	var out []Peer
	for _, p := range file.Vectors {
		if p.Topic == topic {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		tb.Fatalf("no peer vectors on %q", topic)
	}
	return out
}

// Decode decodes a part of a Peer.
func Decode(tb testing.TB, raw json.RawMessage, v any) {
	tb.Helper()
	if err := json.Unmarshal(raw, v); err != nil {
		tb.Fatal(err)
	}
}
