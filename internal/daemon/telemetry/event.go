package telemetry

import (
	"context"
	"slices"
	"strconv"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/prometheus/client_golang/prometheus"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// known are the events that alerts look for: they are there with zero before they happen for the first time.
func known() [][2]string {
	return [][2]string{
		{"auction", "BidPlaced"},
		{"auction", "Filled"},
		{"auction", "LotOpened"},
		{"auction", "LotClosed"},
		{"auction", "LotFrozen"},
		{"auction", "LotFailed"},
		{"auction", "StepFailed"},
		{"auction", "ClaimFailed"},
		{"oracle", "AssetFailed"},
		{"oracle", "StatusChanged"},
		{"oracle", "ReportsAccepted"},
		{"oracle", "MediansTaken"},
		{"oracle", "MediansFailed"},
		{"portfolio", "PaymentFailed"},
		{"portfolio", "PaymentShort"},
		{"portfolio", "Quarantined"},
		{"portfolio", "Paused"},
		{"rebalance", "StepFailed"},
		{"rebalance", "PortfolioSkipped"},
		{"rebalance", "Debt"},
		{"rebalance", "RoundFinished"},
	}
}

// remembered is for how many blocks the time is known: a round is longer than that only when something is wrong.
const remembered = 8192

// events counts what blocks tell.
type events struct {
	count      *prometheus.CounterVec
	portfolios *prometheus.GaugeVec
	value      *prometheus.GaugeVec
	stage      *prometheus.HistogramVec
	ballots    *ballots

	times [remembered]int64 // unix time of a block, by its height
}

// newEvents makes the counters and registers them.
func newEvents(registry prometheus.Registerer) (*events, error) {
	e := &events{
		count: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "events_total", Help: "Events of the modules since the node started.",
		}, []string{"module", "event"}),
		portfolios: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: namespace, Name: "round_portfolios", Help: "Portfolios of the last finished round, by outcome.",
		}, []string{"outcome"}),
		value: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: namespace, Name: "round_value", Help: "Value in the last finished round, by what became of it.",
		}, []string{"kind"}),
		stage: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: "round_stage_seconds",
			Help:    "How long the stages of finished rounds took, by the time of blocks: decide, auction, settle.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 13),
		}, []string{"stage"}),
		ballots: newBallots(),
	}
	for _, x := range known() {
		e.count.WithLabelValues(x[0], x[1])
	}
	for _, kind := range []string{"ordered", "crossed", "sold", "lost"} {
		e.value.WithLabelValues(kind)
	}
	for _, stage := range []string{"decide", "auction", "settle"} {
		e.stage.WithLabelValues(stage)
	}
	return e, register(registry, append(e.ballots.collectors(), e.count, e.portfolios, e.value, e.stage)...)
}

// ListenFinalizeBlock counts the events of a block that has been executed.
func (e *events) ListenFinalizeBlock(
	_ context.Context, req abci.RequestFinalizeBlock, res abci.ResponseFinalizeBlock,
) error {
	e.times[req.Height%remembered] = req.Time.Unix()
	e.ballots.take(&req)
	e.take(res.Events)
	for _, tx := range res.TxResults {
		e.take(tx.Events)
	}
	return nil
}

// ListenCommit has nothing to do.
func (*events) ListenCommit(context.Context, abci.ResponseCommit, []*storetypes.StoreKVPair) error {
	return nil
}

// take counts events. Names are ballast.<module>.v1.Event<What>.
func (e *events) take(list []abci.Event) {
	for i := range list {
		name, ours := strings.CutPrefix(list[i].Type, namespace+".")
		if !ours {
			continue
		}
		module, what, _ := strings.Cut(name, ".v1.Event")
		e.count.WithLabelValues(module, what).Inc()
		switch module + what {
		case "rebalanceRoundFinished":
			e.finished(plain(list[i]))
		case "oracleMediansTaken":
			e.ballots.told(plain(list[i]))
		}
	}
}

// plain is an event without the attributes that are the SDK's and not the message's.
func plain(event abci.Event) abci.Event {
	event.Attributes = slices.DeleteFunc(slices.Clone(event.Attributes), func(a abci.EventAttribute) bool {
		return a.Key == "mode" || a.Key == "msg_index"
	})
	return event
}

// finished shows what a round came to.
func (e *events) finished(event abci.Event) {
	message, err := sdk.ParseTypedEvent(event)
	if err != nil {
		return
	}
	round, ok := message.(*rebalancetypes.EventRoundFinished)
	if !ok {
		return
	}
	s := &round.Summary
	e.portfolios.Reset()
	for i := range s.Counts {
		e.portfolios.WithLabelValues(s.Counts[i].Outcome).Set(float64(s.Counts[i].Portfolios))
	}
	for kind, value := range map[string]string{
		"ordered": s.Ordered, "crossed": s.Crossed, "sold": s.Sold, "lost": s.Lost,
	} {
		e.value.WithLabelValues(kind).Set(number(value))
	}
	e.lasted("decide", s.FrozeHeight, s.CrossedHeight)
	e.lasted("auction", s.CrossedHeight, s.ClosedHeight)
	e.lasted("settle", s.ClosedHeight, s.FinishedHeight)
}

// lasted observes a stage, when the node has seen both of its ends.
func (e *events) lasted(stage string, from, to int64) {
	if from <= 0 || to < from || to-from >= remembered {
		return
	}
	begin, end := e.times[from%remembered], e.times[to%remembered]
	if begin != 0 && end >= begin {
		e.stage.WithLabelValues(stage).Observe(float64(end - begin))
	}
}

// number is a decimal for a picture; empty is zero.
func number(text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return f
}
