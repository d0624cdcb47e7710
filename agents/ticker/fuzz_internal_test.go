package ticker

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/oracle"
)

// FuzzAnswer: whatever a provider or a file says, there is a price within the limits that is not from the future, or an
// error of a kind that is known.
func FuzzAnswer(f *testing.F) {
	all := presets()
	for i, p := range all {
		f.Add(byte(i), []byte(answers()[p.name][1]))
	}
	f.Add(byte(len(all)), []byte("BTC,1\n"))
	f.Add(byte(0), []byte(`{"symbol":"BTCUSDT","price":1e400}`))
	f.Fuzz(func(t *testing.T, which byte, body []byte) {
		var q quote
		var err error
		if i := int(which) % (len(all) + 1); i < len(all) {
			q, err = all[i].read(body, all[i].example, noon())
		} else if q, err = readLines(body, "BTC"); err == nil {
			q.at = noon()
		}
		switch {
		case err != nil:
			if !errors.Is(err, ErrAnswer) && !errors.Is(err, ErrBusy) {
				t.Fatalf("an error without a kind: %v", err)
			}
		case oracle.CheckPrice(q.price) != nil || q.at.After(noon()):
			t.Fatalf("%v at %v", q.price, q.at)
		}
	})
}
