package types

import "cosmossdk.io/collections"

const (
	// ModuleName is the name of the module.
	ModuleName = "oracle"
	// StoreKey is the name of its store.
	StoreKey = ModuleName
)

// Prefixes of the store.
const (
	paramsPrefix = iota
	assetsPrefix
	denomsPrefix
	sourcesPrefix
	reportsPrefix
	historiesPrefix
	clearingsPrefix
	snapshotPrefix
	pointsPrefix
)

// ParamsKey is where the params are.
func ParamsKey() collections.Prefix { return collections.NewPrefix(paramsPrefix) }

// AssetsKey is where the assets are, by index.
func AssetsKey() collections.Prefix { return collections.NewPrefix(assetsPrefix) }

// DenomsKey is where the indices of the assets are, by denom.
func DenomsKey() collections.Prefix { return collections.NewPrefix(denomsPrefix) }

// SourcesKey is where the sources are, by the index of their asset.
func SourcesKey() collections.Prefix { return collections.NewPrefix(sourcesPrefix) }

// ReportsKey is where the last reports are, by the index of their asset.
func ReportsKey() collections.Prefix { return collections.NewPrefix(reportsPrefix) }

// HistoriesKey is where the histories are, by the index of their asset.
func HistoriesKey() collections.Prefix { return collections.NewPrefix(historiesPrefix) }

// ClearingsKey is where the clearings of auctions are, by the index of their asset.
func ClearingsKey() collections.Prefix { return collections.NewPrefix(clearingsPrefix) }

// SnapshotKey is where the published prices are.
func SnapshotKey() collections.Prefix { return collections.NewPrefix(snapshotPrefix) }

// PointsKey is where the points of the price history are, by the index of their asset and time.
func PointsKey() collections.Prefix { return collections.NewPrefix(pointsPrefix) }
