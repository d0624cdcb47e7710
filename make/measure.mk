# Measuring. Every number in the documentation comes from one of these.

COUNT ?= 6
BENCHTIME ?= 1s
BENCH ?= .

PORTFOLIOS ?= 10000

.PHONY: bench bench-chain bench-compare evidence

#? bench: run the benchmarks of engine/ that match BENCH, COUNT (6) times, into out/bench.txt
bench:
	@mkdir -p $(OUT)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -benchtime $(BENCHTIME) -count $(COUNT) ./engine/... | tee $(OUT)/bench.txt

#? bench-chain: an interval over up to PORTFOLIOS (10000) portfolios, and a book of 10000 bids, beside bank sends
bench-chain:
	$(GO) test -run '^$$' -bench 'Interval|Bids' -benchtime 1x -timeout 60m ./tests/chain -speed.portfolios=$(PORTFOLIOS)

#? bench-compare: compare out/bench.txt with OLD, an earlier copy of it
bench-compare: $(BIN)/golangci-lint
	$(BIN)/benchstat $(OLD) $(OUT)/bench.txt

DATA ?= ../shared/data

#? evidence: run the rivals and the crashes of docs/guides on the price files in DATA, and write their tables and pictures
evidence:
	$(GO) run ./internal/evidence -data $(DATA) -out docs/guides
