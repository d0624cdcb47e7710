package votes

import (
	"context"

	abci "github.com/cometbft/cometbft/abci/types"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Runner makes an executor leave the injected transaction out, and answers it itself. Executors differ in the gas that
// they count for what they cannot read, and the results of transactions are part of the next block's header: nodes with
// different executors would part.
func Runner(inner sdk.TxRunner) sdk.TxRunner { return runner{inner} }

type runner struct{ inner sdk.TxRunner }

// Unwrap is the executor.
func (r runner) Unwrap() sdk.TxRunner { return r.inner }

// Run executes the transactions of a block.
func (r runner) Run(
	ctx context.Context, stores storetypes.MultiStore, txs [][]byte, deliver sdk.DeliverTxFunc,
) ([]*abci.ExecTxResult, error) {
	if len(txs) == 0 || !Injected(txs[0]) {
		return r.inner.Run(ctx, stores, txs, deliver)
	}
	results, err := r.inner.Run(ctx, stores, txs[1:], deliver)
	if err != nil {
		return nil, err
	}
	return append([]*abci.ExecTxResult{{Info: "votes on prices"}}, results...), nil
}
