package types

import (
	"bytes"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

const (
	// VoteVersion is the version of the vote extensions that are made and understood.
	VoteVersion = 1
	// MaxVoteBytes is more than a vote extension with prices for MaxAssets assets can have. It is no param: whether a
	// block is valid must not depend on what the block before it has changed.
	MaxVoteBytes = 4096
)

// Polled is an asset that validators are asked for.
type Polled struct {
	Asset uint16 // index
	Denom string
}

// Opinion is what somebody, or a majority, holds an asset to be worth.
type Opinion struct {
	Asset uint16 // index
	Price fixed.Wad
}

// EncodeVote writes a vote extension: opinions in ascending order of their assets, at most MaxAssets.
func EncodeVote(height int64, opinions []Opinion) ([]byte, error) {
	v := VoteExtension{Version: VoteVersion, Height: height, Prices: make([]VotedPrice, len(opinions))}
	for i, o := range opinions {
		price, err := o.Price.AppendBinary(nil)
		if err != nil {
			return nil, err
		}
		v.Prices[i] = VotedPrice{Asset: uint32(o.Asset), Price: price}
	}
	b, err := v.Marshal()
	if err != nil {
		return nil, err
	}
	if _, err := DecodeVote(b, height); err != nil {
		return nil, err
	}
	return b, nil
}

// DecodeVote reads a vote extension for a height, in its one encoding: an unknown field, a field twice or out of order
// is ErrVote, as is every asset twice or out of order and every price that is none. Nothing at all is nothing said.
func DecodeVote(b []byte, height int64) ([]Opinion, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if len(b) > MaxVoteBytes {
		return nil, ErrVote.Wrapf("expected at most %d bytes, got %d", MaxVoteBytes, len(b))
	}
	var v VoteExtension
	if err := v.Unmarshal(b); err != nil {
		return nil, ErrVote.Wrap(err.Error())
	}
	switch again, err := v.Marshal(); {
	case err != nil:
		return nil, ErrVote.Wrap(err.Error())
	case !bytes.Equal(b, again):
		return nil, ErrVote.Wrap("expected the one encoding, got another: fields unknown, twice or out of order")
	case v.Version != VoteVersion:
		return nil, ErrVote.Wrapf("expected version %d, got %d", VoteVersion, v.Version)
	case v.Height != height:
		return nil, ErrVote.Wrapf("expected the height %d, got %d", height, v.Height)
	case len(v.Prices) > MaxAssets:
		return nil, ErrVote.Wrapf("expected at most %d prices, got %d", MaxAssets, len(v.Prices))
	}
	opinions := make([]Opinion, len(v.Prices))
	for i := range v.Prices {
		o, err := v.Prices[i].decode()
		if err != nil {
			return nil, err
		}
		if i > 0 && o.Asset <= opinions[i-1].Asset {
			return nil, ErrVote.Wrapf("expected assets in ascending order, got %d after %d", o.Asset, opinions[i-1].Asset)
		}
		opinions[i] = o
	}
	return opinions, nil
}

func (p *VotedPrice) decode() (o Opinion, err error) {
	if p.Asset >= MaxAssets {
		return o, ErrVote.Wrapf("expected the index of one of at most %d assets, got %d", MaxAssets, p.Asset)
	}
	o.Asset = uint16(p.Asset)
	if err := o.Price.UnmarshalBinary(p.Price); err != nil {
		return o, ErrVote.Wrapf("asset %d: %v", p.Asset, err)
	}
	if err := oracle.CheckPrice(o.Price); err != nil {
		return o, ErrVote.Wrapf("asset %d: %v", p.Asset, err)
	}
	return o, nil
}
