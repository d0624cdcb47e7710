package price_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// twin reads a decimal with rational numbers: slow and obvious.
func twin(text string) (raw *big.Int, exact bool) {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, false
	}
	r.Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(fixed.Decimals), nil)))
	raw, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(2*fixed.Decimals), nil)
	if raw.Sign() <= 0 || raw.Cmp(limit) > 0 {
		return nil, false
	}
	return raw, rest.Sign() == 0
}

// decimals draws numbers near every border of the reader: its short path, the 19th decimal, the largest price.
func decimals() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[0-9]{1,20}`),
		rapid.StringMatching(`[0-9]{1,20}\.[0-9]{1,20}`),
		rapid.StringMatching(`0?\.0{0,17}[0-9]{1,4}`),
		rapid.StringMatching(`[0-9]{1,4}(\.[0-9]{0,20})?e[+-]?[0-9]{1,2}`),
		rapid.StringMatching(`(17|18|19)\.[49]{1,18}`),
	)
}

// TestNumberTwin sends the same number through Parse, through the short path of Read, and through the twin.
func TestNumberTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := decimals().Draw(t, "text")
		want, exact := twin(text)
		got, gotExact, err := price.Parse(text)
		if (err == nil) != (want != nil) {
			t.Fatalf("%s: got %v, want %v", text, err, want)
		}
		if err == nil && (got.Big().Cmp(want) != 0 || exact != gotExact) {
			t.Fatalf("%s: got %v, %v, want %v, %v", text, got.Big(), gotExact, want, exact)
		}
		file := "time,A\n2024-01-01T00:00:00Z," + text + "\n2024-01-01T01:00:00Z," + text + "\n"
		table, _, fileErr := price.Read(strings.NewReader(file), "x", price.Options{})
		if (fileErr == nil) != (err == nil) || fileErr == nil && (table.Prices[0] != got || table.Prices[1] != got) {
			t.Fatalf("%s: file gives %v, %v; Parse gives %v, %v", text, table, fileErr, got, err)
		}
	})
}

// TestClockTwin compares the reader's clock with package time.
func TestClockTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		stamp := rapid.StringMatching(`2024-0[1-3]-(0[1-3]|29|3[01])T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z`).Draw(t, "stamp")
		file := "time,A\n2024-01-01T00:00:00Z,1\n" + stamp[:11] + "00:00:00Z,1\n" + stamp + ",1\n"
		if strings.HasPrefix(stamp, "2024-01-01") {
			file = "time,A\n2023-12-31T23:00:00Z,1\n2024-01-01T00:00:00Z,1\n" + stamp + ",1\n"
		}
		table, _, err := price.Read(strings.NewReader(file), "x", price.Options{MaxGapSteps: 1 << 30})
		want, wantErr := time.Parse(time.RFC3339, stamp)
		switch {
		case wantErr != nil:
			if !errors.Is(err, price.ErrTime) {
				t.Fatalf("%s: got %v, want ErrTime", stamp, err)
			}
		case strings.HasSuffix(stamp, "T00:00:00Z"):
			if !errors.Is(err, price.ErrDuplicate) {
				t.Fatalf("%s: got %v, want ErrDuplicate", stamp, err)
			}
		case err != nil || table.Times[2] != want.Unix():
			t.Fatalf("%s: got %v, %v, want %v", stamp, table, err, want)
		}
	})
}

// tables draws tables that Read accepts.
func tables(t *rapid.T) *price.Table {
	n := rapid.IntRange(1, 4).Draw(t, "assets")
	table := &price.Table{Source: "x.csv"}
	for j := range n {
		table.Assets = append(table.Assets, fmt.Sprintf("A%d", j))
	}
	if rapid.Bool().Draw(t, "synthetic") {
		table.Source, table.Synthetic = "synthetic (seed 9)", true
	}
	at := rapid.Int64Range(-1e9, 4e9).Draw(t, "start")
	for range rapid.IntRange(2, 30).Draw(t, "rows") {
		table.Times = append(table.Times, at)
		at += rapid.SampledFrom([]int64{60, 60, 60, 120, 90}).Draw(t, "step")
	}
	levels := make([]*big.Int, n)
	for j := range levels {
		levels[j] = new(big.Int).SetUint64(rapid.Uint64Range(1, 1<<63).Draw(t, "level"))
		levels[j].Mul(levels[j], big.NewInt(rapid.SampledFrom([]int64{1, 1e9}).Draw(t, "scale")))
	}
	for range table.Times {
		for j := range n {
			raw := new(big.Int).Mul(levels[j], big.NewInt(rapid.Int64Range(1, 9).Draw(t, "factor")))
			p, err := fixed.FromBig(raw)
			if err != nil {
				t.Fatal(err)
			}
			table.Prices = append(table.Prices, p)
		}
	}
	return table
}

func equal(a, b *price.Table) bool {
	return a.Source == b.Source && a.Synthetic == b.Synthetic && slices.Equal(a.Assets, b.Assets) &&
		slices.Equal(a.Times, b.Times) && slices.Equal(a.Prices, b.Prices)
}

// TestWriteRead returns every table unchanged.
func TestWriteRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		table := tables(t)
		var file bytes.Buffer
		if err := price.Write(&file, table); err != nil {
			t.Fatal(err)
		}
		back, _, err := price.Read(&file, "folder/x.csv", price.Options{})
		if err != nil || !equal(table, back) {
			t.Fatalf("got %v, %v, want %v", back, err, table)
		}
	})
}

// TestJoinTwin joins columns of one table that have lost rows, and compares with the rows that none has lost.
func TestJoinTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		table := tables(rt)
		opt := price.Options{MaxGapSteps: 1 << 30, MaxJump: 1 << 40}
		lost := make([]bool, table.Len())
		texts := make([]string, 0, len(table.Assets))
		for j, name := range table.Assets {
			text := price.AppendHeader(nil, []string{name})
			for i, at := range table.Times {
				if i > 1 && rapid.IntRange(0, 5).Draw(rt, "lose") == 0 {
					lost[i] = true
					continue
				}
				text = price.AppendRow(text, at, table.Row(i)[j:j+1])
			}
			texts = append(texts, string(text))
		}
		got, _, err := price.Load(save(t, texts...), opt)
		if err != nil {
			rt.Fatal(err)
		}
		k := 0
		for i, at := range table.Times {
			if lost[i] {
				continue
			}
			if got.Times[k] != at || !slices.Equal(got.Row(k), table.Row(i)) {
				rt.Fatalf("row %d: got %v %v, want %v %v", k, got.Times[k], got.Row(k), at, table.Row(i))
			}
			k++
		}
		if k != got.Len() {
			rt.Fatalf("got %d rows, want %d", got.Len(), k)
		}
	})
}

// TestFillIsRegular fills every hole of a regular table: what was there stays, and no step is missing.
func TestFillIsRegular(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		table := tables(t)
		var file bytes.Buffer
		if err := price.Write(&file, table); err != nil {
			t.Fatal(err)
		}
		filled, _, err := price.Read(&file, "x.csv", price.Options{ForwardFill: 5})
		if err != nil || filled.Validate() != nil {
			t.Fatal(err, filled)
		}
		step, k := table.StepSeconds(), 0
		for i, at := range filled.Times {
			if k+1 < table.Len() && table.Times[k+1] == at {
				k++
			}
			if !slices.Equal(filled.Row(i), table.Row(k)) {
				t.Fatalf("row %d is not row %d", i, k)
			}
			if i > 0 && at-filled.Times[i-1] > step {
				t.Fatalf("row %d: a step is missing", i)
			}
		}
	})
}

// TestStepTwin compares the usual step with the sorted steps.
func TestStepTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.Int64Range(1, 3), 1, 30).Draw(t, "steps")
		table := price.Table{Times: []int64{0}}
		for _, d := range steps {
			table.Times = append(table.Times, table.Times[len(table.Times)-1]+d)
		}
		slices.Sort(steps)
		if got, want := table.StepSeconds(), steps[(len(steps)-1)/2]; got != want {
			t.Fatalf("got %d, want %d", got, want)
		}
	})
}
