package chain

import (
	"context"
	"errors"

	"github.com/cosmos/gogoproto/proto"

	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

var (
	// ErrAhead says that a block is not there yet.
	ErrAhead = errors.New("history: block is not there yet")
	// ErrNode says that a node does not answer.
	ErrNode = errors.New("history: node does not answer")
	// ErrGone says that a node has thrown away what is asked for.
	ErrGone = errors.New("history: the node has pruned it")
)

// Head is what a node has.
type Head struct {
	Chain       string
	First, Last int64 // heights
}

// Block is what happened in a block, in the order in which it did.
type Block struct {
	Chain  string
	Height int64
	Time   int64  // unix seconds
	Hash   string // of the header
	Events []proto.Message
}

// Start is what a chain had at a height: what was there before events told of it.
type Start struct {
	Assets     []oracletypes.IndexedAsset
	Portfolios []Portfolio
}

// Portfolio is what a chain says of a portfolio: what it is, and its one-time orders that live.
type Portfolio struct {
	portfoliotypes.QueryPortfolioResponse

	Orders []portfoliotypes.Order
}

// Source is a chain as the history reads it. Answers about a height never change.
type Source interface { //nolint:interfacebloat // every question that the history asks
	// Head says what blocks there are. ErrNode.
	Head(ctx context.Context) (Head, error)
	// Block reads a block. ErrAhead, ErrGone, ErrNode.
	Block(ctx context.Context, height int64) (*Block, error)
	// Records are what a round had done with portfolios above an id at a height.
	Records(ctx context.Context, height int64, round, after uint64) ([]rebalancetypes.Record, error)
	// Prices are those that froze for a round, as a height knows them; ErrGone when nobody does.
	Prices(ctx context.Context, height int64, round uint64) ([]rebalancetypes.AssetPrice, error)
	// Portfolio is a portfolio as it was at a height; ErrGone when nobody knows.
	Portfolio(ctx context.Context, height int64, id uint64) (*Portfolio, error)
	// Start is what there was at a height.
	Start(ctx context.Context, height int64) (*Start, error)
}
