package policy

import (
	"embed"
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/policy/form"
)

//go:embed templates/*.yaml
var templates embed.FS

//go:embed policy.schema.json
var schema string

// ErrTemplate says that there is no template of a name.
var ErrTemplate = errors.New("policy: no such template")

// Templates returns the names of the templates, the one to begin with first.
func Templates() []string { return []string{"dao-treasury", "stable-runway", "index", "60-40", "cppi"} }

// Template returns a policy file to start from, with comments. A name that does not exist is ErrTemplate, and the error
// names those that do.
func Template(name string) ([]byte, error) {
	text, err := templates.ReadFile("templates/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrTemplate, form.Among(name, Templates()))
	}
	return text, nil
}

// Schema returns the JSON Schema (draft 2020-12) of policy files, for editors. It is made of the types and comments of
// this package.
func Schema() []byte { return []byte(schema) }
