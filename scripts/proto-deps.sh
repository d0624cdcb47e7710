#!/usr/bin/env bash
# Copies the .proto files that ours import from the modules of go.mod into third_party/proto, so that generating needs
# no schema registry. The folder is not committed: it is a function of go.mod.
set -euo pipefail
cd "$(dirname "$0")/.."

dir() { ${GO:-go} list -m -f '{{.Dir}}' "$1"; }

to=third_party/proto
rm -rf "$to"
mkdir -p "$to/gogoproto" "$to/google/api"
${GO:-go} mod download github.com/cosmos/cosmos-sdk github.com/cosmos/cosmos-proto github.com/cosmos/gogoproto \
	github.com/grpc-ecosystem/grpc-gateway github.com/cosmos/ibc-go/v11
cp -r "$(dir github.com/cosmos/cosmos-sdk)/proto/cosmos" "$(dir github.com/cosmos/cosmos-sdk)/proto/amino" \
	"$(dir github.com/cosmos/cosmos-sdk)/proto/tendermint" "$to/"
cp -r "$(dir github.com/cosmos/cosmos-proto)/proto/cosmos_proto" "$to/"
cp "$(dir github.com/cosmos/gogoproto)/gogoproto/gogo.proto" "$to/gogoproto/"
api="$(dir github.com/grpc-ecosystem/grpc-gateway)/third_party/googleapis/google/api"
cp "$api/annotations.proto" "$api/http.proto" "$to/google/api/"
ibc="$(dir github.com/cosmos/ibc-go/v11)/proto/ibc"
mkdir -p "$to/ibc/applications/transfer" "$to/ibc/core/client" "$to/ibc/core/channel"
cp -r "$ibc/applications/transfer/v1" "$to/ibc/applications/transfer/"
cp -r "$ibc/core/client/v1" "$to/ibc/core/client/"
cp -r "$ibc/core/channel/v1" "$to/ibc/core/channel/"
chmod -R u+w third_party
