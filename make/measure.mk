# Measuring. Every number in the documentation comes from one of these.

COUNT ?= 6
BENCHTIME ?= 1s
BENCH ?= .

.PHONY: bench bench-compare evidence

#? bench: run the benchmarks of engine/ that match BENCH, COUNT (6) times, into out/bench.txt
bench:
	@mkdir -p $(OUT)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -benchtime $(BENCHTIME) -count $(COUNT) ./engine/... | tee $(OUT)/bench.txt

#? bench-compare: compare out/bench.txt with OLD, an earlier copy of it
bench-compare: $(BIN)/golangci-lint
	$(BIN)/benchstat $(OLD) $(OUT)/bench.txt

#? evidence: run tests, coverage, benchmarks and the long simulation, and keep what they print in out/evidence/
evidence:
	@mkdir -p $(OUT)/evidence
	$(MAKE) --no-print-directory test 2>&1 | tee $(OUT)/evidence/test.txt
	$(MAKE) --no-print-directory cover 2>&1 | tee $(OUT)/evidence/cover.txt
	$(MAKE) --no-print-directory bench 2>&1 | tee $(OUT)/evidence/bench.txt
	$(MAKE) --no-print-directory sim 2>&1 | tee $(OUT)/evidence/sim.txt
