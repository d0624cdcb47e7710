package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Path leads to a part of a text: keys are strings, list positions are ints from 0.
type Path []any

// At makes a path.
func At(steps ...any) Path { return steps }

// and returns the path with one more step.
func (p Path) and(step any) Path { return append(slices.Clip(p), step) }

// String prints keys and list positions, these from 1, with dots between them.
func (p Path) String() string {
	parts := make([]string, len(p))
	for i, step := range p {
		parts[i] = fmt.Sprint(step)
		if at, ok := step.(int); ok {
			parts[i] = strconv.Itoa(at + 1)
		}
	}
	return strings.Join(parts, ".")
}

// Source finds the lines of a text. The zero value knows none.
type Source struct{ root *yaml.Node }

// Line returns the line of the deepest part of a path that is there, 0 when none is.
func (s Source) Line(path Path) int {
	node, line := s.root, 0
	for _, step := range path {
		if node, line = child(node, step, line); node == nil {
			break
		}
	}
	return line
}

// Problem makes a problem at a path.
func (s Source) Problem(path Path, format string, args ...any) *Problem {
	return &Problem{Line: s.Line(path), Where: path.String(), Text: fmt.Sprintf(format, args...)}
}

// child returns a part of a node and the line where it begins, or nil and the line as it was.
func child(node *yaml.Node, step any, line int) (*yaml.Node, int) {
	if node == nil {
		return nil, line
	}
	switch at := step.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && at < len(node.Content) {
			return node.Content[at], node.Content[at].Line
		}
	case string:
		if node.Kind != yaml.MappingNode {
			return nil, line
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == at {
				return node.Content[i+1], node.Content[i].Line
			}
		}
	}
	return nil, line
}
