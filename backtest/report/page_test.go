package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/report"
)

// hostile are texts that have broken other people's pages.
var hostile = []string{
	`</script><script>document.title="owned"</script>`,
	`<img src=x onerror="document.title='owned'">`,
	`"><svg onload=alert(1)>`,
	`' onmouseover='alert(1)`,
	`javascript:alert(1)`,
	"<!--<script>",
	"{{.Policy}} ${alert(1)} \u2028 \u2029 \x00 \x1b[31m",
	"]]></style><base href=//evil.example>",
	"\xff\xfe not utf-8",
}

// poisoned is a result in which every text is hostile.
func poisoned(t *testing.T, text string) *backtest.Result {
	t.Helper()
	r := small(t)
	r.Source, r.Market, r.Warnings = text, text, []string{text}
	r.Settings = []backtest.Setting{{Name: text, Value: text}}
	for i := range r.Treasuries {
		v := &r.Treasuries[i]
		v.Name, v.Policy, v.Explain = text, text, []string{text}
		v.Assets = []string{text, text + "2"}
		for k := range v.Benchmarks {
			v.Benchmarks[k].Name = text
		}
		for k := range v.Intervals {
			v.Intervals[k].Outcome, v.Intervals[k].Reason = text, text
		}
	}
	r.Auctions[0].Sell, r.Auctions[0].Buy = text, text
	return r
}

// poisonedFrontier is the same for a frontier.
func poisonedFrontier(t *testing.T, text string) *report.Frontier {
	t.Helper()
	f := few(t)
	f.Title, f.Source, f.Parameters, f.Warnings = text, text, []string{text}, []string{text}
	f.Settings = []backtest.Setting{{Name: text, Value: text}}
	for i := range f.Points {
		f.Points[i].Values = []string{text}
	}
	f.Curves[0].Name, f.Curves[0].Points[0].Label, f.Optimum.Label = text, text, text
	return f
}

var dataElement = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)

func TestHostileTexts(t *testing.T) {
	t.Parallel()
	clean := writePage(t, small(t))
	cleanFrontier := writeFrontier(t, few(t))
	for _, text := range hostile {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			checkInert(t, writePage(t, poisoned(t, text)), clean, text)
			checkInert(t, writeFrontier(t, poisonedFrontier(t, text)), cleanFrontier, text)
		})
	}
}

var tags = []string{"<script", "</script", "<style", "</style", "<!--", "<img", "<svg", "<base", "<link", "<meta"}

// checkInert holds a page to the elements of a clean one: no text has become markup.
func checkInert(t *testing.T, page, clean []byte, text string) {
	t.Helper()
	for _, tag := range tags {
		if got, want := strings.Count(string(page), tag), strings.Count(string(clean), tag); got != want {
			t.Errorf("%q: %d times, want %d", tag, got, want)
		}
	}
	markup := dataElement.ReplaceAll(bare(page), nil)
	if strings.ContainsAny(text, "<>\"'") && bytes.Contains(markup, []byte(text)) {
		t.Errorf("the text stands in the page as it is")
	}
	found := dataElement.FindSubmatch(page)
	if found == nil {
		t.Fatal("no data element")
	}
	if bytes.ContainsAny(found[1], "<>&\u2028\u2029") {
		t.Error("the data element holds what a browser could take for markup")
	}
	if !json.Valid(found[1]) {
		t.Error("the data element is not JSON")
	}
}

func writePage(t *testing.T, r *backtest.Result) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeFrontier(t *testing.T, f *report.Frontier) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.FrontierHTML(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDataKeepsNames(t *testing.T) {
	t.Parallel()
	for _, text := range hostile[:len(hostile)-1] { // JSON replaces what is not UTF-8
		found := dataElement.FindSubmatch(writePage(t, poisoned(t, text)))
		var data struct {
			Treasuries []struct{ Name string }
		}
		if err := json.Unmarshal(found[1], &data); err != nil {
			t.Fatal(err)
		}
		if data.Treasuries[0].Name != text {
			t.Errorf("got %q, want %q", data.Treasuries[0].Name, text)
		}
	}
}

var policyMeta = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`)

// TestPolicy recomputes the hashes of the security policy from the page, as a browser does.
func TestPolicy(t *testing.T) {
	t.Parallel()
	for name, page := range map[string][]byte{"result": writePage(t, small(t)), "frontier": writeFrontier(t, few(t))} {
		found := policyMeta.FindSubmatchIndex(page)
		if found == nil {
			t.Fatalf("%s: no policy", name)
		}
		if at := bytes.Index(page, []byte("<style>")); at < found[0] {
			t.Errorf("%s: the policy comes after a style", name)
		}
		policy := html.UnescapeString(string(page[found[2]:found[3]]))
		for _, part := range []string{"default-src 'none'", "base-uri 'none'", "form-action 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy lacks %q: %s", name, part, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: the policy is open: %s", name, policy)
		}
		for _, text := range append(inlineStyle.FindAll(page, -1), inlineScript.FindAll(page, -1)...) {
			start, end := bytes.IndexByte(text, '>')+1, bytes.LastIndex(text, []byte("</"))
			sum := sha256.Sum256(text[start:end])
			if !strings.Contains(policy, base64.StdEncoding.EncodeToString(sum[:])) {
				t.Errorf("%s: the policy does not allow %.40q", name, text)
			}
		}
	}
}

var (
	reference = regexp.MustCompile(`(?i)\b(?:src|href|srcset|action|data|poster)\s*=\s*"([^"]*)"`)
	handler   = regexp.MustCompile(`(?i)<[a-z][^>]*\s(?:on[a-z]+|style)\s*=`)
)

