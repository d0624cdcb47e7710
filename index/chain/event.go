package chain

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/cosmos/gogoproto/jsonpb"
	"github.com/cosmos/gogoproto/proto"
)

// ours is what the names of our events begin with.
const ours = "ballast."

// mode says of an event of a block whether it is of its beginning or of its end. What happens before the beginning,
// such as the counting of the validators' votes, has none.
const mode = "mode"

// ordered lists the events of a block as they happened: its beginning, its transactions, its end. Those of transactions
// that failed did not happen. Votes, which stand where the first transaction does, have none.
func ordered(block []abci.Event, txs []*abci.ExecTxResult) []abci.Event {
	var begin, end []abci.Event
	for i := range block {
		if attribute(&block[i], mode) == "EndBlock" {
			end = append(end, block[i])
		} else {
			begin = append(begin, block[i])
		}
	}
	for _, tx := range txs {
		if tx.Code == 0 {
			begin = append(begin, tx.Events...)
		}
	}
	return append(begin, end...)
}

func attribute(e *abci.Event, key string) string {
	for i := range e.Attributes {
		if e.Attributes[i].Key == key {
			return e.Attributes[i].Value
		}
	}
	return ""
}

// typed reads our events. One whose type this program does not know is left out: a newer chain tells more.
func typed(events []abci.Event) ([]proto.Message, error) {
	list := make([]proto.Message, 0, len(events))
	var text bytes.Buffer
	for i := range events {
		e := &events[i]
		if !strings.HasPrefix(e.Type, ours) {
			continue
		}
		kind := proto.MessageType(e.Type)
		if kind == nil || kind.Kind() != reflect.Pointer {
			continue
		}
		m, ok := reflect.TypeAssert[proto.Message](reflect.New(kind.Elem()))
		if !ok {
			continue
		}
		fields(&text, e)
		if err := (&jsonpb.Unmarshaler{AllowUnknownFields: true}).Unmarshal(&text, m); err != nil {
			return nil, fmt.Errorf("event %s: %w", e.Type, err)
		}
		list = append(list, m)
	}
	return list, nil
}

// fields writes an event as the JSON of its message. The SDK adds attributes that are no field of it, and no JSON.
func fields(text *bytes.Buffer, e *abci.Event) {
	text.Reset()
	separator := byte('{')
	for i := range e.Attributes {
		a := &e.Attributes[i]
		if a.Key == mode || a.Key == "msg_index" || a.Value == "" {
			continue
		}
		text.WriteByte(separator)
		fmt.Fprintf(text, "%q:%s", a.Key, a.Value)
		separator = ','
	}
	if separator == '{' {
		text.WriteByte('{')
	}
	text.WriteByte('}')
}
