#!/usr/bin/env bash
# Give Elasticsearch the two roles of docs/elasticsearch.md and a user for each. May be repeated: what is there is replaced,
# so this is also how a password is changed.
# Wants SEARCH_URL and ELASTIC_PASSWORD (the administrator's), and SEARCHING_PASSWORD and INDEXING_PASSWORD (the users').
# Elasticsearch may still be starting, as after `docker compose restart`: for SECONDS_MAX seconds (600) it is asked again.
set -euo pipefail
cd "$(dirname "$0")"

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

for name in SEARCH_URL ELASTIC_PASSWORD SEARCHING_PASSWORD INDEXING_PASSWORD; do
    [[ -n ${!name:-} ]] || stop "$name is not set."
done

# Passwords go to curl through pipes: every process of a machine can read the words of a command.
ask() { # path, and options of curl
    curl --silent --show-error --fail-with-body --max-time 30 \
        --header @<(printf 'Authorization: Basic %s' "$(printf 'elastic:%s' "$ELASTIC_PASSWORD" | base64 --wrap 0)") \
        "${@:2}" "$SEARCH_URL/$1" 2>&1
}

wait_for_search() {
    local answer until=$((SECONDS + ${SECONDS_MAX:-600}))
    # Also after 401: until its index of users is loaded, Elasticsearch accepts nobody.
    until answer=$(ask '_cluster/health?wait_for_status=yellow&timeout=5s'); do
        ((SECONDS < until)) || stop "Elasticsearch is not ready: $answer"
        sleep 2
    done
}

put() { # path under _security; the body comes on standard input
    local answer
    answer=$(ask "_security/$1" --request PUT --header 'Content-Type: application/json' --data-binary @- \
        --retry 10 --retry-delay 3 --retry-connrefused) || stop "Elasticsearch did not take $1: $answer"
    echo "$1 is there."
}

user() { # name, which is its role's too; password
    local escaped=${2//\\/\\\\}
    printf '{"password": "%s", "roles": ["%s"]}' "${escaped//\"/\\\"}" "$1" | put "user/$1"
}

wait_for_search
put role/pushcart_search <roles/pushcart_search.json
put role/pushcart_index <roles/pushcart_index.json
user pushcart_search "$SEARCHING_PASSWORD"
user pushcart_index "$INDEXING_PASSWORD"
