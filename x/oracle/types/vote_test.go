package types_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

const voteHeight = 7

// raw writes an extension without looking at it.
func raw(t *testing.T, v types.VoteExtension) []byte {
	t.Helper()
	b, err := v.Marshal()
	require.NoError(t, err)
	return b
}

// bytesOf is a price as it stands in an extension.
func bytesOf(t *testing.T, w fixed.Wad) []byte {
	t.Helper()
	b, err := w.AppendBinary(nil)
	require.NoError(t, err)
	return b
}

// TestDecodeVote: only the one encoding of what can be said is read.
func TestDecodeVote(t *testing.T) {
	t.Parallel()
	one := bytesOf(t, fixed.One())
	vote := func(prices ...types.VotedPrice) types.VoteExtension {
		return types.VoteExtension{Version: types.VoteVersion, Height: voteHeight, Prices: prices}
	}
	good := raw(t, vote(types.VotedPrice{Asset: 1, Price: one}, types.VotedPrice{Asset: 5, Price: one}))
	many := make([]types.VotedPrice, types.MaxAssets+1)
	for i := range many {
		many[i] = types.VotedPrice{Asset: uint32(i), Price: one}
	}
	of := func(p []byte) []byte { return raw(t, vote(types.VotedPrice{Price: p})) }
	most := fixed.FromInt(1_000_000_000_000_000_000)
	for _, test := range []struct {
		name string
		b    []byte
		want int // prices; -1: refused
	}{
		{"nothing", nil, 0},
		{"no prices", raw(t, vote()), 0},
		{"two", good, 2},
		{"as many as there can be", raw(t, vote(many[:types.MaxAssets]...)), types.MaxAssets},
		{"one more", raw(t, vote(many...)), -1},
		{"the highest price", of(bytesOf(t, most)), 1},
		{"the lowest price", of(bytesOf(t, fixed.FromRaw(1))), 1},
		{"too high", of(bytesOf(t, fixed.FromInt(1_000_000_000_000_000_000).Max(fixed.Max()))), -1},
		{"zero", of(bytesOf(t, fixed.Wad{})), -1},
		{"negative", of(bytesOf(t, fixed.FromInt(-1))), -1},
		{"no price", of(nil), -1},
		{"half a price", of(one[:3]), -1},
		{"a leading zero", of([]byte{2, 0, 1}), -1},
		{"a byte more in a price", of(append(slices.Clone(one), 0)), -1},
		{"another version", raw(t, types.VoteExtension{Version: 2, Height: voteHeight}), -1},
		{"no version", raw(t, types.VoteExtension{Height: voteHeight}), -1},
		{"another height", raw(t, types.VoteExtension{Version: types.VoteVersion, Height: voteHeight + 1}), -1},
		{"twice", raw(t, vote(many[3], many[3])), -1},
		{"out of order", raw(t, vote(many[4], many[3])), -1},
		{"an asset that cannot be", raw(t, vote(many[types.MaxAssets])), -1},
		{"an unknown field", append(slices.Clone(good), 0x78, 1), -1},
		{"a field twice", append(slices.Clone(good), good[:2]...), -1},
		{"fields out of order", append(slices.Clone(good[2:]), good[:2]...), -1},
		{"a long number", append([]byte{0x08, 0x81, 0x00}, good[2:]...), -1},
		{"cut", good[:len(good)-1], -1},
		{"too long", make([]byte, types.MaxVoteBytes+1), -1},
		{"no extension at all", []byte("hello"), -1},
	} {
		said, err := types.DecodeVote(test.b, voteHeight)
		if test.want < 0 {
			require.ErrorIs(t, err, types.ErrVote, test.name)
			continue
		}
		require.NoError(t, err, test.name)
		require.Len(t, said, test.want, test.name)
	}
}

// TestEncodeVote: what is said is what is read, and what cannot be read is not written.
func TestEncodeVote(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var said []types.Opinion
		for i := range uint16(types.MaxAssets) {
			if rapid.Bool().Draw(t, "says") {
				said = append(said, types.Opinion{
					Asset: i, Price: fixed.FromRaw(rapid.Int64Range(1, 1<<62).Draw(t, "price")),
				})
			}
		}
		b, err := types.EncodeVote(voteHeight, said)
		require.NoError(t, err)
		require.LessOrEqual(t, len(b), types.MaxVoteBytes)
		got, err := types.DecodeVote(b, voteHeight)
		require.NoError(t, err)
		require.True(t, slices.Equal(said, got))
	})
	_, err := types.EncodeVote(voteHeight, []types.Opinion{{Price: fixed.Wad{}}})
	require.ErrorIs(t, err, types.ErrVote)
	large := make([]types.Opinion, types.MaxAssets)
	for i := range large {
		large[i] = types.Opinion{Asset: uint16(i), Price: fixed.FromInt(1_000_000_000_000_000_000)}
	}
	b, err := types.EncodeVote(1<<62, large)
	require.NoError(t, err)
	require.LessOrEqual(t, len(b), types.MaxVoteBytes, "the limit is above the largest")
}

// FuzzDecodeVote: whatever is read is written again as it was, and within limits; nothing panics.
func FuzzDecodeVote(f *testing.F) {
	f.Add([]byte("\x08\x01\x10\x07\x1a\x0b\x12\x09\x08\x8d\x8d\xad\xf5D\xfc\x00\x00"))
	f.Add([]byte("\x08\x01\x10\x07"))
	f.Add([]byte{0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		said, err := types.DecodeVote(b, voteHeight)
		if err != nil {
			if !errors.Is(err, types.ErrVote) {
				t.Fatalf("an error without a kind: %v", err)
			}
			return
		}
		if len(b) == 0 {
			return
		}
		again, err := types.EncodeVote(voteHeight, said)
		if err != nil || !bytes.Equal(b, again) {
			t.Fatalf("%x became %x (%v)", b, again, err)
		}
	})
}
