package form

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns the candidate that a misspelt word most likely means, or nothing: one slip for every three letters.
// Upper and lower case are one.
func Nearest(word string, candidates []string) string {
	if len(word) > longest {
		return ""
	}
	best, least := "", len(word)/3+1
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	return best
}

// longest bounds the words that are compared: what is longer is no slip of the pen.
const longest = 64

// Among says which words were expected, and which of them was probably meant.
func Among(word string, candidates []string) string {
	text := fmt.Sprintf("expected one of %s, got %s", strings.Join(candidates, ", "), Quote(word))
	if near := Nearest(word, candidates); near != "" {
		text += fmt.Sprintf("; did you mean %s?", near)
	}
	return text
}

// amongWords says what is wrong with a word, or nothing when it is in the list.
func amongWords(word string, list []string) string {
	if slices.Contains(list, word) {
		return ""
	}
	return Among(word, list)
}

// distance is the number of letters to insert, delete, replace or swap with their neighbour to turn a into b.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
