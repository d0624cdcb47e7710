package price

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// join keeps the times that every table has. Columns stand in the order of the files.
func join(tables []*Table, files []string, opt Options) (*Table, []Warning, error) {
	if len(tables) == 1 {
		return tables[0], nil, nil
	}
	out, err := merge(tables, files)
	if err != nil {
		return nil, nil, err
	}
	common(out, tables)
	if out.Len() < minRows {
		return nil, nil, fmt.Errorf("%w: the files have %d times in common, expected at least %d: %s",
			ErrRows, out.Len(), minRows, spans(tables, files))
	}
	j := journal{file: strings.Join(files, " + ")}
	for i, t := range tables {
		if lost := t.Len() - out.Len(); lost > 0 {
			j.warnings = append(j.warnings, Warning{
				files[i], 0,
				fmt.Sprintf("%d of %d rows dropped: another file has no row at their time", lost, t.Len()),
			})
		}
	}
	opt.ForwardFill = 0 // the files were filled before
	check(&j, out, nil, opt)
	return out, j.warnings, j.err()
}

// merge makes the empty table with all columns.
func merge(tables []*Table, files []string) (*Table, error) {
	out := &Table{}
	var sources []string
	owner := make(map[string]string)
	for i, t := range tables {
		for _, name := range t.Assets {
			if other, found := owner[name]; found {
				return nil, fmt.Errorf("%w: %s is in %s and in %s: several files are joined side by side, not one below "+
					"the other", ErrAsset, name, other, files[i])
			}
			owner[name] = files[i]
		}
		out.Assets = append(out.Assets, t.Assets...)
		out.Synthetic = out.Synthetic || t.Synthetic
		sources = append(sources, t.Source)
	}
	out.Source = strings.Join(sources, ", ")
	return out, nil
}

// common appends the common rows of the tables to out.
func common(out *Table, tables []*Table) {
	least := slices.MinFunc(tables, func(a, b *Table) int { return a.Len() - b.Len() }).Len()
	out.Times = make([]int64, 0, least)
	out.Prices = make([]fixed.Wad, 0, least*len(out.Assets))
	rows := make([]int, len(tables))
	for _, at := range tables[0].Times {
		found := true
		for k, t := range tables {
			for rows[k] < t.Len() && t.Times[rows[k]] < at {
				rows[k]++
			}
			found = found && rows[k] < t.Len() && t.Times[rows[k]] == at
		}
		if !found {
			continue
		}
		out.Times = append(out.Times, at)
		for k, t := range tables {
			out.Prices = append(out.Prices, t.Row(rows[k])...)
		}
	}
}

func spans(tables []*Table, files []string) string {
	all := make([]string, len(tables))
	for i, t := range tables {
		all[i] = fmt.Sprintf("%s has %s, one every %s", filepath.Base(files[i]), t.span(), spell(t.StepSeconds()))
	}
	return strings.Join(all, "; ")
}
