#!/usr/bin/env bash
# Run the checks: all go on to the end, and pytest comes last, so that its closing line is what you see.
# Usage: scripts/check.sh everything|quick
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
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

# Green only where a database has looked every package up: where none answers, that is said among what was skipped.
audit_packages() {
    heading "Known faults of packages (pip-audit)"
    timeout 120 scripts/audit.sh
    case $? in
    0) ;;
    1) failed+=("Known faults of packages") ;;
    *) skipped+=("not audited: no advisory database answered for every package, so known faults of them are unknown (make audit)") ;;
    esac
}

chosen=(tests)
case $how in
everything)
    provide_browser
    if ! find_browser >/dev/null; then chosen+=(-m "not browser"); fi
    ;;
quick)
    chosen+=(-m "not slow and not browser and not shared and not cluster")
    skipped+=("tests marked slow, browser, shared or cluster (a real Elasticsearch): make test runs them")
    ;;
*)
    echo "Usage: scripts/check.sh everything|quick" >&2
    exit 2
    ;;
esac
if [[ ! -d ../shared/data ]]; then
    skipped+=("measurements on real documents: ../shared/data is not here")
fi

step "Format (ruff format)" "$bin/ruff" format --check --output-format concise .
step "Lint (ruff)" "$bin/ruff" check --output-format concise .
step "Types (mypy, strict)" "$bin/mypy"
step "Import contract (import-linter)" "$bin/lint-imports"
if [[ $how == everything ]]; then audit_packages; fi

heading "So far"
for each in "${failed[@]}"; do echo "FAILED   $each"; done
for each in "${skipped[@]}"; do echo "skipped  $each"; done
if ((${#failed[@]} + ${#skipped[@]} == 0)); then echo "Nothing failed, nothing is skipped."; fi

heading "Tests (pytest)"
# A file's tests stay in one process, for what they share; all processes share one Elasticsearch.
"$bin/python" -m tests.search_server "$bin/pytest" "${chosen[@]}" -rfEs --durations=25 -n auto --maxprocesses=4 --dist loadfile
tests=$?

if ((${#failed[@]})); then
    printf '\nFailed before the tests: %s\n' "${failed[*]}"
    exit 1
fi
exit "$tests"
