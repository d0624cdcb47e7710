package api

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cosmossdk.io/log/v2"

	"github.com/ballast-finance/ballast/index/api/limit"
	"github.com/ballast-finance/ballast/index/api/static"
	"github.com/ballast-finance/ballast/index/store"
)

const (
	// patience is the longest time for an answer.
	patience = 10 * time.Second
	// atOnce is how many questions the database is asked at once; the others wait.
	atOnce = 32
)

// Config says how a history is served.
type Config struct {
	Poll   time.Duration    // between two looks for a new block; 0 is half a second
	MaxLag time.Duration    // a history that is further behind is not healthy; 0 is a minute
	Now    func() time.Time // nil is the world's
	Log    log.Logger

	Page  fs.FS    // what is served at /: index.html and what it needs; nil is nothing
	Chain *url.URL // the node's REST API, which is asked at /chain/; nil is none

	// Also answers at patterns of its own what the page asks besides, such as "POST /lab/policy".
	Also map[string]http.Handler

	Rate      float64 // requests of a client in a second; 0 is DefaultRate, less is no limit
	Burst     float64 // requests of a client after a pause; 0 is DefaultBurst
	Forwarded bool    // clients come through a proxy of our own, which says by X-Forwarded-For who they are
}

func (c *Config) complete() {
	if c.Poll <= 0 {
		c.Poll = 500 * time.Millisecond
	}
	if c.MaxLag <= 0 {
		c.MaxLag = time.Minute
	}
	if c.Now == nil {
		c.Now = time.Now //nolint:forbidigo // how far behind the world a history is
	}
	if c.Log == nil {
		c.Log = log.NewNopLogger()
	}
	if c.Rate == 0 {
		c.Rate = DefaultRate
	}
	if c.Burst <= 0 {
		c.Burst = DefaultBurst
	}
}

// Server serves a history.
type Server struct {
	cfg    Config
	store  *store.Store
	slots  chan struct{}
	live   *hub
	memory *memory
	mux    *http.ServeMux
	page   *static.Files  // nil: none
	limits *limit.Limiter // nil: none
}

// New serves a store. Run has to run beside it.
func New(cfg Config, s *store.Store) *Server {
	cfg.complete()
	a := &Server{
		cfg: cfg, store: s, slots: make(chan struct{}, atOnce), live: newHub(), memory: newMemory(),
		mux: http.NewServeMux(),
	}
	for _, v := range views() {
		a.mux.HandleFunc("GET "+v.path, a.handle(a.recall(a.bounded(func(w http.ResponseWriter, r *http.Request) error {
			return a.list(w, r, &v)
		}), v.table)))
	}
	a.mux.HandleFunc("GET /v1/overview", a.handle(a.recall(a.bounded(a.overview))))
	a.mux.HandleFunc("GET /v1/health", a.handle(a.bounded(a.health)))
	a.mux.HandleFunc("GET /v1/events", a.events)
	a.mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, "application/json", document)
	})
	if cfg.Chain != nil {
		a.mux.Handle(under+"/", newRelay(cfg.Chain))
	}
	for pattern, handler := range cfg.Also {
		a.mux.Handle(pattern, handler)
	}
	if cfg.Page != nil {
		a.page = static.New(cfg.Page)
	}
	if cfg.Rate > 0 {
		a.limits = limit.New(cfg.Rate, cfg.Burst)
	}
	a.mux.HandleFunc("/", a.rest)
	return a
}

// ServeHTTP answers a request.
func (a *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guard(w.Header(), r.URL.Path)
	hurry(w, r.ContentLength != 0)
	if err := a.pay(w, r); err != nil {
		refuse(w, err)
		return
	}
	if r.Method == http.MethodOptions && data(r.URL.Path) {
		preflight(w)
		return
	}
	a.mux.ServeHTTP(w, r)
}

