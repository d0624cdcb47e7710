# Building. The programs are static: one file, no C library.

.PHONY: build demo wasm tools clean

#? build: build bin/ballast, a static binary
build:
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN)/ballast ./cmd/ballast

#? demo: build, then show a simulated treasury being rebalanced
demo: build
	./$(BIN)/ballast demo --out $(OUT)/demo

#? wasm: compile the engine for the browser, where nothing of the operating system exists
wasm:
	GOOS=js GOARCH=wasm $(GO) build ./engine/...

#? tools: build the pinned tools of tools/go.mod into bin/ (some minutes, once)
tools: $(BIN)/golangci-lint

$(BIN)/golangci-lint: tools/go.mod tools/go.sum
	$(GO) build -C tools -o ../$(BIN)/ tool
	@touch $@

#? clean: remove what the other targets wrote
clean:
	rm -rf $(BIN) $(OUT) coverage.out
