# Testing. `make test` is what the README promises; its last lines are go test's own.

FUZZTIME ?= 10s
FUZZ ?= ./...
COVER_FLOOR ?= 95
SEED ?= 1
CYCLES ?= 1000000
SIM_TIMEOUT ?= 60m

.PHONY: test test-race cover fuzz sim guides check

#? test: run every test, the rules of internal/arch and internal/tidy among them
test:
	$(GO) test ./...

#? test-race: run every test under the race detector (needs a C compiler)
test-race:
	CGO_ENABLED=1 $(GO) test -race ./...

#? cover: print the statement coverage of packages without the chain; fail when one of engine/ is below COVER_FLOOR (95)
cover:
	@scripts/cover.sh $(COVER_FLOOR)

#? fuzz: run every fuzz target of the packages FUZZ (all) for FUZZTIME (10s)
fuzz:
	@scripts/fuzz.sh $(FUZZTIME) $(FUZZ)

#? sim: simulate CYCLES (1000000) cycles from SEED (1), every checker on
sim:
	$(GO) test ./sim -run '^TestMillion$$' -count=1 -v -timeout $(SIM_TIMEOUT) -sim.seed=$(SEED) -sim.cycles=$(CYCLES)

#? guides: build the programs, then run the commands of docs/guides on a chain of their own (a minute; needs jq)
guides: build
	scripts/guides.sh

#? check: all that must hold before a change is pushed
check: fmt-check lint test wasm cover

BLOCKS ?= 10000

.PHONY: soak
#? soak: send random messages over all modules of the chain for BLOCKS (10000) blocks from SEED (1), every checker on
soak:
	$(GO) test ./tests/chain -run '^TestSoak$$' -count=1 -v -timeout $(SIM_TIMEOUT) -soak.seed=$(SEED) -soak.blocks=$(BLOCKS)

OPERATIONS ?= 2000000
SIMX_TIMEOUT ?= 6h

.PHONY: simx
#? simx: besiege the chain with OPERATIONS (2000000) messages from SEED (1): liars, snipers, dust, grief; every checker on (an hour or two)
simx:
	$(GO) test ./tests/chain -run '^TestSiege$$' -count=1 -v -timeout $(SIMX_TIMEOUT) -simx.seed=$(SEED) -simx.operations=$(OPERATIONS)
