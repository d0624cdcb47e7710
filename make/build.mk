# Building. The programs are static: one file, no C library.

.PHONY: build demo wasm tools clean

#? build: build bin/ballast, a static binary
build:
	$(GO) build -o $(BIN)/ballast ./cmd/ballast

#? demo: build, then show a simulated treasury being rebalanced
demo: build
	./$(BIN)/ballast demo --out $(OUT)/demo

#? wasm: compile the engine for the browser, where nothing of the operating system exists
wasm:
	GOOS=js GOARCH=wasm $(GO) build ./engine/...

#? tools: build the pinned tools of tools/go.mod into bin/ (some minutes, once)
tools: $(BIN)/golangci-lint $(BIN)/buf

$(BIN)/golangci-lint: tools/go.mod tools/go.sum
	$(GO) build -C tools -o ../$(BIN)/ github.com/golangci/golangci-lint/v2/cmd/golangci-lint golang.org/x/perf/cmd/benchstat
	@touch $@

$(BIN)/buf: tools/go.mod tools/go.sum
	$(GO) build -C tools -o ../$(BIN)/ github.com/bufbuild/buf/cmd/buf \
		github.com/cosmos/gogoproto/protoc-gen-gocosmos \
		github.com/grpc-ecosystem/grpc-gateway/protoc-gen-grpc-gateway \
		github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-openapiv2
	@touch $@

#? clean: remove what the other targets wrote
clean:
	rm -rf $(BIN) $(OUT) coverage.out
