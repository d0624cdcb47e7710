package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// data returns a file of recorded prices, or skips the test: recorded prices are not part of this repository.
func data(tb testing.TB, name string) string {
	tb.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("no recorded prices: %v", err)
	}
	return path
}

// example returns a policy that ships with the program.
func example(name string) string { return filepath.Join("..", "..", "examples", name+".yaml") }

// jobs are the results on which other backtesters agree, ten digits of each: policy, fee in basis points, convention,
// final NAV, rebalances, turnover, traded value, drawdown, volatility, tracking error.
const jobs = `
job-a  0 post 20548575.94   81 4.211216771 127425046.8 0.7847908836 0.7970825812 0.05336041874
job-a 10 post 20355881.94   81 4.210801867 126613358.2 0.7849454844 0.7970847824 0.0533661726
job-a 10 leg  20355634.72   81 4.211249168 126622497.3 0.7849459815 0.7970818191 0.0533590219
job-a 10 seq  20356019.22   81 4.206353918 126492669   0.7849469987 0.7970893892 0.0533739597
job-b  0 post 21531367.05   75 4.801451996 139959348.4 0.7745171344 0.7895415997 0.02315502385
job-b 10 post 21304301.58   75 4.800830538 138919873   0.7748088116 0.7895213426 0.02294958682
job-b 10 leg  21303959.83   75 4.801363034 138929969.9 0.7748028538 0.7895197137 0.02294987606
job-b 10 seq  21359957.52   75 4.806437103 139611523.9 0.7748138547 0.7895205321 0.02297524386
job-c  0 post 13934626.88 1826 16.4654704  296139485.8 0.7925390798 0.7937755978 0.01398858747
job-c 10 post 13469815.55 1826 16.46281632 290220621.5 0.7933115626 0.7937711058 0.01396450185
`

// jobArgs is the command line of a job.
func jobArgs(tb testing.TB, policy string) []string {
	tb.Helper()
	args := []string{"backtest", "--market", "ideal", "--policy", example(policy), "--prices"}
	if policy == "job-c" {
		return append(args, data(tb, "hourly_majors8.csv"), "--last", "43800")
	}
	return append(args, data(tb, "daily_majors.csv"))
}

// TestJobs holds the ideal market to other backtesters, from the policy files and the command line that a user has.
func TestJobs(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(strings.TrimSpace(jobs)) {
		j := strings.Fields(line)
		t.Run(strings.Join(j[:3], "-"), func(t *testing.T) {
			t.Parallel()
			o := ballast(t, append(jobArgs(t, j[0]), "--fee-bps", j[1], "--convention", j[2], "--json")...)
			if o.code != 0 {
				t.Fatal(o.err)
			}
			var r backtest.Result
			if err := json.Unmarshal([]byte(o.out), &r); err != nil {
				t.Fatal(err)
			}
			s := &r.Treasuries[0].Summary
			same(t, "final NAV", s.FinalNAV, j[3])
			if got := strconv.Itoa(s.Rebalances); got != j[4] {
				t.Errorf("got %s rebalances, want %s", got, j[4])
			}
			same(t, "turnover", s.Turnover, j[5])
			same(t, "traded", s.Traded, j[6])
			same(t, "drawdown", s.MaxDrawdown, j[7])
			same(t, "volatility", s.Volatility, j[8])
			same(t, "tracking error", s.TrackingError, j[9])
		})
	}
}

// same allows 1e-9 of the value: the tenth digit of what is written.
func same(t *testing.T, name string, got fixed.Wad, want string) {
	t.Helper()
	var c fixed.Calc
	w := enginetest.W(t, want)
	allowed := c.MulTrunc(w, fixed.FromRaw(1_000_000_000))
	if allowed.Less(c.Sub(got, w).Abs()) || c.Err() != nil {
		t.Errorf("%s: got %s, want %s", name, got, want)
	}
}

// TestJobD is the sweep of job D, one threshold in fifty, with what is known of its ends.
func TestJobD(t *testing.T) {
	t.Parallel()
	o := ballast(t, "frontier", "--policy", example("job-b"), "--prices", data(t, "daily_majors.csv"), "--fee-bps", "10",
		"--param", "trigger.threshold=0.05%,1%,2%,5%,10%,50%", "--csv")
	if o.code != 0 {
		t.Fatal(o.err)
	}
	rows, err := csv.NewReader(strings.NewReader(o.out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int {
		for i, head := range rows[0] {
			if head == name {
				return i
			}
		}
		t.Fatalf("no column %s in %v", name, rows[0])
		return 0
	}
	for threshold, want := range map[string]string{"0.05%": "2440", "5%": "75", "50%": "1"} {
		for _, row := range rows[1:] {
			if row[0] == threshold && row[column("rebalances")] != want {
				t.Errorf("%s: got %s rebalances, want %s", threshold, row[column("rebalances")], want)
			}
			if row[0] == "5%" {
				same(t, "final NAV", enginetest.W(t, row[column("final_nav")]), "21304301.58")
			}
		}
	}
	if len(rows) != 7 {
		t.Errorf("got %d rows, want a header and six", len(rows))
	}
}

func BenchmarkJobC(b *testing.B) {
	args := append(jobArgs(b, "job-c"), "--json")
	b.ReportAllocs()
	for b.Loop() {
		benchmark(b, args)
	}
}

func BenchmarkJobD(b *testing.B) {
	args := []string{
		"frontier", "--policy", example("job-b"), "--prices", data(b, "daily_majors.csv"), "--fee-bps", "10",
		"--param", "trigger.threshold=0.05%..50%/1000", "--csv",
	}
	b.ReportAllocs()
	for b.Loop() {
		benchmark(b, args)
	}
}
