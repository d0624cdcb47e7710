package api

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"time"
)

// under is where a page finds the node.
const under = "/chain"

const (
	// maxAsked bounds what is sent to the node: a transaction of the largest size, as text.
	maxAsked = 1 << 20
	// maxAnswered bounds what the node may answer.
	maxAnswered = 16 << 20
	// nodeAtOnce is how many questions the node is asked at once.
	nodeAtOnce = 16
)

// readable are the paths of the node's REST API that are handed on; one that ends in a slash stands for all below it.
// Searches, proofs and raw keys are not among them, nor is what makes a node add up all its books.
var readable = []string{
	"/ballast/", "/cosmos/auth/v1beta1/accounts/", "/cosmos/auth/v1beta1/account_info/", "/cosmos/auth/v1beta1/params",
	"/cosmos/bank/v1beta1/", "/cosmos/base/node/v1beta1/config", "/cosmos/base/node/v1beta1/status",
	"/cosmos/base/tendermint/v1beta1/node_info", "/cosmos/base/tendermint/v1beta1/syncing",
	"/cosmos/base/tendermint/v1beta1/blocks/", "/cosmos/gov/v1/", "/cosmos/staking/v1beta1/pool",
	"/cosmos/staking/v1beta1/params", "/cosmos/tx/v1beta1/txs/",
}

// writable are those that take a body: a transaction that was signed elsewhere, to be tried or to be sent.
var writable = []string{"/cosmos/tx/v1beta1/simulate", "/cosmos/tx/v1beta1/txs"}

// Headers that pass. Whoever asks is told to the node by nothing, and the node sets no cookie.
var (
	passIn  = []string{"Accept", "Content-Type", "X-Cosmos-Block-Height"}
	passOut = []string{"Content-Length", "Grpc-Metadata-X-Cosmos-Block-Height"}
)

// relay hands requests for the node on, so that a page needs no other origin than this one.
type relay struct {
	proxy  *httputil.ReverseProxy
	slots  chan struct{}
	origin *http.CrossOriginProtection
}

func newRelay(node *url.URL) *relay {
	r := &relay{slots: make(chan struct{}, nodeAtOnce), origin: http.NewCrossOriginProtection()}
	r.proxy = &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Path = strings.TrimPrefix(p.In.URL.Path, under)
			p.Out.URL.RawPath = strings.TrimPrefix(p.In.URL.RawPath, under)
			p.SetURL(node)
			p.Out.Header = only(p.In.Header, passIn)
		},
		ModifyResponse: func(w *http.Response) error {
			if w.ContentLength > maxAnswered {
				return fmt.Errorf("expected at most %d bytes, got %d", maxAnswered, w.ContentLength)
			}
			w.Header = only(w.Header, passOut)
			w.Header.Set("Content-Type", "application/json") // whatever it is, no browser shows it as a page
			w.Body = &capped{w.Body, maxAnswered}
			return nil
		},
		Transport: &http.Transport{ // no proxy of the environment: the node is where it was said
			MaxIdleConnsPerHost: nodeAtOnce, MaxConnsPerHost: nodeAtOnce, IdleConnTimeout: time.Minute,
			ResponseHeaderTimeout: patience,
		},
		ErrorHandler: unanswered, ErrorLog: log.New(io.Discard, "", 0), // whoever asked is told
	}
	return r
}

func unanswered(w http.ResponseWriter, _ *http.Request, err error) {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		refuse(w, &Error{
			"too_large", fmt.Sprintf("expected at most %d bytes", maxAsked), "send a smaller transaction",
			http.StatusRequestEntityTooLarge,
		})
		return
	}
	refuse(w, &Error{
		"node_unavailable", "the node does not answer", "the history goes on; try again in some seconds",
		http.StatusBadGateway,
	})
}

// capped is the body of an answer that may not go on for ever.
type capped struct {
	io.ReadCloser

	left int64
}

// Read reads, and fails behind the bound.
func (b *capped) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errors.New("the answer is too large")
	}
	return n, err
}

// only keeps some headers.
func only(from http.Header, names []string) http.Header {
	kept := make(http.Header, len(names))
	for _, name := range names {
		if values := from.Values(name); len(values) > 0 {
			kept[http.CanonicalHeaderKey(name)] = values
		}
	}
	return kept
}

// ServeHTTP hands a request on, when it is one of those that are.
func (n *relay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := n.allowed(r); err != nil {
		refuse(w, err)
		return
	}
	select {
	case n.slots <- struct{}{}:
		defer func() { <-n.slots }()
	default:
		w.Header().Set("Retry-After", "1")
		refuse(w, &Error{
			"unavailable", "too many questions to the node at once", "try again in a second",
			http.StatusServiceUnavailable,
		})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxAsked)
	n.proxy.ServeHTTP(w, r)
}

func (n *relay) allowed(r *http.Request) error {
	asked := strings.TrimPrefix(r.URL.Path, under)
	list, verb := readable, http.MethodGet
	if r.Method == http.MethodPost {
		list, verb = writable, http.MethodPost
	}
	if r.Method != verb {
		return &Error{
			"method_not_allowed", "the node is asked by GET, and given transactions by POST", "use one of them",
			http.StatusMethodNotAllowed,
		}
	}
	if asked != path.Clean(asked) || strings.ContainsAny(asked, "\\\x00") || path.Base(asked) == "invariants" ||
		!listed(list, asked) {
		return missing(fmt.Sprintf("%s %s is not handed on", verb, asked), "ask the node itself")
	}
	if verb == http.MethodGet {
		return nil
	}
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		return &Error{
			"invalid_argument", fmt.Sprintf("expected application/json, got %q", kind), "send JSON, and say so",
			http.StatusUnsupportedMediaType,
		}
	}
	if err := n.origin.Check(r); err != nil {
		return &Error{
			"forbidden", "a page of another origin may not send transactions through here",
			"send them to the node, or serve the page from here", http.StatusForbidden,
		}
	}
	return nil
}

func listed(list []string, asked string) bool {
	for _, one := range list {
		if asked == one || strings.HasSuffix(one, "/") && strings.HasPrefix(asked, one) {
			return true
		}
	}
	return false
}
