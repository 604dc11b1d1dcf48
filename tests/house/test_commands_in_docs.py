"""Every command in the documentation fits the real command line; those of the tutorial and the how-tos are run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.main import get_command

from corpus.settings import read_settings
from corpus.store import open_store
from demo.publication import load_publications
from pushcart.cli import app, run
from tests.end_to_end.conftest import what_a_process_owns_is_given_back, write_pdfs
from tests.house.doc_commands import Line, lines_of, pages
from web.app import make_app

PAPERS = ("en-south-africa-reclaimers-epr", "en-india-street-vendors-act")
EXAMPLE_ID = "d0123456789abcdef"
WALKED = ["docs/tutorial.md", *(page for page in pages() if page.startswith("docs/how-to/"))]
NOT_RUN = {
    "git clone": "needs the address of a copy",
    "cd pushcart": "the tests are in a checkout already",
    "make setup": "the tests run in what it made",
    "pushcart demo": "takes a minute; tests/end_to_end runs it",
    "pushcart serve": "does not end; the lines with curl ask the same application",
    "pushcart sources new": "asks thirty times, once a second; tests/pushcart/test_sources_command.py runs it",
    "pushcart sources try": "the file comes from `sources new`",
    "pushcart harvest office": "reads and tags fifty documents; tests/pushcart/test_harvesting.py harvests",
    "pushcart alerts doctor": "needs a mail server; tests/alerts/checking runs it",
    "pushcart process --cluster": "starts eight workers; tests/pushcart/test_cluster.py starts two",
    "pushcart alerts run": "does not end; tests/alerts/sending runs it",
    "docker ": "needs a Docker engine; tests/containers runs them",
    "install --directory --owner": "only root may give a folder away; tests/containers makes it",
}
"""Beginnings of lines of the tutorial and the how-tos that are only parsed, and why."""
ROOT_COMMAND: Any = get_command(app)


def why_not_run(line: Line) -> str:
    """Return the reason why a line is only parsed; empty: it is run."""
    text = line.text.removeprefix(".venv/bin/")
    return next((why for beginning, why in NOT_RUN.items() if text.startswith(beginning)), "")


def misfit(line: Line) -> str:
    """Return what the command line refuses of a line, but for files that a reader has and the tests have not."""
    command, rest, context = ROOT_COMMAND, ["pushcart", *(line.arguments or ())], None
    try:
        while rest:
            context = command.make_context(rest[0], rest[1:], parent=context)
            if not hasattr(command, "commands"):
                break
            rest = [*context._protected_args, *context.args]
            command = command.get_command(context, rest[0]) if rest else command
    except Exception as error:
        said = getattr(error, "message", "") or repr(error)
        return "" if said.endswith("does not exist.") else f"{line.page}: {line.text}: {said}"
    return "" if command else f"{line.page}: {line.text}: no such command"


class Desk:
    """A folder where somebody follows the pages, with the settings that they export."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._replaced = {
            "/mnt/backups": str(folder / "backups"),
            "/srv/pushcart/new": str(folder / "new"),
            "~/": f"{folder}/",
        }

    def follow(self, line: Line) -> str:
        """Do what a line says; return what went wrong."""
        text = line.text
        for shown, ours in self._replaced.items():
            text = text.replace(shown, ours)
        line = Line(line.page, text.replace(EXAMPLE_ID, self._example()) if EXAMPLE_ID in text else text)
        if line.address:
            status = self._client.get(line.address).status_code
            return "" if status == 200 else f"{line.text}: {status}"
        if line.arguments is None:
            for name, value in line.variables.items():
                self._patch.setenv(name, value)
            return "" if line.variables else f"{line.text}: nobody runs it, nor says in NOT_RUN why not"
        with pytest.MonkeyPatch.context() as patch, what_a_process_owns_is_given_back():
            for name, value in line.variables.items():
                patch.setenv(name, value)
            code = run(line.arguments)
        return "" if code == 0 else f"{line.text}: exit code {code}"

    @cached_property
    def _client(self) -> TestClient:
        return TestClient(make_app(read_settings()))

    def _example(self) -> str:
        with open_store(read_settings()) as store:
            documents = store.documents.get_many(store.documents.ids(), with_pages=True).values()
        return next(each.id for each in documents if PAPERS[0] in each.url)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a desk with two papers in the folder of the pages, added as the tutorial says."""
    folder = tmp_path_factory.mktemp("desk")
    write_pdfs([each for each in load_publications() if each.slug in PAPERS], folder / "Documents/papers")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUSHCART_DATA_DIR", str(folder / "pushcart-data"))
        patch.setenv("PUSHCART_WORKERS", "1")
        patch.chdir(folder)
        desk = Desk(folder, patch)
        assert desk.follow(Line("", ".venv/bin/pushcart add ~/Documents/papers")) == ""
        yield desk


@pytest.mark.parametrize("page", WALKED)
def test_what_the_tutorial_and_the_how_tos_say_works(desk: Desk, page: str) -> None:
    failed = [desk.follow(line) for line in lines_of(page) if not why_not_run(line)]
    assert [each for each in failed if each] == []


def test_every_command_in_the_docs_fits_the_command_line() -> None:
    lines = [line for page in pages() for line in lines_of(page) if line.arguments is not None]
    assert len(lines) > 60
    assert [each for each in map(misfit, lines) if each] == []


def test_every_line_that_is_not_run_is_in_the_docs() -> None:
    lines = [line.text.removeprefix(".venv/bin/") for page in WALKED for line in lines_of(page)]
    assert [each for each in NOT_RUN if not any(text.startswith(each) for text in lines)] == []
