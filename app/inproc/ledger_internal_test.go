package inproc

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// ledger is an application that a test drives block by block, in the place of consensus.
type ledger struct {
	tb     testing.TB
	app    *app.App
	doc    *cmttypes.GenesisDoc
	keys   map[string]cmttypes.MockPV
	set    *cmttypes.ValidatorSet
	height int64 // of the last block
	assets int
	// seconds between two blocks; all blocks are counted with the same.
	seconds int64
}

const (
	ledgerChain = "ballast-test"
	blockBytes  = 1 << 20
)

// genesisOf is a start with four validators, or with those of the given powers in falling order, and so many assets, of
// which the validators are the only source.
func genesisOf(tb testing.TB, assets int, voteHeight int64, powers ...int64) *ledger {
	tb.Helper()
	if len(powers) == 0 {
		powers = []int64{1, 1, 1, 1}
	}
	o := Options{ChainID: ledgerChain, Memory: true, VoteHeight: voteHeight, Powers: powers, Genesis: func(
		a *app.App, state map[string]json.RawMessage,
	) error {
		g := oracletypes.DefaultGenesis()
		g.Params.Aggregate.MinSources, g.Params.Aggregate.MinClasses = 1, 1
		g.Params.Aggregate.ClassCap = "1"
		for i := range assets {
			g.Assets = append(g.Assets, oracletypes.StoredAsset{
				Asset: oracletypes.Asset{
					Denom: fmt.Sprintf("uasset%d", i), Display: fmt.Sprintf("A%d", i), Exponent: 6,
					Status: oracletypes.AssetActive,
				},
				Sources: []oracletypes.Source{{Id: 1, Class: oracletypes.ClassVote, Weight: 100, MaxAgeSeconds: 600}},
			})
		}
		b, err := a.AppCodec().MarshalJSON(g)
		state[oracletypes.ModuleName] = b
		return err
	}}
	o.fill()
	l := &ledger{tb: tb, keys: make(map[string]cmttypes.MockPV), assets: assets, seconds: 1}
	keys := validators(len(powers))
	list := make([]*cmttypes.Validator, 0, len(powers))
	for i, k := range keys {
		v := cmttypes.NewValidator(k.PrivKey.PubKey(), powers[i])
		list, l.keys[string(v.Address)] = append(list, v), k
	}
	l.set = cmttypes.NewValidatorSet(list)
	a, err := o.newApp(0, tb.TempDir())
	require.NoError(tb, err)
	l.app = a
	l.doc, err = o.genesis(a, keys)
	require.NoError(tb, err)
	l.begin()
	return l
}

// twin is another node of the same chain, at its start.
func (l *ledger) twin(options map[string]any) *ledger {
	o := Options{ChainID: ledgerChain, Memory: true, AppOptions: func(int) map[string]any { return options }}
	o.fill()
	a, err := o.newApp(1, l.tb.TempDir())
	require.NoError(l.tb, err)
	other := &ledger{tb: l.tb, app: a, doc: l.doc, keys: l.keys, set: l.set, assets: l.assets, seconds: l.seconds}
	other.begin()
	return other
}

func (l *ledger) begin() {
	params := l.doc.ConsensusParams.ToProto()
	_, err := l.app.InitChain(&abci.RequestInitChain{
		ChainId: ledgerChain, Time: l.doc.GenesisTime, InitialHeight: 1, ConsensusParams: &params,
		AppStateBytes: l.doc.AppState,
	})
	require.NoError(l.tb, err)
}

// at is the time of a block.
func (l *ledger) at(height int64) time.Time {
	return l.doc.GenesisTime.Add(time.Duration(height*l.seconds) * time.Second)
}

// vote is the votes for the last block; say is what validator i says, nil for what extends the vote honestly.
func (l *ledger) vote(say func(i int) []byte) abci.ExtendedCommitInfo {
	votes := abci.ExtendedCommitInfo{}
	for i, v := range l.set.Validators {
		vote := abci.ExtendedVoteInfo{
			Validator: cmttypes.TM2PB.Validator(v), BlockIdFlag: cmtproto.BlockIDFlagCommit, VoteExtension: say(i),
		}
		l.sign(&vote, l.height, ledgerChain)
		votes.Votes = append(votes.Votes, vote)
	}
	return votes
}

