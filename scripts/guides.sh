#!/usr/bin/env bash
# Runs the blocks of the guides that are marked "sh run", in the order in which a reader meets them, against a node of
# its own in a temporary folder. Fails at the first command that does.
set -euo pipefail
cd "$(dirname "$0")/.."

export PATH="${GUIDES_BIN:-$PWD/bin}:$PATH"
guides="$PWD/docs/guides"
work=$(mktemp -d)
export BALLASTD_HOME="$work/home"
cleanup() {
  local jobs status=$?
  [ "$status" = 0 ] || tail -n 5 "$work"/*.log >&2 2> /dev/null || true
  jobs=$(jobs -p)
  [ -z "$jobs" ] || kill $jobs 2> /dev/null || true
  wait 2> /dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'echo "failed: $BASH_COMMAND" >&2' ERR
trap 'exit 1' TERM

main=$$
(sleep "${GUIDES_SECONDS:-420}" && kill "$main") & # whoever waits for something that does not come

for page in node validator steward maker operator; do
  awk '/^ *```sh run$/ { on = 1; next } /^ *```$/ { on = 0 } on' "$guides/$page.md" > "$work/$page.sh"
done
cd "$work"
source node.sh
echo "== validator"
source validator.sh
echo "== steward"
source steward.sh
echo "== maker"
source maker.sh
ballastd tx portfolio close 1 --from alice --keyring-backend test --chain-id ballast-local --yes > /dev/null
until ballastd query portfolio show 1 | grep -qi closed; do sleep 1; done
ballastd check --node tcp://localhost:26657
echo "== operator"
source operator.sh
echo "The guides run."
