package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/internal/entry"
	"github.com/ballast-finance/ballast/policy"
)

// stdin is the name of a file that stands for the standard input.
const stdin = "-"

func newInit() *cobra.Command {
	var template, out string
	var list, force bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a commented policy to start from",
		Example: `  ballast init --list
  ballast init --template stable-runway -o policy.yaml
  ballast init --template index | ballast explain -`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if list {
				return listTemplates(cmd.OutOrStdout())
			}
			text, err := policy.Template(template)
			if err != nil {
				return usage(cmd, "%w; --list tells what each is for", err)
			}
			if out == "" {
				_, err := cmd.OutOrStdout().Write(text)
				return err
			}
			return create(cmd, out, force, func(w io.Writer) error {
				_, err := w.Write(text)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&template, "template", policy.Templates()[0], "`NAME` of what to start from")
	cmd.Flags().BoolVar(&list, "list", false, "list the templates")
	cmd.Flags().StringVarP(&out, "out", "o", "", "write to this `FILE` instead of the terminal")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite the file if it is there")
	return cmd
}

// listTemplates prints every template with its first sentence.
func listTemplates(w io.Writer) error {
	var t figure.Table
	t.Left = 1
	for _, name := range policy.Templates() {
		text, err := policy.Template(name)
		if err != nil {
			return err
		}
		head, _, _ := bytes.Cut(text, []byte("\n"))
		t.Row(name, strings.TrimSpace(strings.TrimLeft(string(head), "# ")))
	}
	_, err := t.WriteTo(w)
	return err
}

// Modes of what is written: everybody may read it.
const (
	fileMode   fs.FileMode = 0o644
	folderMode fs.FileMode = 0o755
)

// create writes a new file, and an existing one only when forced to, and says so on the standard error.
func create(cmd *cobra.Command, path string, force bool, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
		return err
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, fileMode) //nolint:gosec // the user names the file
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; choose another name, or overwrite it with --force", path)
	}
	if err != nil {
		return err
	}
	err = write(f)
	if shut := f.Close(); err == nil {
		err = shut
	}
	if err == nil {
		_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s\n", path)
	}
	return err
}

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of policy files, for editors",
		Example: `  ballast schema > policy.schema.json

Then begin a policy with this line, and an editor with YAML support helps while you type:

  # yaml-language-server: $schema=policy.schema.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(policy.Schema())
			return err
		},
	}
}

// readPolicy reads and checks a policy file, or the standard input.
func readPolicy(cmd *cobra.Command, path string) (*policy.File, []byte, error) {
	var text []byte
	var err error
	if path == stdin {
		text, err = io.ReadAll(cmd.InOrStdin())
	} else {
		text, err = os.ReadFile(path) //nolint:gosec // the user names the file
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s: no such file; `ballast init -o %s` writes one to start from", path, path)
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := policy.Parse(text)
	if err != nil {
		return nil, nil, located(path, err)
	}
	return f, text, nil
}

// located are the problems of a policy with the file's name before each line.
func located(path string, err error) error {
	var problems policy.Problems
	if !errors.As(err, &problems) {
		return fmt.Errorf("%s: %w", path, err)
	}
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = location(path, p, "")
	}
	return errors.New(strings.Join(lines, "\n"))
}

// location is one problem as editors and terminals understand it.
func location(path string, p *policy.Problem, kind string) string {
	text := p.Text
	if p.Where != "" {
		text = p.Where + ": " + text
	}
	if p.Line > 0 {
		path = fmt.Sprintf("%s:%d", path, p.Line)
	}
	return path + ": " + kind + text
}

func newValidate() *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check policies: every problem with its line, and what looks unintended",
		Long: `Check policies. Problems go to the standard output as FILE:LINE: TEXT, and the exit code is then 1.
What is allowed but looks unintended is a warning on the standard error. The file - is the standard input.`,
		Example: `  ballast validate policy.yaml
  ballast init | ballast validate -`,
		Args: someArgs("the name of a policy file"),
		RunE: func(cmd *cobra.Command, paths []string) error {
			bad := 0
			for _, path := range paths {
				f, _, err := readPolicy(cmd, path)
				if err != nil {
					bad++
					_, _ = fmt.Fprintln(cmd.OutOrStdout(), err)
					continue
				}
				if err := warnPolicy(cmd, path, f, policy.ExplainOptions{}); err != nil {
					return err
				}
				_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s: ok\n", path)
			}
			if bad > 0 {
				return fmt.Errorf("%d of %d files are not valid policies", bad, len(paths))
			}
			return nil
		},
	}
}

// warnPolicy tells what a policy allows and its owner will hardly want.
func warnPolicy(cmd *cobra.Command, path string, f *policy.File, opt policy.ExplainOptions) error {
	warnings, err := policy.Warnings(f, opt)
	for _, w := range warnings {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), location(path, w, "warning: "))
	}
	return err
}

func newExplain(s Streams) *cobra.Command {
	var nav, volatility fixed.Wad
	var prices string
	cmd := &cobra.Command{
		Use:   "explain FILE",
		Short: "Say in plain words what a policy will do",
		Example: `  ballast explain policy.yaml
  ballast explain policy.yaml --nav 5_000_000 --volatility 70% --prices ETH=2500,USDC=1
  ballast init --template cppi | ballast explain -`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, "expected the name of one policy file, got %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opt := policy.ExplainOptions{NAV: nav, Volatility: volatility, Now: s.Now().Unix()}
			if prices != "" {
				list, err := entry.Amounts(prices)
				if err != nil {
					return usage(cmd, "--prices: %w", err)
				}
				opt.Prices = make(map[string]fixed.Wad)
				for _, p := range list {
					opt.Prices[p.Asset] = p.Value
				}
			}
			return explain(cmd, args[0], opt)
		},
	}
	textFlag(cmd.Flags(), number{&nav}, "nav", "", "net asset value, to turn parts into amounts")
	textFlag(cmd.Flags(), ratio{&volatility}, "volatility", "", "annual volatility of the assets against each other")
	cmd.Flags().StringVar(&prices, "prices", "", "`PRICES` as SYMBOL=PRICE,..., to value minimum balances and payments")
	return cmd
}

// explain prints what a policy will do, and warns of what its owner will hardly want.
func explain(cmd *cobra.Command, path string, opt policy.ExplainOptions) error {
	f, _, err := readPolicy(cmd, path)
	if err != nil {
		return err
	}
	sentences, err := policy.Explain(f, opt)
	if err != nil {
		return err
	}
	for _, sentence := range sentences {
		if _, err := io.WriteString(cmd.OutOrStdout(), figure.Wrapped(sentence)); err != nil {
			return err
		}
	}
	return warnPolicy(cmd, path, f, opt)
}
