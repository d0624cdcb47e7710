#!/bin/sh
# Runs every fuzz target of the given packages, or of all, for the given time each. A failing input is written beside
# the target, in testdata/fuzz: commit it with the fix, it is a regression test from then on.
set -eu
fuzztime=${1:?usage: fuzz.sh FUZZTIME [PACKAGE...], such as 10s}
shift
[ $# -gt 0 ] || set -- ./...

# go test -list prints the names of a package's targets and then a line "ok <package> <time>".
listing=$(go test -list '^Fuzz' "$@")
targets=$(echo "$listing" | awk '
	/^Fuzz/ { names[++n] = $1 }
	$1 == "ok" { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }
')
[ -n "$targets" ] || {
	echo "no fuzz targets found" >&2
	exit 1
}
echo "$targets" | while read -r package name; do
	echo "$package $name"
	go test -run '^$' -fuzz "^$name\$" -fuzztime "$fuzztime" "$package"
done
