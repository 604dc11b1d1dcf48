"""The installed command, and documents to feed it with."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import structlog

from corpus.settings import Settings
from demo.pdf import make_pdf
from demo.publication import Publication, PublicationFormat, SampleStanding, load_publications
from pushcart.cli import run
from tests.end_to_end.servers import servers_found, services_of, settings_of

COMMAND = Path(sys.executable).with_name("pushcart")


@contextmanager
def what_a_process_owns_is_given_back() -> Iterator[None]:
    """Give logs and SIGTERM back to whom they belonged before: a command takes them for itself, as the only one in its process."""
    root, on_sigterm = logging.getLogger(), signal.getsignal(signal.SIGTERM)
    handlers, level, configured = list(root.handlers), root.level, structlog.get_config()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**configured)
        signal.signal(signal.SIGTERM, on_sigterm)


@dataclass(frozen=True, slots=True)
class Shell:
    """A person at a terminal with a data folder of their own."""

    data_dir: Path

    def environment(self, **others: str) -> dict[str, str]:
        """Return the environment of a command; settings of the person who runs the tests do not leak in."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PUSHCART_")}
        return (
            kept
            | {"PUSHCART_DATA_DIR": str(self.data_dir), "PUSHCART_WORKERS": "2", "COLUMNS": "200"}
            | services_of(self.data_dir)
            | others
        )

    def type(self, *words: str | Path, **others: str) -> subprocess.CompletedProcess[str]:
        """Type `pushcart WORDS` and wait for its end; `others` are further environment variables."""
        return subprocess.run(
            [COMMAND, *words],
            env=self.environment(**others),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def type_here(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run `pushcart WORDS` in this process, for what only looks: starting Python anew takes longer than the command itself."""
        answer, said = io.StringIO(), io.StringIO()
        with (
            patch.dict(os.environ, self.environment(), clear=True),
            what_a_process_owns_is_given_back(),
            redirect_stdout(answer),
            redirect_stderr(said),
        ):
            code = run([str(word) for word in words])
        return subprocess.CompletedProcess(words, code, answer.getvalue(), said.getvalue())

    def look(self, *words: str | Path) -> Any:
        """Run `pushcart WORDS --json` in this process and return the value."""
        return self._value_of(self.type_here(*words, "--json"))

    def ask(self, *words: str | Path) -> Any:
        """Type `pushcart WORDS --json` and return the value; standard output must be that and nothing else."""
        return self._value_of(self.type(*words, "--json"))

    @staticmethod
    def _value_of(done: subprocess.CompletedProcess[str]) -> Any:
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Type `pushcart WORDS` and do not wait; it gets a process group of its own, as from a shell."""
        return subprocess.Popen(
            [COMMAND, *words],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


@pytest.fixture(scope="session", autouse=True)
def _servers() -> Iterator[None]:
    with servers_found():
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose data folder, records and index are the test's own."""
    return settings_of(tmp_path / "data")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a shell whose data folder is empty."""
    (tmp_path / "data").mkdir()
    return Shell(tmp_path / "data")


def readable_pdfs() -> list[Publication]:
    """Return the sample publications that are ordinary PDFs."""
    return [
        each
        for each in load_publications()
        if each.format is PublicationFormat.PDF and each.standing is SampleStanding.LISTED
    ]


def write_pdfs(publications: Sequence[Publication], folder: Path) -> Path:
    """Write PDFs of publications into a folder, named after them."""
    folder.mkdir(parents=True, exist_ok=True)
    for publication in publications:
        (folder / f"{publication.slug}.pdf").write_bytes(make_pdf(publication))
    return folder


@pytest.fixture(scope="session")
def sample_pdfs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a dozen ordinary PDFs of the sample publisher."""
    return write_pdfs(readable_pdfs()[:12], tmp_path_factory.mktemp("sample-pdfs"))
