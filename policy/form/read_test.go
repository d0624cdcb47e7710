package form_test

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/policy/form"
)

// garden is a struct with a field of every kind.
type garden struct {
	Name   string                `yaml:"name" like:"Kitchen"`
	Kind   string                `yaml:"kind,omitempty" words:"kinds"`
	Beds   []bed                 `yaml:"beds" like:"[{plant: kale}]"`
	Paths  []string              `yaml:"paths,omitempty"`
	Shares map[string]form.Ratio `yaml:"shares,omitempty"`
	Gate   *gate                 `yaml:"gate,omitempty"`
	Fence  gate                  `yaml:"fence,omitempty"`
	Open   bool                  `yaml:"open,omitempty"`
	Trees  *int                  `yaml:"trees,omitempty" range:"[1,9]"`
	Age    *uint8                `yaml:"age,omitempty" range:"(3,]"`
	Odd    func()                `yaml:"odd,omitempty"`
	Hidden int
}

type bed struct {
	Plant  string        `yaml:"plant" like:"kale"`
	Area   *form.Decimal `yaml:"area,omitempty" range:"(0,1_000)"`
	Cover  form.Ratio    `yaml:"cover,omitempty" range:"[0%,100%]"`
	Rest   *form.Span    `yaml:"rest,omitempty" range:"[1h,2w)"`
	Sown   *form.Moment  `yaml:"sown,omitempty" range:"[2000-01-01,)"`
	Strict *form.Ratio   `yaml:"strict,omitempty" range:"(0%,50%]"`
}

type gate struct {
	Lock  bool `yaml:"lock,omitempty"`
	Width int  `yaml:"width,omitempty"`
}

var kinds = form.Words{"kinds": {"walled", "open", "roof"}}

const tidy = "name: Kitchen\nbeds:\n  - plant: kale\n"

func read(text string) (garden, form.Source, error) {
	var g garden
	source, err := form.Read([]byte(text), &g, kinds)
	return g, source, err
}

func TestRead(t *testing.T) {
	t.Parallel()
	g, source, err := read(`# a comment
name: "5"
kind: walled
beds:
  - {plant: kale, area: 12_5.5, cover: 40%, rest: 90m, sown: 2026-03-01}
  - plant: 7
    cover: 0.25
paths: []
shares:
  west: 50%
  east: 0.5
gate: {}
fence:
open: true
trees: 3
age: 4
`)
	if err != nil {
		t.Fatal(err)
	}
	first := g.Beds[0]
	if g.Name != "5" || g.Kind != "walled" || !g.Open || *g.Trees != 3 || *g.Age != 4 || g.Paths != nil || g.Gate == nil {
		t.Errorf("got %+v", g)
	}
	if first.Area.String() != "125.5" || first.Cover.String() != "40%" || first.Rest.Seconds != 5400 ||
		first.Sown.String() != "2026-03-01" || g.Beds[1].Plant != "7" || g.Beds[1].Cover.String() != "25%" {
		t.Errorf("got %+v", g.Beds)
	}
	if g.Shares["west"] != g.Shares["east"] || len(g.Shares) != 2 {
		t.Errorf("got %v", g.Shares)
	}
	for _, test := range []struct {
		path form.Path
		want int
	}{
		{form.At("name"), 2},
		{form.At("beds"), 4},
		{form.At("beds", 1, "cover"), 7},
		{form.At("beds", 1, "area"), 6},
		{form.At("beds", 9), 4},
		{form.At("beds", "plant"), 4},
		{form.At("shares", "east"), 11},
		{form.At("nothing"), 0},
		{form.At("name", 0), 2},
		{form.At("name", "deeper"), 2},
		{nil, 0},
	} {
		if got := source.Line(test.path); got != test.want {
			t.Errorf("%v: line %d, want %d", test.path, got, test.want)
		}
	}
	if got := (form.Source{}).Line(form.At("name")); got != 0 {
		t.Errorf("line %d of no source", got)
	}
}

var update = flag.Bool("update", false, "write what is said now into testdata")

