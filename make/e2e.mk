# The interchain end to end. It is not part of `make check`: the relayer takes some minutes to build the first time, and
# its Ethereum keys want a C compiler, which nothing else here does.

.PHONY: e2e
#? e2e: run docs/guides/interchain.md on two chains with a relayer (minutes of building at first: not in CI; needs jq, a C compiler)
e2e: ballastd $(BIN)/rly
	$(GO) build -ldflags '-s -w' -o $(BIN)/plaind ./tests/plain
	$(GO) test -tags e2e ./tests/e2e -count=1 -v -timeout 15m

$(BIN)/rly: tests/relayer/go.mod tests/relayer/go.sum tests/relayer/main.go
	CGO_ENABLED=1 $(GO) build -C tests/relayer -ldflags '-s -w' -o ../../$(BIN)/rly .
