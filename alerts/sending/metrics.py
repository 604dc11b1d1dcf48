"""What a worker counts of its own work, for Prometheus. How much waits and how long is read from the records instead."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

TRIES = Counter("pushcart_alert_tries", "Attempts to send a message, by outcome.", ("channel", "outcome"))
STOPPED = Counter("pushcart_alert_addresses_stopped", "Addresses to which sending has stopped.", ("channel", "why"))
OWN_FAILURES = Counter("pushcart_alert_own_trouble", "Attempts that failed because of our own mail server or settings.")
CLAIMS_TAKEN_BACK = Counter("pushcart_alert_claims_taken_back", "Messages that a worker had claimed when it died.")
LOOKED_AT = Gauge(
    "pushcart_alert_worker_looked_at_seconds", "When the worker last looked for work, seconds of the epoch."
)
