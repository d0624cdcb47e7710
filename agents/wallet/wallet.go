package wallet

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/tx"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	signingtypes "github.com/cosmos/cosmos-sdk/types/tx/signing"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
)

var (
	// ErrRefused says that the chain did not take a transaction, or that it failed.
	ErrRefused = errors.New("wallet: transaction refused")
	// ErrLost says that a transaction did not come into a block in time.
	ErrLost = errors.New("wallet: transaction not in a block in time")
)

// Config says how transactions are paid for.
type Config struct {
	Key       string // name in the key ring
	GasPrices string // such as 0.01ublst; empty for none
	GasPerMsg uint64 // 0 is DefaultGasPerMsg
}

// DefaultGasPerMsg is enough for any message of this chain.
const DefaultGasPerMsg = 400_000

// gasPerTx is for signature, fee and size.
const gasPerTx = 100_000

// Wallet is an account with its key. It must not be shared.
type Wallet struct {
	client  client.Context
	factory tx.Factory
	cfg     Config
	address sdk.AccAddress
	counted bool // the factory's sequence is that of the next transaction
}

// New opens the wallet of a key in a ring.
func New(c client.Context, ring keyring.Keyring, cfg Config) (*Wallet, error) {
	record, err := ring.Key(cfg.Key)
	if err != nil {
		return nil, fmt.Errorf("key %q: %w", cfg.Key, err)
	}
	address, err := record.GetAddress()
	if err != nil {
		return nil, fmt.Errorf("key %q: %w", cfg.Key, err)
	}
	if cfg.GasPerMsg == 0 {
		cfg.GasPerMsg = DefaultGasPerMsg
	}
	c = c.WithKeyring(ring).WithFromAddress(address).WithFromName(cfg.Key).WithBroadcastMode("sync")
	factory := tx.Factory{}.
		WithTxConfig(c.TxConfig).WithAccountRetriever(c.AccountRetriever).WithChainID(c.ChainID).WithKeybase(ring).
		WithFromName(cfg.Key).WithSignMode(signingtypes.SignMode_SIGN_MODE_DIRECT)
	if cfg.GasPrices != "" {
		if _, err := sdk.ParseDecCoins(cfg.GasPrices); err != nil {
			return nil, fmt.Errorf("gas prices: expected such as 0.01ublst, got %q: %w", cfg.GasPrices, err)
		}
		factory = factory.WithGasPrices(cfg.GasPrices)
	}
	return &Wallet{client: c, factory: factory, cfg: cfg, address: address}, nil
}

// Address is the account's.
func (w *Wallet) Address() sdk.AccAddress { return w.address }

// Client asks the chain.
func (w *Wallet) Client() client.Context { return w.client }

// Via lets the wallet talk to another node of the same chain from now on.
func (w *Wallet) Via(node client.Context) {
	w.client.Client, w.client.GRPCClient, w.client.NodeURI = node.Client, node.GRPCClient, node.NodeURI
}

// Send signs messages as one transaction and gives it to the node, which has checked fee and signature when Send
// returns. The hash finds it in a block. ErrRefused.
func (w *Wallet) Send(ctx context.Context, msgs ...sdk.Msg) (hash string, err error) {
	for range attempts {
		var response *sdk.TxResponse
		if response, err = w.send(ctx, msgs); err != nil {
			return "", err
		}
		if response.Code == 0 {
			w.factory = w.factory.WithSequence(w.factory.Sequence() + 1)
			return response.TxHash, nil
		}
		err = fmt.Errorf("%w: %s", ErrRefused, response.RawLog)
		w.counted = false
		if response.Codespace != sdkerrors.RootCodespace || response.Code != sdkerrors.ErrWrongSequence.ABCICode() {
			return "", err
		}
	}
	return "", err
}

// attempts: the second one has counted anew.
const attempts = 2

func (w *Wallet) send(ctx context.Context, msgs []sdk.Msg) (*sdk.TxResponse, error) {
	if err := w.count(); err != nil {
		return nil, err
	}
	factory := w.factory.WithGas(gasPerTx + w.cfg.GasPerMsg*uint64(len(msgs)))
	builder, err := factory.BuildUnsignedTx(msgs...)
	if err != nil {
		return nil, err
	}
	if err := tx.Sign(ctx, factory, w.cfg.Key, builder, true); err != nil {
		return nil, err
	}
	bytes, err := w.client.TxConfig.TxEncoder()(builder.GetTx())
	if err != nil {
		return nil, err
	}
	return w.client.BroadcastTxSync(bytes)
}

// count asks the chain for the number of the next transaction, unless it is known.
func (w *Wallet) count() error {
	if w.counted {
		return nil
	}
	number, sequence, err := w.client.AccountRetriever.GetAccountNumberSequence(w.client, w.address)
	if err != nil {
		return fmt.Errorf("account %s: expected one that has received coins: %w", w.address, err)
	}
	w.factory = w.factory.WithAccountNumber(number).WithSequence(sequence)
	w.counted = true
	return nil
}

// Confirm sends and waits for the block, at most so long. ErrRefused when the transaction failed there, ErrLost.
func (w *Wallet) Confirm(ctx context.Context, most time.Duration, msgs ...sdk.Msg) (*sdk.TxResponse, error) {
	hash, err := w.Send(ctx, msgs...)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if response, err := w.find(ctx, hash); err != nil || response != nil {
			return response, err
		}
		select {
		case <-ctx.Done():
			w.counted = false
			return nil, fmt.Errorf("%w: %s: %w", ErrLost, hash, context.Cause(ctx))
		case <-tick.C:
		}
	}
}

const poll = 20 * time.Millisecond

// find returns the transaction when it is in a block, nothing when it is not there yet.
func (w *Wallet) find(ctx context.Context, hash string) (*sdk.TxResponse, error) {
	raw, err := hex.DecodeString(hash)
	if err != nil {
		return nil, err
	}
	node, err := w.client.GetNode()
	if err != nil {
		return nil, err
	}
	if _, err := node.Tx(ctx, raw, false); err != nil {
		return nil, nil //nolint:nilerr,nilnil // not found yet: the caller's deadline decides
	}
	response, err := authtx.QueryTx(w.client, hash)
	if err != nil {
		return nil, err
	}
	if response.Code != 0 {
		return response, fmt.Errorf("%w: code %d of %s: %s", ErrRefused, response.Code, response.Codespace, response.RawLog)
	}
	return response, nil
}