// rest answers what no route does: files of the page, and what there is not.
func (a *Server) rest(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, &Error{"method_not_allowed", "a history is only read", "use GET", http.StatusMethodNotAllowed})
		return
	}
	if a.page != nil && !data(r.URL.Path) && !strings.HasPrefix(r.URL.Path, under+"/") {
		found, err := a.page.Serve(w, r)
		if err != nil {
			a.cfg.Log.Error("no file", "path", r.URL.Path, "error", err)
			refuse(w, err)
			return
		}
		if found {
			return
		}
	}
	refuse(w, missing("there is no "+r.URL.Path, "/openapi.json lists what there is"))
}

// handler answers a request, or says why not.
type handler func(w http.ResponseWriter, r *http.Request) error

// bounded bounds how many questions the database is asked at once.
func (a *Server) bounded(do handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		select {
		case a.slots <- struct{}{}:
			defer func() { <-a.slots }()
			return do(w, r)
		case <-r.Context().Done():
			return busy()
		}
	}
}

func busy() *Error {
	return &Error{
		"unavailable", "too many questions at once", "try again in some seconds", http.StatusServiceUnavailable,
	}
}

// handle bounds the time, and writes errors.
func (a *Server) handle(do handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		err := do(w, r.WithContext(ctx))
		if err == nil {
			return
		}
		if _, ours := err.(*Error); !ours { //nolint:errorlint // never wrapped
			if ctx.Err() != nil { // it took too long, or whoever asked has gone
				err = busy()
			} else {
				a.cfg.Log.Error("no answer", "path", r.URL.Path, "error", err)
			}
		}
		refuse(w, err)
	}
}

// list answers with the rows of a view.
func (a *Server) list(w http.ResponseWriter, r *http.Request, v *view) error {
	q, err := ask(v, r)
	if err != nil {
		return err
	}
	rows, err := a.rows(r.Context(), q.sql(), len(v.columns), q.args...)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		if err := a.exists(r, v); err != nil {
			return err
		}
	}
	next := ""
	if len(rows) > q.limit {
		rows = rows[:q.limit]
		next = q.cursor(rows[q.limit-1])
	}
	if q.csv {
		body, err := table(v.columns, rows)
		if err != nil {
			return err
		}
		if next != "" {
			w.Header().Set("Next-Cursor", next)
		}
		w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(r.URL.Path)+`"`)
		answer(w, http.StatusOK, "text/csv; charset=utf-8", body)
		return nil
	}
	return a.json(w, v, rows, next)
}

func (*Server) json(w http.ResponseWriter, v *view, rows [][]any, next string) error {
	var out bytes.Buffer
	if v.single {
		if err := object(&out, v.columns, rows[0]); err != nil {
			return err
		}
		answer(w, http.StatusOK, "application/json", out.Bytes())
		return nil
	}
	out.WriteString(`{"items":[`)
	for i, row := range rows {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := object(&out, v.columns, row); err != nil {
			return err
		}
	}
	fmt.Fprintf(&out, `],"next":%q}`, next)
	answer(w, http.StatusOK, "application/json", out.Bytes())
	return nil
}

// exists tells an empty list from one of nothing.
func (a *Server) exists(r *http.Request, v *view) error {
	if v.single {
		return missing("there is no "+r.URL.Path, "the list above it says what there is")
	}
	if v.parent == "" {
		return nil
	}
	name, column, _ := strings.Cut(v.parent, " ")
	for _, parameter := range v.within {
		value, err := bind(parameter, r.PathValue(parameter), !words[parameter])
		if err != nil {
			return err
		}
		rows, err := a.rows(r.Context(), "SELECT 1 FROM "+name+" WHERE "+column+" = $1", 1, value)
		if err == nil && len(rows) == 0 {
			err = missing(fmt.Sprintf("there is no %s %s in %s", column, r.PathValue(parameter), name),
				"the list of them says what there is")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rows asks the database.
func (a *Server) rows(ctx context.Context, question string, columns int, args ...any) ([][]any, error) {
	found, err := a.store.Reader().QueryContext(ctx, question, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close() //nolint:errcheck // Err tells
	var list [][]any
	for found.Next() {
		row, places := make([]any, columns), make([]any, columns)
		for i := range row {
			places[i] = &row[i]
		}
		if err := found.Scan(places...); err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, found.Err()
}
