// Command openapi finishes the description of the API that a generator made of the protocol buffers: it names it, and
// writes it without spaces, for the program that embeds it. `make proto` calls it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("expected a file to read and a file to write, got %q", args)
	}
	text, err := os.ReadFile(args[0]) //nolint:gosec // the one who calls it names the files
	if err != nil {
		return err
	}
	var document map[string]json.RawMessage // written in the order of the names, so that twice is the same
	if err := json.Unmarshal(text, &document); err != nil {
		return err
	}
	info, err := json.Marshal(map[string]string{
		"title": "Ballast", "version": "v1",
		"description": "What a node answers. Amounts are base units, prices and weights decimals, times unix seconds.",
	})
	if err != nil {
		return err
	}
	document["info"] = info
	delete(document, "tags") // one for each service, without a word
	if text, err = json.Marshal(document); err != nil {
		return err
	}
	return os.WriteFile(args[1], append(text, '\n'), 0o600) //nolint:gosec // as above
}
