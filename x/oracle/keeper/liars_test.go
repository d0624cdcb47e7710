package keeper_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// long is for how many seconds the validators lie: three windows of the breaker.
const long = 900

// others says which sources go on to report beside the validators.
type others map[byte]string

// liars is a while on a chain of default params on which all validators lie together, from a minute after its start,
// and others report as before. It returns every price that could be traded at, and the last.
func liars(t *testing.T, lie string, say others, sources ...types.Source) (traded []oracle.Price, last oracle.Price) {
	t.Helper()
	c := voting(t, func(*types.GenesisState) {}, append(sources, byVoters(1))...)
	for second := int64(0); second < 60+long; second += 15 {
		c.at(genesisTime + second)
		for _, s := range sources {
			if price := say[byte(s.Id)]; second < 60 {
				c.report(byte(s.Id), "uatom", "10")
			} else if price != "" {
				c.report(byte(s.Id), "uatom", price)
			}
		}
		said := "10"
		if second >= 60 {
			said = lie
		}
		c.vote(genesisTime+second, all(2, said), all(1, said))
		if last = c.price("uatom"); last.Status == oracle.StatusOK {
			traded = append(traded, last)
		}
	}
	return traded, last
}

// TestValidatorsCannotLieAlone: with the default quorum of two classes a lie of all validators is never confirmed, for
// however long they go on: other classes outvote it, or there is no price. A class below its quorum confirms nothing.
func TestValidatorsCannotLieAlone(t *testing.T) {
	t.Parallel()
	feeds := []types.Source{source(2, types.ClassFeed), source(3, types.ClassFeed)}
	classes := slices.Concat(feeds, []types.Source{source(4, types.ClassDEX)})
	for _, test := range []struct {
		name    string
		sources []types.Source
		say     others
		want    oracle.Status
	}{
		{"others outvote them", classes, others{2: "10", 3: "10", 4: "10"}, oracle.StatusOK},
		{"one other class disagrees", feeds, others{2: "10", 3: "10"}, oracle.StatusNoQuorum},
		{"the others disagree among themselves", feeds, others{2: "10", 3: "11"}, oracle.StatusNoQuorum},
		{"nobody else says anything", feeds, others{}, oracle.StatusNoQuorum},
		{"all others but one are silent", classes, others{4: "10"}, oracle.StatusNoQuorum},
	} {
		for _, lie := range []string{"0.000001", "9.4", "20"} {
			t.Run(test.name+" with "+lie, func(t *testing.T) {
				t.Parallel()
				traded, last := liars(t, lie, test.say, test.sources...)
				require.NotEmpty(t, traded)
				for _, p := range traded {
					require.Equal(t, enginetest.W(t, "10"), p.Value)
				}
				require.Equal(t, test.want, last.Status)
				require.Equal(t, enginetest.W(t, "10"), last.Value)
			})
		}
	}
}

// TestValidatorsCanNudge: what is near enough to the others to be no outlier moves the price, by less than the floor of
// outliers, which is half a percent.
func TestValidatorsCanNudge(t *testing.T) {
	t.Parallel()
	sources := []types.Source{source(2, types.ClassFeed), source(3, types.ClassFeed), source(4, types.ClassDEX)}
	for _, lie := range []string{"9.951", "9.99", "10.01", "10.049"} {
		traded, last := liars(t, lie, others{2: "10", 3: "10", 4: "10"}, sources...)
		require.Equal(t, oracle.StatusOK, last.Status, lie)
		for _, p := range traded {
			low, high := enginetest.W(t, "9.95"), enginetest.W(t, "10.05")
			require.False(t, p.Value.Less(low) || high.Less(p.Value), "%s: %v", lie, p.Value)
		}
	}
}

// TestMostOfThePowerIsTrusted is the bound of a chain that asks for one class only: more than a third that lies, and
// half of those who report, is held by the breaker for as long as it needs to forget, and is then the price.
func TestMostOfThePowerIsTrusted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		ballots []ballot // after the first ten minutes
		moves   bool
	}{
		{"a third lies and a third is silent", []ballot{all(1, "10"), all(1, "5"), {power: 1}}, false},
		{"two fifths lie and all others report", []ballot{all(3, "10"), all(2, "5")}, false},
		{"two fifths lie and three tenths are silent", []ballot{all(3, "10"), all(4, "5"), {power: 3}}, true},
		{"more than half lies", []ballot{all(4, "10"), all(6, "5")}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := voting(t, alone, byVoters(1))
			second := int64(0)
			for ; second < 600; second += 10 {
				c.vote(genesisTime+second, all(1, "10"))
			}
			began := second
			for ; second < began+long; second += 10 {
				c.vote(genesisTime+second, test.ballots...)
				p := c.price("uatom")
				if p.Status == oracle.StatusOK && p.Value != enginetest.W(t, "10") {
					break
				}
				require.Equal(t, enginetest.W(t, "10"), p.Value)
			}
			require.Equal(t, test.moves, second < began+long)
			require.GreaterOrEqual(t, second-began, int64(240), "the breaker holds for most of its window")
		})
	}
}
