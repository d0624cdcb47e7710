#!/usr/bin/env bash
# Generates the Go code of proto/ beside the modules' types. Twice in a row gives no difference.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/proto-deps.sh
rm -rf out/proto
bin/buf lint proto
bin/buf generate proto
find x -name '*.pb.go' -delete -o -name '*.pb.gw.go' -delete
cp -r out/proto/github.com/ballast-finance/ballast/. .
rm -rf out/proto

# One description of all routes that a client of a node needs.
rm -rf out/openapi
bin/buf generate --template buf.gen.openapi.yaml --path proto/ballast \
	--path third_party/proto/cosmos/auth/v1beta1/query.proto --path third_party/proto/cosmos/bank/v1beta1/query.proto \
	--path third_party/proto/cosmos/tx/v1beta1/service.proto \
	--path third_party/proto/cosmos/base/tendermint/v1beta1/query.proto \
	--path third_party/proto/cosmos/base/node/v1beta1/query.proto \
	--path third_party/proto/ibc/applications/transfer/v1/query.proto
${GO:-go} run ./internal/openapi out/openapi/ballast.swagger.json app/openapi/openapi.json
rm -rf out/openapi
