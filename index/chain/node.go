package chain

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/types/query"

	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// pageSize is how much one question brings.
const pageSize = 200

// maxPages bounds what is read at once.
const maxPages = 10_000

// Node is a chain behind a node: its RPC, or the node itself when it is in this process.
type Node struct{ client client.Context }

// NewNode reads by a client. Questions go the way of its RPC.
func NewNode(c client.Context) *Node {
	c.GRPCClient, c.GRPCConnProvider = nil, nil // old heights are asked for by RPC
	return &Node{client: c}
}

// Head says what blocks there are.
func (n *Node) Head(ctx context.Context) (Head, error) {
	rpc, err := n.client.GetNode()
	if err != nil {
		return Head{}, fmt.Errorf("%w: %w", ErrNode, err)
	}
	s, err := rpc.Status(ctx)
	if err != nil {
		return Head{}, fmt.Errorf("%w: %w", ErrNode, err)
	}
	return Head{
		Chain: s.NodeInfo.Network, First: s.SyncInfo.EarliestBlockHeight, Last: s.SyncInfo.LatestBlockHeight,
	}, nil
}

// Block reads a block.
func (n *Node) Block(ctx context.Context, height int64) (*Block, error) {
	rpc, err := n.client.GetNode()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNode, err)
	}
	results, err := rpc.BlockResults(ctx, &height)
	if err != nil {
		return nil, refusal(height, err)
	}
	info, err := rpc.BlockchainInfo(ctx, height, height)
	if err != nil {
		return nil, refusal(height, err)
	}
	if len(info.BlockMetas) != 1 {
		return nil, fmt.Errorf("%w: height %d", ErrAhead, height)
	}
	meta := info.BlockMetas[0]
	events, err := typed(ordered(results.FinalizeBlockEvents, results.TxsResults))
	if err != nil {
		return nil, fmt.Errorf("block %d: %w", height, err)
	}
	return &Block{
		Chain: meta.Header.ChainID, Height: height, Time: meta.Header.Time.Unix(), Hash: meta.BlockID.Hash.String(),
		Events: events,
	}, nil
}

// refusal tells what a node means that has no block. CometBFT has words for it, not types.
func refusal(height int64, err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "must be less than or equal"), strings.Contains(text, "could not find results"):
		return fmt.Errorf("%w: height %d", ErrAhead, height)
	case strings.Contains(text, "lowest height"), strings.Contains(text, "is not available"):
		return fmt.Errorf("%w: height %d: %w", ErrGone, height, err)
	}
	return fmt.Errorf("%w: height %d: %w", ErrNode, height, err)
}

// at asks about a height. A node that has pruned the state of it is asked for what it has now: what the log of the
// rounds says of an interval, and what a portfolio is, is the same or nearly.
func (n *Node) at(ctx context.Context, height int64, ask func(c client.Context) error) error {
	err := ask(n.client.WithHeight(height).WithCmdContext(ctx))
	if pruned(err) {
		err = ask(n.client.WithHeight(0).WithCmdContext(ctx))
	}
	switch {
	case err == nil:
		return nil
	case status.Code(err) == codes.NotFound:
		return fmt.Errorf("%w: %w", ErrGone, err)
	}
	return fmt.Errorf("%w: about height %d: %w", ErrNode, height, err)
}

// pruned reports that a state is not there any more, or not there yet.
func pruned(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "version does not exist") ||
		strings.Contains(err.Error(), "failed to load state at height") ||
		strings.Contains(err.Error(), "version mismatch"))
}

// Records are what a round had done with portfolios above an id at a height.
func (n *Node) Records(ctx context.Context, height int64, round, after uint64) ([]rebalancetypes.Record, error) {
	var records []rebalancetypes.Record
	err := n.at(ctx, height, func(c client.Context) error {
		records = records[:0]
		q := rebalancetypes.NewQueryClient(c)
		page := &query.PageRequest{Limit: pageSize, Key: binary.BigEndian.AppendUint64(nil, after+1)}
		return pages(page, func(page *query.PageRequest) (*query.PageResponse, error) {
			r, err := q.Records(ctx, &rebalancetypes.QueryRecordsRequest{Round: round, Pagination: page})
			if err != nil {
				return nil, err
			}
			records = append(records, r.Records...)
			return r.Pagination, nil
		})
	})
	return records, err
}

