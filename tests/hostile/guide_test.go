package hostile_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/internal/daemon"
)

var (
	continued = regexp.MustCompile(`\s*\\\n\s*`)
	fenced    = regexp.MustCompile("(?ms)^ *```sh(?: run)?$(.*?)^ *```$")
	inline    = regexp.MustCompile("(?s)`(ballastd [^`]+)`")
	called    = regexp.MustCompile(`\bballastd ([a-z][^|&>;)\n"]*)`)
	named     = regexp.MustCompile(`--([a-z][a-z.0-9_-]*)`)
)

// TestGuideCommands looks up every command of the operators' guides, in their blocks and in their sentences: the
// program has it, with each of its flags. What the blocks marked "sh run" do is tried by scripts/guides.sh.
func TestGuideCommands(t *testing.T) {
	t.Parallel()
	root, err := daemon.New()
	require.NoError(t, err)
	for _, page := range []string{"node.md", "operator.md", "validator.md"} {
		text := string(deployed(t, "docs/guides/"+page))
		lines := first(inline, text)
		for _, block := range first(fenced, text) {
			lines = append(lines, called.FindAllString(continued.ReplaceAllString(block, " "), -1)...)
		}
		require.Greater(t, len(lines), 10, page)
		for _, line := range lines {
			known(t, root, page, strings.Join(strings.Fields(line), " "))
		}
	}
}

// known asks that a program has a command, and the command its flags.
func known(t *testing.T, root *cobra.Command, page, line string) {
	t.Helper()
	cmd, rest, err := root.Find(strings.Fields(line)[1:])
	require.NoError(t, err, "%s: %s", page, line)
	require.NotEqual(t, root, cmd, "%s: %s", page, line)
	if cmd.HasSubCommands() && !cmd.Runnable() {
		for _, word := range rest {
			require.True(t, strings.HasPrefix(word, "-"), "%s: %s: there is no %s", page, line, word)
		}
	}
	for _, flag := range first(named, line) {
		found := flag == "home" || // of all commands, since the program runs
			cmd.Flags().Lookup(flag) != nil || cmd.InheritedFlags().Lookup(flag) != nil
		require.True(t, found, "%s: %s: there is no --%s", page, line, flag)
	}
}
