package price_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/backtest/price"
)

// kinds are all errors of a reader that has its bytes.
var kinds = []error{
	price.ErrHeader, price.ErrFields, price.ErrTime, price.ErrOrder, price.ErrDuplicate, price.ErrPrice,
	price.ErrMissing, price.ErrGap, price.ErrJump, price.ErrRows, price.ErrAsset,
}

// FuzzRead feeds anything to the reader: it never panics, an error has a kind, and what it accepts is a valid table
// that survives being written and read again.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		small, "", "time,A\n", "\ufefftime,A\r\n2024-01-01T00:00:00Z,1e-5\r\n2024-01-01T01:00:00+00:00,.5",
		"# source: synthetic (seed 1)\ntime,A\n2024-01-01T00:00:00Z,1\n2024-01-01T00:00:01Z,nan\n",
		"time,A\n0000-01-01T00:00:00Z,999999999999999999\n9999-12-31T23:59:59Z,1e18\n",
		rows(hour0, hour1, "2024-01-01T02:00:00Z,\"1\"", hour2, hour2, hour0),
	} {
		f.Add([]byte(seed), int64(0), int64(2))
	}
	f.Fuzz(func(t *testing.T, text []byte, gap, fill int64) {
		opt := price.Options{MaxGapSteps: gap, ForwardFill: min(fill, 100)}
		table, _, err := price.Read(bytes.NewReader(text), "x.csv", opt)
		if err != nil {
			for _, kind := range kinds {
				if errors.Is(err, kind) {
					return
				}
			}
			t.Fatalf("an error without a kind: %v", err)
		}
		if err := table.Validate(); err != nil || table.Len() < 2 {
			t.Fatalf("%d rows, %v", table.Len(), err)
		}
		var file bytes.Buffer
		if err := price.Write(&file, table); err != nil {
			t.Fatal(err)
		}
		back, _, err := price.Read(&file, table.Source, price.Options{MaxGapSteps: 1 << 40})
		if err != nil || !equal(table, back) {
			t.Fatalf("got %v, %v, want %v", back, err, table)
		}
	})
}
