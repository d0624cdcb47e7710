package history

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"

	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/index/api"
	"github.com/ballast-finance/ballast/index/chain"
	"github.com/ballast-finance/ballast/index/store"
)

var (
	// ErrOlder says that a history would lose what it has: the node begins later than it.
	ErrOlder = errors.New("history: the node cannot give back what it has")
	// ErrOptions says that a history cannot run like this.
	ErrOptions = errors.New("history: invalid options")
)

// Options say what is followed, and to where.
type Options struct {
	Node   string
	File   string
	DSN    string // instead of the file
	Listen string // address of the API; empty serves nothing
	Anew   bool   // forget everything first
	Gaps   bool
	Until  int64
	Log    log.Logger

	Page      fs.FS   // what is served at /; nil is nothing
	Chain     string  // URL of the node's REST API, which a page asks through /chain/; empty: it cannot
	Rate      float64 // requests of a client in a second; less than 0 is no limit
	Forwarded bool    // a proxy of our own says who the clients are

	serving func(a net.Addr) // for tests
}

// patience is the longest wait for the node before a history is thrown away, and for requests when the program ends.
const patience = 10 * time.Second

// maxHeader bounds the header of a request.
const maxHeader = 16 << 10

// Run follows until the context ends, and serves meanwhile. The end of the context is no error.
func Run(ctx context.Context, opt Options) error {
	dsn := opt.File
	if opt.DSN != "" {
		dsn = opt.DSN
	}
	s, err := store.Open(ctx, dsn)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // every block is committed by itself
	source, err := Open(opt.Node)
	if err != nil {
		return err
	}
	if opt.Anew {
		if err := forget(ctx, &opt, source, s); err != nil {
			return err
		}
	}
	err = both(ctx, &opt, source, s)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// Open reads a node by its RPC. It needs no application: answers are of our own types.
func Open(node string) (chain.Source, error) {
	c, err := connect(node)
	if err != nil {
		return nil, err
	}
	return chain.NewNode(c), nil
}

func connect(node string) (client.Context, error) {
	rpc, err := client.NewClientFromNode(node)
	if err != nil {
		return client.Context{}, fmt.Errorf("--node %s: %w", node, err)
	}
	registry := codectypes.NewInterfaceRegistry()
	return client.Context{}.WithClient(rpc).WithNodeURI(node).
		WithInterfaceRegistry(registry).WithCodec(codec.NewProtoCodec(registry)), nil
}

// forget empties the history, unless the node could not tell all of it again.
func forget(ctx context.Context, opt *Options, source chain.Source, s *store.Store) error {
	asking, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	head, err := source.Head(asking)
	if err != nil {
		return err
	}
	p, err := s.Progress(ctx)
	if errors.Is(err, store.ErrEmpty) {
		return nil
	}
	if err != nil {
		return err
	}
	if p.Chain == head.Chain && head.First > p.First && !opt.Gaps {
		return fmt.Errorf("%w: the history begins at block %d, the node at %d: ask a node that has them all, or lose "+
			"them with --skip-gap", ErrOlder, p.First, head.First)
	}
	opt.Log.Info("the history is made again", "chain", head.Chain, "from", head.First)
	return s.Reset(ctx)
}

// chain is where the node's REST API is; nil when it is not asked.
func (o *Options) chain() (*url.URL, error) {
	if o.Chain == "" {
		return nil, nil //nolint:nilnil // nobody
	}
	u, err := url.Parse(o.Chain)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("%w: --chain: expected a URL such as http://localhost:1317, got %q", ErrOptions, o.Chain)
	}
	return u, nil
}

// server makes what answers over HTTP.
func server(opt *Options, node *url.URL, s *store.Store) (*api.Server, error) {
	asked, err := connect(opt.Node)
	if err != nil {
		return nil, err
	}
	return api.New(api.Config{
		Log: opt.Log, Page: opt.Page, Chain: node, Rate: opt.Rate, Forwarded: opt.Forwarded,
		Also: map[string]http.Handler{draftPath: Drafts(asked)},
	}, s), nil
}

// listen opens an address, or takes the socket that this process was started with: fd:3.
func listen(ctx context.Context, address string) (net.Listener, error) {
	number, inherited := strings.CutPrefix(address, "fd:")
	if !inherited {
		return new(net.ListenConfig).Listen(ctx, "tcp", address)
	}
	fd, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("%w: expected fd and a number, got %q", ErrOptions, address)
	}
	file := os.NewFile(uintptr(fd), address)
	defer file.Close() //nolint:errcheck // the listener has its own
	return net.FileListener(file)
}

// both runs the follower and the server; the first that ends, ends the other.
func both(ctx context.Context, opt *Options, source chain.Source, s *store.Store) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := index.NewFollower(index.Config{Gaps: opt.Gaps, Until: opt.Until, Log: opt.Log}, source, s)
	if opt.Listen == "" {
		return f.Run(ctx)
	}
	node, err := opt.chain()
	if err != nil {
		return err
	}
	at, err := listen(ctx, opt.Listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", opt.Listen, err)
	}
	opt.Log.Info("the history is served", "address", "http://"+at.Addr().String())
	if opt.serving != nil {
		opt.serving(at.Addr())
	}
	a, err := server(opt, node, s)
	if err != nil {
		return err
	}
	web := &http.Server{
		Handler: a, ReadHeaderTimeout: patience, IdleTimeout: time.Minute, MaxHeaderBytes: maxHeader,
		BaseContext: func(net.Listener) context.Context { return ctx }, // ends those who watch
	}
	var others sync.WaitGroup
	others.Go(func() { _ = a.Run(ctx) })
	others.Go(func() {
		if err := web.Serve(at); !errors.Is(err, http.ErrServerClosed) {
			opt.Log.Error("the history is no longer served", "error", err)
			cancel()
		}
	})
	err = f.Run(ctx)
	cancel()
	ending, stop := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer stop()
	err = errors.Join(err, web.Shutdown(ending))
	others.Wait()
	return err
}
