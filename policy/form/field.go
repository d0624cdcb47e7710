package form

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Words are lists of the words that fields may hold, by the names that the tags of fields use.
type Words map[string][]string

// Field is what the tags of a struct's field say.
type Field struct {
	Name     string
	Optional bool
	Words    string // the name of a list
	Like     string // an example
	Range    Range
	Index    int // of the struct's fields
}

// known keeps what Fields has found by type: the tags are those of the program, and a sweep reads a thousand policies.
var known sync.Map

// Fields returns the fields of a struct type, in order; the list must not be changed. Those without a name are not
// part of the text.
func Fields(t reflect.Type) []Field {
	list, found := known.Load(t)
	if !found {
		list, _ = known.LoadOrStore(t, fieldsOf(t))
	}
	fields, _ := list.([]Field)
	return fields
}

func fieldsOf(t reflect.Type) []Field {
	fields := make([]Field, 0, t.NumField())
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		name, options, _ := strings.Cut(tag.Get("yaml"), ",")
		if name == "" {
			continue
		}
		fields = append(fields, Field{
			Name: name, Optional: options == "omitempty", Words: tag.Get("words"), Like: tag.Get("like"),
			Range: rangeOf(tag.Get("range")), Index: i,
		})
	}
	return fields
}

func names(fields []Field) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.Name
	}
	return list
}

// Given lists the names of the fields of a struct that are not empty.
func Given(v any) []string {
	var list []string
	s := reflect.ValueOf(v)
	for _, f := range Fields(s.Type()) {
		if !s.Field(f.Index).IsZero() {
			list = append(list, f.Name)
		}
	}
	return list
}

// Range is an interval of numbers in a field's own notation; an empty bound is none.
type Range struct {
	Low, High         string
	LowOpen, HighOpen bool // the bound itself is excluded
}

// rangeOf reads a tag such as "(0%,100%]".
func rangeOf(tag string) Range {
	if tag == "" {
		return Range{}
	}
	low, high, _ := strings.Cut(tag[1:len(tag)-1], ",")
	return Range{low, high, tag[0] == '(', tag[len(tag)-1] == ')'}
}

// String says in words which numbers are in the range.
func (r Range) String() string {
	switch {
	case r.High == "" && r.LowOpen:
		return "more than " + r.Low
	case r.High == "":
		return r.Low + " or more"
	case r.LowOpen && r.HighOpen:
		return fmt.Sprintf("more than %s and less than %s", r.Low, r.High)
	case r.LowOpen:
		return fmt.Sprintf("more than %s and at most %s", r.Low, r.High)
	case r.HighOpen:
		return fmt.Sprintf("at least %s and less than %s", r.Low, r.High)
	}
	return r.Low + " to " + r.High
}

// holds reports whether a scalar lies in the range. Its bounds are read by a new scalar of the same type.
func (r Range) holds(v reflect.Value) (bool, error) {
	if r == (Range{}) {
		return true, nil
	}
	size := sizeOf(v)
	for _, b := range [...]struct {
		bound string
		open  bool
		sign  int // of what lies outside
	}{{r.Low, r.LowOpen, -1}, {r.High, r.HighOpen, 1}} {
		if b.bound == "" {
			continue
		}
		bound := reflect.New(v.Type()).Elem()
		if err := readScalar(bound, b.bound); err != nil {
			return false, fmt.Errorf("bound %s: %w", b.bound, err)
		}
		if order := size.Cmp(sizeOf(bound)); order == b.sign || order == 0 && b.open {
			return false, nil
		}
	}
	return true, nil
}

// Sized is a scalar that ranges can look at.
type Sized interface{ Size() fixed.Wad }

// sizeOf is the number behind a scalar that has a range.
func sizeOf(v reflect.Value) fixed.Wad {
	if s, ok := reflect.TypeAssert[Sized](v); ok {
		return s.Size()
	}
	if v.CanUint() {
		return fixed.FromInt(int64(v.Uint())) //nolint:gosec // fields count less than 2^63
	}
	return fixed.FromInt(v.Int())
}
