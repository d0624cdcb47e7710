package target_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/target"
)

func TestBound(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		raw, lo, hi []string
		want        []string
	}{
		{"no bounds", []string{"1", "1", "2"}, nil, nil, []string{"0.25", "0.25", "0.5"}},
		{"a cap", []string{"6", "3", "1"}, nil, []string{"0.5", "1", "1"}, []string{"0.5", "0.375", "0.125"}},
		{
			"the excess of one cap pushes the next one over its own",
			[]string{"50", "30", "20"},
			nil,
			[]string{"0.4", "0.35", "1"},
			[]string{"0.4", "0.35", "0.25"},
		},
		{"a floor", []string{"90", "9", "1"}, []string{"0", "0", "0.12"}, nil, []string{"0.8", "0.08", "0.12"}},
		{
			"more is cut than raised: the cap is settled first, and then nothing needs raising",
			[]string{"80", "15", "5"},
			[]string{"0", "0", "0.09"},
			[]string{"0.6", "1", "1"},
			[]string{"0.6", "0.3", "0.1"},
		},
		{
			"more is raised than cut: the floor is settled first, and then nothing needs cutting",
			[]string{"51", "39", "10"},
			[]string{"0", "0", "0.2"},
			[]string{"0.5", "1", "1"},
			[]string{"0.453333333333333333", "0.346666666666666667", "0.2"},
		},
		{
			"as much is cut as raised",
			[]string{"70", "20", "10"},
			[]string{"0", "0", "0.2"},
			[]string{"0.6", "1", "1"},
			[]string{"0.6", "0.2", "0.2"},
		},
		{"all at their bounds", []string{"1", "1"}, []string{"0.3", "0.7"}, []string{"0.3", "0.7"}, []string{"0.3", "0.7"}},
		{
			"what the caps refuse goes to assets without weight, by room",
			[]string{"1", "0", "0"},
			[]string{"0", "0.1", "0"},
			[]string{"0.4", "0.5", "0.8"},
			[]string{"0.4", "0.266666666666666667", "0.333333333333333333"},
		},
		{"nothing but zeros", []string{"0", "0"}, nil, []string{"0.25", "1"}, []string{"0.2", "0.8"}},
		{"one asset", []string{"7"}, nil, nil, []string{"1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws target.Workspace
			dst := make([]fixed.Wad, len(test.raw))
			raw := enginetest.Ws(t, test.raw...)
			if err := target.Bound(&ws, dst, raw, enginetest.Ws(t, test.lo...), enginetest.Ws(t, test.hi...)); err != nil {
				t.Fatal(err)
			}
			same(t, "weights", dst, test.want...)
			same(t, "raw weights", raw, test.raw...)
		})
	}
}

func TestBoundErrors(t *testing.T) {
	t.Parallel()
	var c fixed.Calc
	huge := c.MulInt(fixed.FromInt(1e18), 1e18)
	huge = c.MulInt(c.MulInt(huge, 1e18), 1e4) // 1e58
	tests := []struct {
		name    string
		raw, hi []fixed.Wad
		want    error
	}{
		{"a raw weight is missing", enginetest.Ws(t, "1"), nil, target.ErrLength},
		{"a raw weight is negative", enginetest.Ws(t, "1", "-1"), nil, target.ErrWeights},
		{"bounds too tight", enginetest.Ws(t, "1", "1"), enginetest.Ws(t, "0.4", "0.4"), target.ErrBounds},
		{"overflow", []fixed.Wad{huge, huge}, nil, fixed.ErrOverflow},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws target.Workspace
			if err := target.Bound(&ws, make([]fixed.Wad, 2), test.raw, nil, test.hi); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestCapTooLow(t *testing.T) {
	t.Parallel()
	var ws target.Workspace
	err := target.Cap(&ws, make([]fixed.Wad, 3), enginetest.Ws(t, "5", "3", "1"), enginetest.W(t, "0.333333333333333333"))
	if !errors.Is(err, target.ErrBounds) {
		t.Errorf("got %v", err)
	}
}
