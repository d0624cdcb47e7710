package chain

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/cosmos/gogoproto/jsonpb"
	"github.com/cosmos/gogoproto/proto"

	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// Tape is a chain that was recorded: its blocks, and the answers that the history asked for. It is a Source.
type Tape struct {
	head       Head
	blocks     map[int64]*Block
	records    map[string][]rebalancetypes.Record
	prices     map[string][]rebalancetypes.AssetPrice
	portfolios map[string]*Portfolio
	starts     map[int64]*Start
}

// NewTape is an empty one.
func NewTape() *Tape {
	return &Tape{
		blocks: make(map[int64]*Block), records: make(map[string][]rebalancetypes.Record),
		prices:     make(map[string][]rebalancetypes.AssetPrice),
		portfolios: make(map[string]*Portfolio), starts: make(map[int64]*Start),
	}
}

// Add puts a block in its place. The first one says which chain it is; several may be read at once, so that it need not
// be the lowest.
func (t *Tape) Add(b *Block) {
	if t.head.Last == 0 {
		t.head = Head{Chain: b.Chain, First: b.Height}
	}
	t.head.First = min(t.head.First, b.Height)
	t.head.Last = max(t.head.Last, b.Height)
	t.blocks[b.Height] = b
}

// AddRecords puts the answer about a round in.
func (t *Tape) AddRecords(height int64, round, after uint64, records []rebalancetypes.Record) {
	t.records[fmt.Sprintf("%d/%d/%d", height, round, after)] = records
}

// AddPrices puts the answer about the prices of a round in.
func (t *Tape) AddPrices(height int64, round uint64, prices []rebalancetypes.AssetPrice) {
	t.prices[fmt.Sprintf("%d/%d", height, round)] = prices
}

// AddPortfolio puts the answer about a portfolio in.
func (t *Tape) AddPortfolio(height int64, id uint64, p *Portfolio) {
	t.portfolios[fmt.Sprintf("%d/%d", height, id)] = p
}

// AddStart puts the answer about the beginning in.
func (t *Tape) AddStart(height int64, s *Start) { t.starts[height] = s }

// Head says what was recorded.
func (t *Tape) Head(context.Context) (Head, error) { return t.head, nil }

// Block is a block.
func (t *Tape) Block(_ context.Context, height int64) (*Block, error) {
	if b := t.blocks[height]; b != nil {
		return b, nil
	}
	if height > t.head.Last {
		return nil, ErrAhead
	}
	return nil, ErrGone
}

// Records are those that were asked for.
func (t *Tape) Records(_ context.Context, height int64, round, after uint64) ([]rebalancetypes.Record, error) {
	return found(t.records, fmt.Sprintf("%d/%d/%d", height, round, after))
}

// Prices are those that were asked for.
func (t *Tape) Prices(_ context.Context, height int64, round uint64) ([]rebalancetypes.AssetPrice, error) {
	return found(t.prices, fmt.Sprintf("%d/%d", height, round))
}

// Portfolio is one that was asked for.
func (t *Tape) Portfolio(_ context.Context, height int64, id uint64) (*Portfolio, error) {
	return found(t.portfolios, fmt.Sprintf("%d/%d", height, id))
}

// Start is what was asked for.
func (t *Tape) Start(_ context.Context, height int64) (*Start, error) { return found(t.starts, height) }

func found[K comparable, V any](m map[K]V, key K) (V, error) {
	v, ok := m[key]
	if !ok {
		return v, fmt.Errorf("%w: %v was not recorded", ErrGone, key)
	}
	return v, nil
}

// Recorder is a Source that keeps what passes through it.
type Recorder struct {
	Source

	mu   sync.Mutex
	tape *Tape
}

// NewRecorder records a source.
func NewRecorder(source Source) *Recorder { return &Recorder{Source: source, tape: NewTape()} }

// Save writes what was recorded until now.
func (r *Recorder) Save(w io.Writer) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tape.Save(w)
}

func keep[V any](r *Recorder, v V, err error, add func(v V)) (V, error) {
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		add(v)
	}
	return v, err
}

