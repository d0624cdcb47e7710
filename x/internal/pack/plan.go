package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
)

var (
	// ErrType says that a type has no encoding.
	ErrType = errors.New("pack: type cannot be stored")
	// ErrBytes says that bytes are not the encoding of a value.
	ErrBytes = errors.New("pack: invalid encoding")
)

// plan is how values of one type are written and read.
type plan struct {
	shape  string // the type in words: what a golden test compares
	least  int    // bytes of the shortest encoding
	append func(b []byte, v reflect.Value) ([]byte, error)
	decode func(b []byte, v reflect.Value) ([]byte, error)
}

var (
	wadType   = reflect.TypeFor[fixed.Wad]()
	natType   = reflect.TypeFor[fixed.Nat]()
	errorType = reflect.TypeFor[error]()
)

// planOf makes the plan of a type, or says which part of it has none.
func planOf(t reflect.Type) (*plan, error) {
	switch t {
	case wadType:
		return wadPlan(), nil
	case natType:
		return natPlan(), nil
	case errorType:
		return errorPlan(), nil
	}
	switch t.Kind() { //nolint:exhaustive // the others cannot be stored
	case reflect.Bool:
		return boolPlan(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return intPlan(t), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return uintPlan(t), nil
	case reflect.String:
		return stringPlan(), nil
	case reflect.Slice:
		return slicePlan(t)
	case reflect.Array:
		return arrayPlan(t)
	case reflect.Struct:
		return structPlan(t)
	default:
		return nil, fmt.Errorf("%w: %v", ErrType, t)
	}
}

func truncated(what string) error { return fmt.Errorf("%w: a %s is cut off", ErrBytes, what) }

func wadPlan() *plan {
	return &plan{
		shape: "wad", least: 1,
		append: func(b []byte, v reflect.Value) ([]byte, error) {
			return v.Addr().Interface().(*fixed.Wad).AppendBinary(b) //nolint:forcetypeassert // planOf looked
		},
		decode: func(b []byte, v reflect.Value) ([]byte, error) {
			w, rest, err := fixed.DecodeWad(b)
			*v.Addr().Interface().(*fixed.Wad) = w //nolint:forcetypeassert // planOf looked
			return rest, err
		},
	}
}

func natPlan() *plan {
	return &plan{
		shape: "nat", least: 1,
		append: func(b []byte, v reflect.Value) ([]byte, error) {
			return v.Addr().Interface().(*fixed.Nat).AppendBinary(b) //nolint:forcetypeassert // planOf looked
		},
		decode: func(b []byte, v reflect.Value) ([]byte, error) {
			n, rest, err := fixed.DecodeNat(b)
			*v.Addr().Interface().(*fixed.Nat) = n //nolint:forcetypeassert // planOf looked
			return rest, err
		},
	}
}

// textError is an error that came out of a store.
type textError string

// Error returns the text.
func (e textError) Error() string { return string(e) }

func errorPlan() *plan {
	return &plan{
		shape: "error", least: 1,
		append: func(b []byte, v reflect.Value) ([]byte, error) {
			if v.IsNil() {
				return appendString(b, ""), nil
			}
			return appendString(b, v.Interface().(error).Error()), nil //nolint:forcetypeassert // planOf looked
		},
		decode: func(b []byte, v reflect.Value) ([]byte, error) {
			text, rest, err := decodeString(b)
			if err != nil || text == "" {
				return rest, err
			}
			v.Set(reflect.ValueOf(textError(text)))
			return rest, nil
		},
	}
}

func boolPlan() *plan {
	return &plan{
		shape: "bool", least: 1,
		append: func(b []byte, v reflect.Value) ([]byte, error) {
			if v.Bool() {
				return append(b, 1), nil
			}
			return append(b, 0), nil
		},
		decode: func(b []byte, v reflect.Value) ([]byte, error) {
			if len(b) == 0 {
				return b, truncated("bool")
			}
			if b[0] > 1 {
				return b, fmt.Errorf("%w: expected a bool of 0 or 1, got %d", ErrBytes, b[0])
			}
			v.SetBool(b[0] == 1)
			return b[1:], nil
		},
	}
}

func intPlan(t reflect.Type) *plan {
	return &plan{
		shape: t.Kind().String(), least: 1,
		append: func(b []byte, v reflect.Value) ([]byte, error) { return binary.AppendVarint(b, v.Int()), nil },
		decode: func(b []byte, v reflect.Value) ([]byte, error) {
			n, size := binary.Varint(b)
			if size <= 0 || size > 1 && b[size-1] == 0 {
				return b, fmt.Errorf("%w: no shortest varint", ErrBytes)
			}
			if v.OverflowInt(n) {
				return b, fmt.Errorf("%w: %d is no %v", ErrBytes, n, t)
			}
			v.SetInt(n)
			return b[size:], nil
		},
	}
}

func uintPlan(t reflect.Type) *plan {
	return &plan{
		shape: t.Kind().String(), least: 1,
		append: func(b []byte, v reflect.Value) ([]byte, error) { return binary.AppendUvarint(b, v.Uint()), nil },
		decode: func(b []byte, v reflect.Value) ([]byte, error) {
			n, rest, err := decodeUvarint(b)
			if err != nil {
				return b, err
			}
			if v.OverflowUint(n) {
				return b, fmt.Errorf("%w: %d is no %v", ErrBytes, n, t)
			}
			v.SetUint(n)
			return rest, nil
		},
	}
}

func decodeUvarint(b []byte) (uint64, []byte, error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || size > 1 && b[size-1] == 0 {
		return 0, b, fmt.Errorf("%w: no shortest varint", ErrBytes)
	}
	return n, b[size:], nil
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func decodeString(b []byte) (string, []byte, error) {
	n, rest, err := decodeUvarint(b)
	if err != nil {
		return "", b, err
	}
	if n > uint64(len(rest)) {
		return "", b, truncated("string")
	}
	return string(rest[:n]), rest[n:], nil
}

func stringPlan() *plan {
	return &plan{
		shape: "string", least: 1,
		append: func(b []byte, v reflect.Value) ([]byte, error) { return appendString(b, v.String()), nil },
		decode: func(b []byte, v reflect.Value) ([]byte, error) {
			text, rest, err := decodeString(b)
			v.SetString(text)
			return rest, err
		},
	}
}

// slicePlan reads only as many elements as the bytes that are left can hold.
func slicePlan(t reflect.Type) (*plan, error) {
	elem, err := planOf(t.Elem())
	if err != nil {
		return nil, err
	}
	if elem.least == 0 {
		return nil, fmt.Errorf("%w: %v: elements of no bytes", ErrType, t)
	}
	return &plan{
		shape: "[]" + elem.shape, least: 1,
		append: func(b []byte, v reflect.Value) ([]byte, error) {
			return appendAll(binary.AppendUvarint(b, uint64(v.Len())), v, elem) //nolint:gosec // a length
		},
		decode: func(b []byte, v reflect.Value) ([]byte, error) {
			n, rest, err := decodeUvarint(b)
			if err != nil {
				return b, err
			}
			if n > uint64(len(rest)/elem.least) { //nolint:gosec // a length
				return b, truncated("list")
			}
			v.SetZero()
			if n == 0 {
				return rest, nil
			}
			v.Set(reflect.MakeSlice(t, int(n), int(n))) //nolint:gosec // at most the number of bytes
			return decodeAll(rest, v, elem)
		},
	}, nil
}

func arrayPlan(t reflect.Type) (*plan, error) {
	elem, err := planOf(t.Elem())
	if err != nil {
		return nil, err
	}
	return &plan{
		shape: fmt.Sprintf("[%d]%s", t.Len(), elem.shape), least: t.Len() * elem.least,
		append: func(b []byte, v reflect.Value) ([]byte, error) { return appendAll(b, v, elem) },
		decode: func(b []byte, v reflect.Value) ([]byte, error) { return decodeAll(b, v, elem) },
	}, nil
}

func appendAll(b []byte, v reflect.Value, elem *plan) ([]byte, error) {
	var err error
	for i := range v.Len() {
		if b, err = elem.append(b, v.Index(i)); err != nil {
			return b, err
		}
	}
	return b, nil
}

func decodeAll(b []byte, v reflect.Value, elem *plan) ([]byte, error) {
	var err error
	for i := range v.Len() {
		if b, err = elem.decode(b, v.Index(i)); err != nil {
			return b, fmt.Errorf("%d: %w", i, err)
		}
	}
	return b, nil
}

func structPlan(t reflect.Type) (*plan, error) {
	fields := make(fieldPlans, t.NumField())
	shape, least := make([]string, t.NumField()), 0
	for i := range fields {
		f := t.Field(i)
		if !f.IsExported() {
			return nil, fmt.Errorf("%w: %v has the unexported field %s", ErrType, t, f.Name)
		}
		p, err := planOf(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%v.%s: %w", t, f.Name, err)
		}
		fields[i] = fieldPlan{plan: p, name: f.Name}
		shape[i] = f.Name + " " + p.shape
		least += p.least
	}
	return &plan{
		shape: "{" + strings.Join(shape, "; ") + "}", least: least, append: fields.append, decode: fields.decode,
	}, nil
}

// fieldPlans are those of a struct, one after the other.
type fieldPlans []fieldPlan

type fieldPlan struct {
	*plan

	name string
}

func (fs fieldPlans) append(b []byte, v reflect.Value) ([]byte, error) {
	var err error
	for i, f := range fs {
		if b, err = f.append(b, v.Field(i)); err != nil {
			return b, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return b, nil
}

func (fs fieldPlans) decode(b []byte, v reflect.Value) ([]byte, error) {
	var err error
	for i, f := range fs {
		if b, err = f.decode(b, v.Field(i)); err != nil {
			return b, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return b, nil
}
