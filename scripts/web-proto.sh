#!/usr/bin/env bash
# Generates the TypeScript of the messages that the page signs, web/src/gen, and writes down of which .proto files. Needs
# `npm ci` in web/.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/proto-deps.sh
third=third_party/proto
rm -rf web/src/gen
web/node_modules/.bin/buf generate --template web/buf.gen.yaml \
	--path proto/ballast/portfolio/v1/tx.proto --path proto/ballast/portfolio/v1/policy.proto \
	--path proto/ballast/portfolio/v1/types.proto \
	--path proto/ballast/auction/v1/tx.proto --path proto/ballast/auction/v1/types.proto \
	--path $third/cosmos/tx/v1beta1/tx.proto --path $third/cosmos/tx/signing/v1beta1/signing.proto \
	--path $third/cosmos/bank/v1beta1/tx.proto --path $third/cosmos/bank/v1beta1/bank.proto \
	--path $third/cosmos/base/v1beta1/coin.proto --path $third/cosmos/crypto/secp256k1/keys.proto \
	--path $third/cosmos/crypto/multisig/v1beta1/multisig.proto --path $third/amino/amino.proto \
	--path $third/cosmos_proto/cosmos.proto --path $third/gogoproto/gogo.proto --path $third/cosmos/msg/v1/msg.proto
cat proto/ballast/{auction,portfolio}/v1/{tx,types}.proto proto/ballast/portfolio/v1/policy.proto | sha256sum |
	cut -d ' ' -f 1 > web/src/gen/proto.sha256
