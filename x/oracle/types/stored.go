package types

import (
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/pack"
)

// LastReport is the last report of a source.
type LastReport struct {
	Source uint32    // id
	Price  fixed.Wad // unit of account per display unit
	Time   int64     // unix seconds of the observation
}

// ReportsCodec encodes the last reports on one asset, in the order of their sources' ids.
func ReportsCodec() pack.Codec[[]LastReport] { return pack.Must[[]LastReport]("reports", 1) }

// HistoryCodec encodes what is remembered of one asset's price.
func HistoryCodec() pack.Codec[oracle.History] { return pack.Must[oracle.History]("history", 1) }

// ClearingsCodec encodes the last clearings of one asset's auctions.
func ClearingsCodec() pack.Codec[oracle.ClearingPrice] {
	return pack.Must[oracle.ClearingPrice]("clearings", 1)
}

// SnapshotCodec encodes the published prices.
func SnapshotCodec() pack.Codec[oracle.Snapshot] { return pack.Must[oracle.Snapshot]("snapshot", 1) }

// PriceCodec encodes a point of the price history.
func PriceCodec() pack.Codec[oracle.Price] { return pack.Must[oracle.Price]("price", 1) }
