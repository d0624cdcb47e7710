package devnet

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/libs/protoio"
	cmttypes "github.com/cometbft/cometbft/types"
)

// messageMax is the longest message, in bytes.
const messageMax = 64 << 20

// Recording is the history of a network.
type Recording struct {
	Start  *abci.RequestInitChain
	Blocks []Block
}

// Block is what consensus handed over, and what all validators answered.
type Block struct {
	Request *abci.RequestFinalizeBlock
	Answer  *abci.ResponseFinalizeBlock
}

// Agreed keeps of an answer what validators agree on.
func Agreed(hash []byte, results []*abci.ExecTxResult) *abci.ResponseFinalizeBlock {
	return &abci.ResponseFinalizeBlock{AppHash: hash, TxResults: cmttypes.NewResults(results)}
}

// Write writes a recording.
func (r *Recording) Write(to io.Writer) error {
	packed, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return err
	}
	out := protoio.NewDelimitedWriter(packed)
	if _, err := out.WriteMsg(r.Start); err != nil {
		return err
	}
	for _, b := range r.Blocks {
		if _, err := out.WriteMsg(b.Request); err != nil {
			return err
		}
		if _, err := out.WriteMsg(b.Answer); err != nil {
			return err
		}
	}
	return packed.Close()
}

// Read reads what Write has written.
func Read(from io.Reader) (*Recording, error) {
	packed, err := gzip.NewReader(from)
	if err != nil {
		return nil, fmt.Errorf("devnet: %w", err)
	}
	in := protoio.NewDelimitedReader(packed, messageMax)
	r := &Recording{Start: &abci.RequestInitChain{}}
	if _, err := in.ReadMsg(r.Start); err != nil {
		return nil, fmt.Errorf("devnet: start: %w", err)
	}
	for {
		b := Block{&abci.RequestFinalizeBlock{}, &abci.ResponseFinalizeBlock{}}
		if _, err := in.ReadMsg(b.Request); errors.Is(err, io.EOF) {
			return r, nil
		} else if err != nil {
			return nil, fmt.Errorf("devnet: block %d: %w", len(r.Blocks)+1, err)
		}
		if _, err := in.ReadMsg(b.Answer); err != nil {
			return nil, fmt.Errorf("devnet: answer %d: %w", len(r.Blocks)+1, err)
		}
		r.Blocks = append(r.Blocks, b)
	}
}
