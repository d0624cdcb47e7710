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
