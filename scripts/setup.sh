#!/usr/bin/env bash
# Install what a lock file pins, each archive checked against its hash, and the project itself, into .venv.
# Usage: scripts/setup.sh requirements.lock|requirements-server.lock|requirements-dev.lock
# It can be repeated; if everything is installed already, it needs no network.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1
venv=.venv

say() { printf '%s\n' "$*"; }
stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
        if command -v "$name" >/dev/null && is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    stop "Pushcart needs Python 3.11 or newer, and none was found." \
        "Install one (Debian and Ubuntu: apt-get install python3 python3-venv; macOS: brew install python)," \
        "or name one: make setup PYTHON=/path/to/python3.11"
}

make_venv() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        # Debian ships Python without its venv module, as a package of its own.
        stop "$python cannot make virtual environments: its modules venv and ensurepip are missing." \
            "Install them (Debian and Ubuntu: apt-get install python3-venv), then run make setup again."
    fi
    say "Making .venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
}

# A .venv that was copied, is incomplete, or whose Python is gone is created again.
if ! is_new_enough "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    make_venv
fi

pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input)
say "Installing the $(grep -c '==' "$lock") pinned packages of $lock (the first time: a minute or more)"
# The lock file is complete, so pip need not look for dependencies; that would also warn about an extra that lxml no longer has.
if ! "${pip[@]}" install --quiet --no-deps --require-hashes --requirement "$lock"; then
    stop "" "The packages of $lock could not be installed; pip's reason is above." \
        "Check the network and run the same command again: packages that were downloaded are not downloaded again."
fi
# Build tools come from the lock too, so this step fetches nothing.
"${pip[@]}" install --quiet --no-deps --no-build-isolation --editable .
if ! missing=$("${pip[@]}" check); then
    stop "The installed packages do not fit together:" "$missing" "Run make lock, or report this."
fi
