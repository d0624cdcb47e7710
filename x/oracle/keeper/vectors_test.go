package keeper_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// said is a source of the specification's vectors and what it says.
type said struct {
	ID     string
	Cls    string
	P      string
	W      uint32
	T      int64
	MaxAge int64 `json:"max_age"`
}

// outcome is what the vectors say of one aggregation, as far as a chain shows it.
type outcome struct {
	Status  string
	Price   string
	Median  string
	M0      string
	Limit   string
	Weights map[string]uint64
	Kept    []string
	Age     int64
	Conf    string
	Log     [][2]string
}

type vectors struct {
	OK struct {
		Src []said
		Now int64
		Out outcome
	} `json:"agg_ok"`
	Attack   outcome `json:"agg_attack"`
	Cap      outcome `json:"agg_classcap"`
	NoQuorum outcome
	TWAP     struct {
		Obs  [][2]json.RawMessage
		Now  int64
		TWAP string
	}
	Breaker [][3]json.RawMessage
}

// asSpecified are the params of the worked numbers: an annual volatility of 0.8, and clearing prices as they are.
func asSpecified(g *types.GenesisState) {
	g.Params.History.VolatilityInitial = "0.8"
	g.Params.History.VolatilityMinSeconds = 1 << 30 // it stays so
	g.Params.Clearing.AddBack = ""
}

// replay lets the sources report as the vectors say, each at its time, those named in names only.
func replay(t *testing.T, sources []said, now int64, names ...string) *chain {
	t.Helper()
	classes := map[string]types.SourceClass{
		"vote": types.ClassVote, "feed": types.ClassFeed, "dex": types.ClassDEX, "auction": types.ClassAuction,
	}
	c := fresh(t, asSpecified)
	var list []types.Source
	for i, s := range sources {
		list = append(list, source(byte(i), classes[s.Cls]))
		list[i].Weight, list[i].MaxAgeSeconds = s.W, s.MaxAge
	}
	c.add("uatom", "ATOM", list...)
	for i, s := range sources {
		if len(names) > 0 && !slices.Contains(names, s.ID) {
			continue
		}
		if c.at(s.T); s.Cls == "auction" {
			c.clear("uatom", s.P)
		} else {
			c.report(byte(i), "uatom", s.P)
		}
	}
	c.block(now)
	return c
}

// TestWorkedAggregations is the table of spec 06 §6.3 through messages, to the last digit.
func TestWorkedAggregations(t *testing.T) {
	t.Parallel()
	var v vectors
	enginetest.Vectors(t, "oracle.json", &v)
	attacked, heavy := slices.Clone(v.OK.Src), slices.Clone(v.OK.Src)
	var calc fixed.Calc
	for i := range attacked {
		if k := attacked[i].Cls; k == "dex" || k == "auction" {
			attacked[i].P = calc.MulTrunc(enginetest.W(t, attacked[i].P), enginetest.W(t, "1.3")).String()
		}
	}
	heavy[0].W = 2000
	for _, test := range []struct {
		name    string
		sources []said
		only    []string
		want    outcome
	}{
		{"honest", v.OK.Src, nil, v.OK.Out},
		{"dex and auctions 30 % up", attacked, nil, v.Attack},
		{"a heavy vote", heavy, nil, v.Cap},
		{"dex and auctions alone", v.OK.Src, []string{"dexTwap", "bad", "auct"}, v.NoQuorum},
		{"nobody", v.OK.Src, []string{"nobody"}, v.NoQuorum},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := replay(t, test.sources, v.OK.Now, test.only...)
			p := c.price("uatom")
			if test.want.Status == "NO_QUORUM" {
				require.Equal(t, oracle.StatusNoQuorum, p.Status)
				require.True(t, p.Value.IsZero())
				return
			}
			require.Equal(t, oracle.StatusOK, p.Status)
			require.Equal(t, enginetest.W(t, test.want.Price), p.Value)
			require.Equal(t, enginetest.W(t, test.want.Conf), p.Confidence)
			require.Equal(t, test.want.Age, p.AgeSeconds)
			holdSources(t, c, test.sources, &test.want)
		})
	}
}

// holdSources compares the query of the sources with the vectors.
func holdSources(t *testing.T, c *chain, sources []said, want *outcome) {
	t.Helper()
	got, err := c.query.Sources(c.ctx, &types.QuerySourcesRequest{Denom: "uatom"})
	require.NoError(t, err)
	require.Equal(t, "ok", got.Status)
	for _, f := range [][2]string{
		{got.Value, want.Price}, {got.Median, want.Median}, {got.Centre, want.M0}, {got.Limit, want.Limit},
	} {
		require.Equal(t, enginetest.W(t, f[1]), enginetest.W(t, f[0]))
	}
	dropped := map[string]string{}
	for _, d := range want.Log {
		dropped[d[0]] = d[1]
	}
	verdicts, weights := map[string]string{}, map[string]uint64{}
	var kept []string
	for i, s := range got.Sources {
		if s.Weight > 0 {
			weights[sources[i].ID] = s.Weight
		}
		if s.Verdict == "kept" {
			kept = append(kept, sources[i].ID)
		} else {
			verdicts[sources[i].ID] = s.Verdict
		}
	}
	require.Equal(t, want.Kept, kept)
	require.True(t, maps.Equal(dropped, verdicts), "got %v, want %v", verdicts, dropped)
	require.True(t, maps.Equal(want.Weights, weights), "got %v, want %v", weights, want.Weights)
}

// TestWorkedMeanAndBreaker is spec 06 §6.5 through messages: a mean over five minutes, a price that may stay, and one
// that may not.
func TestWorkedMeanAndBreaker(t *testing.T) {
	t.Parallel()
	var v vectors
	enginetest.Vectors(t, "oracle.json", &v)
	c := fresh(t, asSpecified)
	c.add("uatom", "ATOM", three()...)
	for _, o := range v.TWAP.Obs {
		var seconds int64
		enginetest.Decode(t, o[0], &seconds)
		c.at(genesisTime + seconds)
		c.agree("uatom", text(t, o[1]))
		c.block(genesisTime + seconds)
	}
	c.at(genesisTime + v.TWAP.Now)
	for i, value := range []string{"9.95", "10.6"} {
		if i > 0 {
			c.agree("uatom", value)
			c.block(c.now())
		}
		b, err := c.query.Breaker(c.ctx, &types.QueryBreakerRequest{Denom: "uatom"})
		require.NoError(t, err)
		var open bool
		enginetest.Decode(t, v.Breaker[i][0], &open)
		require.Equal(t, open, b.Open)
		require.Equal(t, value, b.Value)
		require.Equal(t, enginetest.W(t, v.TWAP.TWAP), enginetest.W(t, b.Mean))
		require.Equal(t, text(t, v.Breaker[i][1]), b.Distance)
		require.Equal(t, text(t, v.Breaker[i][2]), b.Limit)
	}
	require.Equal(t, oracle.StatusTripped, c.price("uatom").Status)
}

// text is a number of the vectors.
func text(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	return strings.Trim(string(raw), `"`)
}
