package chain_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// TestPageOfTheBank: what a page finds in the accounts of portfolios is what x/bank says of each of them.
func TestPageOfTheBank(t *testing.T) {
	t.Parallel()
	const n = 20
	w := newWorld(t, options{})
	for i := range n {
		w.accept(time.Second, &portfoliotypes.MsgCreate{
			Owner: alice.String(), Name: "one of twenty", Policy: w.written(quarters),
			Deposit: coins(fmt.Sprintf("%duatom,%daeth,%dujunk,%duusdc", 1+i, 1+i%2, 1+i, 1_000_000+i)),
		})
	}
	page, last, err := w.Portfolio.Page(w.ctx(), 0, n)
	require.NoError(t, err)
	require.True(t, last)
	require.Len(t, page, n)
	for i, p := range page {
		want, err := w.Portfolio.Load(w.ctx(), p.ID)
		require.NoError(t, err)
		require.Equal(t, want, p)
		require.Equal(t, fmt.Sprint(1+i), p.Holdings[1].String(), "uatom")
		require.True(t, p.Holdings[3].IsZero(), "uosmo")
	}
}
