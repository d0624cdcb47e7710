package policy_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// texts are all policies that are shipped, by name.
func texts(t *testing.T) map[string][]byte {
	t.Helper()
	all := make(map[string][]byte)
	for _, name := range policy.Templates() {
		text, err := policy.Template(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = text
	}
	files, err := filepath.Glob("../examples/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, name := range files {
		if all[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func parse(t *testing.T, text []byte) *policy.File {
	t.Helper()
	f, err := policy.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return f
}

// world is a treasury of five million in late 2026.
func world(t *testing.T) policy.ExplainOptions {
	t.Helper()
	return policy.ExplainOptions{
		NAV: fixed.FromInt(5_000_000), Volatility: enginetest.W(t, "0.8"),
		Prices: map[string]fixed.Wad{"USDC": fixed.One()}, Now: 1_795_219_200,
	}
}

// TestShipped reads, compiles, explains and writes every policy that is shipped.
func TestShipped(t *testing.T) {
	t.Parallel()
	for name, text := range texts(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, text)
			u, err := policy.Universe(f)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Compile(u); err != nil {
				t.Error(err)
			}
			for _, opt := range []policy.ExplainOptions{{}, world(t)} {
				lines, err := policy.Explain(f, opt)
				if err != nil || len(lines) < 2 {
					t.Errorf("got %q, %v", lines, err)
				}
				for _, line := range lines {
					if !strings.HasSuffix(line, ".") || strings.Contains(line, "%!") || strings.Contains(line, "  ") {
						t.Errorf("not a sentence: %q", line)
					}
				}
			}
		})
	}
}

// TestTemplatesAreWise has nothing to warn of in a template, also where the owner knows nothing of the world.
func TestTemplatesAreWise(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Templates() {
		text, err := policy.Template(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, opt := range []policy.ExplainOptions{{}, world(t)} {
			if found, err := policy.Warnings(parse(t, text), opt); err != nil || len(found) > 0 {
				t.Errorf("%s: %v, %v", name, found, err)
			}
		}
		if !strings.Contains(string(text), "\n# ") && !strings.HasPrefix(string(text), "# ") {
			t.Errorf("%s has no comments", name)
		}
	}
}

// TestExplanations holds the words, for people to read.
func TestExplanations(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Templates() {
		text, err := policy.Template(name)
		if err != nil {
			t.Fatal(err)
		}
		f := parse(t, text)
		var b strings.Builder
		for _, part := range []struct {
			title string
			opt   policy.ExplainOptions
		}{
			{"Without knowing the world:", policy.ExplainOptions{}},
			{"With 5,000,000 in November 2026, at a volatility of 80 %:", world(t)},
		} {
			lines, err := policy.Explain(f, part.opt)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(part.title + "\n- " + strings.Join(lines, "\n- ") + "\n\n")
		}
		golden(t, "testdata/explain/"+name+".txt", []byte(b.String()))
	}
}

func TestUnknownTemplate(t *testing.T) {
	t.Parallel()
	_, err := policy.Template("dao-tresury")
	const want = "policy: no such template: expected one of dao-treasury, stable-runway, index, 60-40, cppi, " +
		"got \"dao-tresury\"; did you mean dao-treasury?"
	if !errors.Is(err, policy.ErrTemplate) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestExamplesAreListed keeps the table of examples complete.
func TestExamplesAreListed(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../examples/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range texts(t) {
		if !strings.Contains(string(readme), "`"+name+"`") && !strings.Contains(string(readme), "("+name+")") {
			t.Errorf("examples/README.md does not list %s", name)
		}
	}
}

// TestSaid holds what is said of every setting that no template has.
func TestSaid(t *testing.T) {
	t.Parallel()
	const name = "testdata/said.txt"
	var b strings.Builder
	for _, s := range slips(t, name) {
		lines, err := policy.Explain(parse(t, []byte(s.text())), world(t))
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		s.want = strings.Join(lines, "\n")
		b.WriteString(s.String() + "\n")
	}
	golden(t, name, []byte(b.String()))
}
