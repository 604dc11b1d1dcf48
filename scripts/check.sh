#!/usr/bin/env bash
# Run the checks: all go on to the end. What needs nobody to watch it runs beside the tests and is told after them.
# Usage: scripts/check.sh everything|quick
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# Else each of some hundred processes would compile every module anew, and pytest rewrite every file of tests.
unset PYTHONDONTWRITEBYTECODE
how=$1
bin=.venv/bin
failed=()
skipped=()

heading() { printf '\n== %s\n' "$*"; }

step() { # name, command...
    heading "$1"
    "${@:2}" || failed+=("$1")
}

find_browser() {
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" && return
    done
    return 1
}

# Playwright's own download is not used: it is one more host to trust, and Debian's Chromium is kept up to date.
provide_browser() {
    heading "Chromium, for the browser tests"
    if find_browser; then return; fi
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        skipped+=("browser tests: no Chromium here, and only root on Debian or Ubuntu can install it (apt-get install chromium)")
        return
    fi
    echo "Installing it with apt-get (once)"
    local log
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    if ! { timeout 600 apt-get update && timeout 900 apt-get install --yes --no-install-recommends chromium; } \
        >"$log" 2>&1; then
        tail -n 3 "$log"
        skipped+=("browser tests: apt-get could not install Chromium (its last lines stand above)")
    fi
    rm -f "$log"
}

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
begun=()

begin() { # name, command...: in the background
    begun+=("$1")
    ("${@:2}" >"$logs/$1" 2>&1; echo $? >"$logs/$1.status") &
}

tell_begun() {
    wait
    local name status
    for name in "${begun[@]}"; do
        heading "$name"
        cat "$logs/$name"
        status=$(<"$logs/$name.status")
        if [[ $name == "$audit" && $status != [01] ]]; then
            # Green only where a database has looked every package up: where none answers, that is said.
            skipped+=("not audited: no advisory database answered for every package, so known faults of them are unknown (make audit)")
        elif [[ $status != 0 ]]; then
            failed+=("$name")
        fi
    done
}

audit="Known faults of packages (pip-audit)"
runner=("$bin/pytest")
chosen=(tests)
case $how in
everything)
    provide_browser
    runner=("$bin/python" -m tests.search_server "$bin/pytest") # all processes share one Elasticsearch
    unchosen="not containers"
    if ! find_browser >/dev/null; then unchosen+=" and not browser"; fi
    chosen+=(-m "$unchosen")
    skipped+=("containers: make test-containers, where a Docker engine answers")
    ;;
quick)
    chosen+=(--quick -m "not slow and not browser and not shared and not cluster and not containers")
    skipped+=("tests marked slow, browser, shared or cluster (a real Elasticsearch), and files whose tests take long: make test")
    ;;
*)
    echo "Usage: scripts/check.sh everything|quick" >&2
    exit 2
    ;;
esac
if [[ ! -d ../shared/data ]]; then
    skipped+=("measurements on real documents: ../shared/data is not here")
fi

begin "Types (mypy, strict)" "$bin/mypy"
begin "Import contract (import-linter)" "$bin/lint-imports"
if [[ $how == everything ]]; then begin "$audit" timeout 120 scripts/audit.sh; fi
step "Format (ruff format)" "$bin/ruff" format --check --output-format concise .
step "Lint (ruff)" "$bin/ruff" check --output-format concise .

heading "Tests (pytest)"
# A file's tests stay in one process, for what they share; long files start first (tests/processor_time.py). There is one
# process more than processors, since many tests wait for something.
"${runner[@]}" "${chosen[@]}" -rfEs --seconds --durations=15 \
    -n $(($(nproc) < 4 ? $(nproc) + 1 : 5)) --dist loadfile --no-loadscope-reorder
tests=$?

tell_begun
heading "In all"
if ((tests)); then failed+=("Tests (pytest)"); fi
for each in "${skipped[@]}"; do echo "skipped  $each"; done
for each in "${failed[@]}"; do echo "FAILED   $each"; done
if ((${#failed[@]})); then exit 1; fi
echo "Nothing failed."
