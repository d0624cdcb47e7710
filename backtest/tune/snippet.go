package tune

import (
	"fmt"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// percentPlaces are the decimals of a percentage that is written.
const percentPlaces = 2

// snippet is the part of a policy file that the advice is about. What was worked out is rounded down to two decimals of
// a percent.
func (a *Advice) snippet() string {
	in, b := &a.Intent, &a.Band
	var s strings.Builder
	fmt.Fprintf(&s, "speed: {interval: %s, close: %s, within: %d}\n",
		policy.Span{Seconds: in.IntervalSeconds}, policy.Ratio{Wad: in.Close}, in.Intervals)
	switch inner := percent(b.Inner); {
	case b.Threshold.IsZero():
		s.WriteString("trigger: {kind: always} # an interval is too long for a threshold to matter\n")
	case inner == nothing:
		fmt.Fprintf(&s, "trigger: {kind: threshold, threshold: %s}\n", percent(b.Threshold))
	default:
		fmt.Fprintf(&s, "trigger: {kind: threshold, threshold: %s, inner: %s}\n", percent(b.Threshold), inner)
	}
	fmt.Fprintf(&s, "cost: {proportional: %s, risk_aversion: %s}\n", policy.Ratio{Wad: in.Cost}, in.RiskAversion)
	return s.String()
}

// nothing is what percent makes of less than a hundredth of a percent.
const nothing = "0%"

// percent writes a ratio of zero or more as a percentage, rounded down.
func percent(w fixed.Wad) string {
	var c fixed.Calc
	return short(c.MulInt(w, 100), percentPlaces) + "%"
}

// short writes a decimal of zero or more with at most so many places, rounded down, without trailing zeros.
func short(w fixed.Wad, places int) string {
	text := w.Text()
	text = text[:len(text)-fixed.Decimals+places]
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// days writes a span in days with one decimal.
func days(seconds int64) string {
	var c fixed.Calc
	return short(c.DivIntTrunc(fixed.FromInt(seconds), 86400), 1) + " d"
}
