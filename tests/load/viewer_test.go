package load_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ballast-finance/ballast/testutil/longchain"
)

// viewer is somebody who looks at the page.
type viewer struct {
	url     string
	address string // of the computer, as a proxy would tell it
	client  *http.Client
	random  *rand.Rand
	record  *record
	paths   []string // of the API
	node    bool     // there is one

	mu      sync.Mutex
	tide    int              // counts the blocks that it was told of
	written map[string]int   // at which count a table was last written
	known   map[string]known // answers to what the view shows

	view      int
	portfolio int
	lot       int
}

// known is an answer that somebody has.
type known struct {
	tables []string // that it was read from; none: anything may change it
	asked  int      // at which count
}

// question is a request, and the path that it is counted under.
type question struct{ path, asked string }

// rhythm is the least time between two looks, and how much longer it may be: that of the page.
const (
	rhythm = time.Second
	spread = 2 * time.Second
)

// look does what the page does: when a block comes, after a pause, it asks for what the view shows and has changed.
func (v *viewer) look(ctx context.Context) {
	blocks := make(chan struct{}, 1)
	var others sync.WaitGroup
	others.Go(func() { v.listen(ctx, blocks) })
	defer others.Wait()
	pause := time.NewTimer(time.Duration(v.random.Int64N(int64(rhythm + spread))))
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		v.ask(ctx)
		select {
		case <-ctx.Done():
			return
		case <-blocks:
		}
		pause.Reset(rhythm + time.Duration(v.random.Int64N(int64(spread))))
	}
}

// listen waits for blocks.
func (v *viewer) listen(ctx context.Context, blocks chan<- struct{}) {
	response, err := v.get(ctx, "/v1/events")
	if err != nil {
		return
	}
	defer response.Body.Close() //nolint:errcheck // reading
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		v.learn(lines.Text())
		if lines.Text() != "event: height" {
			continue
		}
		v.record.told()
		select {
		case blocks <- struct{}{}:
		default:
		}
	}
}

// learn takes from a line of the stream which tables a block has written.
func (v *viewer) learn(line string) {
	data, ok := strings.CutPrefix(line, "data: ")
	if !ok || !strings.Contains(data, `"changed":`) {
		return
	}
	var block struct{ Changed struct{ Tables []string } }
	if err := json.Unmarshal([]byte(data), &block); err != nil {
		v.record.fail(err.Error())
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tide++
	for _, table := range block.Changed.Tables {
		v.written[table] = v.tide
	}
}

// fresh tells that the answer to a question is still the same.
func (v *viewer) fresh(asked string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	k, found := v.known[asked]
	return found && len(k.tables) > 0 &&
		!slices.ContainsFunc(k.tables, func(table string) bool { return v.written[table] > k.asked })
}

func (v *viewer) now() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.tide
}

func (v *viewer) keep(asked string, k known) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.known[asked] = k
}

func (v *viewer) get(ctx context.Context, path string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("X-Forwarded-For", v.address)
	return v.client.Do(r)
}

// ask asks for all that the view shows and does not know, at once, as a browser does, and for one more path of the API.
func (v *viewer) ask(ctx context.Context) {
	if v.random.IntN(5) == 0 { // goes somewhere else, where everything is asked for
		v.mu.Lock()
		clear(v.known)
		v.mu.Unlock()
		v.view, v.portfolio, v.lot = v.random.IntN(10), 1+v.random.IntN(*portfolios), 2+v.random.IntN(2**rounds)
	}
	var all sync.WaitGroup
	for _, q := range v.shown() {
		if !v.fresh(q.asked) {
			all.Go(func() { v.time(ctx, q) })
		}
	}
	all.Go(func() { v.time(ctx, v.any()) })
	all.Wait()
}

func (v *viewer) time(ctx context.Context, q question) {
	begun, now := time.Now(), v.now()
	response, err := v.get(ctx, q.asked)
	if err != nil {
		if ctx.Err() == nil {
			v.record.fail(err.Error())
		}
		return
	}
	defer response.Body.Close() //nolint:errcheck // reading
	bytes, err := io.Copy(io.Discard, response.Body)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		v.record.fail(q.path + ": " + err.Error())
	case response.StatusCode != http.StatusOK:
		v.record.fail(fmt.Sprintf("%s: status %d", q.path, response.StatusCode))
	default:
		v.record.add(q.path, time.Since(begun), bytes)
		tables := strings.FieldsFunc(response.Header.Get("Depends-On"), func(r rune) bool { return r == ',' || r == ' ' })
		v.keep(q.asked, known{tables, now})
	}
}

// shown is what a view of the page asks for.
func (v *viewer) shown() []question {
	list := []question{{"/v1/assets", "/v1/assets?limit=500"}, {"/v1/health", "/v1/health"}}
	history := func(path, asked string) { list = append(list, question{"/v1/" + path, "/v1/" + asked}) }
	node := func(asked string) {
		if v.node {
			list = append(list, question{"/chain", "/chain/ballast/" + asked})
		}
	}
	switch {
	case v.view < 3: // the overview
		history("overview", "overview")
		history("portfolios", "portfolios?limit=100")
		history("rounds", "rounds?limit=100")
		node("rebalance/v1/schedule")
		node("rebalance/v1/round")
	case v.view < 7: // a portfolio
		of := fmt.Sprintf("portfolios/%d", v.portfolio)
		history("portfolios/{id}", of)
		history("portfolios/{id}/intervals", of+"/intervals?limit=300")
		history("portfolios/{id}/payments", of+"/payments")
		history("portfolios/{id}/movements", of+"/movements?limit=50")
		history("portfolios/{id}/pauses", of+"/pauses?limit=50")
		if v.random.IntN(4) == 0 { // a longer chart
			every := []int{180, 1_260, 5_400, 63_900}[v.random.IntN(4)]
			from := longchain.Time(int64(*rounds)) - int64(every)*490
			history("portfolios/{id}/values", fmt.Sprintf("%s/values?from=%d&every=%d&limit=500", of, from, every))
		}
		node("rebalance/v1/params")
	case v.view < 8:
		history("auctions", "auctions?status=open&limit=100")
		history("auctions", "auctions?limit=50")
	case v.view < 9:
		of := fmt.Sprintf("auctions/%d", v.lot)
		for _, below := range []string{"", "/clearings", "/fills", "/bids"} {
			history("auctions/{id}"+below, of+below)
		}
	default:
		history("assets/{denom}/prices", "assets/ubtc/prices?limit=500")
	}
	return list
}

var braces = regexp.MustCompile(`\{(\w+)\}`)

// any is a path of the API.
func (v *viewer) any() question { return v.of(v.paths[v.random.IntN(len(v.paths))]) }

// of asks a path for something that there is.
func (v *viewer) of(path string) question {
	asked := braces.ReplaceAllStringFunc(path, func(name string) string {
		switch {
		case name == "{denom}":
			return []string{"ubtc", "ueth", "uatom", "uosmo", "uusdc"}[v.random.IntN(5)]
		case name == "{address}":
			return longchain.Address(uint64(v.random.IntN(5)))
		case name == "{round}" || strings.HasPrefix(path, "/v1/rounds/"):
			return strconv.Itoa(1 + v.random.IntN(*rounds))
		case strings.HasPrefix(path, "/v1/auctions/"):
			return strconv.Itoa(2 + v.random.IntN(2**rounds))
		}
		return strconv.Itoa(1 + v.random.IntN(*portfolios))
	})
	return question{path, asked}
}
