"""compose.laptop.yml from nothing: the embedded engine and SQLite in one volume."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.composed import Composed, wait_until
from tests.containers.conftest import running

pytestmark = [pytest.mark.containers, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def laptop(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    differences = 'services: {pages: {ports: !override ["127.0.0.1::8000"]}}\n'
    composed = Composed("compose.laptop.yml", tmp_path_factory.mktemp("laptop"), differences=differences)
    with running(composed):
        composed.type("up", "--detach", "--wait")
        yield composed


def test_documents_that_are_added_beside_the_pages_are_found(laptop: Composed, papers: Path) -> None:
    laptop.type("run", "--rm", "-T", "--volume", f"{papers}:/papers:ro", "harvest", "pushcart", "add", "/papers")
    assert laptop.found("") == len(list(papers.iterdir()))


def test_pages_that_are_killed_come_back(laptop: Composed) -> None:
    before = laptop.found("")
    laptop.kill("pages")
    wait_until(lambda: laptop.inspect("pages")["RestartCount"] == 1, seconds=60)
    laptop.wait_until_healthy("pages")
    assert laptop.found("") == before


def test_what_is_kept_is_there_when_everything_is_made_anew(laptop: Composed) -> None:
    before = laptop.found("")
    laptop.type("stop")
    assert laptop.states() == {"pages": "exited 0"}
    laptop.type("down")
    laptop.type("up", "--detach", "--wait")
    assert laptop.found("") == before > 0


def test_a_backup_comes_back_on_an_empty_machine(laptop: Composed, backups: Path) -> None:
    before = laptop.found("")
    lent = ("run", "--rm", "-T", "--volume")
    laptop.type(*lent, f"{backups}:/backup", "harvest", "pushcart", "backup", "/backup")
    laptop.type("down", "--volumes")
    laptop.type(*lent, f"{backups}:/backup:ro", "harvest", "pushcart", "restore", "/backup")
    laptop.type("up", "--detach", "--wait")
    assert laptop.found("") == before > 0
    laptop.type("exec", "-T", "pages", "pushcart", "verify")
