package frontier

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/report"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// maxPoints bounds the runs of a sweep.
const maxPoints = 100_000

// unset stands for the value of a parameter that the policy does not mention.
const unset = "unset"

// Config is one sweep.
type Config struct {
	Run          backtest.Config // prices, market and one treasury with its policy and text
	Parameters   []Parameter     // one or two
	RiskAversion fixed.Wad       // weighs risk against cost where the policy does not say; 0 is 2
	Workers      int             // runs at the same time; 0: as many as there are processors
	Progress     func(done, total int)
}

// Result is a sweep's outcome.
type Result struct {
	Frontier report.Frontier
	// Best is the point of the least cost plus risk, risk being half the risk aversion times the squared tracking error;
	// among equals the first.
	Best int
}

// trial is one combination of values and what came of it.
type trial struct {
	values  []string
	chosen  bool // the policy as it stands
	err     error
	invalid bool // err is the parser's
	result  *backtest.Result
}

// Run plays every combination of values. It ends early, with the context's error, when the context ends.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	if len(cfg.Run.Treasuries) != 1 {
		return nil, fmt.Errorf("%w: expected one treasury, got %d", ErrParameter, len(cfg.Run.Treasuries))
	}
	text := []byte(cfg.Run.Treasuries[0].Text)
	trials, err := cfg.trials(text)
	if err != nil {
		return nil, err
	}
	if err := cfg.play(ctx, text, trials); err != nil {
		return nil, err
	}
	for i := range trials {
		if err := trials[i].err; err != nil && !trials[i].invalid {
			return nil, fmt.Errorf("%s: %w", cfg.label(trials[i].values), err)
		}
	}
	return cfg.assemble(trials)
}

// trials are all combinations, the first parameter outermost, and the policy as it stands behind them when it is none
// of them.
func (cfg *Config) trials(text []byte) ([]trial, error) {
	if n := len(cfg.Parameters); n < 1 || n > 2 {
		return nil, fmt.Errorf("%w: expected one or two parameters, got %d", ErrParameter, n)
	}
	doc, err := open(text, cfg.Parameters)
	if err != nil {
		return nil, err
	}
	list := []trial{{}}
	for _, p := range cfg.Parameters {
		if len(list)*len(p.Values) > maxPoints {
			return nil, fmt.Errorf("%w: expected at most %d combinations", ErrParameter, maxPoints)
		}
		var longer []trial
		for _, t := range list {
			for _, v := range p.Values {
				longer = append(longer, trial{values: append(slices.Clone(t.values), v)})
			}
		}
		list = longer
	}
	now := doc.now
	if at := slices.IndexFunc(list, func(t trial) bool { return slices.Equal(t.values, now) }); at >= 0 {
		list[at].chosen = true
		return list, nil
	}
	for i, v := range now {
		if v == "" {
			now[i] = unset
		}
	}
	return append(list, trial{values: now, chosen: true}), nil
}

// play runs all trials, as many at a time as there are workers.
func (cfg *Config) play(ctx context.Context, text []byte, trials []trial) error {
	workers := cfg.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	mix, err := backtest.NewMix(&cfg.Run)
	if err != nil {
		mix = nil // the runs say what is wrong
	}
	q := &queue{trials: trials, progress: cfg.Progress}
	var group sync.WaitGroup
	for range min(workers, len(trials)) {
		group.Go(func() {
			doc, err := open(text, cfg.Parameters)
			for t := q.take(ctx); t != nil; t = q.take(ctx) {
				if t.err = err; err == nil {
					cfg.try(ctx, doc, mix, t)
				}
				q.finished()
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

// queue hands trials to workers, in order.
type queue struct {
	mu         sync.Mutex
	trials     []trial
	next, done int
	progress   func(done, total int)
}

// take is the next trial, nil when there is none or the context has ended.
func (q *queue) take(ctx context.Context) *trial {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.next == len(q.trials) || ctx.Err() != nil {
		return nil
	}
	q.next++
	return &q.trials[q.next-1]
}

func (q *queue) finished() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done++
	if q.progress != nil {
		q.progress(q.done, len(q.trials))
	}
}

// try runs one trial.
func (cfg *Config) try(ctx context.Context, doc *document, mix *backtest.Mix, t *trial) {
	written := []byte(cfg.Run.Treasuries[0].Text)
	if !t.chosen || !slices.Contains(t.values, unset) {
		if written, t.err = doc.with(t.values); t.err != nil {
			return
		}
	}
	file, err := policy.Parse(written)
	if err != nil {
		t.err, t.invalid = err, true
		return
	}
	run := cfg.Run
	run.Treasuries = []backtest.Holder{cfg.Run.Treasuries[0]}
	run.Treasuries[0].Policy = file
	run.Brief, run.Mix, run.Progress = true, mix, nil
	t.result, t.err = backtest.Run(ctx, run)
}

// label is a combination in words.
func (cfg *Config) label(values []string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = cfg.Parameters[i].Path + " = " + v
	}
	return strings.Join(parts, ", ")
}

// assemble makes the frontier of the trials.
func (cfg *Config) assemble(trials []trial) (*Result, error) {
	r := &Result{}
	f := &r.Frontier
	names := make([]string, len(cfg.Parameters))
	for i, p := range cfg.Parameters {
		names[i] = p.Path
	}
	f.Title, f.Parameters = cfg.Run.Treasuries[0].Name, names
	var refused []trial
	for _, t := range trials {
		if t.invalid {
			refused = append(refused, t)
			continue
		}
		s := &t.result.Treasuries[0].Summary
		f.Points = append(f.Points, report.FrontierPoint{
			Values: t.values, Chosen: t.chosen, TrackingError: s.TrackingError, CostYear: s.CostYear,
			TurnoverYear: s.TurnoverYear, Rebalances: s.Rebalances, MaxDrawdown: s.MaxDrawdown, FinalNAV: s.FinalNAV,
		})
		f.Source, f.Synthetic, f.From, f.To = t.result.Source, t.result.Synthetic, t.result.From, t.result.To
		f.Settings = t.result.Settings
	}
	if len(refused) == len(trials) || len(refused) > 0 && len(f.Points) == 1 && f.Points[0].Chosen {
		return nil, fmt.Errorf("%w: %s: %w", ErrParameter, cfg.label(refused[0].values), firstProblem(refused[0].err))
	}
	if len(refused) > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf(
			"%d of %d combinations are not valid policies and were left out; the first: %s: %v",
			len(refused), len(trials), cfg.label(refused[0].values), firstProblem(refused[0].err)))
	}
	f.Rank()
	if err := cfg.theory(f); err != nil {
		return nil, err
	}
	var err error
	r.Best, err = best(f.Points, cfg.aversion())
	return r, err
}
