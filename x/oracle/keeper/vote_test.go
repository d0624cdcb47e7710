package keeper_test

import (
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/oracle/votes"
)

// ballot is the vote of a validator.
type ballot struct {
	power   int64
	says    map[uint16]string // prices by asset; nil: nothing
	garbage bool              // something that is no vote
	absent  bool
}

// all is a validator of some power that says one price of the first asset.
func all(power int64, price string) ballot {
	return ballot{power: power, says: map[uint16]string{0: price}}
}

// byVoters is the source that is the validators.
func byVoters(id uint32) types.Source {
	return types.Source{Id: id, Class: types.ClassVote, Weight: 100, MaxAgeSeconds: 600}
}

// alone lets one source of one class make a price.
func alone(g *types.GenesisState) {
	g.Params.Aggregate.MinSources, g.Params.Aggregate.MinClasses, g.Params.Aggregate.ClassCap = 1, 1, "1"
}

// inject is the votes for the block before, as the next one begins with them.
func (c *chain) inject(ballots []ballot) []byte {
	c.tb.Helper()
	var all abci.ExtendedCommitInfo
	for _, b := range ballots {
		v := abci.ExtendedVoteInfo{
			Validator: abci.Validator{Power: b.power}, BlockIdFlag: cmtproto.BlockIDFlagCommit,
		}
		var said []types.Opinion
		for a := range uint16(types.MaxAssets) {
			if price, says := b.says[a]; says {
				said = append(said, types.Opinion{Asset: a, Price: enginetest.W(c.tb, price)})
			}
		}
		switch {
		case b.absent:
			v.BlockIdFlag = cmtproto.BlockIDFlagAbsent
		case b.garbage:
			v.VoteExtension = []byte{0xff}
		case said != nil:
			var err error
			v.VoteExtension, err = types.EncodeVote(c.ctx.BlockHeight(), said)
			require.NoError(c.tb, err)
		}
		all.Votes = append(all.Votes, v)
	}
	tx, err := votes.Inject(&all)
	require.NoError(c.tb, err)
	return tx
}

// vote begins the block of a time with votes, as the application does, and returns its events.
func (c *chain) vote(seconds int64, ballots ...ballot) sdk.Events {
	c.tb.Helper()
	tx := c.inject(ballots)
	c.at(seconds)
	c.ctx = c.ctx.WithBlockHeight(c.ctx.BlockHeight() + 1).WithEventManager(sdk.NewEventManager()).
		WithConsensusParams(cmtproto.ConsensusParams{Abci: &cmtproto.ABCIParams{VoteExtensionsEnableHeight: 1}})
	h := votes.Handlers{Config: votes.Config{Oracle: c.k}}
	h.PreBlock(c.ctx, [][]byte{tx})
	require.NoError(c.tb, c.k.BeginBlock(c.ctx))
	require.Empty(c.tb, c.k.Invariants(c.ctx))
	return c.ctx.EventManager().Events()
}

// voting is a chain at its second block whose first asset has these sources, so that votes are due.
func voting(tb testing.TB, change func(g *types.GenesisState), sources ...types.Source) *chain {
	tb.Helper()
	c := fresh(tb, change)
	c.add("uatom", "ATOM", sources...)
	c.ctx = c.ctx.WithBlockHeight(1)
	return c
}

// said is the last report of source 1 of the first asset, empty when it has none.
func (c *chain) said() string {
	c.tb.Helper()
	r, err := c.query.Sources(c.ctx, &types.QuerySourcesRequest{Denom: "uatom"})
	require.NoError(c.tb, err)
	for _, s := range r.Sources {
		if s.Source.Id == 1 {
			return s.Price
		}
	}
	require.Fail(c.tb, "no such source")
	return ""
}

// counted is what a block tells of its votes; nil: nothing.
func counted(t *testing.T, events sdk.Events) *types.EventMediansTaken {
	t.Helper()
	for _, e := range events {
		message, err := sdk.ParseTypedEvent(abci.Event(e))
		require.NoError(t, err)
		if found, is := message.(*types.EventMediansTaken); is {
			return found
		}
	}
	return nil
}

