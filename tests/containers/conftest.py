"""An engine that runs containers, the documents to add, and what is said at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.pdf import make_pdf
from demo.publication import PublicationFormat, SampleStanding, load_publications
from tests.containers.composed import Composed, docker, stand_ins
from tests.search_server.finding import docker_answers

NOT_TRIED = (
    "The containers are NOT tried: no Docker engine answers here, or it has no Compose 2.24 or newer. With one, "
    "`make test-containers` tries them."
)
_told: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not tried, or on what it was tried and how long it took."""
    if _told:
        terminalreporter.section("Containers", sep="!", bold=True)
        for line in _told:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def engine() -> None:
    """Skip, loudly, where no engine answers."""
    if not docker_answers() or docker("compose", "version").returncode:
        _told.append(NOT_TRIED)
        pytest.skip(NOT_TRIED)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of three PDFs that the user of a container may read."""
    folder = tmp_path_factory.mktemp("added") / "papers"
    folder.mkdir(mode=0o755)
    every = [
        each
        for each in load_publications()
        if each.format is PublicationFormat.PDF and each.standing is SampleStanding.LISTED
    ]
    for publication in every[:3]:
        (folder / f"{publication.slug}.pdf").write_bytes(make_pdf(publication))
    return folder


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the user of a container may write."""
    folder = tmp_path_factory.mktemp("kept") / "backups"
    folder.mkdir()
    folder.chmod(0o777)  # who runs the tests may not be allowed to give it to that user
    return folder


@contextmanager
def running(composed: Composed) -> Iterator[Composed]:
    """Let it run from nothing, and delete all that it made; at the end, tell what it was and took."""
    composed.type("down", "--volumes", "--remove-orphans")
    try:
        yield composed
    finally:
        _told.extend(told_of(composed))
        composed.profiles = ("*",)
        composed.type("down", "--volumes", "--remove-orphans")


def told_of(composed: Composed) -> Iterator[str]:
    """Tell of the images, of memory and of what took long."""
    yield f"{composed.file}:"
    yield from composed.transcript
    images = sorted(set(composed.type("config", "--images").stdout.split()))
    really = stand_ins(images)
    for image in images:
        size = int(docker("image", "inspect", "--format", "{{.Size}}", image).stdout or 0)
        what = f"A STAND-IN, really {really[image]}" if image in really else "its publisher's"
        yield f"{size / 1e6:5.0f} MB  {image}: {'built on ' if image.startswith('pushcart:') else ''}{what}"
    containers = composed.type("ps", "--quiet").stdout.split()
    if containers:
        lines = docker("stats", "--no-stream", "--format", "{{json .}}", *containers).stdout.splitlines()
        for each in map(json.loads, lines):
            yield f"{each['MemUsage']:>22}  {each['PIDs']:>4} processes and threads  {each['Name']}"
