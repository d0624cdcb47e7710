# Building. The programs are static: one file, no C library.

.PHONY: build ballast ballastd ballast-index demo backtest-demo wasm lab page-lab tools clean

# What a program says of its version.
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
COMMIT := $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
SDK := github.com/cosmos/cosmos-sdk/version
# Functions begin at every 16th byte instead of every 32nd: 1.6 MB less.
LDFLAGS := -s -w -funcalign=16 -X $(SDK).Name=ballast -X $(SDK).AppName=ballastd -X $(SDK).Version=$(VERSION) -X $(SDK).Commit=$(COMMIT)

#? build: build bin/ballast, bin/ballastd and bin/ballast-index, static binaries
build: ballast ballastd ballast-index

#? ballast: build bin/ballast, which needs no chain (seconds)
ballast:
	$(GO) build -o $(BIN)/ballast ./cmd/ballast

# Compiling the node's dependencies collects less garbage: a sixth less processor time, for 2.5 GB of memory.
BUILD_GOGC ?= 400

#? ballastd: build bin/ballastd, the node (some minutes the first time)
ballastd:
	GOGC=$(BUILD_GOGC) $(GO) build -ldflags '$(LDFLAGS)' -o $(BIN)/ballastd ./cmd/ballastd

#? ballast-index: build bin/ballast-index, which keeps a history beside a node; ballastd index runs it
ballast-index: page-lab
	$(GO) build -ldflags '-s -w' -o $(BIN)/ballast-index ./cmd/ballast-index

#? demo: build the node, then run a chain in one process and watch treasuries converge (about a minute)
demo: ballastd
	./$(BIN)/ballastd demo

#? backtest-demo: build ballast, then backtest two sample treasuries on synthetic prices
backtest-demo: ballast
	./$(BIN)/ballast demo --out $(OUT)/demo

#? wasm: compile the engine for the browser, where nothing of the operating system exists
wasm:
	GOOS=js GOARCH=wasm $(GO) build ./engine/...

#? lab: build bin/lab.wasm, the policy lab for a browser: policies are checked, explained and backtested there
lab:
	GOOS=js GOARCH=wasm $(GO) build -ldflags '-s -w' -o $(BIN)/lab.wasm ./cmd/lab

#? page-lab: put the policy lab where ballast-index takes it into its page; it needs nothing but Go
page-lab: lab
	@mkdir -p web/dist/lab
	cp "$$($(GO) env GOROOT)/lib/wasm/wasm_exec.js" web/dist/lab/
	gzip -9 -n -c $(BIN)/lab.wasm > web/dist/lab/lab.wasm.gz

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
	rm -rf $(BIN) $(OUT) web/dist/lab coverage.out
