package agent

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ballast-finance/ballast/agents/maker"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// counters are what Prometheus reads of a maker: what it has counted when it looked last.
type counters struct{ last atomic.Pointer[maker.Stats] }

// newCounters makes the counters and registers them.
func newCounters(r prometheus.Registerer) *counters {
	c := new(counters)
	c.take(maker.Stats{})
	for _, x := range []struct {
		name, help string
		value      func(*maker.Stats) float64
	}{
		{"looks_total", "Looks at the lots.", func(s *maker.Stats) float64 { return float64(s.Looks) }},
		{"bids_total", "Bids that were sent.", func(s *maker.Stats) float64 { return float64(s.Bids) }},
		{"cancels_total", "Bids that were taken back.", func(s *maker.Stats) float64 { return float64(s.Cancels) }},
		{"fills_total", "Fills since the start.", func(s *maker.Stats) float64 { return float64(s.Fills) }},
		{"failures_total", "Looks and bids that failed.", func(s *maker.Stats) float64 { return float64(s.Failures) }},
		{"taken_value_total", "Value of what was bought.", func(s *maker.Stats) float64 { return shown(s.Taken) }},
		{"paid_value_total", "Value of what was paid.", func(s *maker.Stats) float64 { return shown(s.Paid) }},
	} {
		opts := prometheus.CounterOpts{Namespace: "ballast", Subsystem: "maker", Name: x.name, Help: x.help}
		r.MustRegister(prometheus.NewCounterFunc(opts, func() float64 { return x.value(c.last.Load()) }))
	}
	return c
}

// take shows what a maker has counted.
func (c *counters) take(s maker.Stats) { c.last.Store(&s) }

// shown is a value for a picture. Nothing is computed with it.
func shown(w fixed.Wad) float64 {
	f, err := strconv.ParseFloat(w.String(), 64)
	if err != nil {
		return 0
	}
	return f
}

const headerTimeout = 2 * time.Second

// monitor serves counters.
type monitor struct {
	*counters

	address string
	server  *http.Server
	done    chan struct{}
}

// serve serves counters at an address until the monitor is closed.
func serve(ctx context.Context, address string) (*monitor, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("--metrics: expected a free address such as :9464, got %q: %w", address, err)
	}
	registry := prometheus.NewRegistry()
	m := &monitor{counters: newCounters(registry), address: l.Addr().String(), done: make(chan struct{})}
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	m.server = &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout}
	go func() {
		_ = m.server.Serve(l) // until it is closed
		close(m.done)
	}()
	return m, nil
}

// close ends the serving and waits for it.
func (m *monitor) close() {
	_ = m.server.Close()
	<-m.done
}
