package auction

import "fmt"

// Pace is the rhythm of the chain as an auction sees it.
type Pace struct {
	BlockSeconds int64 // target time of a block
	// HaltSeconds is the longest time between two blocks after which the clock still runs.
	HaltSeconds int64
}

// capBlocks is the longest time a block may count for, in target block times.
const capBlocks = 3

// CapSeconds is the longest time that one block may move the clock, so that a slow chain cannot make the price jump.
func (p Pace) CapSeconds() int64 { return capBlocks * p.BlockSeconds }

// Validate checks 0 < BlockSeconds and CapSeconds <= HaltSeconds.
func (p Pace) Validate() error {
	if p.BlockSeconds <= 0 || p.BlockSeconds > MaxDurationSeconds {
		return fmt.Errorf("%w: expected a block time of 1..%d s, got %d", ErrPace, MaxDurationSeconds, p.BlockSeconds)
	}
	if p.HaltSeconds < p.CapSeconds() {
		return fmt.Errorf("%w: expected a halt of at least %d block times, %d s, got %d s",
			ErrPace, capBlocks, p.CapSeconds(), p.HaltSeconds)
	}
	return nil
}

// Clock is the effective time of a lot: the block times that it saw, each at most CapSeconds.
type Clock struct {
	Last      int64 // time of the last block
	Effective int64 // seconds
	// Frozen says that the chain halted: the price is void until Resume.
	Frozen bool
}

// Tick is what a block did to a clock.
type Tick uint8

// The results of a block.
const (
	// TickUnspecified is not a result.
	TickUnspecified Tick = iota
	// TickRunning says that the clock took the block's time in.
	TickRunning
	// TickFrozen says that the chain halted and the price is void: anchor it again on a healthy oracle, or refund.
	TickFrozen
)

// Advance moves the clock to a block. Only the time between two blocks decides about a halt, never the time since
// the last bid: a quiet auction on a chain a little slower than planned is not a halted one.
func (k Clock) Advance(p Pace, now int64) (Clock, Tick, error) {
	if now < k.Last {
		return k, TickUnspecified, fmt.Errorf("%w: expected at least %d, got %d", ErrTime, k.Last, now)
	}
	passed := now - k.Last
	k.Last = now
	if passed < 0 || passed > p.HaltSeconds { // below zero: the difference of two extreme times
		k.Frozen = true
	}
	if k.Frozen {
		return k, TickFrozen, nil
	}
	k.Effective += min(passed, p.CapSeconds())
	return k, TickRunning, nil
}

// Resume lets a frozen clock run again from now. The effective time stays: a halt neither costs the lot a part of
// its window nor makes the window longer.
func (k Clock) Resume(now int64) Clock { return Clock{Last: now, Effective: k.Effective} }
