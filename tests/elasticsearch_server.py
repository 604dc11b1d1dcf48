"""A real Elasticsearch for the tests: the one that PUSHCART_TEST_ELASTICSEARCH_URL names, else a skip that says so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def elasticsearch_server() -> Iterator[str]:
    """Give the address of a server; skips when there is none."""
    url = os.environ.get("PUSHCART_TEST_ELASTICSEARCH_URL", "")
    if not url:
        pytest.skip("Elasticsearch is NOT tried: PUSHCART_TEST_ELASTICSEARCH_URL names no server.")
    yield url
