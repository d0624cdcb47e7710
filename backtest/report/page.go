package report

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/ballast-finance/ballast/backtest"
)

// ErrWrite says that a report could not be written; the cause is wrapped with it.
var ErrWrite = errors.New("report: cannot write")

//go:embed assets/*.js assets/*.css assets/*.html assets/uplot/LICENSE assets/uplot/uPlot.iife.min.js
//go:embed assets/uplot/uPlot.min.css
var assets embed.FS

// HTML writes a result as one page that opens without a network.
func HTML(w io.Writer, r *backtest.Result) error {
	return writePage(w, page{
		Title: "Ballast backtest: " + names(r.Treasuries), Body: "result.html", Script: "report.js",
		View: newResultView(r), Data: newResultData(r),
	})
}

// names joins the names of the treasuries, as many as a title can hold.
func names(all []backtest.Treasury) string {
	const most = 3
	var list []string
	for i := range all[:min(len(all), most)] {
		list = append(list, all[i].Name)
	}
	if len(all) > most {
		list = append(list, fmt.Sprintf("and %d more", len(all)-most))
	}
	return strings.Join(list, ", ")
}

// resultView is what the template of a result reads.
type resultView struct {
	*backtest.Result

	Panels  []panel
	Compare []row // empty for a single treasury
}

// panel is one treasury of a page.
type panel struct {
	*backtest.Treasury

	Cards []card
	Rows  []row
}

func newResultView(r *backtest.Result) resultView {
	v := resultView{Result: r}
	for i := range r.Treasuries {
		t := &r.Treasuries[i]
		v.Panels = append(v.Panels, panel{Treasury: t, Cards: cards(t), Rows: rows(t)})
	}
	if len(r.Treasuries) > 1 {
		v.Compare = compared(r.Treasuries)
	}
	return v
}

// page is a file made of a body, numbers and scripts.
type page struct {
	Title  string
	Body   string // template
	Script string // after those that all pages share
	View   any
	Data   any
}

// inline is the text of a style or a script, and its hash for the security policy.
type inline struct {
	text string
	hash string
}

func newInline(parts ...string) inline {
	text := strings.Join(parts, "\n")
	sum := sha256.Sum256([]byte(text))
	return inline{text, "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"}
}

// load reads embedded files.
func load(names ...string) ([]string, error) {
	texts := make([]string, len(names))
	for i, name := range names {
		text, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return nil, err
		}
		texts[i] = string(text)
	}
	return texts, nil
}

var templateFuncs = template.FuncMap{
	"stamp":    stamp,
	"duration": duration,
	"count":    count,
	"sign":     func(text string) string { return strings.ReplaceAll(text, "-", "−") },
	"glue":     func(text string) string { return strings.ReplaceAll(text, " %", "\u00a0%") },
	"negative": func(text string) bool { return strings.HasPrefix(text, "-") },
	"days":     func(from, to int64) string { return count(int((to - from) / secondsPerDay)) },
}

// writePage writes the file from top to bottom. Only the body goes through the template: styles and scripts are our
// own, and the numbers are JSON, in which encoding/json escapes what could end a script.
func writePage(w io.Writer, p page) error {
	texts, err := load("uplot/uPlot.min.css", "style.css", "uplot/LICENSE", "uplot/uPlot.iife.min.js",
		"common.js", "chart.js", "table.js", p.Script)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	body, err := template.New("").Funcs(templateFuncs).ParseFS(assets, "assets/*.html")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	style, library := newInline(texts[:2]...), newInline("/*", texts[2], "*/", texts[3]) // its licence goes with it
	script := newInline("(() => {\n\"use strict\";", strings.Join(texts[4:], "\n"), "})();")
	policy := "default-src 'none'; script-src " + library.hash + " " + script.hash + "; style-src " + style.hash +
		"; img-src data:; base-uri 'none'; form-action 'none'"
	out := bufio.NewWriter(w)
	head := struct{ Title, Policy string }{p.Title, policy}
	if err := body.ExecuteTemplate(out, "head.html", head); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	put(out, "<style>", style.text, "</style>\n</head>\n")
	if err := body.ExecuteTemplate(out, p.Body, p.View); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	put(out, `<script type="application/json" id="data">`)
	if err := json.NewEncoder(out).Encode(p.Data); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	put(out, "</script>\n<script>", library.text, "</script>\n<script>", script.text, "</script>\n</body>\n</html>\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	return nil
}

// put writes texts. A bufio.Writer keeps its first error for Flush.
func put(out *bufio.Writer, texts ...string) {
	for _, text := range texts {
		_, _ = out.WriteString(text)
	}
}
