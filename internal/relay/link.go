package relay

import (
	"context"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	clienttypes "github.com/cosmos/ibc-go/v11/modules/core/02-client/types"
	clientv2types "github.com/cosmos/ibc-go/v11/modules/core/02-client/v2/types"
	commitmenttypes "github.com/cosmos/ibc-go/v11/modules/core/23-commitment/types"
	ibctm "github.com/cosmos/ibc-go/v11/modules/light-clients/07-tendermint"
)

// How long a client trusts what it knows: two thirds of the time in which validators can be punished.
const (
	trusting  = 14 * 24 * time.Hour
	unbonding = 21 * 24 * time.Hour
	drift     = 40 * time.Second
)

// Link makes a client of each chain on the other, and each the other's counterparty.
func Link(ctx context.Context, a, b *Chain) error {
	for _, side := range [][2]*Chain{{a, b}, {b, a}} {
		if err := side[0].createClient(ctx, side[1]); err != nil {
			return err
		}
	}
	prefix := [][]byte{[]byte("ibc"), {}}
	for _, side := range [][2]*Chain{{a, b}, {b, a}} {
		on, of := side[0], side[1]
		_, err := on.Send(ctx, clientv2types.NewMsgRegisterCounterparty(on.ClientID, prefix, of.ClientID,
			on.Address().String()))
		if err != nil {
			return err
		}
	}
	return nil
}

// createClient makes a client of another chain on this one.
func (c *Chain) createClient(ctx context.Context, of *Chain) error {
	height, _, err := of.height(ctx)
	if err != nil {
		return err
	}
	header, err := of.header(ctx, height)
	if err != nil {
		return err
	}
	state := ibctm.NewClientState(of.ID, ibctm.DefaultTrustLevel, trusting, unbonding, drift, of.at(height),
		commitmenttypes.GetSDKSpecs(), []string{"upgrade", "upgradedIBCState"})
	consensus := ibctm.NewConsensusState(header.Header.Time, commitmenttypes.NewMerkleRoot(header.Header.AppHash),
		header.Header.NextValidatorsHash)
	msg, err := clienttypes.NewMsgCreateClient(state, consensus, c.Address().String())
	if err != nil {
		return err
	}
	res, err := c.Send(ctx, msg)
	if err != nil {
		return err
	}
	c.ClientID = attribute(res.Events, clienttypes.EventTypeCreateClient, clienttypes.AttributeKeyClientID)
	if c.ClientID == "" {
		return fmt.Errorf("%w of %s: expected the id of a client", ErrAnswer, c.ID)
	}
	return nil
}

// update is the message that tells the client of src on dst of the newest header, and the height of that: at least so.
func update(ctx context.Context, src, dst *Chain, least int64) (sdk.Msg, int64, error) {
	if err := src.after(ctx, least); err != nil {
		return nil, 0, err
	}
	height, _, err := src.height(ctx)
	if err != nil {
		return nil, 0, err
	}
	known, err := dst.trusted(ctx)
	if err != nil {
		return nil, 0, err
	}
	header, err := src.header(ctx, height)
	if err != nil {
		return nil, 0, err
	}
	header.TrustedHeight = known
	header.TrustedValidators, err = src.validators(ctx, int64(known.RevisionHeight)+1) //nolint:gosec // a height
	if err != nil {
		return nil, 0, err
	}
	msg, err := clienttypes.NewMsgUpdateClient(dst.ClientID, header, dst.Address().String())
	return msg, height, err
}

// trusted is the last height that the client on this chain knows of the other.
func (c *Chain) trusted(ctx context.Context) (clienttypes.Height, error) {
	var found clienttypes.QueryClientStateResponse
	err := c.ask(ctx, "/ibc.core.client.v1.Query/ClientState",
		&clienttypes.QueryClientStateRequest{ClientId: c.ClientID}, &found)
	if err != nil {
		return clienttypes.Height{}, err
	}
	var state ibctm.ClientState
	if err := c.Codec.Unmarshal(found.ClientState.Value, &state); err != nil {
		return clienttypes.Height{}, err
	}
	return state.LatestHeight, nil
}

// header is that of a block with its signatures.
func (c *Chain) header(ctx context.Context, height int64) (*ibctm.Header, error) {
	commit, err := c.RPC.Commit(ctx, &height)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.ID, err)
	}
	set, err := c.validators(ctx, height)
	return &ibctm.Header{SignedHeader: commit.ToProto(), ValidatorSet: set}, err
}

// validators are those of a height. A chain with more than fit into one answer is too large for this relayer.
func (c *Chain) validators(ctx context.Context, height int64) (*cmtproto.ValidatorSet, error) {
	page, size := 1, 100
	got, err := c.RPC.Validators(ctx, &height, &page, &size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.ID, err)
	}
	if got.Total > len(got.Validators) {
		return nil, fmt.Errorf("%w of %s: expected at most %d validators, got %d", ErrAnswer, c.ID, size, got.Total)
	}
	set := cmttypes.NewValidatorSet(got.Validators)
	text, err := set.ToProto()
	if err != nil {
		return nil, err
	}
	text.TotalVotingPower = set.TotalVotingPower()
	return text, nil
}

// at is a height as clients count it.
func (c *Chain) at(height int64) clienttypes.Height {
	return clienttypes.NewHeight(clienttypes.ParseChainID(c.ID), uint64(height)) //nolint:gosec // heights are positive
}

// attribute finds the value of an attribute of the first event of a kind.
func attribute(events []abci.Event, kind, key string) string {
	for i := range events {
		if events[i].Type != kind {
			continue
		}
		for _, a := range events[i].Attributes {
			if a.Key == key {
				return a.Value
			}
		}
	}
	return ""
}
