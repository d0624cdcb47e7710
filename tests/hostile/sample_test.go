package hostile_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sample is what a node says of itself at a moment.
type sample struct {
	at       time.Duration // since the first one
	when     time.Time
	height   float64
	txs      float64 // in blocks, in all
	bids     float64 // that were placed, in all
	fills    float64
	rounds   float64
	failed   float64 // steps
	waiting  float64 // in the mempool
	memory   float64 // resident, bytes
	heap     float64 // in use, bytes: what lives, and garbage that waits for the collector
	live     float64 // what the collector found alive, bytes
	work     float64 // seconds that all blocks' execution took
	took     float64 // seconds between the last blocks
	executed float64 // seconds a block, since the sample before
}

// sample asks node 0.
func (c *chain) sample(t *testing.T) sample {
	t.Helper()
	v := c.metrics(t, 0)
	event := func(name string) float64 { return v[`ballast_events_total{event="`+name+`"`] }
	return sample{
		when: time.Now(), height: v["cometbft_consensus_height"], txs: v["cometbft_consensus_total_txs"],
		bids: event("BidPlaced"), fills: event("Filled"), rounds: event("RoundFinished"), failed: event("StepFailed"),
		waiting: v["cometbft_mempool_size"],
		memory:  v["process_resident_memory_bytes"], heap: v["go_memstats_heap_inuse_bytes"],
		live: v["go_memstats_next_gc_bytes"] / 2, // it collects when as much again was allocated
		work: v["cometbft_state_block_processing_time_sum"] / 1e3,
	}
}

// metrics are the numbers of a node, those of several modules or events by their first label.
func (c *chain) metrics(t *testing.T, i int) map[string]float64 {
	t.Helper()
	values := map[string]float64{}
	for line := range strings.Lines(c.scrape(t, i)) {
		line = strings.TrimSpace(line)
		name, value, found := strings.Cut(line, "} ")
		if !found {
			name, value, found = strings.Cut(line, " ")
		}
		number, err := strconv.ParseFloat(value, 64)
		if strings.HasPrefix(name, "#") || !found || err != nil {
			continue
		}
		if strings.HasPrefix(name, "cometbft_") {
			name, _, _ = strings.Cut(name, "{")
		} else {
			name, _, _ = strings.Cut(name, ",")
		}
		values[name] += number
	}
	return values
}

// rate is the number of transactions a second since another sample.
func (s *sample) rate(before *sample) float64 {
	return (s.txs - before.txs) / s.when.Sub(before.when).Seconds()
}

// observe samples a node while something else is done to it.
func (c *chain) observe(t *testing.T, during time.Duration, load func(time.Duration)) []sample {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		load(during)
	}()
	list := []sample{c.sample(t)}
	for tick := time.NewTicker(sampling); ; {
		select {
		case <-done:
			tick.Stop()
			return list
		case <-tick.C:
			s, before := c.sample(t), &list[len(list)-1]
			s.at = s.when.Sub(list[0].when)
			if blocks := s.height - before.height; blocks > 0 {
				s.took, s.executed = s.when.Sub(before.when).Seconds()/blocks, (s.work-before.work)/blocks
			}
			list = append(list, s)
		}
	}
}

func resident(s *sample) float64 { return s.memory }

func alive(s *sample) float64 { return s.live }

func spacing(s *sample) float64 { return s.took }

// typical is the median of something.
func typical(list []sample, of func(*sample) float64) float64 { return quantile(list, of, 2) }

// least is what nine tenths of something are above. A collection that runs while a block is executed finds the block
// alive as well, and what is made meanwhile; one that runs between two blocks does not.
func least(list []sample, of func(*sample) float64) float64 { return quantile(list, of, 10) }

// quantile is what one in so many is below.
func quantile(list []sample, of func(*sample) float64, parts int) float64 {
	values := make([]float64, len(list))
	for i := range list {
		values[i] = of(&list[i])
	}
	slices.Sort(values)
	return values[len(values)/parts]
}

// write tells what was seen: a line a minute, and all of it in the file of -hostile.series.
func write(t *testing.T, list []sample) {
	t.Helper()
	var all strings.Builder
	all.WriteString("seconds,height,txs_per_second,bids,fills,rounds,waiting,resident_mb,heap_mb,live_mb,block_seconds," +
		"executed_ms\n")
	for i := 1; i < len(list); i++ {
		s := &list[i]
		line := fmt.Sprintf("%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.2f,%.0f",
			s.at.Seconds(), s.height, s.rate(&list[i-1]), s.bids, s.fills, s.rounds, s.waiting,
			s.memory/1e6, s.heap/1e6, s.live/1e6, s.took, s.executed*1e3)
		if all.WriteString(line + "\n"); i%6 == 1 {
			t.Log(line)
		}
	}
	if *series != "" {
		require.NoError(t, os.WriteFile(*series, []byte(all.String()), 0o600))
	}
}
