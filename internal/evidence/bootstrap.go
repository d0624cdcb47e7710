package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// interval is an estimate with its 5 % and 95 % points.
type interval struct{ at, low, high float64 }

func (i interval) text(scale float64, decimals int) string {
	return fmt.Sprintf("%.*f (%.*f to %.*f)", decimals, i.at*scale, decimals, i.low*scale, decimals, i.high*scale)
}

const (
	resamples   = 1000
	blockLength = 20 // steps of a curve that stay together, so that what depends on each other does
)

// bootstrap estimates a statistic of a series and how much it would vary, by resampling blocks around the circle.
func bootstrap(series []float64, statistic func([]float64) float64) interval {
	rnd := rand.New(rand.NewPCG(1, uint64(len(series)))) //nolint:gosec // statistics want to be repeated
	values := make([]float64, resamples)
	sample := make([]float64, len(series))
	for r := range values {
		for i := 0; i < len(sample); i += blockLength {
			start := rnd.IntN(len(series))
			for k := 0; k < blockLength && i+k < len(sample); k++ {
				sample[i+k] = series[(start+k)%len(series)]
			}
		}
		values[r] = statistic(sample)
	}
	slices.Sort(values)
	return interval{statistic(series), values[resamples/20], values[resamples-resamples/20]}
}

func mean(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func deviation(x []float64) float64 {
	m := mean(x)
	var sum float64
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(x)-1))
}

func root(x float64) float64 { return math.Sqrt(x) }

func day(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.DateOnly) }

// grouped prints 68444 as 68,444.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
