package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ballast-finance/ballast/app"
)

// ErrOptions says that the demonstration cannot run like this.
var ErrOptions = errors.New("demo: invalid options")

// Options of the demonstration.
type Options struct {
	Prices     []string // price files; none plays the bundled synthetic history
	Treasuries int
	Makers     int
	Speed      int64 // seconds of history in a second
	Rounds     int
	Dir        string // where the chain is kept; empty: a temporary folder that is removed
	Seed       uint64
	NoIndex    bool      // no history beside the chain
	Terminal   io.Reader // keys of a terminal that the output is; nil writes plain lines

	// For tests: what else is done to the start of the chain, and who looks at how it ended.
	tamper func(a *app.App, state map[string]json.RawMessage) error
	probe  func(s *show, before, after []state)
}

// Bounds of the options.
const (
	maxTreasuries = 50
	maxMakers     = 10
	maxRounds     = 1_000
	maxSpeed      = 30 * 86_400
)

// Defaults: a round of six seconds is a day of history.
const (
	DefaultTreasuries = 4
	DefaultMakers     = 3
	DefaultRounds     = 9
	DefaultSpeed      = 86_400 / roundSeconds

	roundSeconds = 6
	blockTime    = 250 * time.Millisecond
)

// Validate checks the ranges.
func (o *Options) Validate() error {
	for _, x := range []struct {
		name      string
		got, most int64
	}{
		{"treasuries", int64(o.Treasuries), maxTreasuries},
		{"makers", int64(o.Makers), maxMakers},
		{"rounds", int64(o.Rounds), maxRounds},
		{"speed", o.Speed, maxSpeed},
	} {
		if x.got < 1 || x.got > x.most {
			return fmt.Errorf("%w: --%s: expected 1..%d, got %d", ErrOptions, x.name, x.most, x.got)
		}
	}
	return nil
}
