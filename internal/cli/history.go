package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ballast-finance/ballast/backtest/price"
)

// history is which prices to read, and what to tolerate in them.
type history struct {
	files []string
	last  int
	opt   price.Options
}

// rules adds the flags that say what is read and tolerated.
func (h *history) rules(f *pflag.FlagSet) {
	textFlag(f, moment{&h.opt.From}, "from", "", "first row to read, as 2024-01-31 or 2024-01-31T12:00:00Z")
	textFlag(f, moment{&h.opt.To}, "to", "", "last row to read")
	f.IntVar(&h.last, "last", 0, "read only the last `N` rows of what is left")
	f.Int64Var(&h.opt.MaxGapSteps, "max-gap", 0, "accept gaps of up to `N` rows (default: 48 hours or 10 rows)")
	f.Int64Var(&h.opt.MaxJump, "max-jump", 0, "accept rises by less than the factor `N` from row to row (default 100)")
	f.Int64Var(&h.opt.ForwardFill, "forward-fill", 0, "repeat the last price for up to `N` missing rows or fields")
}

// bind adds all flags.
func (h *history) bind(f *pflag.FlagSet) {
	f.StringArrayVar(&h.files, "prices", nil, "price `FILE` (CSV: time,ASSET,...); more files may follow")
	h.rules(f)
}

// load reads the files, those that stand behind the flags included, and tells the warnings.
func (h *history) load(cmd *cobra.Command, more []string) (*price.Table, []string, error) {
	h.files = append(h.files, more...)
	switch {
	case len(h.files) == 0:
		return nil, nil, usage(cmd, "expected --prices FILE; `ballast prices sample -o prices.csv` writes one to try, "+
			"`ballast prices download` fetches one")
	case h.last < 0 || h.last == 1:
		return nil, nil, usage(cmd, "expected --last of at least 2 rows, got %d", h.last)
	case h.opt.MaxGapSteps < 0 || h.opt.MaxJump < 0 || h.opt.ForwardFill < 0:
		return nil, nil, usage(cmd, "expected --max-gap, --max-jump and --forward-fill of zero or more")
	}
	t, warnings, err := price.Load(h.files, h.opt)
	if err != nil {
		return nil, nil, err
	}
	if h.last > 0 {
		if t, err = t.Last(h.last); err != nil {
			return nil, nil, err
		}
	}
	return t, warn(cmd.ErrOrStderr(), warnings), nil
}

// warn prints warnings and returns them as text.
func warn(w io.Writer, warnings []price.Warning) []string {
	all := make([]string, len(warnings))
	for i, warning := range warnings {
		all[i] = warning.String()
		_, _ = fmt.Fprintf(w, "warning: %s\n", warning)
	}
	return all
}
