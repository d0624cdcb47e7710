package policy

import "go.yaml.in/yaml/v3"

// source finds the line of a part of a policy file.
type source struct{ root *yaml.Node }

func lines(text []byte) source {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil || len(doc.Content) == 0 {
		return source{}
	}
	return source{doc.Content[0]}
}

// line returns the line of the deepest part of a path that is there: keys are strings, list positions ints.
func (s source) line(path ...any) int {
	node, line := s.root, 0
	for _, step := range path {
		if node == nil {
			return line
		}
		node = child(node, step)
		if node != nil {
			line = node.Line
		}
	}
	return line
}

func child(node *yaml.Node, step any) *yaml.Node {
	switch at := step.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && at < len(node.Content) {
			return node.Content[at]
		}
	case string:
		if node.Kind != yaml.MappingNode {
			return nil
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == at {
				return node.Content[i+1]
			}
		}
	}
	return nil
}
