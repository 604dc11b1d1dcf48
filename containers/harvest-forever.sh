#!/bin/sh
# Harvest what is due, wait, and again, until told to stop: then a running harvest keeps what it has, and ends.
# HARVEST_EVERY_SECONDS is the wait between two rounds; unset: an hour.
set -eu
running=

stop() {
    trap '' TERM INT
    # Not Ctrl-C's signal: a shell lets what it starts in the background ignore that one.
    if [ -n "$running" ]; then
        kill -TERM "$running" 2>/dev/null || :
        wait "$running" || :
    fi
    exit 0
}
trap stop TERM INT

# In the background, because a shell hears of signals only while it waits.
in_background() {
    "$@" &
    running=$!
    wait "$running"
}

while :; do
    in_background pushcart harvest --due || echo "This round ended with $?; the next one goes on where it was." >&2
    in_background sleep "${HARVEST_EVERY_SECONDS:-3600}"
done
