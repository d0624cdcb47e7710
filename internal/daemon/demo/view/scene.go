package view

import "github.com/ballast-finance/ballast/engine/fixed"

// Scene is a moment of the demonstration.
type Scene struct {
	Height  int64
	Moment  int64 // of the history that plays, unix seconds
	Speed   int64 // seconds of history in a second
	Round   int   // that runs, counted from 1; 0 before the first
	Rounds  int   // that will be
	Phase   string
	Nodes   string // where the chain answers
	Ending  bool   // the last round is over, or somebody has ended the show
	Prices  []Price
	Holders []Holder
	Lots    []Lot
	Fills   []Fill
	Past    []Past // the rounds that are over, the newest last
}

// Price is that of an asset.
type Price struct {
	Asset  string
	Value  fixed.Wad
	Before fixed.Wad // at the beginning
	Usable bool
}

// Holder is a treasury. Its weights and targets are parallel to the prices of the scene.
type Holder struct {
	Name    string
	Value   fixed.Wad
	Weights []fixed.Wad
	Targets []fixed.Wad
	Drift   fixed.Wad   // now: the turnover that would restore the targets
	Drifts  []fixed.Wad // at the decisions so far
	Reason  string      // what the last interval did, and why
}

// Lot is an auction that runs.
type Lot struct {
	ID        uint64
	Sell, Buy string
	Clock     fixed.Wad // price of the clock; zero while the lot opens
	Oracle    fixed.Wad // price that the oracle implies
	Left      fixed.Wad // part that is not sold yet
	Bids      int
}

// Fill is a purchase.
type Fill struct {
	Who    string
	Amount fixed.Wad // in display units
	Sell   string    // of what
	Price  fixed.Wad
	Buy    string    // what it is paid in
	Oracle fixed.Wad // price that the oracle implies now
}

// Past is a round that is over, in units of account.
type Past struct {
	Round                       int
	Ordered, Crossed, Auctioned fixed.Wad
	Lots                        uint64
	Lost                        fixed.Wad
	Sold                        fixed.Wad
}
