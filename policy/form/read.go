package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Limits of a text.
const (
	// MaxBytes is the length of the longest text.
	MaxBytes = 1 << 18
	// MaxProblems is how many problems of a text are reported.
	MaxProblems = 40
)

// Read reads a text into the struct that to points to. Its error is Problems, sorted by line; then the struct is
// incomplete. The Source finds lines also in a text with problems.
func Read(text []byte, to any, words Words) (Source, error) {
	root, problem := tree(text)
	if problem != nil {
		return Source{}, Problems{problem}
	}
	target := reflect.ValueOf(to).Elem()
	r := &reader{words: words, root: target.Type()}
	r.value(root, target, Field{}, nil)
	return Source{root}, r.problems.Err()
}

// tree parses a text to the node of its one document.
func tree(text []byte) (*yaml.Node, *Problem) {
	if len(text) > MaxBytes {
		return nil, &Problem{Text: fmt.Sprintf("expected a text of at most %d bytes, got %d", MaxBytes, len(text))}
	}
	if line := notUTF8(text); line != 0 {
		return nil, &Problem{Line: line, Text: "expected text in UTF-8, got other bytes; save the file as UTF-8"}
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && isNull(doc.Content[0]) {
		return nil, &Problem{Text: "expected lines like `name: value`, got an empty text", cause: ErrEmpty}
	}
	if err == nil {
		if err = dec.Decode(&more); err == nil {
			const text = "expected one document, got a second one after `---`; put it in its own file"
			return nil, &Problem{Line: more.Line, Text: text}
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, syntax(text, err)
	}
	return doc.Content[0], nil
}

// notUTF8 returns the line of the first bytes that are not UTF-8, or 0.
func notUTF8(text []byte) int {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			return 1 + bytes.Count(text[:at], []byte("\n"))
		}
		at += size
	}
	return 0
}

var syntaxLine = regexp.MustCompile(`^line (\d+): `)

// syntax says where a text is not YAML. The parser's line is near the mistake, rarely on it; a tab is found exactly.
func syntax(text []byte, err error) *Problem {
	for i, line := range bytes.Split(text, []byte("\n")) {
		indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
		if bytes.ContainsRune(indent, '\t') {
			return &Problem{Line: i + 1, Text: "a tab in the indentation; use spaces, two for each level"}
		}
	}
	what, line := strings.TrimPrefix(err.Error(), "yaml: "), 0
	if m := syntaxLine.FindStringSubmatch(what); m != nil {
		line, _ = strconv.Atoi(m[1])
		what = what[len(m[0]):]
	}
	return &Problem{Line: line, Text: fmt.Sprintf(
		"not YAML here or nearby: %s; look for a missing colon, quote or bracket, and at the indentation", what)}
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Tag == "!!null" }

// reader walks a tree of nodes and a tree of Go values side by side.
type reader struct {
	words    Words
	root     reflect.Type
	problems Problems
}

func (r *reader) add(node *yaml.Node, path Path, format string, args ...any) {
	r.problems = append(r.problems, &Problem{Line: node.Line, Where: path.String(), Text: fmt.Sprintf(format, args...)})
}

// value reads a node into a Go value of any kind.
func (r *reader) value(node *yaml.Node, to reflect.Value, f Field, path Path) {
	if !r.bare(node, path) || r.empty(node, to, path) {
		return
	}
	if to.Kind() == reflect.Pointer {
		to.Set(reflect.New(to.Type().Elem()))
		to = to.Elem()
	}
	switch {
	case isScalar(to):
		r.scalar(node, to, f, path)
	case to.Kind() == reflect.Struct:
		r.mapping(node, to, path)
	case to.Kind() == reflect.Slice:
		r.sequence(node, to, path)
	case to.Kind() == reflect.Map:
		r.named(node, to, path)
	default:
		r.add(node, path, "cannot be written in a file")
	}
}

// bare refuses anchors, aliases and tags: with them a short text can be a huge one, or not what it looks like.
func (r *reader) bare(node *yaml.Node, path Path) bool {
	switch {
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		r.add(node, path, "anchors (&) and aliases (*) are not read; write the value out, in quotes if it begins so")
	case node.Style&yaml.TaggedStyle != 0:
		r.add(node, path, "tags (!) are not read; write the value without, in quotes if it begins so")
	default:
		return true
	}
	return false
}

