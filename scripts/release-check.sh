#!/bin/bash
# Builds the release of HEAD twice: in two folders with names of different lengths, the second time from an empty cache,
# so that nothing of the first build is used again. Fails when a byte of any file differs.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${TARGETS:?}" "${PROGRAMS:?}" "${VERSION:?}" "${COMMIT:?}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() {
	mkdir -p "$1"
	git archive HEAD | tar -x -C "$1"
	make -C "$1" --no-print-directory release TARGETS="$TARGETS" PROGRAMS="$PROGRAMS" VERSION="$VERSION" COMMIT="$COMMIT"
}
build "$work/one"
GOCACHE=$work/cache build "$work/another/folder"
diff -r "$work/one/out/release" "$work/another/folder/out/release"
echo "The same, twice: $(wc -l <"$work/one/out/release/SHA256SUMS") files."
