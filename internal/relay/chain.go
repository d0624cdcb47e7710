package relay

import (
	"context"
	"errors"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	rpcclient "github.com/cometbft/cometbft/rpc/client"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/tx"
	"github.com/cosmos/cosmos-sdk/codec"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/gogoproto/proto"
	commitmenttypes "github.com/cosmos/ibc-go/v11/modules/core/23-commitment/types"
)

// Errors.
var (
	// ErrRefused says that a chain did not take a transaction.
	ErrRefused = errors.New("relay: transaction refused")
	// ErrAnswer says that a chain answered something that cannot be.
	ErrAnswer = errors.New("relay: unexpected answer")
)

const (
	gas  = 5_000_000
	mode = signing.SignMode_SIGN_MODE_DIRECT
	poll = 5 * time.Millisecond
)

// Chain is one side: how to talk to it, and the key that pays there.
type Chain struct {
	ID       string
	RPC      client.CometRPC
	Key      cryptotypes.PrivKey
	TxConfig client.TxConfig
	Codec    codec.Codec
	Fees     sdk.Coins
	// ClientID is the client of the other side that lives on this chain; Link sets it.
	ClientID string

	read int64 // the last block whose events were read
}

// Address is the account that pays.
func (c *Chain) Address() sdk.AccAddress { return sdk.AccAddress(c.Key.PubKey().Address()) }

// Send signs messages, sends them and waits for their block. ErrRefused.
func (c *Chain) Send(ctx context.Context, msgs ...sdk.Msg) (*abci.ExecTxResult, error) {
	text, err := c.sign(ctx, msgs)
	if err != nil {
		return nil, err
	}
	return c.Broadcast(ctx, text)
}

// Broadcast sends a transaction and waits for its block. ErrRefused.
func (c *Chain) Broadcast(ctx context.Context, text []byte) (*abci.ExecTxResult, error) {
	sent, err := c.RPC.BroadcastTxSync(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.ID, err)
	}
	if sent.Code != 0 {
		return nil, fmt.Errorf("%w by %s: %s", ErrRefused, c.ID, sent.Log)
	}
	for {
		done, err := c.RPC.Tx(ctx, sent.Hash, false)
		if err == nil && done.TxResult.Code != 0 {
			return nil, fmt.Errorf("%w by %s: %s", ErrRefused, c.ID, done.TxResult.Log)
		}
		if err == nil {
			return &done.TxResult, c.after(ctx, done.Height)
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}

// sign makes a transaction with the account's next sequence.
func (c *Chain) sign(ctx context.Context, msgs []sdk.Msg) ([]byte, error) {
	var found authtypes.QueryAccountInfoResponse
	ask := &authtypes.QueryAccountInfoRequest{Address: c.Address().String()}
	if err := c.ask(ctx, "/cosmos.auth.v1beta1.Query/AccountInfo", ask, &found); err != nil {
		return nil, err
	}
	number, sequence := found.Info.AccountNumber, found.Info.Sequence
	b, err := tx.Factory{}.WithChainID(c.ID).WithTxConfig(c.TxConfig).WithGas(gas).WithFees(c.Fees.String()).
		WithAccountNumber(number).WithSequence(sequence).WithSignMode(mode).BuildUnsignedTx(msgs...)
	if err != nil {
		return nil, err
	}
	public := c.Key.PubKey()
	err = b.SetSignatures(signing.SignatureV2{
		PubKey: public, Sequence: sequence, Data: &signing.SingleSignatureData{SignMode: mode},
	})
	if err != nil {
		return nil, err
	}
	signature, err := tx.SignWithPrivKey(ctx, mode, authsigning.SignerData{
		Address: c.Address().String(), ChainID: c.ID, AccountNumber: number, Sequence: sequence, PubKey: public,
	}, b, c.Key, c.TxConfig, sequence)
	if err != nil {
		return nil, err
	}
	if err := b.SetSignatures(signature); err != nil {
		return nil, err
	}
	return c.TxConfig.TxEncoder()(b.GetTx())
}

// ask runs a query of a module at the last block.
func (c *Chain) ask(ctx context.Context, path string, request, answer proto.Message) error {
	text, err := proto.Marshal(request)
	if err != nil {
		return err
	}
	got, err := c.RPC.ABCIQuery(ctx, path, text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.ID, err)
	}
	if got.Response.Code != 0 {
		return fmt.Errorf("%w of %s to %s: %s", ErrAnswer, c.ID, path, got.Response.Log)
	}
	return proto.Unmarshal(got.Response.Value, answer)
}

// height is that of the last block whose state is committed, and the time of the last block: not before that one's.
func (c *Chain) height(ctx context.Context) (int64, time.Time, error) {
	state, err := c.RPC.ABCIInfo(ctx)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("%s: %w", c.ID, err)
	}
	s, err := c.RPC.Status(ctx)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("%s: %w", c.ID, err)
	}
	return state.Response.LastBlockHeight, s.SyncInfo.LatestBlockTime, nil
}

// after waits until a block is committed: then queries see it.
func (c *Chain) after(ctx context.Context, height int64) error {
	for {
		at, _, err := c.height(ctx)
		if err != nil || at >= height {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// proof proves what is, or is not, at a key of the store of IBC in the state that the header of a height commits to.
func (c *Chain) proof(ctx context.Context, key []byte, height int64) ([]byte, error) {
	got, err := c.RPC.ABCIQueryWithOptions(ctx, "store/ibc/key", key,
		rpcclient.ABCIQueryOptions{Height: height - 1, Prove: true})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.ID, err)
	}
	if got.Response.Code != 0 {
		return nil, fmt.Errorf("%w of %s: %s", ErrAnswer, c.ID, got.Response.Log)
	}
	proof, err := commitmenttypes.ConvertProofs(got.Response.ProofOps)
	if err != nil {
		return nil, err
	}
	return proto.Marshal(&proof)
}

// has reports that something is at a key of the store of IBC.
func (c *Chain) has(ctx context.Context, key []byte) (bool, error) {
	got, err := c.RPC.ABCIQuery(ctx, "store/ibc/key", key)
	if err != nil {
		return false, fmt.Errorf("%s: %w", c.ID, err)
	}
	return len(got.Response.Value) > 0, nil
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(poll):
		return nil
	}
}
