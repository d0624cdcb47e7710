# Style. The linter and the formatter are one pinned tool; rules of our own are tests (internal/arch, internal/tidy).

.PHONY: lint lint-all fmt fmt-check

# What links the chain takes the linter very long on a cold cache: it has a target of its own.
LINTED := ./engine/... ./policy/... ./sim/... ./backtest/... ./internal/arch/... ./internal/tidy/... ./internal/cli/... \
	./cmd/ballast/...

#? lint: run the linters of .golangci.yml on all that needs no chain
lint: $(BIN)/golangci-lint
	$(BIN)/golangci-lint run $(LINTED)

#? lint-all: run them on everything (many minutes the first time)
lint-all: $(BIN)/golangci-lint
	$(BIN)/golangci-lint run ./...

#? fmt: format every Go file
fmt: $(BIN)/golangci-lint
	$(BIN)/golangci-lint fmt ./...

#? fmt-check: fail when a Go file is not formatted
fmt-check: $(BIN)/golangci-lint
	$(BIN)/golangci-lint fmt --diff ./...
