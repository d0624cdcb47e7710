package metrics_test

import (
	"errors"
	"math"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// TestHealth is a day of one asset: 18 hours good, 4 without a quorum, 2 with the breaker open.
func TestHealth(t *testing.T) {
	t.Parallel()
	var h metrics.Health
	for _, span := range []struct {
		hours      int64
		status     oracle.Status
		confidence string
	}{
		{12, oracle.StatusOK, "0.001"},
		{4, oracle.StatusNoQuorum, "0.5"},
		{2, oracle.StatusTripped, "0.5"},
		{6, oracle.StatusOK, "0.004"},
	} {
		price := oracle.Price{Status: span.status, Confidence: enginetest.W(t, span.confidence)}
		if err := h.Observe(span.hours*3600, price); err != nil {
			t.Fatal(err)
		}
	}
	var c fixed.Calc
	equal(t, "OK", h.OK.Share(&c), enginetest.W(t, "0.75"))
	equal(t, "no quorum", h.NoQuorum.Share(&c), enginetest.W(t, "0.166666666666666666"))
	equal(t, "tripped", h.Tripped.Share(&c), enginetest.W(t, "0.083333333333333333"))
	equal(t, "mean confidence", h.Confidence.Mean(&c), enginetest.W(t, "0.002"))
	equal(t, "worst confidence", h.Confidence.Max, enginetest.W(t, "0.004"))
	check(t, &c)

	before := h
	if err := h.Observe(-1, oracle.Price{}); !errors.Is(err, metrics.ErrSample) {
		t.Errorf("negative span: got %v", err)
	}
	if err := h.Observe(math.MaxInt64, oracle.Price{}); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("span too long: got %v", err)
	}
	wild := oracle.Price{Status: oracle.StatusOK, Confidence: fixed.Max()}
	if err := h.Observe(2, wild); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("confidence out of range: got %v", err)
	}
	if h != before {
		t.Errorf("changed by refused samples: %+v, before %+v", h, before)
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	var c fixed.Calc
	var s metrics.Source
	equal(t, "no reports", s.RejectionRate(&c), fixed.Wad{})
	for i := range 8 {
		s.Observe(i == 3)
	}
	equal(t, "rejection rate", s.RejectionRate(&c), enginetest.W(t, "0.125"))
	check(t, &c)
}