// TestSelfContained holds a page to references inside itself.
func TestSelfContained(t *testing.T) {
	t.Parallel()
	for _, page := range [][]byte{bare(writePage(t, small(t))), bare(writeFrontier(t, few(t)))} {
		for _, m := range reference.FindAllSubmatch(page, -1) {
			if !bytes.HasPrefix(m[1], []byte("#")) && string(m[1]) != "data:," {
				t.Errorf("the page refers to %q", m[1])
			}
		}
		if m := handler.Find(page); m != nil {
			t.Errorf("the policy forbids handlers and styles in attributes: %s", m)
		}
	}
}

// sinks are the ways in which a script makes markup from a text, or asks a network.
var sinks = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|fetch\(|` +
	`XMLHttpRequest|WebSocket|importScripts|https?://|setAttribute\("(?:on|style)`)

func TestScriptsSetTextOnly(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"common.js", "chart.js", "table.js", "report.js", "frontier.js", "style.css"} {
		text, err := report.Asset(name)
		if err != nil {
			t.Fatal(err)
		}
		if m := sinks.FindString(text); m != "" {
			t.Errorf("%s uses %s", name, m)
		}
		if lines := strings.Count(text, "\n"); lines > 900 {
			t.Errorf("%s: %d lines, at most 900", name, lines)
		}
	}
	if _, err := report.Asset("nothing.js"); err == nil {
		t.Error("expected an error for an asset that is not there")
	}
}

// TestSynthetic looks for the label where a reader would.
func TestSynthetic(t *testing.T) {
	t.Parallel()
	r := small(t)
	const badge = `<strong class="badge">synthetic prices</strong>`
	if page := string(writePage(t, r)); !strings.Contains(page, badge) || !strings.Contains(page, `"synthetic":true`) {
		t.Error("synthetic prices are not labelled")
	}
	r.Synthetic = false
	if page := string(bare(writePage(t, r))); strings.Contains(page, "synthetic prices") {
		t.Error("real prices are labelled synthetic")
	}
}

// TestEmpty writes pages of next to nothing.
func TestEmpty(t *testing.T) {
	t.Parallel()
	bare := backtest.Treasury{Benchmarks: []backtest.Benchmark{{}}}
	results := []*backtest.Result{{}, {Treasuries: []backtest.Treasury{bare}}, {Auctions: []backtest.Auction{{}}}}
	for _, r := range results {
		if page := writePage(t, r); !json.Valid(dataElement.FindSubmatch(page)[1]) {
			t.Error("the data element is not JSON")
		}
	}
	if page := writeFrontier(t, &report.Frontier{}); !json.Valid(dataElement.FindSubmatch(page)[1]) {
		t.Error("the data element is not JSON")
	}
}

// TestSize holds the page of a year of hours to six megabytes.
func TestSize(t *testing.T) {
	t.Parallel()
	const most = 6_000_000
	r := sample(3, 4, 8760)
	size := len(writePage(t, r))
	t.Logf("%d treasuries, %d rows each, %d lots: %d bytes", len(r.Treasuries), r.Rows, len(r.Auctions), size)
	if size > most {
		t.Errorf("%d bytes, at most %d", size, most)
	}
}

// TestSizeOfBusyYear is the same for treasuries that trade in every interval, with a lot each.
func TestSizeOfBusyYear(t *testing.T) {
	t.Parallel()
	const most = 10_000_000
	r := sample(3, 4, 8760)
	busy := r.Treasuries[0].Intervals
	for i := range busy {
		busy[i].Orders, busy[i].Filled = busy[i].Weights, busy[i].Weights
	}
	for len(r.Auctions) < 8760 {
		r.Auctions = append(r.Auctions, r.Auctions...)
	}
	for i := range r.Treasuries {
		r.Treasuries[i].Intervals = busy
	}
	size := len(writePage(t, r))
	t.Logf("%d lots: %d bytes", len(r.Auctions), size)
	if size > most {
		t.Errorf("%d bytes, at most %d", size, most)
	}
}
