package inproc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	cmtdb "github.com/cometbft/cometbft-db"
	cmtcfg "github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtlog "github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/proxy"
	"github.com/cometbft/cometbft/rpc/client/local"
	cmttypes "github.com/cometbft/cometbft/types"
	"golang.org/x/sync/errgroup"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/server"
	"github.com/cosmos/cosmos-sdk/server/api"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/app"
)

// ErrStuck says that no block came in time.
var ErrStuck = errors.New("inproc: no block came in time")

// Node is one validator.
type Node struct {
	App    *app.App
	Comet  *node.Node
	Client client.Context // talks to the node inside the process
	RPC    string         // address, with Serve
	GRPC   string
	HTTP   string

	cancel context.CancelFunc
	group  *errgroup.Group
}

// Start starts a network and returns its validators. On an error those that run already are stopped.
func Start(ctx context.Context, o Options) (nodes []*Node, err error) {
	o.fill()
	defer func() {
		if err != nil {
			Stop(nodes)
			nodes = nil
		}
	}()
	keys := validators(o.Validators)
	var doc *cmttypes.GenesisDoc
	peers := ""
	for i := range keys {
		n := &Node{}
		dir := filepath.Join(o.Dir, fmt.Sprintf("validator%d", i))
		if n.App, err = o.newApp(i, dir); err != nil {
			return nodes, err
		}
		if doc == nil {
			if doc, err = o.genesis(n.App, keys); err != nil {
				return nodes, err
			}
		}
		peer, err := n.start(ctx, &o, launch{dir, peers, doc, keys[i]})
		if err != nil {
			return nodes, err
		}
		if peers != "" {
			peers += ","
		}
		peers += peer
		nodes = append(nodes, n)
	}
	return nodes, nil
}

// Stop stops nodes.
func Stop(nodes []*Node) {
	for _, n := range nodes {
		n.Stop()
	}
}

// newApp makes the application of validator i, with its folders.
func (o *Options) newApp(i int, dir string) (*app.App, error) {
	for _, d := range []string{"config", "data"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			return nil, err
		}
	}
	db, err := o.database(filepath.Join(dir, "data"))
	if err != nil {
		return nil, err
	}
	a, err := app.New(o.Logger, db, false, o.appOptions(i, dir),
		baseapp.SetChainID(o.ChainID), baseapp.SetMinGasPrices("0"+app.BondDenom))
	if err != nil {
		return nil, err
	}
	if o.Change != nil {
		o.Change(i, a)
	}
	return a, a.LoadLatestVersion()
}

// launch is what a node is started with.
type launch struct {
	dir, peers string
	doc        *cmttypes.GenesisDoc
	key        cmttypes.MockPV
}

// start starts consensus and services, and returns the address for the peers that come later.
func (n *Node) start(ctx context.Context, o *Options, l launch) (string, error) {
	cfg, err := n.config(o, l)
	if err != nil {
		return "", err
	}
	ctx, n.cancel = context.WithCancel(ctx)
	databases := cmtcfg.DefaultDBProvider
	if o.Memory {
		databases = func(*cmtcfg.DBContext) (cmtdb.DB, error) { return cmtdb.NewMemDB(), nil }
	}
	key := &p2p.NodeKey{PrivKey: ed25519.GenPrivKey()}
	n.Comet, err = node.NewNodeWithContext(
		ctx, cfg, l.key, key, proxy.NewLocalClientCreator(server.NewCometABCIWrapper(n.App)),
		func() (*cmttypes.GenesisDoc, error) { return l.doc, nil }, databases,
		node.DefaultMetricsProvider(cfg.Instrumentation), cmtlog.NewNopLogger())
	if err != nil {
		return "", err
	}
	if err := n.Comet.Start(); err != nil {
		return "", err
	}
	if err := n.serve(ctx, o); err != nil {
		return "", err
	}
	return p2p.IDAddressString(key.ID(), cfg.P2P.ListenAddress), nil
}

