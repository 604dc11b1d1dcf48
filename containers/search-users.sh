#!/usr/bin/env bash
# Give Elasticsearch the two roles of docs/elasticsearch.md and a user for each. May be repeated: what is there is replaced,
# so this is also how a password is changed.
# Wants SEARCH_URL and ELASTIC_PASSWORD (the administrator's), and SEARCHING_PASSWORD and INDEXING_PASSWORD (the users').
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
put() { # path under _security; the body comes on standard input
    local answer
    answer=$(curl --silent --show-error --fail-with-body --max-time 30 --retry 10 --retry-delay 3 --retry-connrefused \
        --request PUT --header 'Content-Type: application/json' --data-binary @- \
        --header @<(printf 'Authorization: Basic %s' "$(printf 'elastic:%s' "$ELASTIC_PASSWORD" | base64 --wrap 0)") \
        "$SEARCH_URL/_security/$1" 2>&1) || stop "Elasticsearch did not take $1: $answer"
    echo "$1 is there."
}

user() { # name, which is its role's too; password
    local escaped=${2//\\/\\\\}
    printf '{"password": "%s", "roles": ["%s"]}' "${escaped//\"/\\\"}" "$1" | put "user/$1"
}

put role/pushcart_search <roles/pushcart_search.json
put role/pushcart_index <roles/pushcart_index.json
user pushcart_search "$SEARCHING_PASSWORD"
user pushcart_index "$INDEXING_PASSWORD"
