# Style. The linter and the formatter are one pinned tool; rules of our own are tests (internal/arch, internal/tidy).

.PHONY: lint fmt fmt-check

#? lint: run the linters of .golangci.yml (many minutes the first time)
lint: $(BIN)/golangci-lint
	$(BIN)/golangci-lint run ./...

#? fmt: format every Go file
fmt: $(BIN)/golangci-lint
	$(BIN)/golangci-lint fmt ./...

#? fmt-check: fail when a Go file is not formatted
fmt-check: $(BIN)/golangci-lint
	$(BIN)/golangci-lint fmt --diff ./...
