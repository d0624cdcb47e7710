package fetch

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// okxBusy are the codes of OKX that pass: rate limit, system busy, service unavailable.
func okxBusy() []string { return []string{"50001", "50004", "50011", "50013", "50026"} }

// okx answers {"code": "0", "msg": "", "data": [["open time ms", "open", "high", "low", "close", "volume", ..., "1"],
// ...]}, newest first; the last cell is "0" while the bar is open. Errors are codes, mostly with status 200. Bars of
// six hours and more begin at midnight in Hong Kong unless their word ends in utc.
func okx() provider {
	return provider{
		name:     "okx",
		base:     "https://www.okx.com",
		quote:    "USDT",
		pageBars: 100,
		pause:    110 * time.Millisecond,
		steps: map[int64]string{
			minute: "1m", 3 * minute: "3m", 5 * minute: "5m", 15 * minute: "15m", 30 * minute: "30m", hour: "1H",
			2 * hour: "2H", 4 * hour: "4H", 6 * hour: "6Hutc", 12 * hour: "12Hutc", day: "1Dutc",
		},
		symbol: dashed,
		path: func(q query) string { // after is older, before is newer, both exclusive
			return fmt.Sprintf("/api/v5/market/history-candles?instId=%s&bar=%s&before=%d&after=%d&limit=%d",
				q.symbol, q.word, q.from*millis-1, q.to*millis+1, q.bars())
		},
		decode: func(body []byte) ([]bar, error) {
			var answer struct {
				Code string              `json:"code"`
				Msg  string              `json:"msg"`
				Data [][]json.RawMessage `json:"data"`
			}
			switch err := unmarshal(body, &answer); {
			case err != nil:
				return nil, err
			case slices.Contains(okxBusy(), answer.Code):
				return nil, fmt.Errorf("%w: %s %.200s", errBusy, answer.Code, answer.Msg)
			case answer.Code != "0":
				return nil, refused(answer.Code, answer.Msg)
			}
			return candles(answer.Data, millis, func(row []json.RawMessage) bool {
				return text(row[len(row)-1]) != "0"
			})
		},
	}
}
