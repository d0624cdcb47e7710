package localnet

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	cmtcfg "github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/p2p"

	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon/setup"
)

// Node is one of the network. Addresses are host and port.
type Node struct {
	Name    string
	Home    string `json:"-"`
	ID      string // of the node for its peers
	P2P     string
	RPC     string
	GRPC    string
	API     string
	Metrics string

	operator sdk.AccAddress
	public   cryptotypes.PubKey
	ring     keyring.Keyring
}

// Network is what was written.
type Network struct {
	Nodes []*Node
	opt   Options
}

// Names of keys. The first node's ring has those of everybody who is not a validator.
const (
	operatorKey = "operator"
	// StewardKey owns treasuries.
	StewardKey = "steward"
)

// FeederKey is the name of the key of a reporter of prices, from 0.
func FeederKey(i int) string { return fmt.Sprintf("feeder%d", i+1) }

// MakerKey is the name of the key of a market maker, from 0.
func MakerKey(i int) string { return fmt.Sprintf("maker%d", i+1) }

// Write writes the homes of a network that can be started.
func Write(opt Options) (*Network, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	a, err := newApp(opt.Dir)
	if err != nil {
		return nil, err
	}
	n := &Network{opt: opt}
	for i := range opt.Validators {
		node, err := n.add(a.AppCodec(), fmt.Sprintf("node%d", i))
		if err != nil {
			return nil, err
		}
		n.Nodes = append(n.Nodes, node)
	}
	genesis, err := n.genesis(a)
	if err != nil {
		return nil, err
	}
	for i, node := range n.Nodes {
		if err := n.configure(i, nil); err != nil {
			return nil, err
		}
		if err := genesis.SaveAs(filepath.Join(node.Home, "config", "genesis.json")); err != nil {
			return nil, err
		}
	}
	return n, n.save()
}

// file has the names and addresses of the nodes, for whoever starts a network that was written before.
const file = "network.json"

func (n *Network) save() error {
	text, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(n.opt.Dir, file), text, 0o600)
}

// Open finds a network that was written before: os.ErrNotExist when there is none.
func Open(dir string) (*Network, error) {
	text, err := os.ReadFile(filepath.Join(dir, file)) //nolint:gosec // below the folder that was asked for
	if err != nil {
		return nil, err
	}
	n := &Network{opt: Options{Dir: dir}}
	err = json.Unmarshal(text, n)
	if err == nil && len(n.Nodes) == 0 {
		err = errors.New("no nodes")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: expected a network in %s: %w: remove the folder and make another",
			ErrOptions, filepath.Join(dir, file), err)
	}
	for _, node := range n.Nodes {
		node.Home = filepath.Join(dir, node.Name) // the folder may have moved
	}
	return n, nil
}

// Join writes the home of one more node, which is no validator and starts at the genesis or, when it is given a height
// and a hash to trust, from a snapshot of the others.
func (n *Network) Join(cdc codec.Codec, name string, trusted *Trust) (*Node, error) {
	node, err := n.add(cdc, name)
	if err != nil {
		return nil, err
	}
	n.Nodes = append(n.Nodes, node)
	if err := n.configure(len(n.Nodes)-1, trusted); err != nil {
		return nil, err
	}
	genesis, err := os.ReadFile(filepath.Join(n.Nodes[0].Home, "config", "genesis.json"))
	if err != nil {
		return nil, err
	}
	to := filepath.Join(node.Home, "config", "genesis.json")
	if err := os.WriteFile(to, genesis, 0o600); err != nil { //nolint:gosec // below the home that was asked for
		return nil, err
	}
	return node, n.save()
}

// Trust is a block that a new node believes.
type Trust struct {
	Height int64
	Hash   string
}

