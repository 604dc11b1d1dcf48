#!/usr/bin/env bash
# Run every measurement of benchmarks/ in its short form, one after the other (they would disturb each other).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
status=0
for each in benchmarks/[a-z]*.py; do
    printf '\n== %s\n' "$each"
    .venv/bin/python "$each" || status=1
done
exit "$status"
