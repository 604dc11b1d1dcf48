#!/usr/bin/env bash
# Attack Pushcart on this machine, over loopback: the long half of tests/attack. Options are passed on; --help names them.
# Ends with another exit code than 0 when something got through.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python -m tests.attack "$@"