// TestMedians: what a block's votes come to, by the powers of those who say something.
func TestMedians(t *testing.T) {
	t.Parallel()
	silent := func(power int64) ballot { return ballot{power: power} }
	garbage := func(power int64) ballot { return ballot{power: power, garbage: true} }
	absent := func(power int64) ballot { return ballot{power: power, absent: true} }
	for _, test := range []struct {
		name    string
		ballots []ballot
		want    string // empty: no median
		taken   types.EventMediansTaken
	}{
		{"nobody", nil, "", types.EventMediansTaken{Missed: 1}},
		{"one of one", []ballot{all(1, "7.5")}, "7.5", types.EventMediansTaken{Taken: 1, Voters: 1}},
		{"a validator without power", []ballot{all(0, "7.5")}, "", types.EventMediansTaken{Missed: 1, Voters: 1}},
		{
			"two thirds and no more",
			[]ballot{all(1, "7"), all(2, "8"), all(1, "9"), silent(2)},
			"8",
			types.EventMediansTaken{Taken: 1, Voters: 3},
		},
		{
			"a third is silent and a third lies downwards",
			[]ballot{all(1, "7"), all(1, "0.000001"), silent(1)},
			"",
			types.EventMediansTaken{Missed: 1, Voters: 2},
		},
		{
			"a third is silent and a third lies upwards",
			[]ballot{all(1, "7"), silent(1), all(1, "1000000")},
			"",
			types.EventMediansTaken{Missed: 1, Voters: 2},
		},
		{
			"two thirds less one",
			[]ballot{all(666_666, "7"), silent(333_334)},
			"",
			types.EventMediansTaken{Missed: 1, Voters: 1},
		},
		{"two thirds plus one", []ballot{all(67, "7"), silent(33)}, "7", types.EventMediansTaken{Taken: 1, Voters: 1}},
		{
			"those who are absent count towards the whole",
			[]ballot{all(66, "7"), absent(34)},
			"",
			types.EventMediansTaken{Missed: 1, Voters: 1},
		},
		{
			"those who cannot be read too",
			[]ballot{all(66, "7"), garbage(34)},
			"",
			types.EventMediansTaken{Missed: 1, Voters: 1, Invalid: 1},
		},
		{
			"the median is of stakes, not of heads",
			[]ballot{all(40, "10"), all(30, "11"), all(20, "12"), all(10, "13")},
			"11",
			types.EventMediansTaken{Taken: 1, Voters: 4},
		},
		{
			"three small ones against a large one",
			[]ballot{all(51, "10"), all(17, "99"), all(16, "99"), all(16, "99")},
			"10",
			types.EventMediansTaken{Taken: 1, Voters: 4},
		},
		{
			"a third lies upwards",
			[]ballot{all(33, "1000000"), all(40, "10"), all(27, "11")},
			"11",
			types.EventMediansTaken{Taken: 1, Voters: 3},
		},
		{
			"a third lies downwards",
			[]ballot{all(33, "0.000001"), all(40, "10"), all(27, "11")},
			"10",
			types.EventMediansTaken{Taken: 1, Voters: 3},
		},
		{
			"a third is silent, and half of the rest less one lies",
			[]ballot{silent(33), all(33, "1000000"), all(34, "10")},
			"10",
			types.EventMediansTaken{Taken: 1, Voters: 2},
		},
		{
			"they speak of another asset only",
			[]ballot{{power: 1, says: map[uint16]string{1: "5"}}},
			"",
			types.EventMediansTaken{Missed: 1, Voters: 1},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := voting(t, alone, byVoters(1))
			events := c.vote(genesisTime+5, test.ballots...)
			require.Equal(t, &test.taken, counted(t, events))
			require.Equal(t, test.want, c.said())
			if test.want == "" {
				require.Equal(t, oracle.Price{Status: oracle.StatusNoQuorum}, c.price("uatom"))
				return
			}
			require.Equal(t, enginetest.W(t, test.want), c.price("uatom").Value)
			require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
			require.Zero(t, c.price("uatom").AgeSeconds)
		})
	}
}

// TestNotPolled: votes on what nobody has asked the validators for change nothing.
func TestNotPolled(t *testing.T) {
	t.Parallel()
	reporter := source(1, types.ClassVote)
	for _, test := range []struct {
		name    string
		sources []types.Source
		status  types.AssetStatus
	}{
		{"no source at all", nil, types.AssetActive},
		{
			"sources of other classes",
			[]types.Source{source(1, types.ClassFeed), source(2, types.ClassDEX)},
			types.AssetActive,
		},
		{"a reporter of the class", []types.Source{reporter}, types.AssetActive},
		{"a disabled asset", []types.Source{byVoters(1)}, types.AssetDisabled},
	} {
		c := voting(t, alone, test.sources...)
		c.set("uatom", test.status)
		polled, err := c.k.Polled(c.ctx)
		require.NoError(t, err)
		require.Empty(t, polled, test.name)
		require.Nil(t, counted(t, c.vote(genesisTime+5, all(1, "7.5"))), test.name)
		require.NotEqual(t, oracle.StatusOK, c.price("uatom").Status, test.name)
		before := c.dump()
		err = c.k.TakeMedians(c.ctx, []types.Opinion{{Price: fixed.One()}})
		require.ErrorIs(t, err, types.ErrSource, test.name)
		require.ErrorContains(t, err, "asset 0: expected")
		err = c.k.TakeMedians(c.ctx, []types.Opinion{{Asset: 1, Price: fixed.One()}})
		require.ErrorIs(t, err, types.ErrUnknownAsset)
		require.Equal(t, before, c.dump(), test.name)
	}
}

