package types

import (
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/msgservice"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/internal/pack"
)

// RegisterInterfaces makes the messages known to a registry.
func RegisterInterfaces(r codectypes.InterfaceRegistry) {
	r.RegisterImplementations((*sdk.Msg)(nil),
		&MsgCreate{}, &MsgUpdateTargets{}, &MsgUpdatePolicy{}, &MsgUpdateLimits{}, &MsgUpdateController{},
		&MsgWithdraw{}, &MsgPause{}, &MsgResume{}, &MsgClose{}, &MsgTransferOwnership{}, &MsgAcceptOwnership{},
		&MsgSetTrustee{}, &MsgCreateOrder{}, &MsgCancelOrder{}, &MsgReleaseEarmark{}, &MsgAddPayment{},
		&MsgCancelPayment{}, &MsgRetryPayment{}, &MsgReleaseHalt{}, &MsgRaiseBudget{}, &MsgUpdateParams{})
	msgservice.RegisterMsgServiceDesc(r, &_Msg_serviceDesc)
}

// Memory is what the module remembers of a portfolio besides its record: the state of the engine, and its health.
type Memory struct {
	State      cycle.State
	Outcome    cycle.Outcome // of the last decision
	BelowSince int64         // unix time of the first decision that found it below its minimum; 0: it is not below
}

// MemoryCodec stores memories.
var MemoryCodec = pack.Must[Memory]("portfolio", 1)
