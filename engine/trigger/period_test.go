package trigger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/trigger"
)

const (
	hour = int64(3_600)
	day  = 24 * hour
)

func moment(t *testing.T, text string) int64 {
	t.Helper()
	m, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		t.Fatal(err)
	}
	return m.Unix()
}

// TestSlots has the numbers of spec 02 §2.1 first.
func TestSlots(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		period trigger.Period
		now    []int64
		want   []int64
	}{
		{"specification", trigger.Daily(), []int64{86_399, 86_400, 172_799, 180_000}, []int64{0, 1, 1, 2}},
		{"before the anchor", trigger.Every(10, 100), []int64{79, 80, 89, 90, 99, 100}, []int64{-3, -2, -2, -1, -1, 0}},
		{"weeks begin on Monday", trigger.Weekly(), []int64{
			moment(t, "1970-01-04 23:59:59"), moment(t, "1970-01-05 00:00:00"), moment(t, "1970-01-11 23:59:59"),
		}, []int64{-1, 0, 0}},
		{"months", trigger.Monthly(), []int64{
			moment(t, "1969-12-31 23:59:59"), 0, moment(t, "1970-01-31 23:59:59"), moment(t, "1970-02-01 00:00:00"),
			moment(t, "2024-02-29 12:00:00"), moment(t, "2024-03-01 00:00:00"),
		}, []int64{-1, 0, 0, 1, 649, 650}},
		{"quarters", trigger.Quarterly(), []int64{
			moment(t, "2024-03-31 23:59:59"), moment(t, "2024-04-01 00:00:00"), moment(t, "2024-12-31 23:59:59"),
		}, []int64{216, 217, 219}},
		{"months from eight o'clock", trigger.Period{Months: 1, Anchor: 8 * hour}, []int64{
			moment(t, "1970-02-01 07:59:59"), moment(t, "1970-02-01 08:00:00"),
		}, []int64{0, 1}},
		{"not valid, no panic", trigger.Period{}, []int64{7}, []int64{7}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for i, now := range test.now {
				if got := test.period.Slot(now); got != test.want[i] {
					t.Errorf("%d: slot %d, want %d", now, got, test.want[i])
				}
			}
		})
	}
}

// TestMonthsAgainstTime walks ten thousand days from before the epoch to the year 2100.
func TestMonthsAgainstTime(t *testing.T) {
	t.Parallel()
	months, quarters := trigger.Monthly(), trigger.Quarterly()
	for now := moment(t, "1899-12-31 05:00:00"); now < moment(t, "2101-03-02 00:00:00"); now += 5 * day {
		y, m, _ := time.Unix(now, 0).UTC().Date()
		slot := int64(y-1970)*12 + int64(m) - 1
		if got := months.Slot(now); got != slot {
			t.Fatalf("%d: month %d, want %d", now, got, slot)
		}
		start := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		if got := months.Start(slot); got != start.Unix() {
			t.Fatalf("%v begins at %d, want %d", start, got, start.Unix())
		}
		if got := months.Next(now); got != start.AddDate(0, 1, 0).Unix() {
			t.Fatalf("after %v: %d", start, got)
		}
		quarter := time.Date(y, m-(m-1)%3, 1, 0, 0, 0, 0, time.UTC)
		if got := quarters.Start(quarters.Slot(now)); got != quarter.Unix() {
			t.Fatalf("quarter of %v begins at %d, want %d", start, got, quarter.Unix())
		}
	}
}

// TestPeerClock has the cycle clock of another system.
func TestPeerClock(t *testing.T) {
	t.Parallel()
	for _, peer := range enginetest.Peers(t, "cycle clock") {
		t.Run(peer.ID, func(t *testing.T) {
			t.Parallel()
			var in struct{ Now, Period int64 }
			var want struct {
				Start int64 `json:"cycle_start"`
				Next  int64 `json:"next_cycle"`
			}
			enginetest.Decode(t, peer.Inputs, &in)
			enginetest.Decode(t, peer.Expected, &want)
			p := trigger.Every(in.Period, 0)
			if got := p.Start(p.Slot(in.Now)); got != want.Start {
				t.Errorf("start %d, want %d", got, want.Start)
			}
			if got := p.Next(in.Now); got != want.Next {
				t.Errorf("next %d, want %d", got, want.Next)
			}
		})
	}
}

// TestPeerDrift takes the moments of another system's controller: an interval that runs three seconds late is in the
// same slot as one that runs on time, and one that runs a month late is thirty slots on, in one step.
func TestPeerDrift(t *testing.T) {
	t.Parallel()
	want := map[string]int64{"VAL-CLK-05": 0, "VAL-CLK-07": 29, "VAL-CLK-09": 1}
	for _, peer := range enginetest.Peers(t, "PID dt") {
		var in struct {
			Now, Period int64
			Last        int64 `json:"last_rebalance"`
		}
		enginetest.Decode(t, peer.Inputs, &in)
		p := trigger.Every(in.Period, 0)
		if got := p.Slot(in.Now) - p.Slot(in.Last); got != want[peer.ID] {
			t.Errorf("%s: %d slots, want %d", peer.ID, got, want[peer.ID])
		}
	}
}

func TestValidatePeriod(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		period trigger.Period
		want   error
	}{
		{"day", trigger.Daily(), nil},
		{"week", trigger.Weekly(), nil},
		{"month", trigger.Monthly(), nil},
		{"quarter", trigger.Quarterly(), nil},
		{"neither", trigger.Period{}, trigger.ErrConfig},
		{"both", trigger.Period{Seconds: 1, Months: 1}, trigger.ErrConfig},
		{"negative seconds", trigger.Period{Seconds: -1}, trigger.ErrConfig},
		{"negative months", trigger.Period{Months: -1}, trigger.ErrConfig},
		{"too many seconds", trigger.Every(1<<60, 0), trigger.ErrConfig},
		{"too many months", trigger.Period{Months: 1_201}, trigger.ErrConfig},
		{"anchor too late", trigger.Every(1, 1<<60), trigger.ErrConfig},
		{"anchor too early", trigger.Every(1, -1<<60), trigger.ErrConfig},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := test.period.Validate(); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}
