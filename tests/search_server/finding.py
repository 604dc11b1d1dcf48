"""Find a server, in this order: the one that is named, Docker, Maven and Java. Else say that nothing was tried."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.search_server.node import java, running_node
from tests.search_server.unpacking import ServerNotToBeHad, unpacked_server

URL = "PUSHCART_TEST_ELASTICSEARCH_URL"
NONE = "PUSHCART_TEST_ELASTICSEARCH_NONE"
"""Why no server can be had, where another process has looked for one already."""
VERSION = "8.19.8"
IMAGE = f"elasticsearch:{VERSION}"
_PORT = 9200
_WAYS = (
    f"Elasticsearch is NOT tried. Three ways to have it tried: set {URL} to a server 8.19 or newer"
    " whose indexes named test-* may be deleted; or have Docker running; or have Maven and Java 17."
)


@contextmanager
def elasticsearch_server() -> Iterator[str]:
    """Give the address of a server without security for as long as the context lasts; skips, loudly, when none can be had."""
    if url := os.environ.get(URL, ""):
        yield url
    elif reason := os.environ.get(NONE, ""):
        pytest.skip(reason)
    elif docker_answers():
        with _container() as url:
            yield url
    elif java() and shutil.which("mvn"):
        try:
            home = unpacked_server()
        except ServerNotToBeHad as error:
            pytest.skip(f"{_WAYS} (Maven did not bring it: {error})")
        with running_node(home) as url:
            yield url
    else:
        pytest.skip(_WAYS)


def docker_answers() -> bool:
    """Say whether a Docker engine runs here; a second at most."""
    if shutil.which("docker") is None:
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


@contextmanager
def _container() -> Iterator[str]:
    from testcontainers.community.elasticsearch import ElasticSearchContainer

    container = ElasticSearchContainer(IMAGE, mem_limit="2g")
    container.with_env("xpack.security.enabled", "false").with_env("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
    with container:
        yield f"http://{container.get_container_host_ip()}:{container.get_exposed_port(_PORT)}"
