#!/usr/bin/env bash
# Ask an advisory database which pinned packages have known faults: `make audit`.
# Exit codes: 0 every package was looked up and none is named; 1 some are named; 3 not audited, or not wholly.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python -m tests.attack.audit "$@"
