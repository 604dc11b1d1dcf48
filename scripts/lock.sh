#!/usr/bin/env bash
# Choose versions within pyproject.toml and write three lock files: what runs, the same with the client of Elasticsearch,
# the driver of PostgreSQL and the styles of citations for the container, and the same with what the checks need. With hashes, for every system and
# Python that Pushcart runs on. Addresses of package indexes are left out: they are the machine's.
set -euo pipefail
cd "$(dirname "$0")/.."
compile=(.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes
    --no-emit-index-url --no-emit-find-links --no-header pyproject.toml)
"${compile[@]}" --output-file requirements.lock
"${compile[@]}" --extra elasticsearch --extra postgresql --extra styles --extra dns \
    --constraints requirements.lock --output-file requirements-server.lock
"${compile[@]}" --extra dev --extra elasticsearch --extra postgresql --extra styles --extra dns --extra skos --extra mcp --extra cluster \
    --constraints requirements-server.lock --output-file requirements-dev.lock
git --no-pager diff --stat -- requirements.lock requirements-server.lock requirements-dev.lock
