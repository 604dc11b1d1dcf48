#!/bin/sh
# Harvest what is due, wait, and again, until told to stop: then a running harvest keeps what it has, and ends.
# HARVEST_EVERY_SECONDS is the wait between two rounds; unset or empty: an hour. healthy.py reads /tmp/round.
set -eu
running=
ended=0
round=${ROUND:-/tmp/round}

# A shell's copy of itself loses a signal that comes before it has become the command that it is to run.
is_still_a_copy() { # of this shell
    [ "$(tr '\0' ' ' <"/proc/$1/cmdline")" = "$(tr '\0' ' ' <"/proc/$$/cmdline")" ]
} 2>/dev/null

stop() {
    trap '' TERM INT
    # Not Ctrl-C's signal: a shell lets what it starts in the background ignore that one.
    if [ -n "$running" ]; then
        while is_still_a_copy "$running"; do sleep 0.01; done
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

now_doing() { # harvesting or waiting; in one step, so that nobody reads half a line
    echo "$1 $(date +%s) $ended" >"$round.new"
    mv "$round.new" "$round"
}

while :; do
    now_doing harvesting
    ended=0
    in_background pushcart harvest --due || ended=$?
    if [ "$ended" != 0 ]; then
        echo "This round ended with $ended; the next one continues where it was." >&2
    fi
    now_doing waiting
    in_background sleep "${HARVEST_EVERY_SECONDS:-3600}"
done
