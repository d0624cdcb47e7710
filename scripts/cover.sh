#!/bin/sh
# Prints the statement coverage of every package that needs no chain and fails when one of engine/ is below the floor, in
# percent. What links the chain is tested through whole nodes, which says little of a package and takes long.
# engine/enginetest is the test kit itself: it is exercised by the other packages' tests and has no floor.
set -eu
floor=${1:?usage: cover.sh FLOOR}
report=$(mktemp)
trap 'rm -f "$report"' EXIT

go test -short -cover ./engine/... ./policy/... ./sim/... ./backtest/... ./internal/cli/... ./internal/lab/... ./x/... >"$report" || {
	cat "$report"
	exit 1
}
awk -v floor="$floor" '
	{
		at = match($0, /coverage: [0-9.]+%/)
		if (!at) next
		percent = substr($0, at + 10, RLENGTH - 11)
		name = $1 == "ok" ? $2 : $1
		sub(/^github.com\/ballast-finance\/ballast\//, "", name)
		gated = name ~ /^engine\// && name !~ /^engine\/enginetest/
		low = gated && percent + 0 < floor + 0
		printf "%6.1f%%  %s%s\n", percent, name, low ? "   below the floor of " floor "%: add tests or delete dead code" : ""
		failed += low
	}
	END { exit failed > 0 }
' "$report"
