package frontier

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// document is a policy file as a tree, so that values can be put into it.
type document struct {
	root   yaml.Node
	places []*yaml.Node // of the parameters
	now    []string     // what stands there; empty: nothing
}

// open reads a policy and finds the places of parameters, which it makes where they are missing.
func open(text []byte, parameters []Parameter) (*document, error) {
	d := &document{}
	if err := yaml.Unmarshal(text, &d.root); err != nil {
		return nil, fmt.Errorf("%w: the policy cannot be read: %w", ErrParameter, err)
	}
	if len(d.root.Content) == 0 {
		return nil, fmt.Errorf("%w: the policy is empty", ErrParameter)
	}
	for _, p := range parameters {
		node := d.root.Content[0]
		for step := range strings.SplitSeq(p.Path, ".") {
			next, err := into(node, step)
			if err != nil {
				return nil, fmt.Errorf("%w: %s: %w", ErrParameter, p.Path, err)
			}
			node = next
		}
		if node.Kind == yaml.MappingNode || node.Kind == yaml.SequenceNode {
			return nil, fmt.Errorf("%w: %s is a section with parts of its own; name one of them", ErrParameter, p.Path)
		}
		d.places = append(d.places, node)
		d.now = append(d.now, node.Value)
	}
	return d, nil
}

// into goes one step down: to a key, which is made when it is missing, or to an element of a list by its position
// from 0 or by the name of its asset.
func into(node *yaml.Node, step string) (*yaml.Node, error) {
	if node.Kind == yaml.ScalarNode && node.Value == "" || node.Kind == 0 {
		*node = yaml.Node{Kind: yaml.MappingNode} // made by the step before, or a key without a value
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1], nil
			}
		}
		value := &yaml.Node{}
		node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: step}, value)
		return value, nil
	case yaml.SequenceNode:
		if at, err := strconv.Atoi(step); err == nil && at >= 0 && at < len(node.Content) {
			return node.Content[at], nil
		}
		for _, element := range node.Content {
			if named(element, step) {
				return element, nil
			}
		}
		return nil, fmt.Errorf("expected a position from 0 to %d or an asset of the policy, got %q", len(node.Content)-1, step)
	default:
		return nil, fmt.Errorf("%q is a value and has no parts", node.Value)
	}
}

// named reports whether an element of a list is about an asset.
func named(element *yaml.Node, asset string) bool {
	for i := 0; i+1 < len(element.Content); i += 2 {
		if element.Content[i].Value == "asset" && element.Content[i+1].Value == asset {
			return true
		}
	}
	return false
}

// with is the text of the policy with other values.
func (d *document) with(values []string) ([]byte, error) {
	for i, v := range values {
		*d.places[i] = yaml.Node{Kind: yaml.ScalarNode, Value: v}
	}
	return yaml.Marshal(&d.root)
}
