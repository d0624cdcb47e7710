package report

import (
	"math"
	"strconv"
)

// column is a list of numbers for a page, written as differences of rounded integers so that a year of hours stays
// small: {"k":100,"d":[1050,5,[3],null]} is 10.50, 10.55, 10.60, 10.65, 10.70 and a gap. k divides; an entry of d adds
// to the sum so far; a list of one number repeats the entry before it so many times; null is a gap. Because the sum is
// one of integers, rounding does not build up.
type column struct {
	values []float64 // NaN: a gap
	digits int       // significant digits of the largest value; zero: integers, all of them
}

// Digits kept in columns.
const (
	navDigits   = 9
	usualDigits = 7
)

// repeatMin is the shortest run that is written as a repetition.
const repeatMin = 3

// scale is the power of ten at which the largest value has its digits.
func (c column) scale() float64 {
	largest := 0.0
	for _, x := range c.values {
		if size := math.Abs(x); size > largest && !math.IsInf(size, 0) {
			largest = size
		}
	}
	if largest == 0 || c.digits == 0 {
		return 1
	}
	places := c.digits - 1 - int(math.Floor(math.Log10(largest)))
	return math.Pow10(min(max(places, -60), 15))
}

// MarshalJSON writes the column.
func (c column) MarshalJSON() ([]byte, error) {
	scale := c.scale()
	out := make([]byte, 0, 16+6*len(c.values))
	out = append(out, `{"k":`...)
	out = strconv.AppendFloat(out, scale, 'f', -1, 64)
	out = append(out, `,"d":[`...)
	l := list{out: out}
	var sum int64
	for _, x := range c.values {
		if math.IsNaN(x) || math.Abs(x*scale) > 1<<53 {
			l.push(entry{gap: true})
			continue
		}
		at := int64(math.Round(x * scale))
		l.push(entry{step: at - sum})
		sum = at
	}
	l.flush()
	return append(l.out, "]}"...), nil
}

// entry is one element of a column's list.
type entry struct {
	step int64
	gap  bool
}

func (e entry) append(out []byte) []byte {
	if e.gap {
		return append(out, "null"...)
	}
	return strconv.AppendInt(out, e.step, 10)
}

// list writes entries and folds runs of equal ones.
type list struct {
	out    []byte
	last   entry
	repeat int // of last, beyond the one that is written
	filled bool
}

func (l *list) push(e entry) {
	if l.filled && e == l.last {
		l.repeat++
		return
	}
	l.flush()
	l.write(e)
	l.last = e
}

// flush writes the repetitions that are due.
func (l *list) flush() {
	if l.repeat >= repeatMin {
		l.out = append(l.out, ",["...)
		l.out = strconv.AppendInt(l.out, int64(l.repeat), 10)
		l.out = append(l.out, ']')
	} else {
		for range l.repeat {
			l.write(l.last)
		}
	}
	l.repeat = 0
}

func (l *list) write(e entry) {
	if l.filled {
		l.out = append(l.out, ',')
	}
	l.out = e.append(l.out)
	l.filled = true
}
