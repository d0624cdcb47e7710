# Measuring. Every number in the documentation comes from one of these.

COUNT ?= 6
BENCHTIME ?= 1s
BENCH ?= .

PORTFOLIOS ?= 10000
CACHED ?=
NODE_GOGC ?=

.PHONY: bench bench-chain bench-compare bench-index load-index evidence

#? bench: run the benchmarks of engine/ that match BENCH, COUNT (6) times, into out/bench.txt
bench:
	@mkdir -p $(OUT)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -benchtime $(BENCHTIME) -count $(COUNT) ./engine/... | tee $(OUT)/bench.txt

#? bench-chain: an interval over up to PORTFOLIOS (10000) portfolios, and 10000 bids, beside sends; iavl-cache-size CACHED and GOGC NODE_GOGC (a new node's)
bench-chain:
	$(GO) test -run '^$$' -bench 'Interval|Bids' -benchtime 1x -timeout 60m ./tests/chain \
		-speed.portfolios=$(PORTFOLIOS) $(CACHED:%=-speed.cached=%) $(NODE_GOGC:%=-speed.gogc=%)

#? bench-index: how fast the history is written, in blocks of 2,000 events, on both databases
bench-index:
	$(GO) test -run '^$$' -bench Block -benchtime 50x -count $(COUNT) ./index

LOAD_DB ?= $(OUT)/load.db

#? load-index: 200 viewers on a history of 1,000 portfolios and 10,000 rounds, 10 GB in LOAD_DB; a chain beside it (half an hour at first)
load-index: ballastd ballast-index
	@mkdir -p $(OUT)
	$(GO) test ./tests/load -count=1 -v -timeout 3h -load.portfolios=1000 -load.rounds=10000 -load.made=200 -load.viewers=200 \
		-load.time=60s -load.bound=200ms -load.db='$(abspath $(LOAD_DB))' -load.bin='$(CURDIR)/$(BIN)'

#? bench-compare: compare out/bench.txt with OLD, an earlier copy of it
bench-compare: $(BIN)/golangci-lint
	$(BIN)/benchstat $(OLD) $(OUT)/bench.txt

DATA ?= ../shared/data

#? evidence: run the rivals and the crashes of docs/guides on the price files in DATA, and write their tables and pictures
evidence:
	$(GO) run ./internal/evidence -data $(DATA) -out docs/guides