// sign signs an extension for a height.
func (l *ledger) sign(vote *abci.ExtendedVoteInfo, height int64, chain string) {
	message := cmttypes.VoteExtensionSignBytes(chain, &cmtproto.Vote{Height: height, Extension: vote.VoteExtension})
	signature, err := l.keys[string(vote.Validator.Address)].PrivKey.Sign(message)
	require.NoError(l.tb, err)
	vote.ExtensionSignature = signature
}

// prices is the extension that says a price for every asset.
func (l *ledger) prices(price fixed.Wad) []byte {
	said := make([]oracletypes.Opinion, l.assets)
	for i := range said {
		said[i] = oracletypes.Opinion{Asset: uint16(i), Price: price}
	}
	b, err := oracletypes.EncodeVote(l.height, said)
	require.NoError(l.tb, err)
	return b
}

// tens makes validator i say 10 + i/10.
func (l *ledger) tens(i int) []byte {
	return l.prices(fixed.FromBps(100_000 + 1000*int64(i)))
}

// commit is what everybody sees of votes.
func commit(votes abci.ExtendedCommitInfo) abci.CommitInfo {
	seen := abci.CommitInfo{Round: votes.Round}
	for _, v := range votes.Votes {
		seen.Votes = append(seen.Votes, abci.VoteInfo{Validator: v.Validator, BlockIdFlag: v.BlockIdFlag})
	}
	return seen
}

// prepare proposes the next block.
func (l *ledger) prepare(votes abci.ExtendedCommitInfo, most int64, txs ...[]byte) [][]byte {
	l.tb.Helper()
	response, err := l.app.PrepareProposal(&abci.RequestPrepareProposal{
		MaxTxBytes: most, Txs: txs, LocalLastCommit: votes, Height: l.height + 1, Time: l.at(l.height + 1),
		ProposerAddress: l.set.Proposer.Address,
	})
	require.NoError(l.tb, err)
	return response.Txs
}

// process judges the next block.
func (l *ledger) process(seen abci.CommitInfo, txs ...[]byte) bool {
	l.tb.Helper()
	response, err := l.app.ProcessProposal(&abci.RequestProcessProposal{
		Txs: txs, ProposedLastCommit: seen, Height: l.height + 1, Time: l.at(l.height + 1),
		ProposerAddress: l.set.Proposer.Address,
	})
	require.NoError(l.tb, err)
	return response.IsAccepted()
}

// decide decides the next block, whatever it contains.
func (l *ledger) decide(seen abci.CommitInfo, txs ...[]byte) *abci.ResponseFinalizeBlock {
	l.tb.Helper()
	l.height++
	response, err := l.app.FinalizeBlock(&abci.RequestFinalizeBlock{
		Txs: txs, DecidedLastCommit: seen, Height: l.height, Time: l.at(l.height),
		ProposerAddress: l.set.Proposer.Address,
	})
	require.NoError(l.tb, err)
	_, err = l.app.Commit()
	require.NoError(l.tb, err)
	return response
}

// block proposes, judges and decides the next block.
func (l *ledger) block(say func(i int) []byte) {
	l.tb.Helper()
	votes := l.vote(say)
	proposed := l.prepare(votes, blockBytes)
	require.True(l.tb, l.process(commit(votes), proposed...))
	l.decide(commit(votes), proposed...)
}

// to goes to a height, with honest votes wherever they are due.
func (l *ledger) to(height int64) {
	l.tb.Helper()
	for l.height < height {
		if l.height < l.doc.ConsensusParams.ABCI.VoteExtensionsEnableHeight {
			l.decide(abci.CommitInfo{})
			continue
		}
		l.block(l.tens)
	}
}

// price is what is published of the first asset.
func (l *ledger) price() oracle.Price {
	l.tb.Helper()
	ctx, err := l.app.CreateQueryContext(0, false)
	require.NoError(l.tb, err)
	s, err := l.app.Oracle.Snapshot(ctx)
	require.NoError(l.tb, err)
	return s.Prices[0]
}
