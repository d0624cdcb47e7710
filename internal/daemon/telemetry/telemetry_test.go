package telemetry_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/agents/ticker"
	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/daemon/telemetry"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/oracle/votes"
)

// ten is a validator that says 10 for the first asset and knows nothing of the second.
type ten struct{}

// Price is 10.
func (ten) Price(denom string) (fixed.Wad, bool) { return fixed.FromInt(10), denom == "uasset" }

// polled is a start with two assets that validators are asked for.
func polled(a *app.App, state map[string]json.RawMessage) error {
	g := oracletypes.DefaultGenesis()
	g.Params.EventSeconds = 1
	for denom, display := range map[string]string{"uasset": "A", "uother": "B"} {
		g.Assets = append(g.Assets, oracletypes.StoredAsset{
			Asset: oracletypes.Asset{
				Denom: denom, Display: display, Exponent: 6, Status: oracletypes.AssetActive,
			},
			Sources: []oracletypes.Source{{Id: 1, Class: oracletypes.ClassVote, Weight: 100, MaxAgeSeconds: 600}},
		})
	}
	b, err := a.AppCodec().MarshalJSON(g)
	state[oracletypes.ModuleName] = b
	return err
}

// scrape asks a server for its metrics, as Prometheus does, and returns those that begin with a text.
func scrape(t *testing.T, url, prefix string) map[string]string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	found := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		if name, value, is := strings.Cut(strings.TrimSpace(line), " "); is && strings.HasPrefix(name, prefix) {
			found[name] = value
		}
	}
	return found
}

// serve makes a registry that answers scrapes.
func serve(t *testing.T) (*prometheus.Registry, string) {
	t.Helper()
	registry := prometheus.NewRegistry()
	server := httptest.NewServer(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	t.Cleanup(server.Close)
	return registry, server.URL
}

// TestVotesAreShown: a node of four validators, of which one is silent and one says what nobody can read, shows who voted.
func TestVotesAreShown(t *testing.T) {
	registry, url := serve(t)
	m, err := telemetry.New(registry)
	require.NoError(t, err)
	garbage := func(sdk.Context, *abci.RequestExtendVote) (*abci.ResponseExtendVote, error) {
		return &abci.ResponseExtendVote{VoteExtension: []byte{0xff}}, nil
	}
	anything := func(sdk.Context, *abci.RequestVerifyVoteExtension) (*abci.ResponseVerifyVoteExtension, error) {
		return &abci.ResponseVerifyVoteExtension{Status: abci.ResponseVerifyVoteExtension_ACCEPT}, nil
	}
	nodes, err := inproc.Start(t.Context(), inproc.Options{
		ChainID: "ballast-test", Dir: t.TempDir(), Memory: true, Powers: []int64{70, 10, 10, 10}, VoteHeight: 1,
		BlockTime: 50 * time.Millisecond, Genesis: polled, Change: func(i int, a *app.App) {
			a.SetVerifyVoteExtensionHandler(anything) // as for a vote that comes after its block was decided
			switch i {
			case 0:
				m.Option()(a.BaseApp)
				a.SetPrices(ten{})
			case 1:
				a.SetPrices(ten{})
			case 2:
				a.SetExtendVoteHandler(garbage)
			}
		},
	})
	require.NoError(t, err)
	t.Cleanup(func() { inproc.Stop(nodes) })
	require.Eventually(t, func() bool {
		shown := scrape(t, url, "ballast_vote_")
		return shown[`ballast_vote_validators{said="prices"}`] == "2" &&
			shown[`ballast_vote_validators{said="nothing"}`] == "1" &&
			shown[`ballast_vote_validators{said="unreadable"}`] == "1" &&
			shown[`ballast_vote_validators{said="absent"}`] == "0" &&
			shown["ballast_vote_power_share"] == "0.8" &&
			shown[`ballast_vote_assets{outcome="taken"}`] == "1" &&
			shown[`ballast_vote_assets{outcome="missed"}`] == "1"
	}, time.Minute, 5*time.Millisecond)
	_, err = votes.Count(nodes[0].Comet.BlockStore().LoadBlock(3).Txs.ToSliceOfBytes(), 3)
	require.NoError(t, err)
	for _, none := range [][][]byte{nil, {{}}, {[]byte("\xffve\x01\x78")}} {
		_, err = votes.Count(none, 3)
		require.ErrorIs(t, err, oracletypes.ErrVote)
	}
}

// TestVotesAreOff: before votes are due all gauges are there, at zero.
func TestVotesAreOff(t *testing.T) {
	registry, url := serve(t)
	_, err := telemetry.New(registry)
	require.NoError(t, err)
	require.Equal(t, map[string]string{
		`ballast_vote_validators{said="prices"}`: "0", `ballast_vote_validators{said="nothing"}`: "0",
		`ballast_vote_validators{said="unreadable"}`: "0", `ballast_vote_validators{said="absent"}`: "0",
		`ballast_vote_assets{outcome="taken"}`: "0", `ballast_vote_assets{outcome="missed"}`: "0",
		"ballast_vote_power_share": "0",
	}, scrape(t, url, "ballast_vote_"))
}

// TestProvidersAreShown: how many answers a provider brought, how old the newest is, and how many questions failed.
func TestProvidersAreShown(t *testing.T) {
	registry, url := serve(t)
	require.NoError(t, telemetry.WatchProviders(registry, func() []ticker.Health {
		return []ticker.Health{
			{Provider: "good", Assets: 3, Fresh: 2, Answers: 41, Age: 1500 * time.Millisecond, Failures: 1},
			{Provider: "gone", Assets: 1, Age: time.Hour, Failures: 7},
		}
	}))
	require.Equal(t, map[string]string{
		`ballast_provider_assets{provider="good"}`: "3", `ballast_provider_assets{provider="gone"}`: "1",
		`ballast_provider_fresh{provider="good"}`: "2", `ballast_provider_fresh{provider="gone"}`: "0",
		`ballast_provider_answers_total{provider="good"}`: "41", `ballast_provider_answers_total{provider="gone"}`: "0",
		`ballast_provider_age_seconds{provider="good"}`: "1.5", `ballast_provider_age_seconds{provider="gone"}`: "3600",
		`ballast_provider_failures_total{provider="good"}`: "1", `ballast_provider_failures_total{provider="gone"}`: "7",
	}, scrape(t, url, "ballast_provider_"))
}
