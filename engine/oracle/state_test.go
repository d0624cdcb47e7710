package oracle_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// TestStateValidates: what this package makes passes, so that a host may refuse what does not.
func TestStateValidates(t *testing.T) {
	t.Parallel()
	cfg, clearing := oracle.DefaultHistoryConfig(), oracle.DefaultClearingConfig()
	rapid.Check(t, func(t *rapid.T) {
		var h oracle.History
		var p oracle.ClearingPrice
		at := int64(now)
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			at += rapid.Int64Range(0, 4_000).Draw(t, "seconds")
			value := fixed.FromRaw(rapid.Int64Range(1, 1_000_000).Draw(t, "value"))
			a := oracle.Certain(value, 3)
			if rapid.IntRange(0, 4).Draw(t, "missing") == 0 {
				a = oracle.Aggregation{Status: oracle.StatusNoQuorum}
			}
			price, err := h.Observe(&cfg, at, &a)
			if err != nil {
				t.Fatal(err)
			}
			lost := price.Lost(rapid.Int64Range(-9, 9).Draw(t, "lost"))
			p.Add(&clearing, oracle.Clearing{Time: at, Price: value, Mid: value, Volume: value, Owners: 2})
			if err := errors.Join(h.Validate(), p.Validate(), price.Validate(), lost.Validate()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestStateRefused(t *testing.T) {
	t.Parallel()
	one := fixed.One()
	ring := func(change func(r *oracle.Ring)) error {
		r := oracle.Ring{Count: 2, Value: one, Time: 20}
		r.Points[0].Time, r.Points[1].Time = 10, 15
		change(&r)
		h := oracle.History{Time: 20, Long: r}
		return h.Validate()
	}
	if err := ring(func(*oracle.Ring) {}); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]error{
		"too many points": ring(func(r *oracle.Ring) { r.Count = oracle.RingSize + 1 }),
		"head":            ring(func(r *oracle.Ring) { r.Head = oracle.RingSize }),
		"order":           ring(func(r *oracle.Ring) { r.Points[1].Time = 10 }),
		"after the last":  ring(func(r *oracle.Ring) { r.Points[1].Time = 21 }),
		"before 1970":     ring(func(r *oracle.Ring) { r.Points[0].Time = -1 }),
		"after the time":  ring(func(r *oracle.Ring) { r.Time = 21 }),
		"short ring":      (&oracle.History{Short: oracle.Ring{Count: 99}}).Validate(),
		"good":            (&oracle.History{Good: oracle.Good{Time: 1}}).Validate(),
		"next":            (&oracle.ClearingPrice{Next: oracle.MaxClearings}).Validate(),
		"count":           (&oracle.ClearingPrice{Count: oracle.MaxClearings + 1}).Validate(),
		"depth":           (&oracle.ClearingPrice{Depth: fixed.FromInt(2)}).Validate(),
		"status":          (&oracle.Price{Status: 99}).Validate(),
		"age":             (&oracle.Price{AgeSeconds: -1}).Validate(),
		"classes":         (&oracle.Price{Classes: 99}).Validate(),
	} {
		if !errors.Is(got, oracle.ErrState) {
			t.Errorf("%s: error %v, want %v", name, got, oracle.ErrState)
		}
	}
	for name, got := range map[string]error{
		"ring":      ring(func(r *oracle.Ring) { r.Value = fixed.Wad{} }),
		"clearings": (&oracle.ClearingPrice{Count: 1, Value: fixed.Max()}).Validate(),
		"price":     (&oracle.Price{Value: fixed.FromRaw(-1)}).Validate(),
	} {
		if !errors.Is(got, oracle.ErrPrice) {
			t.Errorf("%s: error %v, want %v", name, got, oracle.ErrPrice)
		}
	}
}