// TestPolled: all that are not disabled and have the validators as a source, in the order of their indices.
func TestPolled(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", append(three()[1:], byVoters(9))...)
	c.add("uosmo", "OSMO", three()...)
	c.add("uluna", "LUNA", byVoters(1))
	c.add("uion", "ION", byVoters(1))
	c.set("uluna", types.AssetDisabled)
	c.set("uion", types.AssetWindDown)
	polled, err := c.k.Polled(c.ctx)
	require.NoError(t, err)
	require.Equal(t, []types.Polled{{Asset: 0, Denom: "uatom"}, {Asset: 3, Denom: "uion"}}, polled)
}

// TestVotesLikeReports: a median makes the same price, confidence, age and status as a reporter of the same class who
// reports it at the time of the block, whatever the other sources say.
func TestVotesLikeReports(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		voted     []ballot
		median    string
		feed, dex string // of the other sources, empty: silent
		want      oracle.Status
	}{
		{"all agree", []ballot{all(1, "4.21")}, "4.21", "4.21", "4.21", oracle.StatusOK},
		{
			"they are apart, and the confidence is wide",
			[]ballot{all(40, "4.2"), all(30, "4.22"), all(30, "4.25")},
			"4.22", "4.2", "4.24", oracle.StatusOK,
		},
		{"the validators are the outlier", []ballot{all(1, "9")}, "9", "4.2", "4.2", oracle.StatusNoQuorum},
		{"one source is silent", []ballot{all(1, "4.2")}, "4.2", "4.2", "", oracle.StatusNoQuorum},
		{"they are alone", []ballot{all(1, "4.2")}, "4.2", "", "", oracle.StatusNoQuorum},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := voting(t, func(*types.GenesisState) {}, append(three()[1:], byVoters(1))...)
			b := voting(t, func(*types.GenesisState) {}, three()...)
			for _, c := range []*chain{a, b} {
				for n, price := range map[byte]string{2: test.feed, 3: test.dex} {
					if price != "" {
						c.report(n, "uatom", price)
					}
				}
			}
			b.at(genesisTime + 30)
			b.report(1, "uatom", test.median)
			a.vote(genesisTime+30, test.voted...)
			b.vote(genesisTime + 30)
			require.Equal(t, test.want, a.price("uatom").Status)
			require.Equal(t, b.price("uatom"), a.price("uatom"))
			if test.want == oracle.StatusOK {
				require.Positive(t, a.price("uatom").Confidence.Sign())
			}
		})
	}
}

// TestVotesAge: without votes the last median ages as any report, and is out when it is too old.
func TestVotesAge(t *testing.T) {
	t.Parallel()
	c := voting(t, alone, byVoters(1))
	c.vote(genesisTime+5, all(1, "7.5"))
	c.vote(genesisTime+605, ballot{power: 1})
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
	require.EqualValues(t, 600, c.price("uatom").AgeSeconds)
	c.vote(genesisTime+606, ballot{power: 1})
	require.Equal(t, oracle.StatusNoQuorum, c.price("uatom").Status)
	require.Equal(t, enginetest.W(t, "7.5"), c.price("uatom").Value, "for display")
	c.vote(genesisTime+607, all(1, "7.51"))
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
	require.Equal(t, enginetest.W(t, "7.51"), c.price("uatom").Value)
}

// TestVotersRemoved: governance takes the validators away as a source, pauses them, or puts a reporter in their place.
func TestVotersRemoved(t *testing.T) {
	t.Parallel()
	paused := byVoters(1)
	paused.Paused = true
	heavier := byVoters(1)
	heavier.Weight = 700
	for _, test := range []struct {
		name    string
		sources []types.Source
		said    string // what is remembered of source 1 at once
		polled  bool
		status  oracle.Status // after one more vote
	}{
		{"as they were", []types.Source{byVoters(1)}, "7.5", true, oracle.StatusOK},
		{"with another weight", []types.Source{heavier}, "7.5", true, oracle.StatusOK},
		{"paused", []types.Source{paused}, "7.5", true, oracle.StatusNoQuorum},
		{"a reporter in their place", []types.Source{source(1, types.ClassVote)}, "", false, oracle.StatusNoQuorum},
		{"another class", []types.Source{source(1, types.ClassFeed)}, "", false, oracle.StatusNoQuorum},
		{"by another id", []types.Source{source(1, types.ClassFeed), byVoters(2)}, "", true, oracle.StatusOK},
		{"gone", []types.Source{source(1, types.ClassDEX), source(2, types.ClassFeed)}, "", false, oracle.StatusNoQuorum},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := voting(t, alone, byVoters(1))
			c.vote(genesisTime+5, all(1, "7.5"))
			require.Equal(t, "7.5", c.said())
			_, err := c.msg.SetSources(c.ctx, &types.MsgSetSources{
				Authority: authority, Denom: "uatom", Sources: test.sources,
			})
			require.NoError(t, err)
			require.Equal(t, test.said, c.said())
			polled, err := c.k.Polled(c.ctx)
			require.NoError(t, err)
			require.Equal(t, test.polled, len(polled) == 1)
			c.vote(genesisTime+10, all(1, "7.51"))
			require.Equal(t, test.status, c.price("uatom").Status)
			if test.status == oracle.StatusOK {
				require.Equal(t, enginetest.W(t, "7.51"), c.price("uatom").Value)
			} else {
				require.Equal(t, enginetest.W(t, "7.5"), c.price("uatom").Value)
			}
		})
	}
}

