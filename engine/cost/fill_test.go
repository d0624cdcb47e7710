package cost_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

var fillTests = []struct {
	name               string
	conv               cost.Convention
	fee                string
	held, wanted, want []string
	traded, cost       string
}{
	{
		"post: the fee is shared by all", cost.Post, "0.01",
		[]string{"60", "40"},
		[]string{"50", "50"},
		[]string{"49.9", "49.9"},
		"20", "0.2",
	},
	{
		"leg: every leg pays for itself", cost.Leg, "0.01",
		[]string{"60", "40"},
		[]string{"50", "50"},
		[]string{"49.898989898989898989", "49.90099009900990099"},
		"20.002000200020002001", "0.200020002000200021",
	},
	{
		"seq: the buy pays for both", cost.Seq, "0.01",
		[]string{"60", "40"},
		[]string{"50", "50"},
		[]string{"50", "49.80198019801980198"},
		"19.80198019801980198", "0.19801980198019802",
	},
	{
		"post: cash alone", cost.Post, "0.0025", // the value that Index Coop's raised targets have, IDX-MOD-05
		[]string{"0"},
		[]string{"1"},
		[]string{"0.997506234413965087"},
		"0.997506234413965087", "0.002493765586034913",
	},
	{
		"leg: cash alone", cost.Leg, "0.25",
		[]string{"0", "0"},
		[]string{"75", "25"},
		[]string{"60", "20"},
		"80", "20",
	},
	{
		"seq: cash alone, the largest buy last", cost.Seq, "0.25",
		[]string{"0", "0"},
		[]string{"75", "25"},
		[]string{"55", "25"},
		"80", "20",
	},
	{
		"seq: equal buys in order of the assets", cost.Seq, "0.25",
		[]string{"0", "0", "0"},
		[]string{"50", "50", "50"},
		[]string{"50", "50", "20"},
		"120", "30",
	},
	{
		"seq: no cash for the last", cost.Seq, "0.5",
		[]string{"90", "0", "0"},
		[]string{"0", "30", "60"},
		[]string{"0", "30", "0"},
		"120", "60",
	},
	{
		"post: what it would buy without a fee it must sell", cost.Post, "0.01",
		[]string{"60", "10", "30"},
		[]string{"40", "10.01", "49.99"},
		[]string{"39.840079680159360318", "9.969979939959879919", "49.790139580279160557"},
		"39.98007996015992032", "0.399800799601599206",
	},
	{
		"leg: a sale is at most the holding", cost.Leg, "0.01",
		[]string{"100", "0", "0"},
		[]string{"0", "60", "40"},
		[]string{"0", "58.811881188118811881", "39.207920792079207920"},
		"198.019801980198019801", "1.980198019801980199",
	},
	{
		"post: all of it changes", cost.Post, "0.25",
		[]string{"100", "0"},
		[]string{"0", "100"},
		[]string{"0", "60"},
		"160", "40",
	},
	{
		"nothing to trade", cost.Post, "0.01",
		[]string{"1", "2", "0"},
		[]string{"1", "2", "0"},
		[]string{"1", "2", "0"},
		"0", "0",
	},
	{"nothing there", cost.Seq, "0.01", []string{"0", "0"}, []string{"0", "0"}, []string{"0", "0"}, "0", "0"},
	{"no assets", cost.Post, "0.01", nil, nil, nil, "0", "0"},
}

func TestFill(t *testing.T) {
	t.Parallel()
	for _, test := range fillTests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws cost.Workspace
			dst := make([]fixed.Wad, len(test.held))
			held, wanted := enginetest.Ws(t, test.held...), enginetest.Ws(t, test.wanted...)
			got, err := cost.Fill(&ws, test.conv, enginetest.W(t, test.fee), held, wanted, dst)
			if err != nil {
				t.Fatal(err)
			}
			for i := range dst {
				if dst[i] != enginetest.W(t, test.want[i]) {
					t.Errorf("got %v, want %v", dst, test.want)
				}
			}
			if want := (cost.Filled{Traded: enginetest.W(t, test.traded), Fee: enginetest.W(t, test.cost)}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestFillErrors(t *testing.T) {
	t.Parallel()
	most := fixed.Max().String()
	large := enginetest.W(t, "1000000000000000000000000000000000000000000").String() // 1e42
	tests := []struct {
		name         string
		conv         cost.Convention
		fee          string
		held, wanted []string
		want         error
	}{
		{"no such convention", 3, "0", []string{"1"}, []string{"1"}, cost.ErrConvention},
		{"negative fee", cost.Post, "-0.01", []string{"1"}, []string{"1"}, cost.ErrFee},
		{"all is fee", cost.Post, "1", []string{"1"}, []string{"1"}, cost.ErrFee},
		{"lists differ", cost.Post, "0", []string{"1"}, []string{"1", "1"}, cost.ErrLength},
		{"a debt held", cost.Post, "0", []string{"-1", "2"}, []string{"1", "0"}, cost.ErrValue},
		{"a debt wanted", cost.Post, "0", []string{"1", "0"}, []string{"2", "-1"}, cost.ErrValue},
		{"value taken out", cost.Post, "0", []string{"1", "1"}, []string{"1", "0.999999999999999999"}, cost.ErrUnfunded},
		{"sum overflows", cost.Post, "0", []string{"1", "1"}, []string{most, most}, fixed.ErrOverflow},
		{"product overflows", cost.Post, "0.01", []string{"0"}, []string{large}, fixed.ErrOverflow},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws cost.Workspace
			dst := make([]fixed.Wad, len(test.held))
			held, wanted := enginetest.Ws(t, test.held...), enginetest.Ws(t, test.wanted...)
			got, err := cost.Fill(&ws, test.conv, enginetest.W(t, test.fee), held, wanted, dst)
			if !errors.Is(err, test.want) || got != (cost.Filled{}) {
				t.Errorf("got %+v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestConventionString(t *testing.T) {
	t.Parallel()
	names := map[cost.Convention]string{cost.Post: "post", cost.Leg: "leg", cost.Seq: "seq", 3: "convention 3"}
	for conv, want := range names {
		if got := conv.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestFillAllocatesNothing(t *testing.T) {
	held, wanted := book(t, 8)
	dst := make([]fixed.Wad, 8)
	var ws cost.Workspace
	fee := fixed.FromBps(10)
	for _, conv := range []cost.Convention{cost.Post, cost.Leg, cost.Seq} {
		if n := testing.AllocsPerRun(10, func() {
			if _, err := cost.Fill(&ws, conv, fee, held, wanted, dst); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%v: %v allocations", conv, n)
		}
	}
}
