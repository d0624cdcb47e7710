// Command sbom writes the bill of materials of a program: every module that is linked into it, as the program itself
// says, in CycloneDX 1.6. There is no time and no random number in it, so that twice is the same. `make release` calls
// it.
package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("expected a program, its name, its version and a file to write, got %q", args)
	}
	info, err := buildinfo.ReadFile(args[0])
	if err != nil {
		return err
	}
	content, err := os.ReadFile(args[0]) //nolint:gosec // the one who calls it names the files
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(list(info, content, args[1], args[2]), "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(args[3], append(text, '\n'), 0o600) //nolint:gosec // as above
}
