package form

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// isScalar reports a value that is written on one line.
func isScalar(v reflect.Value) bool {
	if _, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); ok {
		return true
	}
	return v.Kind() == reflect.String || v.Kind() == reflect.Bool || v.CanInt() || v.CanUint()
}

// scalar reads a node into a scalar and checks its words and its range.
func (r *reader) scalar(node *yaml.Node, to reflect.Value, f Field, path Path) {
	if node.Kind != yaml.ScalarNode {
		r.add(node, path, "expected a single value, got %s", describe(node))
		return
	}
	if err := readScalar(to, node.Value); err != nil {
		r.add(node, path, "%v, got %s", err, Quote(node.Value))
		return
	}
	if text := f.fault(to, r.words); text != "" {
		r.add(node, path, "%s", text)
	}
}

var (
	errWhole  = errors.New("expected a whole number such as 10")
	errSwitch = errors.New("expected true or false")
)

// readScalar reads a text into a scalar. Its error says what was expected.
func readScalar(to reflect.Value, s string) error {
	if u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](to.Addr()); ok {
		return u.UnmarshalText([]byte(s)) //nolint:wrapcheck // it says what it expected
	}
	bits := 0
	if to.CanInt() || to.CanUint() {
		bits = to.Type().Bits()
	}
	switch {
	case to.Kind() == reflect.Bool:
		if s != "true" && s != "false" {
			return errSwitch
		}
		to.SetBool(s == "true")
	case to.CanInt():
		n, err := strconv.ParseInt(s, 10, bits)
		if err != nil {
			return errWhole
		}
		to.SetInt(n)
	case to.CanUint():
		n, err := strconv.ParseUint(s, 10, bits)
		if err != nil {
			return errWhole
		}
		to.SetUint(n)
	default:
		to.SetString(s)
	}
	return nil
}

// text is a scalar as it is written.
func text(v reflect.Value) string {
	if m, ok := reflect.TypeAssert[encoding.TextMarshaler](v); ok {
		if b, err := m.MarshalText(); err == nil {
			return string(b)
		}
	}
	return fmt.Sprint(v.Interface())
}

// plainNode is a scalar's node: quoted only if it is a word that would be read as something else.
func plainNode(v reflect.Value) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Value: text(v)}
	if v.Kind() == reflect.String {
		node.Tag = "!!str"
	}
	return node
}
