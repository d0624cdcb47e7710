package telemetry

import (
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/prometheus/client_golang/prometheus"

	sdk "github.com/cosmos/cosmos-sdk/types"

	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/oracle/votes"
)

// ballots shows how the validators vote on prices.
type ballots struct {
	validators *prometheus.GaugeVec
	share      prometheus.Gauge
	assets     *prometheus.GaugeVec
}

// newBallots makes the gauges. All are there before the first votes.
func newBallots() *ballots {
	b := &ballots{
		validators: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: namespace, Name: "vote_validators",
			Help: "Validators in the votes of the last block, by what they said: prices, nothing, unreadable, absent.",
		}, []string{"said"}),
		share: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: namespace, Name: "vote_power_share",
			Help: "Part of the voting power that had a price for anything in the votes of the last block.",
		}),
		assets: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: namespace, Name: "vote_assets",
			Help: "Assets that were voted on when that was last told, by outcome: taken, or missed without a median.",
		}, []string{"outcome"}),
	}
	b.show(votes.Census{})
	b.outcome(&oracletypes.EventMediansTaken{})
	return b
}

// collectors are what is to be registered.
func (b *ballots) collectors() []prometheus.Collector {
	return []prometheus.Collector{b.validators, b.share, b.assets}
}

// take counts the votes that a block begins with. A block without shows zeros.
func (b *ballots) take(req *abci.RequestFinalizeBlock) {
	census, err := votes.Count(req.Txs, req.Height)
	if err != nil {
		census = votes.Census{}
	}
	b.show(census)
}

func (b *ballots) show(c votes.Census) {
	for said, n := range map[string]uint32{
		"prices": c.Voters, "nothing": c.Silent, "unreadable": c.Invalid, "absent": c.Absent,
	} {
		b.validators.WithLabelValues(said).Set(float64(n))
	}
	b.share.Set(float64(c.Voting) / float64(max(c.Power, 1)))
}

// told shows what a block has told of its medians.
func (b *ballots) told(event abci.Event) {
	message, err := sdk.ParseTypedEvent(event)
	if err != nil {
		return
	}
	if taken, ok := message.(*oracletypes.EventMediansTaken); ok {
		b.outcome(taken)
	}
}

func (b *ballots) outcome(e *oracletypes.EventMediansTaken) {
	b.assets.WithLabelValues("taken").Set(float64(e.Taken))
	b.assets.WithLabelValues("missed").Set(float64(e.Missed))
}
