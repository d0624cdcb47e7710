package localnet

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cosmos/cosmos-sdk/codec"
)

// ErrOptions says that a network cannot be like this.
var ErrOptions = errors.New("localnet: invalid options")

// Options describe a network.
type Options struct {
	Dir        string // the homes of the nodes; it must not have any yet
	Validators int
	ChainID    string
	BlockTime  time.Duration // pause after each block
	Interval   time.Duration // of rounds
	Voting     time.Duration // of proposals
	// FirstPort is the first of the ports: ten of them for each node. 0 takes ports that nobody uses.
	FirstPort int
	// Snapshots is the number of blocks between snapshots for state sync.
	Snapshots uint64
	// Dial says where a node finds another one; nil: at its address. Tests put a cable in between that can be cut.
	Dial func(from, to int, address string) string
	// Genesis changes the first state before it is written, for terms that no other option has.
	Genesis func(cdc codec.JSONCodec, state map[string]json.RawMessage)
}

// Defaults of the command.
const (
	DefaultValidators = 4
	DefaultChainID    = "ballast-local"
	DefaultBlockTime  = time.Second
	DefaultInterval   = time.Minute
	DefaultVoting     = time.Minute
	DefaultFirstPort  = 27000
	DefaultSnapshots  = 100
)

// Bounds of the options.
const (
	maxValidators = 20
	maxPort       = 65_535
	portsPerNode  = 10
)

// Validate checks the options: ErrOptions.
func (o *Options) Validate() error {
	switch {
	case o.Dir == "":
		return fmt.Errorf("%w: expected a folder", ErrOptions)
	case o.Validators < 1 || o.Validators > maxValidators:
		return fmt.Errorf("%w: expected 1..%d validators, got %d", ErrOptions, maxValidators, o.Validators)
	case o.ChainID == "":
		return fmt.Errorf("%w: expected the id of a chain", ErrOptions)
	case o.BlockTime < 0 || o.Interval < time.Second || o.Voting < time.Second:
		return fmt.Errorf("%w: expected a block time of 0 or more, rounds and votes of a second or more, got %v, %v, %v",
			ErrOptions, o.BlockTime, o.Interval, o.Voting)
	case o.FirstPort < 0 || o.FirstPort+portsPerNode*o.Validators > maxPort:
		return fmt.Errorf("%w: expected %d ports for each node below %d, got the first at %d",
			ErrOptions, portsPerNode, maxPort, o.FirstPort)
	default:
		return nil
	}
}
