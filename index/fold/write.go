package fold

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/cosmos/gogoproto/jsonpb"
	"github.com/cosmos/gogoproto/proto"
)

// row is a row of a table: names of columns, and their values.
type row struct {
	table   string
	columns string // separated by spaces
	values  []any
}

// insert is the statement of a new row.
func (r *row) insert() string {
	names := strings.Fields(r.columns)
	places := make([]string, len(names))
	for i := range names {
		places[i] = "$" + strconv.Itoa(i+1)
	}
	return "INSERT INTO " + r.table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
}

// put writes a new row.
func (b *block) put(ctx context.Context, r row) error {
	statement, ok := b.statements[r.table]
	if !ok {
		statement = r.insert()
		b.statements[r.table] = statement
	}
	return b.tx.Exec(ctx, statement, r.values...)
}

// exec changes rows.
func (b *block) exec(ctx context.Context, statement string, args ...any) error {
	return b.tx.Exec(ctx, statement, args...)
}

// bit is a flag as the schema has it.
func bit(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// id is a number of the chain as the schema has it. Ids are counted from 1 and never reach 2^63.
func id(n uint64) int64 { return int64(n) } //nolint:gosec // see above

// shown is a decimal for charts and sorting; nothing when there is none.
func shown(decimal string) any {
	f, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return nil
	}
	return f
}

// list is JSON of values of our own.
func list(values any) (string, error) {
	text, err := json.Marshal(values)
	return string(text), err
}

// message is a message as the chain shows it.
func message(m proto.Message) (string, error) {
	text, err := (&jsonpb.Marshaler{OrigName: true}).MarshalToString(m)
	if err != nil {
		return "", fmt.Errorf("%s: %w", proto.MessageName(m), err)
	}
	return text, nil
}

// word makes a status of the name of an enum: STAGE_WIND_DOWN with the prefix STAGE_ is wind-down.
func word(name, prefix string) string {
	name = strings.ToLower(strings.TrimPrefix(name, prefix))
	if name == "unspecified" {
		return ""
	}
	return strings.ReplaceAll(name, "_", "-")
}