// Prices are those that froze for a round. Of a height that is not pruned the round is the newest one.
func (n *Node) Prices(ctx context.Context, height int64, round uint64) ([]rebalancetypes.AssetPrice, error) {
	for _, limit := range []uint64{1, pageSize} {
		var found []rebalancetypes.RoundSummary
		err := n.at(ctx, height, func(c client.Context) error {
			r, err := rebalancetypes.NewQueryClient(c).Rounds(ctx, &rebalancetypes.QueryRoundsRequest{
				Pagination: &query.PageRequest{Limit: limit},
			})
			if err == nil {
				found = r.Rounds
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		for i := range found {
			if found[i].Round == round {
				return found[i].Prices, nil
			}
		}
	}
	return nil, fmt.Errorf("%w: the prices of round %d", ErrGone, round)
}

// pages reads a list from a page to its end.
func pages(page *query.PageRequest, read func(page *query.PageRequest) (*query.PageResponse, error)) error {
	for range maxPages {
		next, err := read(page)
		if err != nil || next == nil || len(next.NextKey) == 0 {
			return err
		}
		page = &query.PageRequest{Limit: page.Limit, Key: next.NextKey}
	}
	return errors.New("expected a list with an end")
}

// Portfolio is a portfolio as it was at a height.
func (n *Node) Portfolio(ctx context.Context, height int64, id uint64) (*Portfolio, error) {
	var found Portfolio
	err := n.at(ctx, height, func(c client.Context) error {
		q := portfoliotypes.NewQueryClient(c)
		p, err := q.Portfolio(ctx, &portfoliotypes.QueryPortfolioRequest{Id: id})
		if err != nil {
			return err
		}
		o, err := q.Orders(ctx, &portfoliotypes.QueryOrdersRequest{Id: id})
		if err != nil {
			return err
		}
		found = Portfolio{*p, o.Orders}
		return nil
	})
	return &found, err
}

// Start is what there was at a height.
func (n *Node) Start(ctx context.Context, height int64) (*Start, error) {
	s := &Start{}
	err := n.at(ctx, height, func(c client.Context) error {
		*s = Start{}
		q := oracletypes.NewQueryClient(c)
		return pages(&query.PageRequest{Limit: pageSize}, func(page *query.PageRequest) (*query.PageResponse, error) {
			r, err := q.Assets(ctx, &oracletypes.QueryAssetsRequest{Pagination: page})
			if err != nil {
				return nil, err
			}
			s.Assets = append(s.Assets, r.Assets...)
			return r.Pagination, nil
		})
	})
	if err != nil {
		return nil, err
	}
	ids, err := n.portfolios(ctx, height)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		p, err := n.Portfolio(ctx, height, id)
		if err != nil {
			return nil, err
		}
		s.Portfolios = append(s.Portfolios, *p)
	}
	return s, nil
}

func (n *Node) portfolios(ctx context.Context, height int64) (ids []uint64, err error) {
	err = n.at(ctx, height, func(c client.Context) error {
		ids = ids[:0]
		q := portfoliotypes.NewQueryClient(c)
		return pages(&query.PageRequest{Limit: pageSize}, func(page *query.PageRequest) (*query.PageResponse, error) {
			r, err := q.Portfolios(ctx, &portfoliotypes.QueryPortfoliosRequest{Pagination: page})
			if err != nil {
				return nil, err
			}
			for i := range r.Portfolios {
				ids = append(ids, r.Portfolios[i].Id)
			}
			return r.Pagination, nil
		})
	})
	return ids, err
}
