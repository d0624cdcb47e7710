package ticker

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrSkipped says that a provider was not asked for an asset, because it could not answer for another one.
var ErrSkipped = errors.New("ticker: not asked, because the provider had failed before")

// Answer is what a provider said of an asset when it was asked once.
type Answer struct {
	Provider string
	Asset    Asset
	Price    fixed.Wad
	Age      time.Duration
	Err      error // why there is no price
}

// Survey asks every provider for every asset once, as the first round of Run does, and returns the answers in the order
// of the configuration. Price knows them afterwards.
func (t *Ticker) Survey(ctx context.Context) ([]Answer, error) {
	var all sync.WaitGroup
	for _, s := range t.sources {
		all.Go(func() { t.round(ctx, s) })
	}
	all.Wait()
	t.client.CloseIdleConnections()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []Answer
	now := t.now()
	for _, s := range t.sources {
		for _, e := range s.entries {
			a := Answer{Provider: s.Name, Asset: e.asset, Err: e.err}
			switch {
			case !e.asked:
				a.Err = ErrSkipped
			case e.err == nil:
				a.Price, a.Age = e.last.price, now.Sub(e.last.at)
			}
			list = append(list, a)
		}
	}
	return list, nil
}

// Fix says what an operator can do about an answer without a price.
func (a *Answer) Fix() string {
	switch {
	case a.Err == nil:
		return ""
	case errors.Is(a.Err, ErrSkipped):
		return "put right what failed before; a node asks for it in the next round"
	case errors.Is(a.Err, ErrOld):
		return "look whether the provider still has news of it (or the writer of the file still runs), or raise max-age"
	case errors.Is(a.Err, ErrBusy):
		return "try again; if it stays so, check the address and this machine's network, raise timeout or interval, " +
			"or take another provider"
	case errors.Is(a.Err, ErrAnswer):
		return "compare the symbol with the provider's own list, and the paths with one of its answers"
	case errors.Is(a.Err, fs.ErrNotExist), errors.Is(a.Err, fs.ErrPermission):
		return "look whether the file is there, and whether the user of the node may read it"
	}
	return "look at the address or the file of this provider in app.toml"
}
