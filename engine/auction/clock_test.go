package auction_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
)

// TestClockVector walks the blocks of spec 05 §5.1. The chain is anchored again after the halt and runs on.
func TestClockVector(t *testing.T) {
	t.Parallel()
	var k auction.Clock
	now := int64(0)
	for i, passed := range []int64{6, 6, 7, 45, 6, 4000, 6} {
		now += passed
		next, tick, err := k.Advance(pace, now)
		if err != nil {
			t.Fatal(err)
		}
		want := vectors(t).Clock[i]
		if string(want) == `"HALT->reanchor"` {
			if tick != auction.TickFrozen || !next.Frozen || next.Effective != k.Effective {
				t.Fatalf("block %d: %v, %+v, want frozen", i, tick, next)
			}
			if again, tick, _ := next.Advance(pace, now+6); tick != auction.TickFrozen || again.Effective != k.Effective {
				t.Fatalf("a frozen clock moved: %+v", again)
			}
			k = next.Resume(now)
			continue
		}
		if tick != auction.TickRunning || next.Effective != number(t, want) {
			t.Fatalf("block %d: %v, %d, want %s", i, tick, next.Effective, want)
		}
		k = next
	}
}

func number(tb testing.TB, raw json.RawMessage) int64 {
	tb.Helper()
	var v int64
	enginetest.Decode(tb, raw, &v)
	return v
}

func TestClockEdges(t *testing.T) {
	t.Parallel()
	k := auction.Clock{Last: 100, Effective: 40}
	if got, tick, err := k.Advance(pace, 100); err != nil || tick != auction.TickRunning || got != k {
		t.Errorf("a block in the same second: %+v, %v, %v", got, tick, err)
	}
	if got, tick, err := k.Advance(pace, 700); err != nil || tick != auction.TickRunning || got.Effective != 58 {
		t.Errorf("a block at the halt threshold: %+v, %v, %v", got, tick, err)
	}
	if got, tick, err := k.Advance(pace, 701); err != nil || tick != auction.TickFrozen || !got.Frozen {
		t.Errorf("a block beyond it: %+v, %v, %v", got, tick, err)
	}
	if got, _, err := k.Advance(pace, 99); !errors.Is(err, auction.ErrTime) || got != k {
		t.Errorf("a block in the past: %+v, %v", got, err)
	}
	early := auction.Clock{Last: math.MinInt64}
	if _, tick, err := early.Advance(pace, math.MaxInt64); err != nil || tick != auction.TickFrozen {
		t.Errorf("the largest jump: %v, %v", tick, err)
	}
}

func TestPaceErrors(t *testing.T) {
	t.Parallel()
	for _, p := range []auction.Pace{
		{},
		{BlockSeconds: -1, HaltSeconds: 9},
		{BlockSeconds: 6, HaltSeconds: 17},
		{BlockSeconds: math.MaxInt64 / 2, HaltSeconds: math.MaxInt64},
	} {
		if err := p.Validate(); !errors.Is(err, auction.ErrPace) {
			t.Errorf("%+v: %v, want ErrPace", p, err)
		}
	}
	if err := (auction.Pace{BlockSeconds: 6, HaltSeconds: 18}).Validate(); err != nil {
		t.Error(err)
	}
}
