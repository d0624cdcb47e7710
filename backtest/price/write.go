package price

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// flushBytes is how much Write collects before it writes.
const flushBytes = 1 << 16

// Write writes the table in the form that Read reads, exactly. Synthetic tables begin with a comment that says so, and
// Read finds it again; recorded ones are plain CSV.
func Write(w io.Writer, t *Table) error {
	buf := make([]byte, 0, flushBytes+1<<12)
	if t.Synthetic {
		buf = append(buf, sourceComment+t.Source+"\n"...)
	}
	buf = AppendHeader(buf, t.Assets)
	for i := range t.Len() {
		buf = AppendRow(buf, t.Times[i], t.Row(i))
		if len(buf) < flushBytes {
			continue
		}
		if _, err := w.Write(buf); err != nil {
			return fmt.Errorf("price: write: %w", err)
		}
		buf = buf[:0]
	}
	if _, err := w.Write(buf); err != nil {
		return fmt.Errorf("price: write: %w", err)
	}
	return nil
}

// AppendHeader appends the line "time,ASSET,...".
func AppendHeader(dst []byte, assets []string) []byte {
	dst = append(dst, timeColumn+","...)
	dst = append(dst, strings.Join(assets, ",")...)
	return append(dst, '\n')
}

// AppendRow appends one line: the time in seconds as RFC 3339, and the prices, exact and without trailing zeros.
func AppendRow(dst []byte, at int64, prices []fixed.Wad) []byte {
	dst = time.Unix(at, 0).UTC().AppendFormat(dst, time.RFC3339)
	for _, p := range prices {
		dst = appendDecimal(append(dst, ','), p)
	}
	return append(dst, '\n')
}

// appendDecimal prints what Wad.String prints, without big integers when the whole part has 64 bits.
func appendDecimal(dst []byte, p fixed.Wad) []byte {
	var c fixed.Calc
	whole, small := c.DivIntTrunc(p, wadOne).RawUint() // raw/1e18: the whole part, as a count of 1e-18
	rest, exact := c.Sub(p, c.MulInt(fixed.FromRawUint(whole), wadOne)).RawUint()
	if p.Sign() < 0 || !small || !exact || c.Err() != nil {
		return append(dst, p.String()...)
	}
	dst = strconv.AppendUint(dst, whole, 10)
	if rest == 0 {
		return dst
	}
	dst = append(dst, '.')
	start := len(dst)
	dst = strconv.AppendUint(dst, wadOne+rest, 10) // a leading 1 keeps the zeros
	dst = append(dst[:start], dst[start+1:]...)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}
