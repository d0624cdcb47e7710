package fetch

import (
	"encoding/json"
	"fmt"
	"time"
)

// coinbase answers an array of arrays of numbers, newest first: [open time s, low, high, open, close, volume]. There is
// no bar where nothing was traded, and there may be bars before the start. Errors are {"message"} with 4xx.
func coinbase() provider {
	return provider{
		name:     "coinbase",
		base:     "https://api.exchange.coinbase.com",
		quote:    "USD",
		pageBars: 300,
		pause:    150 * time.Millisecond,
		steps: map[int64]string{
			minute: "60", 5 * minute: "300", 15 * minute: "900", hour: "3600", 6 * hour: "21600", day: "86400",
		},
		symbol: dashed,
		path: func(q query) string {
			return fmt.Sprintf("/products/%s/candles?granularity=%s&start=%s&end=%s",
				q.symbol, q.word, stamp(q.from), stamp(q.to))
		},
		decode: func(body []byte) ([]bar, error) {
			var rows [][]json.RawMessage
			if err := unmarshal(body, &rows); err != nil {
				return nil, err
			}
			return candles(rows, 1, nil)
		},
	}
}
