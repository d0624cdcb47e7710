package votes

import (
	"bytes"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"github.com/ballast-finance/ballast/x/oracle/types"
)

// prefix begins the injected transaction. No other begins like this: 0xff, 'v' is a field of a wire type that there is
// not. The last byte is the version.
const prefix = "\xffve\x01"

// Injected reports whether a transaction claims to be the votes for the block before. Whoever reads the transactions of
// a block has to leave it out: it is signed by validators, not by accounts.
func Injected(tx []byte) bool { return bytes.HasPrefix(tx, []byte(prefix)) }

// Inject writes the votes as a transaction.
func Inject(votes *abci.ExtendedCommitInfo) ([]byte, error) {
	b := make([]byte, len(prefix)+votes.Size())
	copy(b, prefix)
	_, err := votes.MarshalToSizedBuffer(b[len(prefix):])
	return b, err
}

// Open reads the votes from a transaction, in their one encoding.
func Open(tx []byte) (*abci.ExtendedCommitInfo, error) {
	if !Injected(tx) {
		return nil, types.ErrVote.Wrap("expected the votes for the block before as the first transaction")
	}
	votes := new(abci.ExtendedCommitInfo)
	if err := votes.Unmarshal(tx[len(prefix):]); err != nil {
		return nil, types.ErrVote.Wrap(err.Error())
	}
	again, err := Inject(votes)
	if err != nil {
		return nil, types.ErrVote.Wrap(err.Error())
	}
	if !bytes.Equal(tx, again) {
		return nil, types.ErrVote.Wrap("expected the one encoding of votes, got another")
	}
	return votes, nil
}

// shorten takes out votes whose extension is longer than any can be: what is left of them is that they are absent.
func shorten(votes abci.ExtendedCommitInfo) abci.ExtendedCommitInfo {
	short := abci.ExtendedCommitInfo{Round: votes.Round, Votes: make([]abci.ExtendedVoteInfo, len(votes.Votes))}
	for i := range votes.Votes {
		v := &votes.Votes[i]
		if len(v.VoteExtension) > types.MaxVoteBytes {
			v = &abci.ExtendedVoteInfo{Validator: v.Validator, BlockIdFlag: cmtproto.BlockIDFlagAbsent}
		}
		short.Votes[i] = *v
	}
	return short
}

// agree checks what baseapp.ValidateVoteExtensions leaves open: that only who has voted for the block says something,
// no more than it may, and that nobody else is shown to have voted.
func agree(votes *abci.ExtendedCommitInfo, commit []abci.VoteInfo) error {
	if len(votes.Votes) != len(commit) {
		return types.ErrVote.Wrapf("expected %d votes, got %d", len(commit), len(votes.Votes))
	}
	for i := range votes.Votes {
		v := &votes.Votes[i]
		if v.BlockIdFlag != commit[i].BlockIdFlag && v.BlockIdFlag != cmtproto.BlockIDFlagAbsent {
			return types.ErrVote.Wrapf("vote %d: expected %v as in the commit, or absent, got %v",
				i, commit[i].BlockIdFlag, v.BlockIdFlag)
		}
		most := 0
		if v.BlockIdFlag == cmtproto.BlockIDFlagCommit {
			most = types.MaxVoteBytes
		} else if len(v.ExtensionSignature) > 0 {
			return types.ErrVote.Wrapf("vote %d: expected no signature of who has not voted for the block", i)
		}
		if len(v.VoteExtension) > most {
			return types.ErrVote.Wrapf("vote %d: expected at most %d bytes, got %d", i, most, len(v.VoteExtension))
		}
	}
	return nil
}
