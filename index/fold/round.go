package fold

import (
	"context"
	"errors"
	"fmt"

	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/index/chain"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// round writes the events of rounds.
func (b *block) round(ctx context.Context, event proto.Message) (known bool, err error) {
	switch e := event.(type) {
	case *rebalancetypes.EventRoundStarted:
		b.changed.Rounds = append(b.changed.Rounds, e.Round)
		return true, b.put(ctx, row{
			"rounds", "round height time merged decided managed managed_real counts lots ordered crossed sold lost " +
				"crossed_height closed_height finished_height finished_time", []any{
				id(e.Round), b.Height, e.FrozeAt, e.Merged, 0, "", nil, "[]", 0, "", "", "", "", 0, 0, 0, 0,
			},
		})
	case *rebalancetypes.EventPageDecided:
		return true, b.page(ctx, e)
	case *rebalancetypes.EventPortfolioSettled:
		return true, b.settled(ctx, e)
	case *rebalancetypes.EventCrossed:
		b.changed.Rounds = append(b.changed.Rounds, e.Round)
		return true, b.put(ctx, row{"crossings", "round seq height time sell buy sold bought", []any{
			id(e.Round), b.next(), b.Height, b.Time, e.Sold.Denom, e.Bought.Denom, e.Sold.Amount.String(),
			e.Bought.Amount.String(),
		}})
	case *rebalancetypes.EventLotPlanned:
		return true, b.plan(ctx, e)
	case *rebalancetypes.EventRoundFinished:
		return true, b.roundFinished(ctx, &e.Summary)
	case *rebalancetypes.EventPortfolioDecided: // its record came with the page
		return true, nil
	}
	return b.trouble(ctx, event)
}

// trouble writes what failed and was left out.
func (b *block) trouble(ctx context.Context, event proto.Message) (known bool, err error) {
	switch e := event.(type) {
	case *rebalancetypes.EventOrderRefused:
		return true, b.notice(ctx, notice{
			kind: "refused: " + e.Note.Outcome, portfolio: e.Portfolio, round: e.Round, denom: e.Note.Denom,
			reason: e.Note.Error,
		})
	case *rebalancetypes.EventLotReanchored:
		if !e.Cancelled {
			return true, nil // x/auction tells it
		}
		return true, b.notice(ctx, notice{kind: "lot cancelled", lot: e.Lot, reason: e.Reason})
	case *rebalancetypes.EventPortfolioSkipped:
		return true, b.notice(ctx, notice{
			kind: "skipped while " + word(e.Phase.String(), "PHASE_"), portfolio: b.touch(e.Portfolio), round: e.Round,
			reason: e.Error,
		})
	case *rebalancetypes.EventSaleSkipped:
		return true, b.notice(ctx, notice{kind: fmt.Sprintf("sale %d skipped", e.Sale), round: e.Round, reason: e.Error})
	case *rebalancetypes.EventStepFailed:
		return true, b.notice(ctx, notice{kind: "round waits", round: e.Round, reason: e.Error})
	case *rebalancetypes.EventParamsUpdated:
		return true, b.notice(ctx, notice{kind: "round params updated"})
	}
	return false, nil
}

// page writes the intervals of the portfolios that decided in this block. Those that ordered nothing have no event:
// the log of the chain has the records of all.
func (b *block) page(ctx context.Context, e *rebalancetypes.EventPageDecided) error {
	const cursor = "SELECT CAST(COALESCE(MAX(portfolio), 0) AS TEXT) FROM intervals WHERE round = $1"
	after, err := b.tx.Texts(ctx, cursor, id(e.Round))
	if err != nil {
		return err
	}
	var last uint64
	if _, err := fmt.Sscan(after[0], &last); err != nil {
		return err
	}
	records, err := b.source.Records(ctx, b.Height, e.Round, last)
	if errors.Is(err, chain.ErrGone) || err == nil && len(records) == 0 {
		return b.notice(ctx, notice{
			kind: "intervals unknown", round: e.Round,
			reason: fmt.Sprintf("the node has pruned the records of %d portfolios", e.Records),
		})
	}
	if err != nil {
		return err
	}
	if err := b.look(ctx, e.Round); err != nil {
		return err
	}
	for i := range records {
		if err := b.interval(ctx, &records[i]); err != nil {
			return err
		}
	}
	b.changed.Rounds = append(b.changed.Rounds, e.Round)
	managed, err := b.managed(ctx)
	if err != nil {
		return err
	}
	return b.exec(ctx, "UPDATE rounds SET decided = decided + $1, managed = $2, managed_real = $3 WHERE round = $4",
		len(records), managed, shown(managed), id(e.Round))
}

// managed is the value of all open portfolios, each as of its last interval.
func (b *block) managed(ctx context.Context) (string, error) {
	navs, err := b.tx.Texts(ctx, "SELECT nav FROM portfolios WHERE nav <> '' AND status <> 'closed'")
	if err != nil {
		return "", err
	}
	var c fixed.Calc
	var sum fixed.Wad
	for _, text := range navs {
		nav, err := fixed.Parse(text)
		if err != nil {
			return "", err
		}
		sum = c.Add(sum, nav)
	}
	return sum.String(), c.Err()
}

type weightRow struct {
	Denom  string `json:"denom"`
	Weight string `json:"weight"`
	Target string `json:"target"`
	Order  string `json:"order,omitempty"`
}

type noteRow struct {
	Outcome string   `json:"outcome"`
	Reason  string   `json:"reason,omitempty"`
	Clamps  []string `json:"clamps,omitempty"`
	Denom   string   `json:"denom,omitempty"`
	Error   string   `json:"error,omitempty"`
}

// interval writes what a round did with a portfolio.
func (b *block) interval(ctx context.Context, r *rebalancetypes.Record) error {
	b.stepped[r.Portfolio] = true
	rows := make([]weightRow, 0, len(r.Assets))
	for _, a := range r.Assets {
		rows = append(rows, weightRow(a))
	}
	weights, err := list(rows)
	if err != nil {
		return err
	}
	noted := make([]noteRow, 0, len(r.Notes))
	for i := range r.Notes {
		noted = append(noted, noteRow(r.Notes[i]))
	}
	notes, err := list(noted)
	if err != nil {
		return err
	}
	clamps, err := list(append([]string{}, r.Outcome.Clamps...))
	if err != nil {
		return err
	}
	than, err := b.compare(ctx, r)
	if err != nil {
		return err
	}
	err = b.put(ctx, row{
		"intervals", "portfolio round height time outcome reason clamps denom error nav nav_real hold hold_real mix " +
			"mix_real drift drift_real total_drift threshold weights orders settled_height settled_time ordered crossed " +
			"sold got lost filled cost_bps notes", []any{
			id(b.touch(r.Portfolio)), id(r.Round), b.Height, r.DecidedAt, r.Outcome.Outcome, r.Outcome.Reason, clamps,
			r.Outcome.Denom, r.Outcome.Error, r.Nav, shown(r.Nav), than.Hold, shown(than.Hold),
			than.Mix, shown(than.Mix), r.Drift, shown(r.Drift), r.TotalDrift, r.Threshold, weights, len(r.Orders),
			0, 0, "", "", "", "", "", "", "", notes,
		},
	})
	if err != nil {
		return err
	}
	if err := b.orders(ctx, r); err != nil {
		return err
	}
	const last = "UPDATE portfolios SET round = $1, decided_time = $2, outcome = $3 WHERE id = $4"
	err = b.exec(ctx, last, id(r.Round), r.DecidedAt, r.Outcome.Outcome, id(r.Portfolio))
	if err != nil || !r.Measured {
		return err
	}
	return b.exec(ctx, "UPDATE portfolios SET nav = $1, nav_real = $2, drift = $3, drift_real = $4, weights = $5 "+
		"WHERE id = $6", r.Nav, shown(r.Nav), r.Drift, shown(r.Drift), weights, id(r.Portfolio))
}

func (b *block) orders(ctx context.Context, r *rebalancetypes.Record) error {
	for i := range r.Orders {
		o := &r.Orders[i]
		err := b.put(ctx, row{
			"orders", "portfolio round seq height time sell buy units crossable one_time lot settled unsold got", []any{
				id(r.Portfolio), id(r.Round), i + 1, b.Height, b.Time, o.Sell, o.Buy, o.Units.String(), bit(o.Crossable),
				id(o.OneTime), id(o.Lot), 0, o.Unsold.String(), o.Got.String(),
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// plan joins a lot with its round and with the orders that it sells. The auction opens it later in the block.
func (b *block) plan(ctx context.Context, e *rebalancetypes.EventLotPlanned) error {
	b.lot(e.Lot)
	b.planned[e.Lot] = e.Round
	return b.exec(ctx, "UPDATE orders SET lot = $1 WHERE round = $2 AND sell = $3 AND buy = $4",
		id(e.Lot), id(e.Round), e.Units.Denom, e.Buy)
}

// settled writes what a round brought a portfolio.
func (b *block) settled(ctx context.Context, e *rebalancetypes.EventPortfolioSettled) error {
	f := &e.Fill
	b.stepped[e.Portfolio] = true
	err := b.exec(ctx, "UPDATE intervals SET settled_height = $1, settled_time = $2, ordered = $3, crossed = $4, "+
		"sold = $5, got = $6, lost = $7, filled = $8, cost_bps = $9 WHERE portfolio = $10 AND round = "+
		"$11", b.Height, b.Time,
		f.Ordered, f.Crossed, f.Sold, f.Got, f.Lost, f.Fill, f.CostBps, id(b.touch(e.Portfolio)), id(e.Round))
	if err != nil {
		return err
	}
	for i := range e.Orders {
		o := &e.Orders[i]
		err := b.exec(ctx, "UPDATE orders SET settled = 1, unsold = $1, got = $2, lot = $3 "+
			"WHERE portfolio = $4 AND round = $5 AND seq = $6",
			o.Unsold.String(), o.Got.String(), id(o.Lot), id(e.Portfolio), id(e.Round), i+1)
		if err != nil {
			return err
		}
	}
	if err := b.traded(ctx, e); err != nil {
		return err
	}
	for i := range e.Slices {
		s := &e.Slices[i]
		err := b.put(ctx, row{"slices", "portfolio one_time round height time sell buy sold bought remaining", []any{
			id(e.Portfolio), id(s.OneTime), id(e.Round), b.Height, b.Time, s.Sold.Denom, s.Bought.Denom,
			s.Sold.Amount.String(), s.Bought.Amount.String(), s.Left.String(),
		}})
		if err != nil {
			return err
		}
		const left = "UPDATE one_time_orders SET remaining = $1 WHERE portfolio = $2 AND id = $3"
		if err := b.exec(ctx, left, s.Left.String(), id(e.Portfolio), id(s.OneTime)); err != nil {
			return err
		}
	}
	return nil
}

type countRow struct {
	Outcome    string `json:"outcome"`
	Portfolios uint64 `json:"portfolios"`
}

func (b *block) roundFinished(ctx context.Context, s *rebalancetypes.RoundSummary) error {
	rows := make([]countRow, 0, len(s.Counts))
	for _, c := range s.Counts {
		rows = append(rows, countRow(c))
	}
	counts, err := list(rows)
	if err != nil {
		return err
	}
	b.changed.Rounds = append(b.changed.Rounds, s.Round)
	return b.exec(ctx, "UPDATE rounds SET counts = $1, lots = $2, ordered = $3, crossed = $4, sold = $5, lost = $6, "+
		"crossed_height = $7, closed_height = $8, finished_height = $9, finished_time = $10 WHERE round = $11", counts,
		id(s.Lots), s.Ordered, s.Crossed, s.Sold, s.Lost, s.CrossedHeight, s.ClosedHeight, b.Height, b.Time, id(s.Round))
}
