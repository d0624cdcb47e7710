package tell

import (
	"encoding/json"
	"strconv"

	abci "github.com/cometbft/cometbft/abci/types"
)

// Number is an attribute of a uint64: JSON writes those as texts.
func Number(key string, n uint64) abci.EventAttribute {
	return abci.EventAttribute{Key: key, Value: `"` + strconv.FormatUint(n, 10) + `"`}
}

// Word is an attribute of a text without anything to escape: an address, a number, a name of a constant.
func Word(key, text string) abci.EventAttribute {
	return abci.EventAttribute{Key: key, Value: `"` + text + `"`}
}

// Quote appends any text to JSON.
func Quote(out []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			escaped, _ := json.Marshal(text) //nolint:errchkjson // a text can always be written
			return append(out, escaped...)
		}
	}
	out = append(out, '"')
	out = append(out, text...)
	return append(out, '"')
}
