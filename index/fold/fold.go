package fold

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/index/chain"
	"github.com/ballast-finance/ballast/index/store"
)

// Changed says what a block was about. Ids are sorted and stand once.
type Changed struct {
	Portfolios []uint64 `json:"portfolios,omitempty"`
	Lots       []uint64 `json:"lots,omitempty"`
	Rounds     []uint64 `json:"rounds,omitempty"`
	Prices     []string `json:"prices,omitempty"` // denoms
	Others     []string `json:"others,omitempty"` // pauses, payments, sales, notices
	Tables     []string `json:"tables,omitempty"` // that were written
}

// maxChanged bounds a list of Changed: a block that touches more names as many and says so.
const maxChanged = 500

// more stands in Others when a list was cut.
const more = "more"

func (c *Changed) tidy() {
	for _, ids := range []*[]uint64{&c.Portfolios, &c.Lots, &c.Rounds} {
		slices.Sort(*ids)
		*ids = slices.Compact(*ids)
		if len(*ids) > maxChanged {
			*ids = (*ids)[:maxChanged]
			c.Others = append(c.Others, more)
		}
	}
	for _, words := range []*[]string{&c.Prices, &c.Others} {
		slices.Sort(*words)
		*words = slices.Compact(*words)
	}
}

// block is a block while it is being written.
type block struct {
	*chain.Block

	source     chain.Source
	tx         *store.Tx
	statements map[string]string // of inserts, by table
	seq        int64             // of rows that a block numbers
	changed    Changed
	asked      map[uint64]bool   // portfolios that were asked for in this block
	stepped    map[uint64]bool   // portfolios that decided or were settled
	market     market            // what the intervals of this block are measured by
	planned    map[uint64]uint64 // rounds of lots, by lot: a round tells of a lot before the auction opens it
}

// Block writes a block. The first one of a history also writes what was there before it.
func Block(ctx context.Context, source chain.Source, tx *store.Tx, in *chain.Block, first bool) error {
	b := &block{
		Block: in, source: source, tx: tx, statements: make(map[string]string), asked: make(map[uint64]bool),
		planned: make(map[uint64]uint64), stepped: make(map[uint64]bool),
	}
	if first {
		if err := b.start(ctx); err != nil {
			return fmt.Errorf("what was there before: %w", err)
		}
	}
	for _, event := range in.Events {
		if err := b.event(ctx, event); err != nil {
			return fmt.Errorf("%s: %w", proto.MessageName(event), err)
		}
	}
	return b.finish(ctx)
}

// event writes one event. Each module's part knows its own, and leaves the others.
func (b *block) event(ctx context.Context, event proto.Message) error {
	for _, take := range []func(context.Context, proto.Message) (bool, error){
		b.auction, b.bid, b.oracle, b.round, b.portfolio, b.payment, b.stop,
	} {
		if known, err := take(ctx, event); known || err != nil {
			return err
		}
	}
	return nil
}

// next numbers a row of the block.
func (b *block) next() int64 {
	b.seq++
	return b.seq
}

// finish writes what the block was about. Empty blocks have no row.
func (b *block) finish(ctx context.Context) error {
	if err := b.sliced(ctx); err != nil {
		return err
	}
	b.changed.tidy()
	b.changed.Tables = b.tx.Written()
	text, err := json.Marshal(b.changed)
	if err != nil || string(text) == "{}" {
		return err
	}
	return b.put(ctx, row{"blocks", "height time events changed", []any{b.Height, b.Time, len(b.Events), string(text)}})
}

// start writes what was there before the first block: assets and portfolios of the genesis, which no event told.
func (b *block) start(ctx context.Context) error {
	s, err := b.source.Start(ctx, b.Height)
	if err != nil {
		return err
	}
	for i := range s.Assets {
		a := &s.Assets[i]
		known := assetRow{a.Index, a.Asset.Denom, a.Asset.Display, a.Asset.Exponent, a.Asset.Status}
		if err := b.asset(ctx, known); err != nil {
			return err
		}
	}
	for i := range s.Portfolios {
		p := &s.Portfolios[i]
		b.asked[p.Portfolio.Id] = true
		if err := b.describe(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// notice writes something that went wrong and stopped nobody, or was decided.
func (b *block) notice(ctx context.Context, n notice) error {
	b.changed.Others = append(b.changed.Others, "notices")
	return b.put(ctx, row{"notices", "height seq time kind portfolio round lot denom reason", []any{
		b.Height, b.next(), b.Time, n.kind, id(n.portfolio), id(n.round), id(n.lot), n.denom, n.reason,
	}})
}

type notice struct {
	kind                  string
	portfolio, round, lot uint64
	denom, reason         string
}

// pause writes that somebody was stopped or goes on.
func (b *block) pause(ctx context.Context, p pause) error {
	b.changed.Others = append(b.changed.Others, "pauses")
	return b.put(ctx, row{"pauses", "height seq time scope portfolio lot denom kind reason actor", []any{
		b.Height, b.next(), b.Time, p.scope, id(p.portfolio), id(p.lot), p.denom, p.kind, p.reason, p.actor,
	}})
}

type pause struct {
	scope, kind    string
	portfolio, lot uint64
	denom, reason  string
	actor          string
}
