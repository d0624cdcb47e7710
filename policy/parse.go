package policy

import (
	"errors"

	"github.com/ballast-finance/ballast/policy/form"
)

// ErrPolicy is what every error of a policy file wraps.
var ErrPolicy = form.ErrInvalid

// Problem is one thing that is wrong with a policy file. Line is 0 when it is about the file as a whole.
type Problem = form.Problem //nolint:errname // see form.Problem

// Problems are all that is wrong with a policy file, in the order of its lines.
type Problems = form.Problems //nolint:errname // see form.Problem

// Parse reads and checks a policy file. Its error is Problems, one for each thing that is wrong. A file that Parse
// accepts compiles for every universe that has its assets.
func Parse(text []byte) (*File, error) {
	f := new(File)
	source, err := form.Read(text, f, vocabulary())
	if err != nil {
		return nil, emptyHint(err)
	}
	f.source = source
	if _, err := f.compileAlone(); err != nil {
		return nil, err
	}
	return f, nil
}

// emptyHint says where to get a policy to somebody who has none.
func emptyHint(err error) error {
	if errors.Is(err, form.ErrEmpty) {
		return Problems{{Text: "expected a policy, got an empty file; `ballast init` writes one to start from"}}
	}
	return err
}

// Marshal writes a policy as a file that Parse reads as the same policy. Comments are not kept.
func Marshal(f *File) ([]byte, error) { return form.Write(f) }
