# What a network survives, with real processes. The shortest of it is part of `make test`.

.PHONY: hostile
#? hostile: kill, stop, cut off, skew, sync, export and upgrade networks of four validators (some 10 minutes)
hostile: ballastd
	$(GO) test ./tests/hostile -count=1 -v -timeout 30m -hostile.long -hostile.ballastd=$(CURDIR)/$(BIN)/ballastd
