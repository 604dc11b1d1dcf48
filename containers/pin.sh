#!/usr/bin/env bash
# Pin each image of the compose file and the Dockerfile to the digest that its tag has today (NAME:TAG@sha256:...).
# Run it where the registries answer, and again after choosing another tag; then look at `git diff`.
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
files=(Dockerfile docker-compose.yml)

mapfile -t names < <(sed -nE 's/^ *(image:|FROM) +([^ @]+).*/\2/p' "${files[@]}" | sort -u)
for name in "${names[@]}"; do
    [[ $name == pushcart:* ]] && continue # built here
    docker pull --quiet "$name" >/dev/null
    pinned=$(docker image inspect --format '{{index .RepoDigests 0}}' "$name")
    sed -i -E "s#((image:|FROM) +$name)(@sha256:[0-9a-f]{64})?#\1@${pinned##*@}#" "${files[@]}"
    echo "$name@${pinned##*@}"
done