// empty deals with a key without a value. A section is then as if it were not there; one whose presence means
// something must say so.
func (r *reader) empty(node *yaml.Node, to reflect.Value, path Path) bool {
	if !isNull(node) {
		return false
	}
	switch {
	case isScalar(to) || to.Kind() == reflect.Pointer && isScalar(reflect.New(to.Type().Elem()).Elem()):
		r.add(node, path, "is empty; write a value, or delete the line")
	case to.Kind() == reflect.Pointer:
		r.add(node, path, "is empty; write `{}` after it to take the defaults, or delete the line")
	}
	return true
}

// mapping reads `name: value` lines into a struct.
func (r *reader) mapping(node *yaml.Node, to reflect.Value, path Path) {
	if node.Kind != yaml.MappingNode {
		r.add(node, path, "expected lines like `name: value`, got %s", describe(node))
		return
	}
	fields := Fields(to.Type())
	seen := make(map[string]int)
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if !r.key(key, seen, path) {
			continue
		}
		at := indexOf(fields, key.Value)
		if at < 0 {
			r.unknown(key, fields, path)
			continue
		}
		r.value(value, to.Field(fields[at].Index), fields[at], path.and(key.Value))
	}
	for _, f := range fields {
		if !f.Optional && seen[f.Name] == 0 {
			r.add(node, path.and(f.Name), "is missing; write it as `%s: %s`", f.Name, f.Like)
		}
	}
}

// key checks a key and notes its line.
func (r *reader) key(key *yaml.Node, seen map[string]int, path Path) bool {
	switch {
	case key.Kind != yaml.ScalarNode:
		r.add(key, path, "expected a name before the colon, got %s", describe(key))
	case !r.bare(key, path):
	case seen[key.Value] != 0:
		r.add(key, path.and(key.Value), "is written twice, first on line %d; keep one", seen[key.Value])
	default:
		seen[key.Value] = key.Line
		return true
	}
	return false
}

func indexOf(fields []Field, name string) int {
	for i, f := range fields {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// unknown says what a field that does not exist was probably meant to be.
func (r *reader) unknown(key *yaml.Node, fields []Field, path Path) {
	known := names(fields)
	text := fmt.Sprintf("unknown field %s", Quote(key.Value))
	homes := homesOf(r.root, key.Value, nil)
	switch near := Nearest(key.Value, known); {
	case len(homes) > 0 && len(homes) < 3:
		text += "; it belongs under " + strings.Join(homes, " or ")
	case near != "":
		text += fmt.Sprintf("; did you mean %s?", near)
	default:
		text += "; expected one of " + strings.Join(known, ", ")
	}
	r.add(key, path, "%s", text)
}

// homesOf lists the sections that have a field of a name.
func homesOf(t reflect.Type, name string, path Path) []string {
	var homes []string
	for _, f := range Fields(t) {
		if f.Name == name && len(path) > 0 {
			homes = append(homes, path.String())
		}
		part := t.Field(f.Index).Type
		for part.Kind() == reflect.Pointer || part.Kind() == reflect.Slice {
			part = part.Elem()
		}
		if part.Kind() == reflect.Struct && !isScalar(reflect.New(part).Elem()) {
			homes = append(homes, homesOf(part, name, path.and(f.Name))...)
		}
	}
	return homes
}

// sequence reads `- ` lines into a slice.
func (r *reader) sequence(node *yaml.Node, to reflect.Value, path Path) {
	if node.Kind != yaml.SequenceNode {
		r.add(node, path, "expected a list of lines that begin with `- `, got %s", describe(node))
		return
	}
	if len(node.Content) == 0 {
		return
	}
	list := reflect.MakeSlice(to.Type(), len(node.Content), len(node.Content))
	for i, part := range node.Content {
		if isNull(part) {
			r.add(part, path.and(i), "is empty; fill it in, or delete the line")
			continue
		}
		r.value(part, list.Index(i), Field{}, path.and(i))
	}
	to.Set(list)
}

// named reads `name: value` lines with any names into a map.
func (r *reader) named(node *yaml.Node, to reflect.Value, path Path) {
	if node.Kind != yaml.MappingNode {
		r.add(node, path, "expected lines like `name: value`, got %s", describe(node))
		return
	}
	if len(node.Content) == 0 {
		return
	}
	m := reflect.MakeMap(to.Type())
	seen := make(map[string]int)
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if !r.key(key, seen, path) {
			continue
		}
		v := reflect.New(to.Type().Elem()).Elem()
		r.value(value, v, Field{}, path.and(key.Value))
		m.SetMapIndex(reflect.ValueOf(key.Value), v)
	}
	to.Set(m)
}

// describe says what a node is, for somebody who wrote it.
func describe(node *yaml.Node) string {
	if node.Kind == yaml.SequenceNode {
		return "a list"
	}
	if node.Kind == yaml.MappingNode {
		return "lines with names"
	}
	return Quote(node.Value)
}
