package fetch

import (
	"encoding/json"
	"fmt"
	"time"
)

// binance answers an array of arrays, oldest first:
// [open time ms, "open", "high", "low", "close", "volume", close time ms, ...]. Errors are {"code", "msg"} with 4xx.
func binance() provider {
	return provider{
		name:     "binance",
		base:     "https://api.binance.com",
		quote:    "USDT",
		pageBars: 1000,
		pause:    100 * time.Millisecond,
		steps: map[int64]string{
			minute: "1m", 3 * minute: "3m", 5 * minute: "5m", 15 * minute: "15m", 30 * minute: "30m", hour: "1h",
			2 * hour: "2h", 4 * hour: "4h", 6 * hour: "6h", 8 * hour: "8h", 12 * hour: "12h", day: "1d",
		},
		symbol: joined,
		path: func(q query) string {
			return fmt.Sprintf("/api/v3/klines?symbol=%s&interval=%s&startTime=%d&endTime=%d&limit=%d",
				q.symbol, q.word, q.from*millis, q.to*millis, q.bars())
		},
		decode: func(body []byte) ([]bar, error) {
			var rows [][]json.RawMessage
			if err := unmarshal(body, &rows); err != nil {
				return nil, err
			}
			return candles(rows, millis, nil)
		},
	}
}
