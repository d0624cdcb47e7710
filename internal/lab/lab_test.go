package lab_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/internal/entry"
	"github.com/ballast-finance/ballast/internal/lab"
	"github.com/ballast-finance/ballast/policy"
)

// ask makes a call that must work and reads its answer.
func ask[A any](t *testing.T, name string, request any) A {
	t.Helper()
	text, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := lab.Call(t.Context(), name, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	var a A
	if err := json.Unmarshal(answer, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

type fields map[string]any

type remark struct {
	Line        int
	Where, Text string
}

// TestTemplates: every template that the lab offers is valid, and it can say what it does.
func TestTemplates(t *testing.T) {
	t.Parallel()
	names := ask[struct{ Names []string }](t, "templates", fields{}).Names
	if len(names) != len(policy.Templates()) {
		t.Fatalf("got %v", names)
	}
	for _, name := range names {
		text := ask[struct{ Text string }](t, "template", fields{"name": name}).Text
		said := ask[struct{ Problems, Warnings []remark }](t, "validate", fields{"policy": text})
		if len(said.Problems) != 0 {
			t.Errorf("%s: %+v", name, said.Problems)
		}
		told := ask[struct{ Sentences []string }](t, "explain", fields{"policy": text, "nav": "5_000_000"})
		if len(told.Sentences) < 5 {
			t.Errorf("%s: %q", name, told.Sentences)
		}
	}
	if schema := ask[map[string]any](t, "schema", fields{}); schema["$schema"] == nil {
		t.Errorf("got %v", schema)
	}
}

// TestProblems: what is wrong with a policy is an answer, with its lines.
func TestProblems(t *testing.T) {
	t.Parallel()
	text := "version: 1\nassets:\n  - {asset: A, weight: 140%}\n"
	got := ask[struct{ Problems []remark }](t, "validate", fields{"policy": text})
	if len(got.Problems) == 0 || got.Problems[0].Line == 0 || got.Problems[0].Text == "" {
		t.Errorf("got %+v", got.Problems)
	}
}

// history is a short synthetic history of the assets of the index template.
func history(t *testing.T, assets ...string) string {
	t.Helper()
	text, err := policy.Template("60-40")
	if err != nil {
		t.Fatal(err)
	}
	f, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if assets == nil {
		assets = entry.AssetsOf(f)
	}
	var b strings.Builder
	b.WriteString("time," + strings.Join(assets, ",") + "\n")
	for day := range 28 {
		b.WriteString("2026-01-" + string(rune('0'+(day+1)/10)) + string(rune('0'+(day+1)%10)) + "T00:00:00Z")
		for i := range assets {
			b.WriteString("," + []string{"1", "1.1", "0.9", "1.3"}[(day*(i+1)+i)%4])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func request(t *testing.T) fields {
	t.Helper()
	text, err := policy.Template("60-40")
	if err != nil {
		t.Fatal(err)
	}
	return fields{
		"treasuries": []fields{{"name": "ours", "policy": string(text), "initial": "2_000_000"}},
		"prices":     fields{"name": "short.csv", "csv": history(t)},
		"market":     "ideal", "fee_bps": "10", "seed": 7, "from": "2026-01-02",
	}
}

// TestBacktest: the lab's numbers are those of the backtest.
func TestBacktest(t *testing.T) {
	t.Parallel()
	got := ask[struct {
		Summary, Report string
		Result          struct{ Treasuries []struct{ Name string } }
	}](t, "backtest", request(t))
	if len(got.Result.Treasuries) != 1 || !strings.Contains(got.Report, "</html>") {
		t.Fatalf("got %+v, a page of %d bytes", got.Result, len(got.Report))
	}
	if !strings.Contains(got.Summary, got.Result.Treasuries[0].Name) {
		t.Errorf("got %s", got.Summary)
	}
}

// TestSample: the bundled history is a price file that a backtest takes.
func TestSample(t *testing.T) {
	t.Parallel()
	q := request(t)
	q["prices"] = ask[fields](t, "sample", fields{})
	q["from"], q["to"] = "2030-01-02", "2030-03-01"
	got := ask[struct{ Result struct{ Rows int } }](t, "backtest", q)
	if got.Result.Rows < 10 {
		t.Errorf("got %d rows", got.Result.Rows)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	with := func(name string, value any) fields {
		q := request(t)
		q[name] = value
		return q
	}
	tests := []struct {
		name, call string
		request    any
		want       error
		says       string
	}{
		{"call", "sell", fields{}, lab.ErrCall, "templates"},
		{"field", "validate", fields{"polcy": ""}, lab.ErrRequest, "polcy"},
		{"template", "template", fields{"name": "none"}, policy.ErrTemplate, "none"},
		{"explain a broken policy", "explain", fields{"policy": "version: 9"}, policy.ErrPolicy, "assets"},
		{"explain at a price", "explain", fields{"policy": sixty(t), "prices": "ETH"}, lab.ErrRequest, "ETH=12.5"},
		{"market", "backtest", with("market", "fair"), lab.ErrRequest, "auction"},
		{"fee", "backtest", with("fee_bps", "-1"), lab.ErrRequest, "basis points"},
		{"nobody", "backtest", with("treasuries", []fields{}), lab.ErrRequest, "at least one"},
		{
			"broken policy", "backtest", with("treasuries", []fields{{"name": "x", "policy": "version: 9"}}),
			policy.ErrPolicy, "assets",
		},
		{
			"initial", "backtest", with("treasuries", []fields{{"name": "x", "policy": sixty(t), "initial": "much"}}),
			nil, "1_000_000",
		},
		{"prices", "backtest", with("prices", fields{"name": "p.csv", "csv": "time,A\n"}), price.ErrRows, "p.csv"},
		{"asset", "backtest", with("prices", fields{"name": "p.csv", "csv": history(t, "X", "Y")}), backtest.ErrConfig, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, err := json.Marshal(test.request)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := lab.Call(t.Context(), test.call, text, nil)
			if err == nil || answer != nil {
				t.Fatalf("got %s", answer)
			}
			if test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %v that says %q", err, test.want, test.says)
			}
		})
	}
}

func sixty(t *testing.T) string {
	t.Helper()
	text, err := policy.Template("60-40")
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(text))
}
