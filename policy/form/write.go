package form

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Write writes a struct so that Read gives the same one. Fields that are empty and may be missing are left out.
func Write(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(nodeOf(reflect.ValueOf(v))); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return b.Bytes(), nil
}

// nodeOf makes the node of a value.
func nodeOf(v reflect.Value) *yaml.Node {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	place := reflect.New(v.Type()).Elem()
	place.Set(v)
	switch {
	case isScalar(place):
		return plainNode(place)
	case v.Kind() == reflect.Slice:
		node := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range v.Len() {
			node.Content = append(node.Content, nodeOf(v.Index(i)))
		}
		return node
	case v.Kind() == reflect.Map:
		return namedNode(v)
	}
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range Fields(v.Type()) {
		if part := v.Field(f.Index); !f.Optional || !part.IsZero() {
			node.Content = append(node.Content, keyNode(f.Name), nodeOf(part))
		}
	}
	return node
}

func namedNode(v reflect.Value) *yaml.Node {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, k := range keys {
		node.Content = append(node.Content, keyNode(k.String()), nodeOf(v.MapIndex(k)))
	}
	return node
}

func keyNode(name string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}
}
