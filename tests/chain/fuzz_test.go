package chain_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/gogoproto/proto"
)

// FuzzMessage hands the bytes of a message to the chain: decoded as a transaction, asked for its signers, and executed
// as if they had signed. Nothing panics. What is accepted leaves every module's books in order, and the block ends.
func FuzzMessage(f *testing.F) {
	c := newChance(f, 2, options{unaudited: true})
	c.market()
	names := messages(c.world)
	for range 12 {
		for _, a := range append(portfolioActs(), marketActs()...) {
			msg := a.make(c)
			if msg == nil {
				continue
			}
			value, err := proto.Marshal(msg)
			require.NoError(f, err)
			for i, name := range names {
				if name == sdk.MsgTypeURL(msg) {
					f.Add(uint8(i), value)
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, value []byte) {
		body, err := proto.Marshal(&tx.TxBody{
			Messages: []*codectypes.Any{{TypeUrl: names[int(kind)%len(names)], Value: value}},
		})
		require.NoError(t, err)
		raw, err := proto.Marshal(&tx.TxRaw{BodyBytes: body})
		require.NoError(t, err)
		decoded, err := c.TxConfig().TxDecoder()(raw)
		if err != nil {
			return
		}
		ctx, _ := c.ctx().CacheContext()
		for _, msg := range decoded.GetMsgs() {
			if _, _, err := c.AppCodec().GetMsgV1Signers(msg); err != nil {
				return
			}
			if _, err := c.MsgServiceRouter().Handler(msg)(ctx, msg); err != nil {
				return
			}
		}
		_, err = c.ModuleManager.EndBlock(ctx)
		require.NoError(t, err)
		for _, invariants := range []func(context.Context) []error{
			c.Oracle.Invariants, c.Portfolio.Invariants, c.Auction.Invariants, c.Rebalance.Invariants,
		} {
			require.Empty(t, invariants(ctx))
		}
	})
}

// FuzzGenesis checks the genesis of a module and, when it is valid, begins with it. It is refused by an error, or what
// is exported of it is valid again; no field makes a node trip over its own feet.
func FuzzGenesis(f *testing.F) {
	c := newChance(f, 3, options{unaudited: true})
	c.market()
	exported, err := c.Export(nil)
	require.NoError(f, err)
	var state map[string]json.RawMessage
	require.NoError(f, json.Unmarshal(exported.AppState, &state))
	names := []string{"oracle", "portfolio", "auction", "rebalance"}
	for i, name := range names {
		f.Add(uint8(i), []byte(state[name]))
		f.Add(uint8(i), []byte(c.DefaultGenesis()[name]))
	}
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		name := names[int(which)%len(names)]
		m, ok := c.ModuleManager.Modules[name].(module.HasGenesis)
		require.True(t, ok)
		if m.ValidateGenesis(c.AppCodec(), c.TxConfig(), text) != nil {
			return
		}
		ctx, _ := c.ctx().CacheContext()
		require.NoError(t, empty(ctx, c.world, name))
		err := begins(func() { m.InitGenesis(ctx, c.AppCodec(), text) })
		var defect runtime.Error
		require.NotErrorAs(t, err, &defect)
		if err != nil {
			return
		}
		again := m.ExportGenesis(ctx, c.AppCodec())
		require.NoError(t, m.ValidateGenesis(c.AppCodec(), c.TxConfig(), again))
	})
}

// empty removes everything from a store.
func empty(ctx sdk.Context, w *world, name string) error {
	store := ctx.KVStore(w.Key(name))
	it := store.Iterator(nil, nil)
	var keys [][]byte
	for ; it.Valid(); it.Next() {
		keys = append(keys, it.Key())
	}
	for _, key := range keys {
		store.Delete(key)
	}
	return it.Close()
}

// begins calls what panics with an error when a chain must not start.
func begins(start func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			var said bool
			if err, said = r.(error); !said {
				err = fmt.Errorf("%v", r)
			}
		}
	}()
	start()
	return nil
}
