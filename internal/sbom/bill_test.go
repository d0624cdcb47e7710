package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

// example is what a program says of itself.
func example() *debug.BuildInfo {
	return &debug.BuildInfo{
		GoVersion: "go1.26.7", Main: debug.Module{Path: "example.com/program", Version: "(devel)"},
		Deps: []*debug.Module{
			{Path: "example.com/one", Version: "v1.2.3+incompatible", Sum: "h1:one"},
			{Path: "example.com/two", Version: "v2.0.0", Replace: &debug.Module{
				Path: "example.com/ours", Version: "v2.0.1", Sum: "h1:ours",
			}},
		},
		Settings: []debug.BuildSetting{{Key: "-trimpath", Value: "true"}},
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	b := list(example(), []byte("abc"), "program", "v9")
	var refs []string
	for _, x := range b.Components {
		refs = append(refs, x.PURL)
	}
	want := "pkg:golang/std@1.26.7 pkg:golang/example.com/one@v1.2.3%2Bincompatible pkg:golang/example.com/ours@v2.0.1"
	if got := strings.Join(refs, " "); got != want {
		t.Errorf("expected %s, got %s", want, got)
	}
	if got := strings.Join(b.Dependencies[0].DependsOn, " "); got != want {
		t.Errorf("expected that the program depends on all of them, got %s", got)
	}
	program := b.Metadata.Component
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if program.Name != "program" || program.Version != "v9" || program.Hashes[0].Content != abc {
		t.Errorf("expected the program and the hash of its file, got %+v", program)
	}
	if got := b.Components[2].Properties; got[0].Value != "h1:ours" || got[1].Value != "example.com/two" {
		t.Errorf("expected the sum of what is linked, and what it replaces, got %v", got)
	}
}

// TestRun reads a real program, this test, twice.
func TestRun(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, name := range []string{"one.json", "two.json"} {
		out := filepath.Join(t.TempDir(), name)
		if err := run([]string{self, "sbom.test", "v1", out}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		var b bill
		if err := json.Unmarshal(text, &b); err != nil || b.Format != "CycloneDX" || len(b.Components) == 0 {
			t.Errorf("expected a bill, got %v: %s", err, text)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("expected the same twice")
	}
	if run([]string{self}) == nil || run([]string{filepath.Join(t.TempDir(), "none"), "x", "v1", "x.json"}) == nil {
		t.Error("expected an error without a program or a file to write")
	}
}
