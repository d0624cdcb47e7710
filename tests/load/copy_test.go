package load_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/index/store"
	"github.com/ballast-finance/ballast/testutil/longchain"
)

// copied are the tables that grow with the rounds.
var copied = []string{
	"blocks", "rounds", "intervals", "orders", "crossings", "lots", "clearings", "bids", "fills", "prices", "pauses",
	"movements", "notices",
}

// lengthen writes the first rounds of a history again and again as later ones, table by table, up to so many: what the
// writer makes of each would be the same, and takes a hundred times longer.
func lengthen(t *testing.T, s *store.Store, made, wanted int) {
	t.Helper()
	for have := made; have < wanted; {
		n := min(made, wanted-have)
		p, err := s.Progress(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p.Height, p.Time, p.Gap = p.Height+int64(n), longchain.Time(p.Height+int64(n)), true
		err = s.Block(t.Context(), p, func(tx *store.Tx) error {
			for _, table := range copied {
				if err := shift(t.Context(), s, tx, table, have, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		have += n
		if have%1_000 < n {
			t.Logf("%d rounds", have)
		}
	}
}

// shift copies the rows of the first n rounds of a table behind those that it has.
func shift(ctx context.Context, s *store.Store, tx *store.Tx, table string, by, n int) error {
	columns, err := names(ctx, s, table)
	if err != nil {
		return err
	}
	values := make([]string, len(columns))
	for i, name := range columns {
		values[i] = later(table, name, by)
	}
	key, from, last := "height", 2, n+1 // block 1 is no round
	switch table {
	case "intervals", "orders": // in the order of their keys
		key, from, last = "portfolio IN (SELECT id FROM portfolios) AND round", 1, n
	case "crossings", "lots", "rounds":
		key, from, last = "round", 1, n
	case "bids", "fills", "clearings":
		key, from, last = "lot", 1, 2*n+1
	}
	return tx.Exec(ctx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") SELECT "+strings.Join(values, ", ")+
		" FROM "+table+" WHERE "+key+" BETWEEN "+strconv.Itoa(from)+" AND "+strconv.Itoa(last))
}

// later is what stands in a column of a row so many rounds later. Nothing stays nothing.
func later(table, name string, by int) string {
	step := 0
	switch {
	case name == "round", strings.HasSuffix(name, "height"):
		step = by
	case strings.HasSuffix(name, "time") && name != "one_time":
		step = by * longchain.Interval
	case name == "lot", table == "lots" && name == "id":
		step = 2 * by
	}
	if step == 0 {
		return name
	}
	return "CASE WHEN " + name + " = 0 THEN 0 ELSE " + name + " + " + strconv.Itoa(step) + " END"
}

func names(ctx context.Context, s *store.Store, table string) ([]string, error) {
	rows, err := s.Reader().QueryContext(ctx, "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	list, err := rows.Columns()
	return list, errors.Join(err, rows.Err())
}
