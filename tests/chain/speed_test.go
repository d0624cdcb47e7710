package chain_test

import (
	"encoding/binary"
	"flag"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	dbm "github.com/cosmos/cosmos-db"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/address"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/app/database"
	"github.com/ballast-finance/ballast/internal/daemon/setup"
)

var (
	speedCached  = flag.Int("speed.cached", setup.CachedNodes, "the nodes of its tree that a store keeps in memory")
	speedGarbage = flag.Int("speed.gogc", 100, "the garbage between two collections, in percent of what lives")
)

// spent is what some work took: by the clock, and of the processors, which neighbours on the machine stretch less.
type spent struct{ wall, cpu time.Duration }

func (s spent) plus(o spent) spent { return spent{s.wall + o.wall, s.cpu + o.cpu} }

func (s spent) over(n int) spent { return spent{s.wall / time.Duration(n), s.cpu / time.Duration(n)} }

// spend measures what f does.
func spend(f func()) spent {
	start, before := time.Now(), processor()
	f()
	return spent{time.Since(start), processor() - before}
}

// processor is the time that the process has used.
func processor() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used) // it cannot fail for oneself
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// memory is what the heap holds after a collection.
func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// disk is a chain that keeps its state as a node does, in a database on disk and with a node's caches, and collects its
// garbage as often. It does not prune: iavl does that in the background, goes on after the application is closed, and
// panics when the database is.
func disk(b *testing.B) options {
	b.Helper()
	db, err := database.Open(filepath.Join(b.TempDir(), "data"), dbm.GoLevelDBBackend)
	require.NoError(b, err)
	before := debug.SetGCPercent(*speedGarbage)
	b.Cleanup(func() { debug.SetGCPercent(before) })
	return options{unaudited: true, db: db, cached: *speedCached}
}

// timed is what a block takes whose messages must all succeed, executed and committed.
func (w *world) timed(after time.Duration, msgs ...sdk.Msg) spent {
	w.Helper()
	txs := w.sign(msgs...)
	took := spend(func() {
		for _, r := range w.raw(w.now.Add(after), txs...) {
			require.Zero(w, r.Code, r.Log)
		}
	})
	return took
}

// sends are bank sends of so many accounts to as many that are new.
func (w *world) sends(from []person) []sdk.Msg {
	w.Helper()
	msgs := make([]sdk.Msg, len(from))
	for i := range msgs {
		key := binary.BigEndian.AppendUint64(nil, uint64(w.height))
		to := address.Module("speed", binary.BigEndian.AppendUint64(key, uint64(i)))
		msgs[i] = banktypes.NewMsgSend(from[i].addr, to[:20], coins("1ublst"))
	}
	return msgs
}
