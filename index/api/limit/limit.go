package limit

import (
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxClients bounds the buckets that are kept.
const maxClients = 10_000

// networkBits is what of an IPv6 address is one client.
const networkBits = 64

// Limiter keeps the buckets.
type Limiter struct {
	rate, burst float64
	most        int

	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// New gives each client a bucket of so many tokens, and so many more in a second.
func New(rate, burst float64) *Limiter {
	return &Limiter{rate: rate, burst: burst, most: maxClients, buckets: make(map[string]*bucket)}
}

// Take takes tokens out of a client's bucket. When there are too few it takes none, and says how long it takes until
// there are enough.
func (l *Limiter) Take(client string, cost float64, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[client]
	if b == nil {
		if len(l.buckets) >= l.most {
			l.drop(now)
		}
		b = &bucket{tokens: l.burst, at: now}
		l.buckets[client] = b
	}
	b.tokens, b.at = l.filled(b, now), now
	if missing := min(cost, l.burst) - b.tokens; missing > 0 {
		return time.Duration(missing / l.rate * float64(time.Second))
	}
	b.tokens -= cost
	return 0
}

// filled is what a bucket has now.
func (l *Limiter) filled(b *bucket, now time.Time) float64 {
	return min(l.burst, b.tokens+l.rate*max(now.Sub(b.at).Seconds(), 0))
}

// drop makes room for many, so that it is seldom called.
func (l *Limiter) drop(now time.Time) {
	for client, b := range l.buckets {
		if l.filled(b, now) >= l.burst {
			delete(l.buckets, client)
		}
	}
	room := l.most / 4
	if len(l.buckets) <= l.most-room {
		return
	}
	clients := slices.SortedFunc(maps.Keys(l.buckets), func(a, b string) int {
		return l.buckets[a].at.Compare(l.buckets[b].at)
	})
	for _, client := range clients[:room] {
		delete(l.buckets, client)
	}
}

// Client names who asks: by the connection, or, behind a proxy of our own, by the last address that it forwards for.
func Client(remote, forwarded string, proxied bool) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	if proxied {
		if last := strings.TrimSpace(forwarded[strings.LastIndexByte(forwarded, ',')+1:]); last != "" {
			host = last
		}
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	address = address.Unmap().WithZone("")
	if address.Is6() {
		if network, err := address.Prefix(networkBits); err == nil {
			return network.String()
		}
	}
	return address.String()
}
