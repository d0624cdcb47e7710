package form

import (
	"fmt"
	"reflect"
)

// Check checks the words and ranges of a struct that need not come from a text. With the Source of its text the
// problems have lines.
func Check(v any, src Source, words Words) Problems {
	place := reflect.New(reflect.TypeOf(v)).Elem()
	place.Set(reflect.ValueOf(v))
	c := &checker{src, words, nil}
	c.value(place, Field{}, nil)
	return c.problems
}

type checker struct {
	source   Source
	words    Words
	problems Problems
}

func (c *checker) value(v reflect.Value, f Field, path Path) {
	switch {
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			c.value(v.Elem(), f, path)
		}
	case isScalar(v):
		if text := f.fault(v, c.words); text != "" {
			c.problems = append(c.problems, c.source.Problem(path, "%s", text))
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			c.value(v.Index(i), Field{}, path.and(i))
		}
	case v.Kind() == reflect.Struct:
		for _, part := range Fields(v.Type()) {
			if at := v.Field(part.Index); !part.Optional || !at.IsZero() {
				c.value(at, part, path.and(part.Name))
			}
		}
	}
}

// fault says what is wrong with a scalar that could be read, or nothing.
func (f Field) fault(v reflect.Value, words Words) string {
	if v.Kind() == reflect.String && v.Len() == 0 && f.Like != "" {
		return fmt.Sprintf("is empty; write it as `%s: %s`", f.Name, f.Like)
	}
	if f.Words != "" && v.Kind() == reflect.String {
		return amongWords(v.String(), words[f.Words])
	}
	switch inside, err := f.Range.holds(v); {
	case err != nil:
		return err.Error()
	case !inside:
		return fmt.Sprintf("expected %v, got %s", f.Range, text(v))
	}
	return ""
}
