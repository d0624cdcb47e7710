package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/cosmos/gogoproto/grpc"

	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/policy/plain"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// ErrBroken says that something does not add up.
var ErrBroken = errors.New("the state does not add up")

// Count is how many things of a kind were looked at.
type Count struct {
	Name string
	N    uint64
}

// Verdict is what came of a check.
type Verdict struct {
	Where  string // what was checked
	Chain  string
	Height int64
	Counts []Count
	Broken []string
}

// Ask asks a node, or a state, what does not add up, and counts what was looked at.
func (v *Verdict) Ask(ctx context.Context, conn grpc.ClientConn) error {
	r, err := rebalancetypes.NewQueryClient(conn).Invariants(ctx, &rebalancetypes.QueryInvariantsRequest{})
	if err != nil {
		return fmt.Errorf("invariants: %w", err)
	}
	v.Broken = append(v.Broken, r.Broken...)
	one := &query.PageRequest{Limit: 1, CountTotal: true}
	assets, err := oracletypes.NewQueryClient(conn).Assets(ctx, &oracletypes.QueryAssetsRequest{Pagination: one})
	if err := v.count("assets", assets.GetPagination(), err); err != nil {
		return err
	}
	portfolios, err := portfoliotypes.NewQueryClient(conn).Portfolios(
		ctx, &portfoliotypes.QueryPortfoliosRequest{Pagination: one})
	if err := v.count("portfolios", portfolios.GetPagination(), err); err != nil {
		return err
	}
	auctions := auctiontypes.NewQueryClient(conn)
	lots, err := auctions.Lots(ctx, &auctiontypes.QueryLotsRequest{Pagination: one})
	if err := v.count("lots", lots.GetPagination(), err); err != nil {
		return err
	}
	sales, err := auctions.Sales(ctx, &auctiontypes.QuerySalesRequest{Pagination: one})
	return v.count("sales", sales.GetPagination(), err)
}

func (v *Verdict) count(name string, page *query.PageResponse, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	v.Counts = append(v.Counts, Count{name, page.GetTotal()})
	return nil
}

// Write says what was checked and what is broken. ErrBroken when something is.
func (v *Verdict) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Checked %s, chain %s, at height %d:\n\n", v.Where, v.Chain, v.Height)
	var t figure.Table
	for _, c := range v.Counts {
		t.Row(c.Name, figure.Grouped(strconv.FormatUint(c.N, 10)))
	}
	if _, err := t.WriteTo(&b); err != nil {
		return err
	}
	if len(v.Broken) == 0 {
		b.WriteString("\nEverything adds up.\n")
	} else {
		b.WriteString("\nWhat does not add up:\n")
	}
	for _, line := range v.Broken {
		b.WriteString(figure.Wrapped(line))
	}
	if _, err := io.WriteString(w, b.String()); err != nil || len(v.Broken) == 0 {
		return err
	}
	return fmt.Errorf("%w: %s broken", ErrBroken, plain.Plural(int64(len(v.Broken)), "invariant"))
}
