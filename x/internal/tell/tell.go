package tell

import (
	"context"
	"encoding/json"
	"strconv"

	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Emit emits a typed event that writes itself.
func Emit(ctx context.Context, event interface{ Event() sdk.Event }) {
	sdk.UnwrapSDKContext(ctx).EventManager().EmitEvent(event.Event())
}

// Number is an attribute of a uint64: JSON writes those as texts.
func Number(key string, n uint64) abci.EventAttribute {
	return abci.EventAttribute{Key: key, Value: `"` + strconv.FormatUint(n, 10) + `"`}
}

// Word is an attribute of a text without anything to escape: an address, a number, a name of a constant.
func Word(key, text string) abci.EventAttribute {
	return abci.EventAttribute{Key: key, Value: `"` + text + `"`}
}

// Object is a JSON object that is being written, field by field.
type Object []byte

func (o Object) key(name string) Object {
	mark := byte(',')
	if len(o) == 0 {
		mark = '{'
	}
	o = append(o, mark, '"')
	o = append(o, name...)
	return append(o, '"', ':')
}

// Text adds a field of any text.
func (o Object) Text(name, text string) Object { return quote(o.key(name), text) }

// Number adds a field of a uint64.
func (o Object) Number(name string, n uint64) Object {
	return append(strconv.AppendUint(append(o.key(name), '"'), n, 10), '"')
}

// Flag adds a field of a bool.
func (o Object) Flag(name string, is bool) Object { return strconv.AppendBool(o.key(name), is) }

// Raw adds a field that is written already.
func (o Object) Raw(name, written string) Object { return append(o.key(name), written...) }

// String ends the object.
func (o Object) String() string { return string(append(o, '}')) }

// List is a JSON list of what is written of each item.
func List[T any](items []T, write func(item *T) string) string {
	out := []byte{'['}
	for i := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, write(&items[i])...)
	}
	return string(append(out, ']'))
}

// Texts is a JSON list of any texts.
func Texts(items []string) string {
	return List(items, func(text *string) string { return string(quote(nil, *text)) })
}

// quote appends any text to JSON.
func quote(out []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			escaped, _ := json.Marshal(text) //nolint:errchkjson // a text can always be written
			return append(out, escaped...)
		}
	}
	out = append(out, '"')
	out = append(out, text...)
	return append(out, '"')
}