// Block reads and records.
func (r *Recorder) Block(ctx context.Context, height int64) (*Block, error) {
	b, err := r.Source.Block(ctx, height)
	return keep(r, b, err, r.tape.Add)
}

// Records reads and records.
func (r *Recorder) Records(ctx context.Context, height int64, round, after uint64) ([]rebalancetypes.Record, error) {
	list, err := r.Source.Records(ctx, height, round, after)
	return keep(r, list, err, func(l []rebalancetypes.Record) { r.tape.AddRecords(height, round, after, l) })
}

// Prices reads and records.
func (r *Recorder) Prices(ctx context.Context, height int64, round uint64) ([]rebalancetypes.AssetPrice, error) {
	list, err := r.Source.Prices(ctx, height, round)
	return keep(r, list, err, func(l []rebalancetypes.AssetPrice) { r.tape.AddPrices(height, round, l) })
}

// Portfolio reads and records.
func (r *Recorder) Portfolio(ctx context.Context, height int64, id uint64) (*Portfolio, error) {
	p, err := r.Source.Portfolio(ctx, height, id)
	return keep(r, p, err, func(p *Portfolio) { r.tape.AddPortfolio(height, id, p) })
}

// Start reads and records.
func (r *Recorder) Start(ctx context.Context, height int64) (*Start, error) {
	s, err := r.Source.Start(ctx, height)
	return keep(r, s, err, func(s *Start) { r.tape.AddStart(height, s) })
}

// A saved tape is lines of JSON, compressed. Messages are written as the chain writes them.
type line struct {
	Kind   string // head, block, records, prices, portfolio, start
	Key    string
	Height int64
	Head   *Head  `json:",omitempty"`
	Time   int64  `json:",omitempty"`
	Hash   string `json:",omitempty"`
	Items  []item
}

type item struct {
	Type string
	JSON json.RawMessage
}

func pack(list []proto.Message) ([]item, error) {
	items := make([]item, 0, len(list))
	for _, m := range list {
		text, err := (&jsonpb.Marshaler{OrigName: true}).MarshalToString(m)
		if err != nil {
			return nil, err
		}
		items = append(items, item{proto.MessageName(m), json.RawMessage(text)})
	}
	return items, nil
}

func references[T any, P interface {
	*T
	proto.Message
}](list []T) []proto.Message {
	all := make([]proto.Message, len(list))
	for i := range list {
		all[i] = P(&list[i])
	}
	return all
}

// said lists portfolios as messages, each before its orders.
func said(list []Portfolio) (all []proto.Message) {
	for i := range list {
		all = append(append(all, &list[i].QueryPortfolioResponse), references(list[i].Orders)...)
	}
	return all
}

// Save writes a tape.
func (t *Tape) Save(w io.Writer) error {
	z := gzip.NewWriter(w)
	out := json.NewEncoder(z)
	put := func(l line, list []proto.Message) (err error) {
		if l.Items, err = pack(list); err == nil {
			err = out.Encode(l)
		}
		return err
	}
	errs := []error{put(line{Kind: "head", Head: &t.head}, nil)}
	for height := t.head.First; height <= t.head.Last; height++ {
		if b := t.blocks[height]; b != nil {
			errs = append(errs, put(line{Kind: "block", Height: height, Time: b.Time, Hash: b.Hash}, b.Events))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.records)) {
		errs = append(errs, put(line{Kind: "records", Key: key}, references[rebalancetypes.Record](t.records[key])))
	}
	for _, key := range slices.Sorted(maps.Keys(t.prices)) {
		errs = append(errs, put(line{Kind: "prices", Key: key}, references[rebalancetypes.AssetPrice](t.prices[key])))
	}
	for _, key := range slices.Sorted(maps.Keys(t.portfolios)) {
		errs = append(errs, put(line{Kind: "portfolio", Key: key}, said([]Portfolio{*t.portfolios[key]})))
	}
	for _, height := range slices.Sorted(maps.Keys(t.starts)) {
		s := t.starts[height]
		all := append(references(s.Assets), said(s.Portfolios)...)
		errs = append(errs, put(line{Kind: "start", Height: height}, all))
	}
	return errors.Join(append(errs, z.Close())...)
}
