package chain

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/cosmos/gogoproto/jsonpb"
	"github.com/cosmos/gogoproto/proto"

	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// ErrTape says that a recording cannot be read.
var ErrTape = errors.New("history: recording")

// maxTape bounds a recording, decompressed.
const maxTape = 1 << 30

// LoadTape reads what Save wrote.
func LoadTape(r io.Reader) (*Tape, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTape, err)
	}
	t := NewTape()
	in := json.NewDecoder(io.LimitReader(z, maxTape))
	for {
		var l line
		if err := in.Decode(&l); errors.Is(err, io.EOF) {
			return t, nil
		} else if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTape, err)
		}
		if err := t.take(&l); err != nil {
			return nil, fmt.Errorf("%w: %s %s %d: %w", ErrTape, l.Kind, l.Key, l.Height, err)
		}
	}
}

func (t *Tape) take(l *line) error {
	list, err := unpack(l.Items)
	if err != nil {
		return err
	}
	switch l.Kind {
	case "head":
		if l.Head == nil {
			return errors.New("expected a head")
		}
		t.head = *l.Head
	case "block":
		t.blocks[l.Height] = &Block{Chain: t.head.Chain, Height: l.Height, Time: l.Time, Hash: l.Hash, Events: list}
	case "records":
		t.records[l.Key] = of[rebalancetypes.Record](list)
	case "prices":
		t.prices[l.Key] = of[rebalancetypes.AssetPrice](list)
	case "portfolio":
		if all := heard(list); len(all) == 1 {
			t.portfolios[l.Key] = &all[0]
		}
	case "start":
		t.starts[l.Height] = &Start{
			Assets: of[oracletypes.IndexedAsset](list), Portfolios: heard(list),
		}
	default:
		return errors.New("expected a head, block, records, prices, portfolio or start")
	}
	return nil
}

func unpack(items []item) ([]proto.Message, error) {
	list := make([]proto.Message, 0, len(items))
	for _, i := range items {
		kind := proto.MessageType(i.Type)
		if kind == nil || kind.Kind() != reflect.Pointer {
			return nil, fmt.Errorf("unknown type %q", i.Type)
		}
		m, ok := reflect.TypeAssert[proto.Message](reflect.New(kind.Elem()))
		if !ok {
			return nil, fmt.Errorf("unknown type %q", i.Type)
		}
		if err := jsonpb.UnmarshalString(string(i.JSON), m); err != nil {
			return nil, fmt.Errorf("%s: %w", i.Type, err)
		}
		list = append(list, m)
	}
	return list, nil
}

// heard reads what said lists.
func heard(list []proto.Message) (all []Portfolio) {
	for _, m := range list {
		switch x := m.(type) {
		case *portfoliotypes.QueryPortfolioResponse:
			all = append(all, Portfolio{QueryPortfolioResponse: *x})
		case *portfoliotypes.Order:
			if len(all) > 0 {
				all[len(all)-1].Orders = append(all[len(all)-1].Orders, *x)
			}
		}
	}
	return all
}

// of picks the messages of a type.
func of[T any, P interface {
	*T
	proto.Message
}](list []proto.Message) []T {
	var all []T
	for _, m := range list {
		if p, ok := m.(P); ok {
			all = append(all, *p)
		}
	}
	return all
}