// add makes the keys of a node and finds its ports.
func (n *Network) add(cdc codec.Codec, name string) (*Node, error) {
	node := &Node{Name: name, Home: filepath.Join(n.opt.Dir, name)}
	if _, err := os.Stat(node.Home); err == nil {
		return nil, fmt.Errorf("%w: expected a folder without a network, found %s: "+
			"remove it or start it with --start", ErrOptions, node.Home)
	}
	for _, d := range []string{"config", "data"} {
		if err := os.MkdirAll(filepath.Join(node.Home, d), 0o700); err != nil {
			return nil, err
		}
	}
	var err error
	cfg := cmtcfg.DefaultConfig().SetRoot(node.Home)
	if node.ID, node.public, err = genutil.InitializeNodeValidatorFiles(cfg); err != nil {
		return nil, err
	}
	if node.ring, err = keyring.New(app.Name, keyring.BackendTest, node.Home, nil, cdc); err != nil {
		return nil, err
	}
	if node.operator, err = node.key(operatorKey); err != nil {
		return nil, err
	}
	return node, node.listen(n.opt.FirstPort, len(n.Nodes))
}

// key makes a key.
func (node *Node) key(name string) (sdk.AccAddress, error) {
	record, _, err := node.ring.NewMnemonic(name, keyring.English, sdk.FullFundraiserPath, "", hd.Secp256k1)
	if err != nil {
		return nil, err
	}
	return record.GetAddress()
}

// Ring has the keys of a node.
func (node *Node) Ring() keyring.Keyring { return node.ring }

// listen gives a node its ports, in the order of the fields.
func (node *Node) listen(first, i int) error {
	for k, address := range []*string{&node.P2P, &node.RPC, &node.GRPC, &node.API, &node.Metrics} {
		if first > 0 {
			*address = fmt.Sprintf("127.0.0.1:%d", first+portsPerNode*i+k)
			continue
		}
		l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at once
		if err != nil {
			return err
		}
		*address = l.Addr().String()
		defer func() { _ = l.Close() }() // together: no two are the same
	}
	return nil
}

// configure writes the files of node i.
func (n *Network) configure(i int, trusted *Trust) error {
	node := n.Nodes[i]
	template, nodeCfg, comet := setup.Node()
	nodeCfg.GRPC.Address, nodeCfg.API.Address = node.GRPC, "tcp://"+node.API
	nodeCfg.StateSync.SnapshotInterval = n.opt.Snapshots
	comet.SetRoot(node.Home)
	comet.Moniker = node.Name
	comet.Consensus.TimeoutCommit = n.opt.BlockTime
	comet.RPC.ListenAddress, comet.P2P.ListenAddress = "tcp://"+node.RPC, "tcp://"+node.P2P
	comet.RPC.PprofListenAddress = ""
	comet.LogFormat = cmtcfg.LogFormatJSON
	comet.P2P.AddrBookStrict, comet.P2P.AllowDuplicateIP, comet.P2P.PexReactor = false, true, false
	comet.P2P.PersistentPeers = n.peers(i)
	comet.Instrumentation.PrometheusListenAddr = node.Metrics
	if trusted != nil {
		comet.StateSync.Enable = true
		comet.StateSync.RPCServers = []string{"http://" + n.Nodes[0].RPC, "http://" + n.Nodes[1%len(n.Nodes)].RPC}
		comet.StateSync.TrustHeight, comet.StateSync.TrustHash = trusted.Height, trusted.Hash
	}
	folder := filepath.Join(node.Home, "config")
	cmtcfg.WriteConfigFile(filepath.Join(folder, "config.toml"), comet)
	serverconfig.SetConfigTemplate(template)
	serverconfig.WriteConfigFile(filepath.Join(folder, "app.toml"), nodeCfg)
	client := fmt.Sprintf(clientFile, n.opt.ChainID, node.RPC)
	return os.WriteFile(filepath.Join(folder, "client.toml"), []byte(client), 0o600)
}

const clientFile = `chain-id = %q
keyring-backend = "test"
keyring-default-keyname = ""
output = "text"
node = "tcp://%s"
broadcast-mode = "sync"
`

// peers are all the others, as node i finds them.
func (n *Network) peers(i int) string {
	var list []string
	for k, other := range n.Nodes {
		if k == i {
			continue
		}
		address := other.P2P
		if n.opt.Dial != nil {
			address = n.opt.Dial(i, k, address)
		}
		list = append(list, p2p.IDAddressString(p2p.ID(other.ID), address))
	}
	return strings.Join(list, ",")
}
