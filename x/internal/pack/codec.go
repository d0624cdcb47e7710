package pack

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"

	collcodec "cosmossdk.io/collections/codec"
)

// Codec writes and reads values of one type. It is safe to share and is the value codec of a collection.
type Codec[T any] struct {
	name    string
	version byte
	plan    *plan
}

var _ collcodec.ValueCodec[int] = Codec[int]{}

// New returns the codec of a type, or ErrType. The version counts the layouts of the type, from 1.
func New[T any](name string, version byte) (Codec[T], error) {
	p, err := planOf(reflect.TypeFor[T]())
	if err != nil {
		return Codec[T]{}, err
	}
	return Codec[T]{name, version, p}, nil
}

// Must is New for the construction of a keeper, before there is a chain.
func Must[T any](name string, version byte) Codec[T] {
	c, err := New[T](name, version)
	if err != nil {
		panic(err) //nolint:forbidigo // a program that cannot store its state must not start
	}
	return c
}

// Shape describes the layout of the type in words. A change of it is a change of the store.
func (c Codec[T]) Shape() string { return fmt.Sprintf("%s v%d %s", c.name, c.version, c.plan.shape) }

// Encode returns the one encoding of a value.
func (c Codec[T]) Encode(value T) ([]byte, error) {
	b, err := c.plan.append([]byte{c.version}, reflect.ValueOf(&value).Elem())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	return b, nil
}

// Decode is the inverse of Encode; ErrBytes for anything that Encode does not write.
func (c Codec[T]) Decode(b []byte) (T, error) {
	var value T
	if len(b) == 0 || b[0] != c.version {
		return value, fmt.Errorf("%w: %s: expected version %d, got % .8x", ErrBytes, c.name, c.version, b)
	}
	rest, err := c.plan.decode(b[1:], reflect.ValueOf(&value).Elem())
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%w: %d bytes too many", ErrBytes, len(rest))
	}
	if err != nil {
		var zero T
		return zero, fmt.Errorf("%s: %w", c.name, err)
	}
	return value, nil
}

// EncodeJSON writes the encoding as a text.
func (c Codec[T]) EncodeJSON(value T) ([]byte, error) {
	b, err := c.Encode(value)
	if err != nil {
		return nil, err
	}
	return json.Marshal(base64.StdEncoding.EncodeToString(b))
}

// DecodeJSON is the inverse of EncodeJSON.
func (c Codec[T]) DecodeJSON(b []byte) (T, error) {
	var text string
	var zero T
	if err := json.Unmarshal(b, &text); err != nil {
		return zero, fmt.Errorf("%w: %s: %w", ErrBytes, c.name, err)
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return zero, fmt.Errorf("%w: %s: %w", ErrBytes, c.name, err)
	}
	return c.Decode(raw)
}

// Stringify prints a value for people.
func (Codec[T]) Stringify(value T) string { return fmt.Sprintf("%+v", value) }

// ValueType names the type.
func (c Codec[T]) ValueType() string { return "ballast/" + c.name }
