package fetch

import (
	"context"
	"fmt"
	"strings"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Download writes the file, or continues it, and reports what it found. When it fails or the context ends, the rows so
// far are kept for the next run.
func Download(ctx context.Context, opt Options) (Report, error) {
	plan, err := newPlan(opt)
	if err != nil {
		return Report{}, err
	}
	out, err := openOutput(plan)
	if err != nil {
		return Report{}, err
	}
	d := download{plan: plan, out: out, client: client{plan: plan}, started: out.rows}
	for _, asset := range plan.opt.Assets {
		d.columns = append(d.columns, Column{Asset: asset})
	}
	if err := d.run(ctx); err != nil {
		out.leave()
		return d.report(), err
	}
	return d.report(), out.finish()
}

// download is the state of one run.
type download struct {
	plan     *plan
	out      *output
	client   client
	columns  []Column
	started  int // rows that were there
	done     int // queries
	warnings []string
}

// windows is the number of windows from an open time on.
func (d *download) windows(from int64) int64 {
	page := d.plan.provider.pageBars * d.plan.opt.StepSeconds
	return max(0, (d.plan.last-from+page)/page)
}

func (d *download) run(ctx context.Context) error {
	if wanted := d.plan.first + d.plan.opt.StepSeconds; d.out.first > wanted {
		d.warnings = append(d.warnings, fmt.Sprintf("the file begins at %s: rows before that are not added to it",
			stamp(d.out.first)))
	}
	if err := d.plan.resume(d.out.last); err != nil {
		return err
	}
	step := d.plan.opt.StepSeconds
	total := int(d.windows(d.plan.first)) * len(d.columns)
	for from := d.plan.first; from <= d.plan.last; {
		q := query{word: d.plan.word, from: from, step: step}
		q.to = min(d.plan.last, from+(d.plan.provider.pageBars-1)*step)
		if err := d.window(ctx, q, total); err != nil {
			return err
		}
		from = q.to + step
	}
	d.progress(total)
	return d.empty()
}

// window downloads the same bars of every asset and writes the rows.
func (d *download) window(ctx context.Context, q query, total int) error {
	grid := make([]fixed.Wad, int(q.bars())*len(d.columns))
	for j, c := range d.columns {
		d.progress(total)
		q.symbol = d.plan.provider.symbol(c.Asset, d.plan.opt.Quote)
		bars, err := d.client.bars(ctx, q)
		if err == nil {
			err = d.place(grid[j:], q, bars)
		}
		if err != nil {
			return err
		}
		d.done++
	}
	for open := q.from; open <= q.to; open += q.step {
		row := grid[:len(d.columns)]
		grid = grid[len(d.columns):]
		if d.count(row, open+q.step) {
			d.out.add(open+q.step, row)
		}
	}
	return d.out.flush()
}

func (d *download) progress(total int) {
	if d.plan.opt.Progress != nil {
		d.plan.opt.Progress(Progress{Done: d.done, Total: total, Rows: d.out.rows, Time: d.out.last})
	}
}

// place puts bars into the column that begins at grid[0]; a zero is no bar. The grid sorts what comes: order does not
// matter, nor bars outside the window, nor a bar that comes twice with one price.
func (d *download) place(grid []fixed.Wad, q query, bars []bar) error {
	for _, b := range bars {
		if b.open < q.from || b.open > q.to || !b.over {
			continue
		}
		if b.open%q.step != 0 {
			return d.invalid(q, b, fmt.Sprintf("expected bars at whole multiples of %ds", q.step))
		}
		p, _, err := price.Parse(b.close)
		cell := &grid[int((b.open-q.from)/q.step)*len(d.columns)]
		switch {
		case err != nil:
			return d.invalid(q, b, err.Error())
		case !cell.IsZero() && *cell != p:
			return d.invalid(q, b, fmt.Sprintf("%v was sent for it too", *cell))
		}
		*cell = p
	}
	return nil
}

func (d *download) invalid(q query, b bar, what string) error {
	return fmt.Errorf("%w: %s, %s, bar of %s with close %.40q: %s",
		ErrBar, d.plan.provider.name, q.symbol, stamp(b.open), b.close, what)
}

// count tells whether a row is whole.
func (d *download) count(row []fixed.Wad, at int64) bool {
	found := 0
	for j, p := range row {
		if p.IsZero() {
			continue
		}
		found++
		if d.columns[j].Bars == 0 {
			d.columns[j].First = at
		}
		d.columns[j].Bars++
	}
	if found == 0 {
		return false
	}
	for j, p := range row {
		if p.IsZero() {
			d.columns[j].Missing++
		}
	}
	return found == len(row)
}

// empty is the error of a file that would have no rows.
func (d *download) empty() error {
	if d.out.rows > 0 {
		return nil
	}
	var silent []string
	for _, c := range d.columns {
		if c.Bars == 0 {
			silent = append(silent, c.Asset)
		}
	}
	between := fmt.Sprintf("between %s and %s", stamp(d.plan.opt.From), stamp(d.plan.last+d.plan.opt.StepSeconds))
	if len(silent) > 0 {
		return fmt.Errorf("%w: %s has nothing of %s in %s %s: was it listed then?", ErrEmpty, d.plan.provider.name,
			strings.Join(silent, ", "), d.plan.opt.Quote, between)
	}
	return fmt.Errorf("%w: no bar of all assets together %s", ErrEmpty, between)
}

func (d *download) report() Report {
	return Report{
		Provider: d.plan.provider.name,
		Rows:     d.out.rows,
		Added:    d.out.rows - d.started,
		First:    d.out.first,
		Last:     d.out.last,
		Requests: d.client.requests,
		Retries:  d.client.retries,
		Columns:  d.columns,
		Warnings: d.warnings,
	}
}
