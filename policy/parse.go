package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrPolicy is what every error of a policy file wraps.
var ErrPolicy = errors.New("policy: not valid")

// Problem is one thing that is wrong with a policy file. Line is 0 when it is about the file as a whole.
type Problem struct {
	Line int
	Text string
}

// Error prints the line and the text.
func (p *Problem) Error() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Text)
}

// Unwrap returns ErrPolicy.
func (p *Problem) Unwrap() error { return ErrPolicy }

// maxBytes bounds a policy file.
const maxBytes = 1 << 20

// Parse reads and checks a policy file. The error joins one Problem for each thing that is wrong.
func Parse(text []byte) (*File, error) {
	if len(text) > maxBytes {
		return nil, &Problem{Text: fmt.Sprintf("expected at most %d bytes, got %d", maxBytes, len(text))}
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	var f File
	if err := dec.Decode(&f); err != nil {
		return nil, readable(err)
	}
	if err := dec.Decode(new(File)); !errors.Is(err, io.EOF) {
		return nil, &Problem{Text: "expected one YAML document, got more"}
	}
	if err := f.check(lines(text)); err != nil {
		return nil, err
	}
	return &f, nil
}

var unknownField = regexp.MustCompile(`^line (\d+): field (\S+) not found in type policy\.(\w+)$`)

// readable turns the decoder's error into Problems.
func readable(err error) error {
	if errors.Is(err, io.EOF) {
		return &Problem{Text: "expected a policy, got an empty file; `ballast init` writes one to start from"}
	}
	var typed *yaml.TypeError
	if !errors.As(err, &typed) {
		return &Problem{Text: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	var all []error
	for _, text := range typed.Errors {
		all = append(all, problemOf(text))
	}
	return errors.Join(all...)
}

func problemOf(text string) *Problem {
	if m := unknownField.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		return &Problem{line, fmt.Sprintf("unknown field %q; expected one of: %s", m[2], strings.Join(fieldsOf(m[3]), ", "))}
	}
	head, tail, found := strings.Cut(text, ": ")
	if number, ok := strings.CutPrefix(head, "line "); ok && found {
		if line, err := strconv.Atoi(number); err == nil {
			return &Problem{line, tail}
		}
	}
	return &Problem{Text: text}
}
