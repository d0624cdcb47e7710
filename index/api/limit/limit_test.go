package limit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/index/api/limit"
)

// TestTake: a client may take what is in its bucket, then as fast as it fills, and no client pays for another.
func TestTake(t *testing.T) {
	t.Parallel()
	l, now := limit.New(10, 5), time.Unix(1000, 0)
	for i := range 5 {
		if wait := l.Take("a", 1, now); wait != 0 {
			t.Fatalf("token %d: expected no wait, got %v", i, wait)
		}
	}
	if wait := l.Take("a", 1, now); wait != 100*time.Millisecond {
		t.Errorf("expected to wait for one token, got %v", wait)
	}
	if wait := l.Take("a", 3, now); wait != 300*time.Millisecond {
		t.Errorf("expected to wait for three tokens, got %v", wait)
	}
	if wait := l.Take("b", 5, now); wait != 0 {
		t.Errorf("expected that another has its own, got %v", wait)
	}
	if wait := l.Take("a", 1, now.Add(100*time.Millisecond)); wait != 0 {
		t.Errorf("expected a new token, got %v", wait)
	}
	if wait := l.Take("a", 1, now); wait == 0 {
		t.Error("expected no token from a clock that goes back")
	}
	if wait := l.Take("a", 50, now.Add(time.Hour)); wait != 0 {
		t.Errorf("expected that what costs more than a bucket takes a full one, got %v", wait)
	}
	if wait := l.Take("a", 1, now.Add(time.Hour)); wait <= time.Second {
		t.Errorf("expected that it is in debt, got %v", wait)
	}
}

// TestMany: buckets are bounded, and whoever is in want is not forgotten for those who come once.
func TestMany(t *testing.T) {
	t.Parallel()
	l, now := limit.New(0.001, 2), time.Unix(1000, 0)
	for range 2 {
		l.Take("greedy", 1, now)
	}
	for i := range 30_000 {
		now = now.Add(time.Millisecond)
		l.Take(fmt.Sprint("visitor", i), 1, now)
		if wait := l.Take("greedy", 1, now); wait == 0 {
			t.Fatalf("after %d visitors the greedy one was forgotten", i)
		}
	}
	if n := l.Clients(); n > 10_000 {
		t.Errorf("expected at most 10000 buckets, got %d", n)
	}
}

func TestClient(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		remote, forwarded string
		proxied           bool
		want              string
	}{
		{"192.0.2.1:4000", "", false, "192.0.2.1"},
		{"192.0.2.1:4000", "198.51.100.7", false, "192.0.2.1"},
		{"192.0.2.1:4000", "203.0.113.9, 198.51.100.7", true, "198.51.100.7"},
		{"192.0.2.1:4000", "", true, "192.0.2.1"},
		{"[::ffff:192.0.2.1]:4000", "", false, "192.0.2.1"},
		{"[2001:db8:1:2:3:4:5:6]:4000", "", false, "2001:db8:1:2::/64"},
		{"[fe80::1%eth0]:4000", "", false, "fe80::/64"},
		{"@", "", false, "@"},
	} {
		if got := limit.Client(x.remote, x.forwarded, x.proxied); got != x.want {
			t.Errorf("%+v: got %s", x, got)
		}
	}
}
