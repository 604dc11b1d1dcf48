#!/usr/bin/env bash
# Run the measurements of benchmarks/ in their short form, one after the other (they would disturb each other).
# Those on real documents need the shared data beside the checkout and are skipped, with that reason, where it is not.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
shared=../shared/data
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

measure() { # module of benchmarks, arguments...
    printf '\n== %s\n' "$*"
    .venv/bin/python -m "benchmarks.$1" "${@:2}" || status=1
}

measure harvest
measure search "$scratch" --documents 2000
if [[ -d $shared ]]; then
    measure saved_harvest "$shared/harvest" --names 3
    measure article_text "$shared/harvest/article-html"
    measure reading "$shared/pdf-policy" --texts "$shared/pdf-policy/wb-scd-txt"
    measure tagging_countries "$shared/gold/undp-tagged.jsonl.gz"
    measure tagging_groups "$shared"
    for collection in "$shared"/ir/*/; do
        measure ranking "$collection"
    done
    measure kill --rounds 3 --files 12
else
    printf '\nskipped  saved_harvest, article_text, reading, tagging, ranking, kill: %s is not here\n' "$shared"
fi
exit "$status"
