package fetch

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// krakenNames are the assets that Kraken calls otherwise.
func krakenNames() map[string]string { return map[string]string{"BTC": "XBT", "DOGE": "XDG"} }

// kraken answers {"error": [], "result": {"<its name of the pair>": [[open time s, "open", "high", "low", "close",
// "vwap", "volume", count], ...], "last": ...}}, oldest first, never more than the last 720 bars, the open one at the
// end. Errors are words in "error", with status 200.
func kraken() provider {
	return provider{
		name:        "kraken",
		base:        "https://api.kraken.com",
		quote:       "USD",
		pageBars:    720,
		historyBars: 720,
		pause:       time.Second,
		steps: map[int64]string{
			minute: "1", 5 * minute: "5", 15 * minute: "15", 30 * minute: "30", hour: "60", 4 * hour: "240", day: "1440",
		},
		symbol: func(asset, quote string) string {
			asset = strings.ToUpper(asset)
			if other, found := krakenNames()[asset]; found {
				asset = other
			}
			return asset + strings.ToUpper(quote)
		},
		path: func(q query) string { // since is exclusive
			return fmt.Sprintf("/0/public/OHLC?pair=%s&interval=%s&since=%d", q.symbol, q.word, q.from-1)
		},
		decode: decodeKraken,
	}
}

func decodeKraken(body []byte) ([]bar, error) {
	var answer struct {
		Error  []string                   `json:"error"`
		Result map[string]json.RawMessage `json:"result"`
	}
	if err := unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if words := strings.Join(answer.Error, ", "); words != "" {
		if krakenBusy(words) {
			return nil, fmt.Errorf("%w: %.200s", errBusy, words)
		}
		return nil, refused("", words)
	}
	for pair, cells := range answer.Result {
		if pair == "last" {
			continue
		}
		var rows [][]json.RawMessage
		if err := unmarshal(cells, &rows); err != nil {
			return nil, err
		}
		return candles(rows, 1, nil)
	}
	return nil, fmt.Errorf("%w: no candles in the result", errMalformed)
}

func krakenBusy(words string) bool {
	for _, word := range []string{"Rate limit", "Too many requests", "EService:Unavailable", "EService:Busy"} {
		if strings.Contains(words, word) {
			return true
		}
	}
	return false
}
