package hostile_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/ballast-finance/ballast/internal/source"
)

// alert is a rule of deploy/prometheus/alerts.yml.
type alert struct {
	Name        string `yaml:"alert"`
	Expr        string
	For         string
	Labels      map[string]string
	Annotations map[string]string
}

func deployed(t *testing.T, name string) []byte {
	t.Helper()
	root, err := source.Root()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	require.NoError(t, err)
	return text
}

func alerts(t *testing.T) []alert {
	t.Helper()
	var rules struct {
		Groups []struct {
			Name  string
			Rules []alert
		}
	}
	require.NoError(t, yaml.Unmarshal(deployed(t, "deploy/prometheus/alerts.yml"), &rules))
	var list []alert
	for _, g := range rules.Groups {
		list = append(list, g.Rules...)
	}
	return list
}

// expressions are all that is asked of Prometheus: by alerts, and by the panels of the board.
func expressions(t *testing.T) (list []string) {
	t.Helper()
	for _, a := range alerts(t) {
		list = append(list, a.Expr)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(deployed(t, "deploy/grafana/ballast.json"), &board))
	require.NotEmpty(t, board.Panels)
	for _, p := range board.Panels {
		require.NotEmpty(t, p.Targets, p.Title)
		for _, x := range p.Targets {
			list = append(list, x.Expr)
		}
	}
	return list
}

// TestDeploy reads what operators run: every file parses, names no file that is not there, and every alert says what it
// means and what to do in a section of the guide.
func TestDeploy(t *testing.T) {
	t.Parallel()
	var prometheus struct {
		Rules []string `yaml:"rule_files"`
	}
	require.NoError(t, yaml.Unmarshal(deployed(t, "deploy/prometheus/prometheus.yml"), &prometheus))
	for _, name := range prometheus.Rules {
		deployed(t, "deploy/prometheus/"+name)
	}
	var compose struct {
		Services map[string]struct {
			Build   struct{ Dockerfile string }
			Volumes []string
		}
	}
	require.NoError(t, yaml.Unmarshal(deployed(t, "deploy/compose.yml"), &compose))
	deployed(t, compose.Services["node"].Build.Dockerfile)
	for _, service := range compose.Services {
		for _, volume := range service.Volumes {
			if from, _, _ := strings.Cut(volume, ":"); strings.HasPrefix(from, "./") {
				_, err := os.Stat(filepath.Join("..", "..", "deploy", filepath.FromSlash(from)))
				require.NoError(t, err, volume)
			}
		}
	}
	guide := string(deployed(t, "docs/guides/operator.md"))
	seen := map[string]bool{}
	for _, a := range alerts(t) {
		require.False(t, seen[a.Name], "%s twice", a.Name)
		seen[a.Name] = true
		require.Contains(t, []string{"page", "ticket"}, a.Labels["severity"], a.Name)
		require.NotEmpty(t, a.Annotations["summary"], a.Name)
		require.Equal(t, strings.Count(a.Expr, "("), strings.Count(a.Expr, ")"), a.Name)
		_, section, found := strings.Cut(guide, "\n### "+a.Name+"\n")
		require.True(t, found, "docs/guides/operator.md: expected a section %s", a.Name)
		section, _, _ = strings.Cut(section, "\n#")
		require.Contains(t, section, "Means:", a.Name)
		require.Contains(t, section, "Do:", a.Name)
	}
	for _, name := range regexp.MustCompile(`(?m)^### (\S+)$`).FindAllStringSubmatch(guide, -1) {
		require.True(t, seen[name[1]], "the guide explains %s, which is no alert", name[1])
	}
}

var (
	metricName = regexp.MustCompile(`\b(?:ballast|cometbft|process)_[a-z_]+\b`)
	eventNames = regexp.MustCompile(`event=~?"([A-Za-z|]+)"`)
	shownName  = regexp.MustCompile(`(?m)^([a-z_]+)[{ ]`)
	shownEvent = regexp.MustCompile(`event="([A-Za-z]+)"`)
)

// scrape is everything that a node shows of itself.
func (c *chain) scrape(t *testing.T, i int) string {
	t.Helper()
	request, err := http.NewRequestWithContext(
		t.Context(), http.MethodGet, "http://"+c.Nodes[i].Metrics+"/metrics", http.NoBody)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return string(text)
}

// shows asks that a node shows every metric, and every event, that alerts and the board ask for.
func (c *chain) shows(t *testing.T, i int) {
	t.Helper()
	text := c.scrape(t, i)
	shown, events := first(shownName, text), first(shownEvent, text)
	for _, expr := range expressions(t) {
		for _, name := range metricName.FindAllString(expr, -1) {
			require.True(t, slices.Contains(shown, name), "%s: no node shows %s", expr, name)
		}
		for _, list := range first(eventNames, expr) {
			for event := range strings.SplitSeq(list, "|") {
				require.True(t, slices.Contains(events, event), "%s: no node counts %s", expr, event)
			}
		}
	}
}

// first is the first group of every match.
func first(re *regexp.Regexp, text string) (found []string) {
	for _, m := range re.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

// asks lets a node ask a provider of prices that is a file.
func (c *chain) asks(t *testing.T, i int) {
	t.Helper()
	prices := filepath.Join(t.TempDir(), "prices.json")
	require.NoError(t, os.WriteFile(prices, []byte(`{"BTC": "100000"}`), 0o600))
	name := filepath.Join(c.Nodes[i].Home, "config", "app.toml")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	const off = "enabled = false\n\n# How often every provider is asked"
	require.Equal(t, 1, strings.Count(string(text), off))
	on := strings.Replace(string(text), off, "enabled = true\n\n# How often every provider is asked", 1) +
		"\n[[oracle.providers]]\nfile = \"" + prices + "\"\nassets = [\"BTC=ubtc\"]\n"
	require.NoError(t, os.WriteFile(name, []byte(on), 0o600))
}
