package types

import (
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/legacy"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/msgservice"
)

// RegisterLegacyAminoCodec registers the messages for signing with amino.
func RegisterLegacyAminoCodec(cdc *codec.LegacyAmino) {
	legacy.RegisterAminoMsg(cdc, &MsgBid{}, "ballast/auction/MsgBid")
	legacy.RegisterAminoMsg(cdc, &MsgCancelBid{}, "ballast/auction/MsgCancelBid")
	legacy.RegisterAminoMsg(cdc, &MsgSell{}, "ballast/auction/MsgSell")
	legacy.RegisterAminoMsg(cdc, &MsgCancelSale{}, "ballast/auction/MsgCancelSale")
	legacy.RegisterAminoMsg(cdc, &MsgClaim{}, "ballast/auction/MsgClaim")
	legacy.RegisterAminoMsg(cdc, &MsgPause{}, "ballast/auction/MsgPause")
	legacy.RegisterAminoMsg(cdc, &MsgResume{}, "ballast/auction/MsgResume")
	legacy.RegisterAminoMsg(cdc, &MsgUpdateParams{}, "ballast/auction/MsgUpdateParams")
}

// RegisterInterfaces registers the messages and their service.
func RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	registry.RegisterImplementations((*sdk.Msg)(nil),
		&MsgBid{}, &MsgCancelBid{}, &MsgSell{}, &MsgCancelSale{}, &MsgClaim{},
		&MsgPause{}, &MsgResume{}, &MsgUpdateParams{},
	)
	msgservice.RegisterMsgServiceDesc(registry, &_Msg_serviceDesc)
}
