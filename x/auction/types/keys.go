package types

import (
	"fmt"
	"math/big"

	collcodec "cosmossdk.io/collections/codec"

	"github.com/ballast-finance/ballast/engine/fixed"
)

const (
	// ModuleName is the name of the module, of its store and of its account.
	ModuleName = "auction"
	// StoreKey is the name of the store.
	StoreKey = ModuleName
)

// Prefixes of the store. A number is never used again.
const (
	ParamsPrefix    = iota // params
	PausedPrefix           // whether nothing clears
	LastBlockPrefix        // time of the last block
	CursorPrefix           // last lot visited when not all were
	HallsPrefix            // lot -> Hall
	BooksPrefix            // lot -> Book
	OpenPrefix             // lots to clear
	FrozenPrefix           // lots that wait for a price
	ClosedPrefix           // lots that wait to be taken
	DrainPrefix            // closed lots with bids left
	DonePrefix             // (time, lot) of settled lots
	BidsPrefix             // (lot, limit from above, bid) -> Resting
	OwnersPrefix           // (bidder, lot, bid) -> limit
	ExpiriesPrefix         // (expiry, lot, bid) -> limit
	CancelsPrefix          // (lot, bid) -> limit
	FillsPrefix            // (bidder, lot, bid) -> Filled
	BuyersPrefix           // (lot, bid) -> bidder of a fill
	ClaimsPrefix           // (owner, claim) -> Owed
	QueuePrefix            // claim -> owner, of those to be paid
	ClaimIDPrefix          // next claim
	SalesPrefix            // sale -> Selling
	SellersPrefix          // (seller, sale)
	SaleIDPrefix           // next sale
)

// limitBytes is the length of a limit in a key.
const limitBytes = 32

// limitKey puts decimals of 0 or more into keys so that larger ones come first: 32 bytes, inverted.
type limitKey struct{}

// LimitKey is the codec of a limit in the key of a book, where the best bid comes first.
var LimitKey collcodec.KeyCodec[fixed.Wad] = limitKey{}

// Encode writes the 32 bytes.
func (limitKey) Encode(buffer []byte, key fixed.Wad) (int, error) {
	if key.Sign() < 0 {
		return 0, fmt.Errorf("%w: expected a limit of 0 or more, got %v", collcodec.ErrEncoding, key)
	}
	key.Big().FillBytes(buffer[:limitBytes])
	for i := range limitBytes {
		buffer[i] = ^buffer[i]
	}
	return limitBytes, nil
}

// Decode reads the 32 bytes.
func (limitKey) Decode(buffer []byte) (int, fixed.Wad, error) {
	if len(buffer) < limitBytes {
		return 0, fixed.Wad{}, fmt.Errorf("%w: expected %d bytes, got %d", collcodec.ErrEncoding, limitBytes, len(buffer))
	}
	var raw [limitBytes]byte
	for i := range raw {
		raw[i] = ^buffer[i]
	}
	key, err := fixed.FromBig(new(big.Int).SetBytes(raw[:]))
	return limitBytes, key, err
}

// Size is 32.
func (limitKey) Size(fixed.Wad) int { return limitBytes }

// EncodeJSON writes the decimal.
func (limitKey) EncodeJSON(value fixed.Wad) ([]byte, error) {
	return []byte(`"` + value.String() + `"`), nil
}

// DecodeJSON reads the decimal.
func (limitKey) DecodeJSON(b []byte) (fixed.Wad, error) {
	if len(b) < 2 {
		return fixed.Wad{}, fmt.Errorf("%w: expected a decimal in quotes, got %q", collcodec.ErrEncoding, b)
	}
	return fixed.Parse(string(b[1 : len(b)-1]))
}

// Stringify writes the decimal for people.
func (limitKey) Stringify(key fixed.Wad) string { return key.String() }

// KeyType names the type.
func (limitKey) KeyType() string { return "limit" }

// EncodeNonTerminal is Encode: the length is fixed.
func (k limitKey) EncodeNonTerminal(buffer []byte, key fixed.Wad) (int, error) {
	return k.Encode(buffer, key)
}

// DecodeNonTerminal is Decode.
func (k limitKey) DecodeNonTerminal(buffer []byte) (int, fixed.Wad, error) { return k.Decode(buffer) }

// SizeNonTerminal is Size.
func (k limitKey) SizeNonTerminal(key fixed.Wad) int { return k.Size(key) }
