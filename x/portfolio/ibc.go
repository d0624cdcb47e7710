package portfolio

import (
	"bytes"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	callbacktypes "github.com/cosmos/ibc-go/v11/modules/apps/callbacks/types"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	clienttypes "github.com/cosmos/ibc-go/v11/modules/core/02-client/types"
	channeltypes "github.com/cosmos/ibc-go/v11/modules/core/04-channel/types"
	channeltypesv2 "github.com/cosmos/ibc-go/v11/modules/core/04-channel/v2/types"
	ibcexported "github.com/cosmos/ibc-go/v11/modules/core/exported"

	"github.com/ballast-finance/ballast/x/portfolio/keeper"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// Callbacks hears what became of the transfers of portfolios. It stands where other chains have contracts: nobody else
// is called.
type Callbacks struct{ k keeper.Keeper }

var _ callbacktypes.ContractKeeper = Callbacks{}

// NewCallbacks makes the listener for the transfer stacks of IBC v1 and v2.
func NewCallbacks(k keeper.Keeper) Callbacks { return Callbacks{k} }

// IBCSendPacketCallback refuses a transfer that asks to call somebody else than the portfolio that sends it.
func (Callbacks) IBCSendPacketCallback( //nolint:revive // the interface is that of ibc-go
	_ sdk.Context, _, _ string, _ clienttypes.Height, _ uint64, _ []byte, address, sender, _ string,
) error {
	_, err := types.Called(address, sender)
	return err
}

// IBCOnAcknowledgementPacketCallback books a transfer that arrived, or that the other chain refused. The money of a
// refused one is back by now.
func (c Callbacks) IBCOnAcknowledgementPacketCallback( //nolint:revive // see above
	ctx sdk.Context, packet channeltypes.Packet, acknowledgement []byte, _ sdk.AccAddress, address, sender, _ string,
) error {
	if bytes.Equal(acknowledgement, channeltypesv2.ErrorAcknowledgement[:]) { // IBC v2 says no more than that
		return c.resolve(ctx, &packet, address, sender, types.Return_RETURN_REFUSED, "refused by the other chain")
	}
	var ack channeltypes.Acknowledgement
	if err := transfertypes.ModuleCdc.UnmarshalJSON(acknowledgement, &ack); err != nil {
		return types.ErrTransfer.Wrapf("acknowledgement of packet %d: %s", packet.Sequence, err)
	}
	if !ack.Success() {
		return c.resolve(ctx, &packet, address, sender, types.Return_RETURN_REFUSED, ack.GetError())
	}
	return c.resolve(ctx, &packet, address, sender, types.Return_RETURN_UNSPECIFIED, "")
}

// IBCOnTimeoutPacketCallback books a transfer that nobody took in time. Its money is back by now.
func (c Callbacks) IBCOnTimeoutPacketCallback(
	ctx sdk.Context, packet channeltypes.Packet, _ sdk.AccAddress, address, sender, _ string,
) error {
	return c.resolve(ctx, &packet, address, sender, types.Return_RETURN_TIMEOUT, "")
}

// IBCReceivePacketCallback refuses money that asks for a call: whoever sent it expects more than a deposit, and gets it
// back.
func (Callbacks) IBCReceivePacketCallback(
	_ sdk.Context, _ ibcexported.PacketI, _ ibcexported.Acknowledgement, address, _ string,
) error {
	_, err := types.Called(address, "")
	return err
}

func (c Callbacks) resolve(
	ctx sdk.Context, packet *channeltypes.Packet, address, sender string, why types.Return, detail string,
) error {
	id, err := types.Called(address, sender)
	if err != nil {
		return err
	}
	return c.k.Resolve(ctx, collections.Join3(id, packet.SourceChannel, packet.Sequence), why, detail)
}
