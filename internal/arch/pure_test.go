package arch_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/internal/source"
)

// TestEngineIsPure holds engine/ to values: no floating point, no maps, no goroutines, nothing that lasts between two
// calls.
func TestEngineIsPure(t *testing.T) {
	t.Parallel()
	packages := make(map[string][]source.Syntax)
	for _, f := range parse(t) {
		if part(f.Dir(), 0) == "engine" && !f.Test() && f.Dir() != testKit {
			packages[f.Dir()] = append(packages[f.Dir()], f)
		}
	}
	for _, files := range packages {
		for _, found := range impure(files) {
			t.Error(found)
		}
	}
}

// impure lists what the files of one package of the engine must not contain.
func impure(files []source.Syntax) []string {
	var found []string
	for _, f := range files {
		report := func(at token.Pos, format string, args ...any) {
			found = append(found, fmt.Sprintf("%s:%d: ", f.Path, f.Line(at))+fmt.Sprintf(format, args...))
		}
		for _, decl := range f.AST.Decls {
			ast.Inspect(decl, func(n ast.Node) bool {
				if float(n) && !reportsOnly(f, decl) {
					report(n.Pos(), "floating point: compute in fixed.Wad, which every host rounds alike")
				}
				if what := concurrent(n); what != "" {
					report(n.Pos(), "%s: the engine is a function; the host decides what runs at the same time", what)
				}
				if _, ok := n.(*ast.MapType); ok {
					report(n.Pos(), "map: its order differs between runs; use a sorted slice")
				}
				return true
			})
		}
	}
	return append(found, variables(files)...)
}

// float reports a floating-point type, literal or conversion.
func float(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Ident:
		return slices.Contains([]string{"float32", "float64", "complex64", "complex128", "Float", "Float64"}, n.Name)
	case *ast.BasicLit:
		return n.Kind == token.FLOAT || n.Kind == token.IMAG
	}
	return false
}

// reportsOnly is the one place where a number may leave the engine as a float64: fixed.Wad.Float.
func reportsOnly(f source.Syntax, decl ast.Decl) bool {
	fn, ok := decl.(*ast.FuncDecl)
	return ok && f.Dir() == "engine/fixed" && fn.Name.Name == "Float"
}

// concurrent names the statement or type that needs a scheduler, or nothing.
func concurrent(n ast.Node) string {
	switch n := n.(type) {
	case *ast.GoStmt:
		return "go statement"
	case *ast.SelectStmt:
		return "select"
	case *ast.ChanType:
		return "channel"
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "recover" {
			return "recover"
		}
	}
	return ""
}

// variables lists the package variables that could change: every one that something assigns to or takes the address
// of, and every exported one that is not a sentinel error.
func variables(files []source.Syntax) []string {
	declared := make(map[string]bool)
	var found []string
	for _, f := range files {
		for _, spec := range packageVars(f) {
			for _, name := range spec.Names {
				declared[name.Name] = true
				if name.IsExported() && !sentinel(name, spec) {
					found = append(found, fmt.Sprintf("%s:%d: variable %s could be changed by an importer: make it a function",
						f.Path, f.Line(name.Pos()), name.Name))
				}
			}
		}
	}
	for _, f := range files {
		for _, decl := range f.AST.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			for _, id := range written(fn) {
				if declared[id.Name] && !local(fn, id.Name) {
					found = append(found, fmt.Sprintf("%s:%d: package variable %s is written: keep state in a value that "+
						"the caller owns", f.Path, f.Line(id.Pos()), id.Name))
				}
			}
		}
	}
	return found
}

func packageVars(f source.Syntax) []*ast.ValueSpec {
	var specs []*ast.ValueSpec
	for _, decl := range f.AST.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				specs = append(specs, v)
			}
		}
	}
	return specs
}

// sentinel reports an error value by its name and by its initialiser, errors.New or fmt.Errorf.
func sentinel(name *ast.Ident, spec *ast.ValueSpec) bool {
	i := slices.Index(spec.Names, name)
	if !strings.HasPrefix(name.Name, "Err") || i >= len(spec.Values) {
		return false
	}
	call, ok := spec.Values[i].(*ast.CallExpr)
	if !ok {
		return false
	}
	fn, ok := call.Fun.(*ast.SelectorExpr)
	return ok && slices.Contains([]string{"New", "Errorf"}, fn.Sel.Name)
}

// written lists the names at the root of what a function assigns to, increments or takes the address of.
func written(fn *ast.FuncDecl) []*ast.Ident {
	var ids []*ast.Ident
	add := func(e ast.Expr) {
		if id := rootOf(e); id != nil {
			ids = append(ids, id)
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					add(e)
				}
			}
		case *ast.IncDecStmt:
			add(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				add(n.X)
			}
		}
		return true
	})
	return ids
}

// rootOf returns x of x, x.f, x[i], *x and (x).
func rootOf(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// local reports a name that the function declares itself, as a parameter, a result or a variable.
func local(fn *ast.FuncDecl, name string) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			found = found || slices.ContainsFunc(n.Names, func(id *ast.Ident) bool { return id.Name == name })
		case *ast.ValueSpec:
			found = found || slices.ContainsFunc(n.Names, func(id *ast.Ident) bool { return id.Name == name })
		case *ast.AssignStmt:
			found = found || n.Tok == token.DEFINE && slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool {
				id, ok := e.(*ast.Ident)
				return ok && id.Name == name
			})
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				id, ok := e.(*ast.Ident)
				found = found || ok && n.Tok == token.DEFINE && id.Name == name
			}
		}
		return true
	})
	return found
}

// TestImpure plants one violation of every rule.
func TestImpure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		want       string // a part of the message, or nothing
	}{
		{"sentinel error", `var ErrX = errors.New("x")`, ""},
		{"table", `var tens = func() [2]int { return [2]int{1, 10} }()`, ""},
		{"constant value", `var one = word{1}`, ""},
		{"float type", `func f(x float64) {}`, "floating point"},
		{"float literal", `const half = 0.5`, "floating point"},
		{"float of a decimal", `func f(w fixed.Wad) bool { return w.Float() > 1 }`, "floating point"},
		{"map in a struct", `type S struct{ m map[string]int }`, "sorted slice"},
		{"map in a signature", `func f(m map[string]int) {}`, "sorted slice"},
		{"goroutine", `func f() { go f() }`, "go statement"},
		{"channel", `type S struct{ c chan int }`, "channel"},
		{"select", `func f() { select {} }`, "select"},
		{"recover", `func f() { defer func() { recover() }() }`, "recover"},
		{"exported variable", `var Limit = 3`, "could be changed"},
		{"exported error made elsewhere", `var ErrX = other`, "could be changed"},
		{"assigned variable", "var n int\nfunc f() { n = 1 }", "is written"},
		{"counted variable", "var n int\nfunc f() { n++ }", "is written"},
		{"element of a variable", "var t [2]int\nfunc f() { t[0] = 1 }", "is written"},
		{"address of a variable", "var n int\nfunc f() *int { return &n }", "is written"},
		{"shadowed by a parameter", "var n int\nfunc f(n int) { n = 1 }", ""},
		{"shadowed by a variable", "var n int\nfunc f() { n := 1; n++ }", ""},
		{"shadowed by a range", "var n int\nfunc f(s []int) { for _, n := range s { n++ } }", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files, err := source.Parse([]source.File{{Path: "engine/x/x.go", Text: "package x\n" + test.body}})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(impure(files), "\n")
			if got == "" != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
