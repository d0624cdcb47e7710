package load_test

import (
	"flag"
	"time"
)

var (
	portfolios = flag.Int("load.portfolios", 20, "portfolios of the history")
	rounds     = flag.Int("load.rounds", 40, "rounds of the history: intervals of each portfolio")
	made       = flag.Int("load.made", 15, "of them those that the writer makes; the others are copies")
	viewers    = flag.Int("load.viewers", 8, "people who look at it")
	span       = flag.Duration("load.time", 4*time.Second, "how long they look")
	bound      = flag.Duration("load.bound", 0, "the p99 of every path may be so long; 0 is not looked at")
	database   = flag.String("load.db", "", "SQLite `FILE` or DSN that is kept and goes on; empty: a new one")
	programs   = flag.String("load.bin", "", "`FOLDER` of ballastd and ballast-index; empty: no node runs beside it")
)
