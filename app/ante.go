package app

import (
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	ibcante "github.com/cosmos/ibc-go/v11/modules/core/ante"
)

// newAnte is what a transaction passes before its messages run: form, fee, signatures, and for relayers that their
// packets are news.
func (app *App) newAnte() sdk.AnteHandler {
	return sdk.ChainAnteDecorators(
		ante.NewSetUpContextDecorator(),
		ante.NewExtensionOptionsDecorator(nil),
		ante.NewValidateBasicDecorator(),
		ante.NewTxTimeoutHeightDecorator(),
		ante.NewValidateMemoDecorator(app.Account),
		ante.NewConsumeGasForTxSizeDecorator(app.Account),
		ante.NewDeductFeeDecorator(app.Account, fees{app.Bank}, app.FeeGrant, nil),
		ante.NewSetPubKeyDecorator(app.Account),
		ante.NewValidateSigCountDecorator(app.Account),
		ante.NewSigGasConsumeDecorator(app.Account, ante.DefaultSigVerificationGasConsumer),
		ante.NewSigVerificationDecorator(app.Account, app.txConfig.SignModeHandler()),
		ante.NewIncrementSequenceDecorator(app.Account),
		ibcante.NewRedundantRelayDecorator(app.IBCKeeper),
	)
}
