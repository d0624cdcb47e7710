package form_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy/form"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	trees := 3
	area := form.Decimal{Wad: fixed.FromInt(1_234_567)}
	g := garden{
		Name: "no", Beds: []bed{{Plant: "1.5", Area: &area}, {Cover: form.Ratio{Wad: fixed.FromBps(1234)}}},
		Shares: map[string]form.Ratio{"west": {Wad: fixed.One()}, "east": {}}, Gate: &gate{}, Trees: &trees,
	}
	text, err := form.Write(&g)
	if err != nil {
		t.Fatal(err)
	}
	want := `name: no
beds:
  - plant: "1.5"
    area: 1_234_567
  - plant: ""
    cover: 12.34%
shares:
  east: 0%
  west: 100%
gate: {}
trees: 3
`
	if string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestWriteRefusesBytes(t *testing.T) {
	t.Parallel()
	if _, err := form.Write(garden{Name: "\xff"}); !errors.Is(err, form.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

// TestWriteThenRead draws gardens with words that look like something else.
func TestWriteThenRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(
			rapid.SampledFrom([]string{
				"null", "~", "true", "0x1", "1e5", "- a", "a: b", "#", " x ", "*a", "&a", "!t", "%", "'", "\"", "\n", "a\nb\n",
			}),
			rapid.StringMatching(`[a-zé0-9:#' ]{1,12}`),
		)
		g := garden{Name: word.Draw(t, "name"), Kind: "open", Open: rapid.Bool().Draw(t, "open")}
		for range rapid.IntRange(1, 3).Draw(t, "beds") {
			cover := fixed.FromBps(rapid.Int64Range(0, 10_000).Draw(t, "cover"))
			b := bed{Plant: word.Draw(t, "plant"), Cover: form.Ratio{Wad: cover}}
			if rapid.Bool().Draw(t, "sown") {
				b.Sown = &form.Moment{Unix: rapid.Int64Range(946_684_800, 253_402_300_799).Draw(t, "sown at")}
				b.Rest = &form.Span{Seconds: rapid.Int64Range(3_600, 1_209_599).Draw(t, "rest")}
			}
			g.Beds = append(g.Beds, b)
		}
		for range rapid.IntRange(0, 2).Draw(t, "shares") {
			if g.Shares == nil {
				g.Shares = make(map[string]form.Ratio)
			}
			g.Shares[word.Draw(t, "share")] = form.Ratio{Wad: fixed.One()}
		}
		text, err := form.Write(g)
		if err != nil {
			t.Fatal(err)
		}
		var back garden
		if _, err := form.Read(text, &back, kinds); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(g, back) {
			t.Errorf("wrote %+v, read %+v\n%s", g, back, text)
		}
		if problems := form.Check(g, form.Source{}, kinds); len(problems) > 0 {
			t.Errorf("%v", problems)
		}
	})
}

func TestCheck(t *testing.T) {
	t.Parallel()
	trees, area := 11, form.Decimal{Wad: fixed.FromInt(-1)}
	g := garden{
		Kind: "zoo", Trees: &trees,
		Beds: []bed{{Plant: "kale"}, {Plant: "", Area: &area, Cover: form.Ratio{Wad: fixed.FromInt(2)}}},
	}
	got := form.Check(g, form.Source{}, kinds).Err().Error()
	want := strings.Join([]string{
		"name: is empty; write it as `name: Kitchen`",
		"kind: expected one of walled, open, roof, got \"zoo\"",
		"beds.2.plant: is empty; write it as `plant: kale`",
		"beds.2.area: expected more than 0 and less than 1_000, got -1",
		"beds.2.cover: expected 0% to 100%, got 200%",
		"trees: expected 1 to 9, got 11",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if err := form.Check(garden{Name: "x"}, form.Source{}, kinds).Err(); err != nil {
		t.Error(err)
	}
}

func TestGiven(t *testing.T) {
	t.Parallel()
	got := form.Given(garden{Name: "x", Gate: &gate{}, Shares: map[string]form.Ratio{}})
	if want := []string{"name", "shares", "gate"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"treshold": "threshold", "threshodl": "threshold", "THRESHOLD": "threshold", "hold": "", "": "",
		"Periodic":                     "periodic",
		strings.Repeat("threshold", 9): "",
	} {
		if got := form.Nearest(word, []string{"always", "periodic", "threshold"}); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

func TestQuoteCutsRunes(t *testing.T) {
	t.Parallel()
	if got, want := form.Quote("x"+strings.Repeat("é", 40)), `"x`+strings.Repeat("é", 29)+`"...`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