// TestVotesWindDown: what is in wind-down is still voted on, what is disabled is not and remembers nothing.
func TestVotesWindDown(t *testing.T) {
	t.Parallel()
	c := voting(t, alone, byVoters(1))
	c.vote(genesisTime+5, all(1, "7.5"))
	c.set("uatom", types.AssetWindDown)
	c.vote(genesisTime+10, all(1, "7.51"))
	require.Equal(t, enginetest.W(t, "7.51"), c.price("uatom").Value)
	tradable, err := c.k.Tradable(c.ctx, 0)
	require.NoError(t, err)
	require.False(t, tradable)
	c.set("uatom", types.AssetDisabled)
	c.vote(genesisTime+15, all(1, "7.7"))
	require.Equal(t, oracle.Price{}, c.price("uatom"))
	c.set("uatom", types.AssetActive)
	require.Empty(t, c.said())
	c.vote(genesisTime+20, all(1, "70"))
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status, "it begins anew, and no breaker knows the old price")
	require.Equal(t, enginetest.W(t, "70"), c.price("uatom").Value)
}

// TestVotesTogether: assets do not need each other: one may have a median and its neighbour none.
func TestVotesTogether(t *testing.T) {
	t.Parallel()
	c := voting(t, alone, byVoters(1))
	c.add("uosmo", "OSMO", byVoters(7))
	both := func(power int64, a, b string) ballot {
		return ballot{power: power, says: map[uint16]string{0: a, 1: b}}
	}
	c.vote(genesisTime+5, both(1, "7.5", "0.5"), both(1, "7.51", "0.6"), both(1, "7.52", "0.7"))
	require.Equal(t, enginetest.W(t, "0.6"), c.price("uosmo").Value)
	events := c.vote(genesisTime+120, all(1, "7.53"), all(1, "7.53"), both(1, "7.53", "0.9"))
	require.Equal(t, &types.EventMediansTaken{Taken: 1, Missed: 1, Voters: 3}, counted(t, events))
	require.Equal(t, enginetest.W(t, "7.53"), c.price("uatom").Value)
	require.Equal(t, enginetest.W(t, "0.6"), c.price("uosmo").Value)
	require.EqualValues(t, 115, c.price("uosmo").AgeSeconds)
}

// TestVotesAnnounced: a block tells of its votes once in a while, and at once when one of them was invalid.
func TestVotesAnnounced(t *testing.T) {
	t.Parallel()
	c := voting(t, alone, byVoters(1))
	told := 0
	c.vote(genesisTime, all(1, "7.5"))
	for s := int64(1); s <= 300; s++ {
		if counted(t, c.vote(genesisTime+s, all(1, "7.5"))) != nil {
			told++
		}
	}
	require.Equal(t, 5, told)
	events := c.vote(genesisTime+301, all(9, "7.5"), ballot{power: 1, garbage: true})
	require.Equal(t, &types.EventMediansTaken{Taken: 1, Voters: 1, Invalid: 1}, counted(t, events))
}

// TestVotesRestart: a chain that starts again with an earlier clock counts no votes until it has caught up, says so,
// and does not halt. What the validators said is exported and imported.
func TestVotesRestart(t *testing.T) {
	t.Parallel()
	old := voting(t, alone, byVoters(1))
	old.vote(genesisTime+100, all(1, "7.5"))
	g, err := old.k.ExportGenesis(old.ctx)
	require.NoError(t, err)
	c := empty(t)
	require.NoError(t, c.k.InitGenesis(c.ctx, g))
	c.ctx = c.ctx.WithBlockHeight(1)
	require.Equal(t, old.dump(), c.dump())
	require.Equal(t, "7.5", c.said())
	events := c.vote(genesisTime, all(1, "7.51"))
	require.Contains(t, kinds(events), "MediansFailed")
	require.Equal(t, "7.5", c.said())
	require.Equal(t, oracle.StatusNoQuorum, c.price("uatom").Status)
	c.vote(genesisTime+101, all(1, "7.51"))
	require.Equal(t, "7.51", c.said())
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
}
