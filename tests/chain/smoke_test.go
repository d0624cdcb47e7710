package chain_test

import (
	"testing"
	"time"

	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

const simple = `
version: 1
name: Simple
assets:
  - {asset: uatom, exponent: 6, weight: 60%}
  - {asset: uusdc, exponent: 6, weight: 40%}
speed: {interval: 300s, close: 90%, within: 2}
`

func TestSmoke(t *testing.T) {
	start := time.Now()
	w := newWorld(t, options{})
	t.Log(time.Since(start))
	w.agree(time.Second, "uusdc", "1", "uatom", "10", "aeth", "2000", "uosmo", "0.5")
	w.block(time.Second)
	p := w.written(simple)
	t.Logf("%+v", p)
	w.accept(time.Second, &portfoliotypes.MsgCreate{Owner: alice.String(), Policy: p, Deposit: coins("1000000000uusdc")})
	for range 100 {
		w.block(10 * time.Second)
	}
	t.Log(time.Since(start), w.events)
}
