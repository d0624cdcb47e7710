package types_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/address"

	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// TestAccount: addresses stand in the order of ids and give them back.
func TestAccount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b")
		x, y := types.Account(a), types.Account(b)
		require.Equal(t, a < b, bytes.Compare(x, y) < 0)
		require.Equal(t, a == b, x.Equals(y))
		id, found := types.OfAccount(x)
		require.True(t, found)
		require.Equal(t, a, id)
		require.Len(t, x, 32)
	})
}

// TestAccountsStay: where the funds of portfolios lie must not move.
func TestAccountsStay(t *testing.T) {
	t.Parallel()
	const stem = "b395cfc27264b16f1d8c561722c28626a17b07fd1209055e"
	for id, tail := range map[uint64]string{
		0: "0000000000000000", 1: "0000000000000001", 256: "0000000000000100", math.MaxUint64: "ffffffffffffffff",
	} {
		require.Equal(t, stem+tail, hex.EncodeToString(types.Account(id)))
	}
}

// TestOfAccount: what is no portfolio's address has no id.
func TestOfAccount(t *testing.T) {
	t.Parallel()
	one := types.Account(1)
	other := bytes.Clone(one)
	other[0]++
	for name, addr := range map[string]sdk.AccAddress{
		"empty": nil, "too short": one[:31], "too long": append(bytes.Clone(one), 0), "another stem": other,
		"a hash": address.Module(types.ModuleName, binary.BigEndian.AppendUint64(nil, 1)),
	} {
		_, found := types.OfAccount(addr)
		require.False(t, found, name)
	}
}
