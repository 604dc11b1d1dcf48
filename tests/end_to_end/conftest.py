"""The installed command, and documents to feed it with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.pdf import make_pdf
from demo.publication import Publication, PublicationFormat, SampleStanding, load_publications

COMMAND = Path(sys.executable).with_name("pushcart")


@dataclass(frozen=True, slots=True)
class Shell:
    """A person at a terminal with a data folder of their own."""

    data_dir: Path

    def environment(self, **others: str) -> dict[str, str]:
        """Return the environment of a command; settings of the person who runs the tests do not leak in."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PUSHCART_")}
        return kept | {"PUSHCART_DATA_DIR": str(self.data_dir), "PUSHCART_WORKERS": "2", "COLUMNS": "200"} | others

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

    def ask(self, *words: str | Path) -> Any:
        """Type `pushcart WORDS --json` and return the value; standard output must be that and nothing else."""
        done = self.type(*words, "--json")
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
