# What a network survives, with real processes. The shortest of it is part of `make test`.

.PHONY: hostile sustained
#? hostile: kill, stop, cut off, skew, sync, export and upgrade networks of four validators (some 10 minutes)
hostile: ballastd
	$(GO) test ./tests/hostile -count=1 -v -timeout 60m -hostile.long -hostile.ballastd=$(CURDIR)/$(BIN)/ballastd

# How long `make sustained` goes on, and where its samples go.
MINUTES ?= 30
SERIES ?= $(CURDIR)/$(OUT)/sustained.csv

#? sustained: load one node with bids for MINUTES (30) at 70 % of what it takes, and watch its memory and its blocks
sustained: ballastd
	@mkdir -p $(OUT)
	$(GO) test ./tests/hostile -run '^TestSustained$$' -count=1 -v -timeout 90m -hostile.minutes=$(MINUTES) \
		-hostile.series=$(SERIES) -hostile.ballastd=$(CURDIR)/$(BIN)/ballastd

DEVNET := tests/chain/testdata/devnet.gz

.PHONY: devnet
#? devnet: record a network anew for TestDevnet, after a change of numbers that is meant (a minute)
devnet:
	@mkdir -p $(dir $(DEVNET))
	$(GO) test ./tests/hostile -run '^TestRecord$$' -count=1 -v -timeout 10m -hostile.record=$(CURDIR)/$(DEVNET)
