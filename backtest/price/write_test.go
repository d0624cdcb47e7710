package price_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	table := read(t, small, price.Options{})
	if err := price.Write(&file, table); err != nil || file.String() != small {
		t.Errorf("got %v\n%s\nwant\n%s", err, file.String(), small)
	}
	table.Source, table.Synthetic = "synthetic (seed 3)", true
	file.Reset()
	if err := price.Write(&file, table); err != nil || file.String() != "# source: synthetic (seed 3)\n"+small {
		t.Errorf("got %v\n%s", err, file.String())
	}
}

func TestAppendRow(t *testing.T) {
	t.Parallel()
	prices := append(enginetest.Ws(t, "0.000000000000000001", "1000000000000000000", "60000.5", "-2.5", "0"), fixed.Max())
	want := "1970-01-01T00:00:00Z,0.000000000000000001,1000000000000000000,60000.5,-2.5,0," + fixed.Max().String() + "\n"
	if got := string(price.AppendRow(nil, 0, prices)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// full is a disk that is full after some writes.
type full struct{ writes int }

func (f *full) Write(p []byte) (int, error) {
	f.writes--
	if f.writes < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestWriteFails(t *testing.T) {
	t.Parallel()
	table := &price.Table{Assets: []string{"A"}, Times: span(0, 4000, 60)}
	for range table.Times {
		table.Prices = append(table.Prices, fixed.One())
	}
	for _, writes := range []int{0, 1} {
		if err := price.Write(&full{writes}, table); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("after %d writes: got %v", writes, err)
		}
	}
	if err := price.Write(&full{2}, table); err != nil {
		t.Error(err)
	}
}

func TestEmptyTable(t *testing.T) {
	t.Parallel()
	table := &price.Table{Assets: []string{"A"}}
	if _, err := table.Last(2); !errors.Is(err, price.ErrRows) || !strings.HasSuffix(err.Error(), "it has no rows") {
		t.Errorf("got %v", err)
	}
}
