package fold

import (
	"context"

	"github.com/cosmos/gogoproto/proto"

	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// oracle writes the events of prices and assets.
func (b *block) oracle(ctx context.Context, event proto.Message) (known bool, err error) {
	switch e := event.(type) {
	case *oracletypes.EventPriceUpdated:
		return true, b.price(ctx, e)
	case *oracletypes.EventStatusChanged:
		kind := "usable"
		if e.After != "ok" {
			kind = "unusable"
		}
		return true, b.pause(ctx, pause{scope: "asset", kind: kind, denom: e.Denom, reason: e.After})
	case *oracletypes.EventAssetAdded:
		return true, b.asset(ctx, assetRow{e.Index, e.Denom, e.Display, e.Exponent, oracletypes.AssetActive})
	case *oracletypes.EventAssetUpdated:
		return true, b.exec(ctx, "UPDATE assets SET display = $1, status = $2 WHERE denom = $3",
			e.Display, status(e.Status), e.Denom)
	case *oracletypes.EventAssetFailed:
		return true, b.notice(ctx, notice{kind: "asset failed", denom: e.Denom, reason: e.Reason})
	case *oracletypes.EventSourcesSet:
		return true, b.notice(ctx, notice{kind: "sources set", denom: e.Denom})
	case *oracletypes.EventMediansFailed:
		return true, b.notice(ctx, notice{kind: "votes not counted", reason: e.Reason})
	case *oracletypes.EventReportsAccepted, *oracletypes.EventMediansTaken: // what they say is in the prices
		return true, nil
	case *oracletypes.EventParamsUpdated:
		return true, b.notice(ctx, notice{kind: "oracle params updated"})
	}
	return false, nil
}

func status(s oracletypes.AssetStatus) string { return word(s.String(), "ASSET_STATUS_") }

type assetRow struct {
	index    uint32
	denom    string
	display  string
	exponent uint32
	status   oracletypes.AssetStatus
}

// asset writes an asset. One that the first block adds was there at its end, too.
func (b *block) asset(ctx context.Context, a assetRow) error {
	b.changed.Prices = append(b.changed.Prices, a.denom)
	return b.exec(ctx, "INSERT INTO assets (denom, idx, display, exponent, status, price_height, price_time, "+
		"price_status, price, confidence, sigma, twap, age_seconds, classes, sources) "+
		"VALUES ($1, $2, $3, $4, $5, 0, 0, 'unspecified', '', '', '', '', 0, 0, '[]') ON CONFLICT DO NOTHING",
		a.denom, int64(a.index), a.display, int64(a.exponent), status(a.status))
}

// sourceRow is a source as the history shows it.
type sourceRow struct {
	ID       uint32 `json:"id"`
	Class    string `json:"class"`
	Reporter string `json:"reporter,omitempty"`
	Price    string `json:"price"`
	Time     int64  `json:"time"`
	Age      int64  `json:"age_seconds"`
	Weight   uint64 `json:"weight"`
	Verdict  string `json:"verdict"`
}

func (b *block) price(ctx context.Context, e *oracletypes.EventPriceUpdated) error {
	rows := make([]sourceRow, 0, len(e.Sources))
	for i := range e.Sources {
		s := &e.Sources[i]
		rows = append(rows, sourceRow{
			s.Source.Id, word(s.Source.Class.String(), "SOURCE_CLASS_"), s.Source.Reporter,
			s.Price, s.TimeSeconds, s.AgeSeconds, s.Weight, s.Verdict,
		})
	}
	sources, err := list(rows)
	if err != nil {
		return err
	}
	b.changed.Prices = append(b.changed.Prices, e.Denom)
	err = b.put(ctx, row{
		"prices", "denom height time status value value_real confidence sigma twap age_seconds classes sources", []any{
			e.Denom, b.Height, b.Time, e.Status, e.Value, shown(e.Value), e.Confidence, e.Sigma, e.Twap, e.AgeSeconds,
			int64(e.Classes), sources,
		},
	})
	if err != nil {
		return err
	}
	return b.exec(ctx, "UPDATE assets SET price_height = $1, price_time = $2, price_status = $3, price = $4, "+
		"confidence = $5, sigma = $6, twap = $7, age_seconds = $8, classes = $9, sources = $10 WHERE denom = $11",
		b.Height, b.Time, e.Status, e.Value, e.Confidence, e.Sigma, e.Twap, e.AgeSeconds, int64(e.Classes), sources,
		e.Denom)
}
