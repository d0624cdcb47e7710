package policy_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/policy/form"
)

var update = flag.Bool("update", false, "write policy.schema.json and the golden files anew")

// golden compares with a file, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is out of date: run `go test ./policy -update` and read what changed; now it is\n%s", name, got)
	}
}

// TestSchemaIsPublished keeps policy.schema.json what the types and their comments say.
func TestSchemaIsPublished(t *testing.T) {
	g := &generator{comments: comments(t), defs: make(map[string]any)}
	root := g.object(reflect.TypeFor[policy.File]())
	maps.Copy(root, object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:ballast:policy:1", "title": "Ballast policy",
		"$defs": g.defs,
	})
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	golden(t, "policy.schema.json", text)
	if !*update && !bytes.Equal(policy.Schema(), text) {
		t.Error("Schema is not policy.schema.json")
	}
	for name := range g.comments {
		if !g.described[name] {
			t.Errorf("the comment of %s is not in the schema", name)
		}
	}
}

type object = map[string]any

// generator makes a JSON Schema of the structs of a policy file.
type generator struct {
	comments  map[string]string // of Type and Type.Field
	described map[string]bool
	defs      object
}

func (g *generator) describe(name string) string {
	if g.described == nil {
		g.described = make(map[string]bool)
	}
	g.described[name] = true
	return g.comments[name]
}

// object is the schema of a struct.
func (g *generator) object(t reflect.Type) object {
	properties, required := make(object), []string{}
	for _, f := range form.Fields(t) {
		field := t.Field(f.Index)
		part := g.value(field.Type, f)
		part["description"] = g.describe(t.Name() + "." + field.Name)
		properties[f.Name] = part
		if !f.Optional {
			required = append(required, f.Name)
		}
	}
	schema := object{
		"type": "object", "description": g.describe(t.Name()), "properties": properties, "additionalProperties": false,
	}
	if len(required) > 0 {
		schema["required"] = required
	}
	switch t.Name() {
	case "File":
		properties["version"].(object)["const"] = policy.Version //nolint:forcetypeassert // made above
	case "Position":
		properties["asset"].(object)["pattern"] = policy.Denom //nolint:forcetypeassert // made above
	case "Payment":
		properties["to"].(object)["pattern"] = policy.Denom //nolint:forcetypeassert // made above
		schema["dependentRequired"] = object{"until": []string{"every"}}
	case "Cost":
		schema["dependentRequired"] = object{"risk_aversion": []string{"proportional"}}
	case "Target":
		schema["allOf"] = kinds("kind", "target", policy.TargetUses, policy.TargetNeeds)
	case "Trigger":
		schema["dependentRequired"] = object{"max_active": []string{"inner"}}
		schema["allOf"] = kinds("kind", "trigger", policy.TriggerUses, policy.TriggerNeeds)
	case "Bands":
		schema["allOf"] = kinds("estimator", "estimator", policy.BandUses, nil)
	case "Speed":
		schema["oneOf"] = []object{
			{"required": []string{"close", "within"}, "properties": object{"gains": false}},
			{"required": []string{"gains"}, "properties": object{"close": false, "within": false}},
		}
	}
	return schema
}

// kinds are the rules which settings a kind needs and looks at.
func kinds(word, list string, uses, needs map[string][]string) []object {
	all := make(map[string]bool)
	for _, names := range uses {
		for _, name := range names {
			all[name] = true
		}
	}
	var rules []object
	for i, kind := range policy.Vocabulary()[list] {
		when := object{"properties": object{word: object{"const": kind}}}
		if i > 0 { // the first one holds where none is written
			when["required"] = []string{word}
		}
		then, unused := object{}, make(object)
		for name := range all {
			if !slices.Contains(uses[kind], name) {
				unused[name] = false
			}
		}
		if len(unused) > 0 {
			then["properties"] = unused
		}
		if len(needs[kind]) > 0 {
			then["required"] = needs[kind]
		}
		if len(then) > 0 {
			rules = append(rules, object{"if": when, "then": then})
		}
	}
	return rules
}

// value is the schema of a field.
func (g *generator) value(t reflect.Type, f form.Field) object {
	pointer := t.Kind() == reflect.Pointer
	if pointer {
		t = t.Elem()
	}
	if s := scalar(t, f); s != nil {
		return s
	}
	switch t.Kind() { //nolint:exhaustive // no others are used
	case reflect.Slice:
		schema := object{"type": nullable("array", f), "items": g.value(t.Elem(), form.Field{})}
		if !f.Optional {
			schema["minItems"] = 1
		}
		return schema
	case reflect.Map:
		return object{"type": nullable("object", f), "additionalProperties": g.value(t.Elem(), form.Field{})}
	}
	if g.defs[t.Name()] == nil {
		g.defs[t.Name()] = g.object(t)
	}
	ref := object{"$ref": "#/$defs/" + t.Name()}
	if f.Optional && !pointer {
		return object{"anyOf": []object{ref, {"type": "null"}}}
	}
	return ref
}

// nullable lets an optional section be empty, as when all its lines are comments.
func nullable(kind string, f form.Field) any {
	if f.Optional {
		return []string{kind, "null"}
	}
	return kind
}

