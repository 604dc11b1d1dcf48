"""How the tests come to a server, and that its absence is not overlooked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.house.house import ROOT


def test_the_server_that_is_named_is_taken(monkeypatch) -> None:
    from tests.search_server import elasticsearch_server

    monkeypatch.setenv("PUSHCART_TEST_ELASTICSEARCH_URL", "http://search.example:9200")
    with elasticsearch_server() as url:
        assert url == "http://search.example:9200"


def test_without_server_docker_and_java_the_skip_names_the_three_ways_at_the_end(tmp_path: Path) -> None:
    """Run one contract test in a process that finds none of the three."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("JAVA_HOME", "PUSHCART_TEST_ELASTICSEARCH_URL")
    }
    test = "tests/search_api/test_elasticsearch_engine.py::TestElasticsearchEngine::test_an_empty_index_answers"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'base'}", test],
        cwd=ROOT,
        env=environment | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = ran.stdout[ran.stdout.index("One of the two engines was not tried") :]
    for way in ("PUSHCART_TEST_ELASTICSEARCH_URL", "Docker", "Maven and Java"):
        assert way in said
