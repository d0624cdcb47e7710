package api

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"sync"

	"github.com/ballast-finance/ballast/index/store"
)

// maxRemembered bounds the bytes of answers that are remembered.
const maxRemembered = 64 << 20

// memory keeps what was answered since the last block: until the next one comes the answer to the same question is the
// same, and many look at the same views. Who asks while somebody else's answer is being made waits for that.
type memory struct {
	mu    sync.Mutex
	at    store.Progress
	said  map[string]*said
	bytes int
}

// said is an answer, or one that is being made. What cannot be used by others has no body.
type said struct {
	done   chan struct{}
	header http.Header
	body   []byte
}

// find returns the answer to a question about a block, and whether whoever asks has to make it.
func (m *memory) find(at store.Progress, key string) (s *said, mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.said == nil || m.at != at {
		m.at, m.said, m.bytes = at, make(map[string]*said), 0
	}
	if s := m.said[key]; s != nil {
		return s, false
	}
	s = &said{done: make(chan struct{})}
	if m.bytes < maxRemembered {
		m.said[key] = s
	}
	return s, true
}

// keep counts an answer, or forgets one that nobody else can use.
func (m *memory) keep(key string, s *said) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.said[key] != s {
		return // of a block before
	}
	if m.bytes += len(s.body); s.body == nil {
		delete(m.said, key)
	}
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

// recall answers with what was answered before about the same block, and remembers what is answered now. Before a
// server runs it knows no block, and asks every time.
func (a *Server) recall(do handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		now, _ := a.live.look()
		if now.Height == 0 {
			return do(w, r)
		}
		key := r.URL.Path + "?" + r.URL.RawQuery
		if strings.Contains(r.Header.Get("Accept"), "text/csv") {
			key += " as CSV"
		}
		s, mine := a.memory.find(now, key)
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
	_, _ = w.Write(s.body) // an error: whoever asked has gone
}
