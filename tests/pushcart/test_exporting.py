"""`pushcart search --format --output` and `pushcart export`: a file that is there whole or not at all."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
import rispy
from click.testing import Result
from typer.testing import CliRunner

from corpus.errors import EngineUnavailable, PushcartError
from pushcart.cli import app
from search_api.answers.export.formats import ExportFormat
from search_api.answers.export.records import Batch, Exporter
from tests.search_api.export_cases import READERS, lines_of
from tests.web.library import fill, settings_in


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("exports")
    fill(settings_in(made))
    return made


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(folder))
    monkeypatch.setenv("PUSHCART_PUBLIC_URL", "https://pushcart.example")

    def typed(*words: str | Path) -> Result:
        return CliRunner().invoke(app, list(map(str, words)))

    return typed


@pytest.mark.parametrize("kind", ExportFormat)
def test_every_format_is_written_to_a_file(run, kind: ExportFormat, tmp_path: Path) -> None:
    file = tmp_path / "out"
    done = run("search", "cooperative study", "--format", kind.value, "--output", file)
    assert done.exit_code == 0
    assert len(READERS[kind](file.read_bytes().decode())) == 25
    assert "25 documents exported" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_without_a_file_the_list_goes_to_standard_output(run) -> None:
    done = run("search", "--country", "PER", "--format", "jsonl")
    assert [line["id"] for line in lines_of(done.stdout)] == ["dlima"]


def test_what_breaks_off_leaves_the_file_of_before_and_no_half(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(exporter: Exporter, query: object) -> Generator[Batch, None, None]:
        yield from exporter.documents(("dlima",))
        raise EngineUnavailable("Away.")

    monkeypatch.setattr(Exporter, "search", breaking)
    file = tmp_path / "out.ris"
    file.write_text("before")
    done = run("search", "--format", "ris", "--output", file)
    assert isinstance(done.exception, PushcartError)
    assert file.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["out.ris"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("search", "--format", "pdf"), "no format 'pdf'"),
        (("search", "--output", "x.ris"), "--output needs --format"),
        (("search", "--format", "ris", "--output", "no/such/folder/x.ris"), "cannot be written"),
        (("export", "dnone", "--format", "ris"), "None of these documents is here: dnone"),
        (("export", "a/b", "--format", "ris"), "ids cannot be"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(run, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert isinstance(done.exception, PushcartError)
    assert said in str(done.exception)


def test_some_documents_are_exported_by_their_ids_and_what_is_missing_is_named(run, tmp_path: Path) -> None:
    file = tmp_path / "two.ris"
    done = run("export", "daccra.dlima", "dgone", "--format", "ris", "--output", file, "--words", "aporte")
    assert done.exit_code == 1
    assert "Not here: dgone" in done.stderr
    first, second = rispy.loads(file.read_text(encoding="utf-8"))
    assert first["title"].startswith("Street vendors and social protection")
    assert any(note.startswith("p. 4: ") for note in second["notes"])
