package main

import (
	"errors"
	"strings"
)

var errMarks = errors.New("expected one begin and one end mark of the generated part")

// splice replaces what stands between the marks.
func splice(old, text string) (string, error) {
	head, rest, found := strings.Cut(old, beginMark)
	_, tail, ended := strings.Cut(rest, endMark)
	if !found || !ended {
		return "", errMarks
	}
	return head + beginMark + text + endMark + tail, nil
}
