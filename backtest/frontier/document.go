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
	if node.Kind == yaml.SequenceNode {
		return element(node, step)
	}
	if node.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%q is a value and has no parts", node.Value)
	}
	value := valueOf(node, step)
	if value == nil {
		value = &yaml.Node{}
		node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: step}, value)
	}
	return value, nil
}

// valueOf is what stands behind a key, nil when there is none.
func valueOf(node *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}

// element is the element of a list at a position or about an asset.
func element(list *yaml.Node, step string) (*yaml.Node, error) {
	if at, err := strconv.Atoi(step); err == nil && at >= 0 && at < len(list.Content) {
		return list.Content[at], nil
	}
	for _, e := range list.Content {
		if name := valueOf(e, "asset"); name != nil && name.Value == step {
			return e, nil
		}
	}
	return nil, fmt.Errorf("expected a position from 0 to %d or an asset of the policy, got %q",
		len(list.Content)-1, step)
}

// with is the text of the policy with other values.
func (d *document) with(values []string) ([]byte, error) {
	for i, v := range values {
		*d.places[i] = yaml.Node{Kind: yaml.ScalarNode, Value: v}
	}
	return yaml.Marshal(&d.root)
}