// config is that of consensus.
func (n *Node) config(o *Options, l launch) (*cmtcfg.Config, error) {
	cfg := cmtcfg.DefaultConfig().SetRoot(l.dir)
	peer, err := freeAddress()
	if err != nil {
		return nil, err
	}
	cfg.P2P.ListenAddress, cfg.P2P.PersistentPeers = "tcp://"+peer, l.peers
	cfg.P2P.AddrBookStrict, cfg.P2P.AllowDuplicateIP, cfg.P2P.PexReactor = false, true, false
	cfg.RPC.ListenAddress = ""
	if o.Serve {
		if n.RPC, err = freeAddress(); err != nil {
			return nil, err
		}
		n.RPC = "tcp://" + n.RPC
		cfg.RPC.ListenAddress, cfg.RPC.CORSAllowedOrigins = n.RPC, []string{"*"}
	}
	cfg.Consensus.TimeoutCommit, cfg.Consensus.TimeoutPropose = o.BlockTime, proposeTimeout
	cfg.Consensus.TimeoutPrevote, cfg.Consensus.TimeoutPrecommit = voteTimeout, voteTimeout
	cfg.Consensus.PeerGossipSleepDuration = gossipPause
	return cfg, nil
}

const (
	proposeTimeout = time.Second
	voteTimeout    = 200 * time.Millisecond // all are on one machine
	gossipPause    = 5 * time.Millisecond
)

// serve lets clients ask: inside the process always, and on ports when that is wanted.
func (n *Node) serve(ctx context.Context, o *Options) error {
	a := n.App
	n.Client = client.Context{}.
		WithCodec(a.AppCodec()).WithInterfaceRegistry(a.InterfaceRegistry()).WithTxConfig(a.TxConfig()).
		WithLegacyAmino(a.LegacyAmino()).WithChainID(o.ChainID).WithClient(local.New(n.Comet)).
		WithAccountRetriever(authtypes.AccountRetriever{})
	cfg := serverconfig.DefaultConfig()
	a.RegisterTxService(n.Client)
	a.RegisterTendermintService(n.Client)
	a.RegisterNodeService(n.Client, *cfg)
	n.group, ctx = errgroup.WithContext(ctx)
	if !o.Serve {
		return nil
	}
	var err error
	if n.GRPC, err = freeAddress(); err != nil {
		return err
	}
	if n.HTTP, err = freeAddress(); err != nil {
		return err
	}
	cfg.GRPC.Address = n.GRPC
	cfg.API.Enable, cfg.API.Address = true, "tcp://"+n.HTTP
	services := server.NewDefaultContext()
	services.Logger = o.Logger
	grpc, clientCtx, err := server.StartGrpcServer(ctx, n.group, cfg.GRPC, n.Client, services, a)
	if err != nil {
		return err
	}
	n.Client = clientCtx
	http := api.New(clientCtx, o.Logger, grpc)
	a.RegisterAPIRoutes(http, cfg.API)
	n.group.Go(func() error { return http.Start(ctx, *cfg) })
	return nil
}

// freeAddress is an address on the loopback that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at once
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// Stop stops the node and waits for it.
func (n *Node) Stop() {
	if n.cancel != nil {
		n.cancel()
	}
	if n.Comet != nil && n.Comet.IsRunning() {
		_ = n.Comet.Stop()
		n.Comet.Wait()
	}
	if n.group != nil {
		_ = n.group.Wait()
	}
	_ = n.App.Close()
}

// WaitHeight waits for a block, at most so long: ErrStuck.
func (n *Node) WaitHeight(ctx context.Context, height int64, most time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for n.App.LastBlockHeight() < height {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: expected %d, at %d", ErrStuck, height, n.App.LastBlockHeight())
		case <-tick.C:
		}
	}
	return nil
}

const poll = 2 * time.Millisecond