// TestReadProblems holds the words of every message. A block of the file is # a name, + the lines of a text or & the
// lines that are appended to a sound one, and > what is said about it.
func TestReadProblems(t *testing.T) {
	t.Parallel()
	const name = "testdata/problems.txt"
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var after strings.Builder
	for block := range strings.SplitSeq(strings.TrimSpace(string(before)), "\n\n") {
		text := ""
		for line := range strings.Lines(block + "\n") {
			switch {
			case line[0] == '&' && text == "":
				text = tidy + line[2:]
			case line[0] == '&' || line[0] == '+':
				text += line[2:]
			}
			if line[0] != '>' {
				after.WriteString(line)
			}
		}
		if _, _, err := read(text); err != nil {
			if !errors.Is(err, form.ErrInvalid) {
				t.Errorf("%s: %v is not ErrInvalid", block, err)
			}
			after.WriteString("> " + strings.ReplaceAll(err.Error(), "\n", "\n> ") + "\n")
		}
		after.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile(name, []byte(after.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if after.String() != string(before) {
		t.Errorf("%s is out of date: run `go test ./policy/form -update` and read what changed", name)
	}
}

// TestTextsThatCannotBeShown holds what is said about texts that no file of lines can hold.
func TestTextsThatCannotBeShown(t *testing.T) {
	t.Parallel()
	const hint = "; look for a missing colon, quote or bracket, and at the indentation"
	for text, want := range map[string]string{
		"":                     "expected lines like `name: value`, got an empty text",
		"name: x\nk: \xff\n":   "line 2: expected text in UTF-8, got other bytes; save the file as UTF-8",
		"n\x00a\x00m\x00e\x00": "not YAML here or nearby: control characters are not allowed" + hint,
		tidy + "kind: " + strings.Repeat("x", 100) + "\n": "line 4: kind: expected one of walled, open, roof, got \"" +
			strings.Repeat("x", 60) + "\"...",
	} {
		if _, _, err := read(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestEmptyIsKnown(t *testing.T) {
	t.Parallel()
	_, _, err := read("")
	if !errors.Is(err, form.ErrEmpty) || !errors.Is(err, form.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	_, _, err = read("name: 1\n")
	if errors.Is(err, form.ErrEmpty) {
		t.Errorf("got %v", err)
	}
}

// TestBombs reads texts that are made to take long or to grow, and asks for an answer soon.
func TestBombs(t *testing.T) {
	t.Parallel()
	aliases := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'z'; c++ {
		aliases += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 9) + "]\n"
	}
	for name, text := range map[string]string{
		"aliases":   aliases,
		"brackets":  strings.Repeat("[", 200_000),
		"nested":    strings.Repeat("a: {", 60_000),
		"dashes":    strings.Repeat("- ", 100_000),
		"comments":  strings.Repeat("#\n", 130_000),
		"keys":      strings.Repeat("a: 1\n", 50_000),
		"questions": strings.Repeat("? ", 100_000),
		"long line": "name: " + strings.Repeat("x", form.MaxBytes-6),
		"quotes":    strings.Repeat("\"", 200_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			if _, _, err := read(text); err == nil {
				t.Error("no problem")
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	_, _, err := read(strings.Repeat("#", form.MaxBytes+1))
	if want := "expected a text of at most 262144 bytes, got 262145"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, _, err = read(tidy + strings.Repeat("zzz: 1\n", 100))
	var all form.Problems
	if !errors.As(err, &all) || len(all) != form.MaxProblems+1 {
		t.Fatalf("got %d problems", len(all))
	}
	last := all[form.MaxProblems]
	if want := "line 44: and 60 more problems from here on; mend the first ones first"; last.Error() != want {
		t.Errorf("got %v, want %s", last, want)
	}
	var one *form.Problem
	if !errors.As(err, &one) || one.Line != 4 {
		t.Errorf("got %v", one)
	}
}

// broken is a struct whose tag is not what its field can hold.
type broken struct {
	Rest form.Span `yaml:"rest" range:"[1,2]" like:"1h"`
}

func TestRangeThatIsNone(t *testing.T) {
	t.Parallel()
	_, err := form.Read([]byte("rest: 1h\n"), new(broken), nil)
	if want := "line 1: rest: bound 1: expected a span like 30m, 6h, 1d or 2w"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
