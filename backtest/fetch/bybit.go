package fetch

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// bybitBusy are the codes of Bybit that pass: timeout, rate limit, maintenance, address limit.
func bybitBusy() []int { return []int{10000, 10006, 10016, 10018} }

// bybit answers {"retCode": 0, "retMsg": "OK", "result": {"list": [["open time ms", "open", "high", "low", "close",
// "volume", "turnover"], ...]}}, newest first. Errors are codes with status 200.
func bybit() provider {
	return provider{
		name:     "bybit",
		base:     "https://api.bybit.com",
		quote:    "USDT",
		pageBars: 1000,
		pause:    100 * time.Millisecond,
		steps: map[int64]string{
			minute: "1", 3 * minute: "3", 5 * minute: "5", 15 * minute: "15", 30 * minute: "30", hour: "60",
			2 * hour: "120", 4 * hour: "240", 6 * hour: "360", 12 * hour: "720", day: "D",
		},
		symbol: joined,
		path: func(q query) string {
			return fmt.Sprintf("/v5/market/kline?category=spot&symbol=%s&interval=%s&start=%d&end=%d&limit=%d",
				q.symbol, q.word, q.from*millis, q.to*millis, q.bars())
		},
		decode: func(body []byte) ([]bar, error) {
			var answer struct {
				RetCode int    `json:"retCode"`
				RetMsg  string `json:"retMsg"`
				Result  struct {
					List [][]json.RawMessage `json:"list"`
				} `json:"result"`
			}
			switch err := unmarshal(body, &answer); {
			case err != nil:
				return nil, err
			case slices.Contains(bybitBusy(), answer.RetCode):
				return nil, fmt.Errorf("%w: %d %.200s", errBusy, answer.RetCode, answer.RetMsg)
			case answer.RetCode != 0:
				return nil, refused(strconv.Itoa(answer.RetCode), answer.RetMsg)
			}
			return candles(answer.Result.List, millis, nil)
		},
	}
}
