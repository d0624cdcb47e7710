package api

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	// maxRemembered bounds the bytes of answers that are remembered, maxAnswers their number.
	maxRemembered = 64 << 20
	maxAnswers    = 20_000
	// dependsOn is the header of an answer that names the tables that it was read from.
	dependsOn = "Depends-On"
)

// memory keeps answers until a block writes a table that they were read from: till then the answer to a question is the
// same, and many look at the same views. Who asks while somebody else's answer is being made waits for that. What
// nobody has asked for longest goes first.
type memory struct {
	mu    sync.Mutex
	said  *simplelru.LRU[string, *said]
	bytes int
}

func newMemory() *memory {
	m := &memory{}
	m.said, _ = simplelru.NewLRU(maxAnswers, func(_ string, s *said) { m.bytes -= s.size }) // it fails for a size of 0
	return m
}

// said is an answer, or one that is being made. What cannot be used by others has no body.
type said struct {
	tables []string // that it was read from; none: anything may change it
	done   chan struct{}
	header http.Header
	body   []byte
	size   int // of the body, once it is kept
}

// find returns the answer to a question, and whether whoever asks has to make it.
func (m *memory) find(key string, tables []string) (s *said, mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, found := m.said.Get(key); found {
		return s, false
	}
	s = &said{tables: tables, done: make(chan struct{})}
	m.said.Add(key, s)
	return s, true
}

// keep counts an answer, or forgets one that nobody else can use.
func (m *memory) keep(key string, s *said) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if kept, found := m.said.Peek(key); !found || kept != s {
		return // a block has changed it meanwhile
	}
	if s.body == nil {
		m.said.Remove(key)
		return
	}
	s.size = len(s.body)
	for m.bytes += s.size; m.bytes > maxRemembered; {
		m.said.RemoveOldest()
	}
}

// forget drops the answers that a block has changed.
func (m *memory) forget(w written) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range m.said.Keys() {
		if s, _ := m.said.Peek(key); s.changed(w) {
			m.said.Remove(key)
		}
	}
}

func (s *said) changed(w written) bool {
	return w.all || len(s.tables) == 0 ||
		slices.ContainsFunc(s.tables, func(table string) bool { return w.tables[table] })
}

// heard is what a handler writes.
type heard struct {
	header http.Header
	body   bytes.Buffer
}

// Header is that of the answer.
func (h *heard) Header() http.Header { return h.header }

// WriteHeader takes the status, which is 200: refusals are errors.
func (*heard) WriteHeader(int) {}

// Write takes a part of the answer.
func (h *heard) Write(b []byte) (int, error) { return h.body.Write(b) }

// recall answers with what was answered before, and remembers what is answered now, with the tables that it is read
// from. Before a server runs it knows no block, and asks every time.
func (a *Server) recall(do handler, tables ...string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if len(tables) > 0 {
			w.Header().Set(dependsOn, strings.Join(tables, ", "))
		}
		if now, _, _ := a.live.look(); now.Height == 0 {
			return do(w, r)
		}
		key := r.URL.Path + "?" + r.URL.RawQuery
		if strings.Contains(r.Header.Get("Accept"), "text/csv") {
			key += " as CSV"
		}
		s, mine := a.memory.find(key, tables)
		if mine {
			return a.say(w, r, key, s, do)
		}
		select {
		case <-s.done:
		case <-r.Context().Done():
			return r.Context().Err()
		}
		if s.body == nil {
			return do(w, r)
		}
		s.tell(w)
		return nil
	}
}

// say makes an answer, for whoever asked and for those who wait for it.
func (a *Server) say(w http.ResponseWriter, r *http.Request, key string, s *said, do handler) error {
	defer close(s.done)
	defer a.memory.keep(key, s)
	h := &heard{header: http.Header{}}
	if err := do(h, r); err != nil {
		return err
	}
	s.header, s.body = h.header, h.body.Bytes() // of what is no refusal the status is 200
	s.tell(w)
	return nil
}

// tell writes the answer.
func (s *said) tell(w http.ResponseWriter) {
	maps.Copy(w.Header(), s.header)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(s.body) //nolint:gosec // JSON or CSV, escaped where it is made; an error: whoever asked has gone
}
