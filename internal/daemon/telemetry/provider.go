package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ballast-finance/ballast/agents/ticker"
)

// providers shows how those do that a validator asks for prices.
type providers struct {
	health func() []ticker.Health
}

// WatchProviders shows how providers of prices do, at each scrape.
func WatchProviders(registry prometheus.Registerer, health func() []ticker.Health) error {
	return register(registry, providers{health})
}

// Describe says nothing: what there is depends on the configuration.
func (providers) Describe(chan<- *prometheus.Desc) {}

// Collect asks.
func (p providers) Collect(out chan<- prometheus.Metric) {
	assets := desc("provider_assets", "Assets that a provider of prices is asked for.", "provider")
	fresh := desc("provider_fresh", "Assets for which a provider has a price that is not too old.", "provider")
	answers := desc("provider_answers_total", "Answers of a provider that brought a price.", "provider")
	age := desc("provider_age_seconds", "Age of the newest price of a provider, or for how long it has brought none.", "provider")
	failures := desc("provider_failures_total", "Questions to a provider that brought no price.", "provider")
	for _, h := range p.health() {
		gauge(out, assets, float64(h.Assets), h.Provider)
		gauge(out, fresh, float64(h.Fresh), h.Provider)
		gauge(out, age, h.Age.Seconds(), h.Provider)
		out <- prometheus.MustNewConstMetric(answers, prometheus.CounterValue, float64(h.Answers), h.Provider)
		out <- prometheus.MustNewConstMetric(failures, prometheus.CounterValue, float64(h.Failures), h.Provider)
	}
}
