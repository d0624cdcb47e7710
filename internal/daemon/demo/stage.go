package demo

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/ballast-finance/ballast/internal/daemon/demo/view"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// stage is where the show can be seen.
type stage interface {
	// round is called when a round is over, the newest last.
	round(ctx context.Context, film *camera, x *types.RoundSummary) error
	// moment is called again and again.
	moment(ctx context.Context, film *camera) error
	// ended is closed when somebody has ended the show.
	ended() <-chan struct{}
	// close gives the terminal back.
	close() error
}

// paper is a stage for a pipe: a line for every round.
type paper struct{ *show }

func (p paper) round(ctx context.Context, film *camera, x *types.RoundSummary) error {
	if err := film.over(ctx, x); err != nil {
		return err
	}
	last := &film.past[len(film.past)-1]
	day := time.Unix(p.replay.At(time.Unix(x.FrozeAt, 0)), 0).UTC().Format(time.DateOnly)
	outcomes := make([]string, len(x.Counts))
	for i := range x.Counts {
		outcomes[i] = fmt.Sprintf("%d %s", x.Counts[i].Portfolios, x.Counts[i].Outcome)
	}
	p.say("round %2d  %s  %-24s ordered %11s, crossed inside %10s, auctioned %11s in %2d lots, cost %9s", last.Round, day,
		strings.Join(outcomes, ", "), whole(last.Ordered), whole(last.Crossed), whole(last.Auctioned), last.Lots,
		whole(last.Lost))
	return nil
}

func (paper) moment(context.Context, *camera) error { return nil }

func (paper) ended() <-chan struct{} { return nil }

func (paper) close() error { return nil }

// live is a stage on a terminal.
type live struct {
	screen *view.Screen
	over   chan struct{}
}

func newLive(ctx context.Context, in io.Reader, out io.Writer) *live {
	l := &live{over: make(chan struct{})}
	l.screen = view.Open(ctx, in, out, sync.OnceFunc(func() { close(l.over) }))
	return l
}

func (*live) round(ctx context.Context, film *camera, x *types.RoundSummary) error {
	return film.over(ctx, x)
}

func (l *live) moment(ctx context.Context, film *camera) error {
	scene, err := film.scene(ctx)
	if err == nil {
		l.screen.Show(scene)
	}
	return err
}

func (l *live) ended() <-chan struct{} { return l.over }

func (l *live) close() error { return l.screen.Close() }
