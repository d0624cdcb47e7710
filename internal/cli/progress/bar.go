package progress

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// width is that of the bar without its label.
const width = 30

// Bar is one line that is drawn over and over. It may be used by several goroutines. A nil Bar is silent.
type Bar struct {
	mu     sync.Mutex
	w      io.Writer
	label  string
	shown  int // percent, -1 before the first time
	closed bool
}

// New returns a bar that draws on w, or a silent one when w is nil.
func New(w io.Writer, label string) *Bar {
	if w == nil {
		return nil
	}
	return &Bar{w: w, label: label, shown: -1}
}

// Set shows that done of total is done.
func (b *Bar) Set(done, total int) {
	if b == nil || total <= 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	percent := min(max(100*done/total, 0), 100)
	if b.closed || percent == b.shown {
		return
	}
	b.shown = percent
	full := width * percent / 100
	_, _ = fmt.Fprintf(b.w, "\r%s [%s%s] %3d%%",
		b.label, strings.Repeat("#", full), strings.Repeat("-", width-full), percent)
}

// Close removes the line; later calls draw nothing.
func (b *Bar) Close() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed && b.shown >= 0 {
		_, _ = fmt.Fprintf(b.w, "\r%s\r", strings.Repeat(" ", len(b.label)+width+len(" [] 100%")))
	}
	b.closed = true
}