// scalar is the schema of a scalar, or nil.
func scalar(t reflect.Type, f form.Field) object {
	number := func(pattern string) object {
		return bounds(positive(object{"type": []string{"number", "string"}, "pattern": pattern}, f.Range), f.Range)
	}
	text := func(pattern string) object { return positive(object{"type": "string", "pattern": pattern}, f.Range) }
	switch t {
	case reflect.TypeFor[policy.Ratio]():
		return number(`^[0-9]+(\.[0-9]+)? ?%?$`)
	case reflect.TypeFor[policy.Decimal]():
		return number(`^[0-9][0-9_]*(\.[0-9_]+)?$`)
	case reflect.TypeFor[policy.Span]():
		return text(`^[0-9]+[wdhms]$`)
	case reflect.TypeFor[policy.Moment]():
		return text(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2}))?$`)
	case reflect.TypeFor[policy.Period]():
		return text(`^(day|week|month|quarter|year|[0-9]+[wdhms])$`)
	}
	switch {
	case t.Kind() == reflect.Bool:
		return object{"type": "boolean"}
	case t.Kind() == reflect.Int || t.Kind() == reflect.Uint8:
		return bounds(object{"type": "integer"}, f.Range)
	case t.Kind() == reflect.String && f.Words != "":
		return object{"enum": words(f.Words)}
	case t.Kind() == reflect.String:
		return object{"type": []string{"string", "number"}, "minLength": 1}
	}
	return nil
}

// positive refuses a text of zero where the range does.
func positive(schema object, r form.Range) object {
	if r.LowOpen || r.Low != "" && strings.Trim(r.Low, "0%_.wdhms") != "" {
		schema["not"] = object{"type": "string", "pattern": `^0+(\.0+)? ?[%wdhms]?$`}
	}
	return schema
}

// words are a list; those that YAML reads as numbers are in it as both.
func words(list string) []any {
	var all []any
	for _, w := range policy.Vocabulary()[list] {
		all = append(all, w)
		if n, err := strconv.Atoi(w); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// bounds adds a range for what is written as a number.
func bounds(schema object, r form.Range) object {
	for _, b := range []struct {
		text, open, closed string
		isOpen             bool
	}{{r.Low, "exclusiveMinimum", "minimum", r.LowOpen}, {r.High, "exclusiveMaximum", "maximum", r.HighOpen}} {
		if b.text == "" {
			continue
		}
		key := b.closed
		if b.isOpen {
			key = b.open
		}
		var ratio policy.Ratio
		text := []byte(strings.ReplaceAll(b.text, "_", ""))
		if err := ratio.UnmarshalText(text); err == nil {
			schema[key] = json.Number(ratio.Wad.String())
		}
	}
	return schema
}

// comments are those of the types and fields of file.go, on one line.
func comments(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "file.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]string)
	for _, decl := range file.Decls {
		types, ok := decl.(*ast.GenDecl)
		if !ok || types.Tok != token.TYPE || types.Doc == nil {
			continue
		}
		for _, spec := range types.Specs {
			named, _ := spec.(*ast.TypeSpec)
			parts, ok := named.Type.(*ast.StructType)
			if !ok {
				continue
			}
			found[named.Name.Name] = flat(types.Doc)
			for _, f := range parts.Fields.List {
				if f.Tag != nil {
					found[named.Name.Name+"."+f.Names[0].Name] = flat(f.Doc)
				}
			}
		}
	}
	return found
}

func flat(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }

// compiled is the published schema, ready to validate.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("policy.schema.json") // what is embedded, and with -update what will be
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("policy.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("policy.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// instance is a YAML text as an editor sees it: numbers by the rules of JSON, everything else as text.
func instance(t *testing.T, text []byte) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return jsonOf(doc.Content[0])
}

func jsonOf(node *yaml.Node) any {
	switch node.Kind { //nolint:exhaustive // the others are scalars here
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, part := range node.Content {
			list[i] = jsonOf(part)
		}
		return list
	case yaml.MappingNode:
		m := make(object)
		for i := 0; i < len(node.Content); i += 2 {
			m[node.Content[i].Value] = jsonOf(node.Content[i+1])
		}
		return m
	}
	switch node.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return node.Value == "true"
	case "!!int", "!!float":
		if json.Valid([]byte(node.Value)) {
			return json.Number(node.Value)
		}
	}
	return node.Value
}

func TestSchemaAccepts(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	all := texts(t)
	for _, slip := range slips(t, "testdata/sound.txt") {
		all[slip.name] = []byte(slip.text())
	}
	for name, text := range all {
		if err := s.Validate(instance(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemaRefuses counts what an editor sees of the mistakes that Parse finds. What needs arithmetic, such as a sum
// of weights, it cannot see; those are named.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	var unseen []string
	for _, slip := range slips(t, "testdata/broken.txt") {
		if strings.Contains(slip.want, "YAML") || strings.Contains(slip.want, "a tab") {
			continue
		}
		if s.Validate(instance(t, []byte(slip.text()))) == nil {
			unseen = append(unseen, slip.name)
		}
	}
	golden(t, "testdata/unseen.txt", []byte(strings.Join(unseen, "\n")+"\n"))
}
