"""A few labelled PDFs through `pushcart evaluate metadata`, as a person or a program runs it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from corpus.errors import BadInput
from corpus.settings import Settings
from evaluation.labels import read_labels
from evaluation.metadata import MetadataReport, evaluate
from pushcart.cli import app
from tests.nlp.pdf_press import press, together, written

PROSE = ["The survey asks women and men who sell in the markets of the city what they earn in a week of work."] * 8

COVER = together(
    written("Waste pickers and the city", size=28, top=700),
    written("Asha Mollel and Peter Njoroge", size=14, top=600),
    written("Institute of Markets", "Accra, May 2019", size=12, top=120, leading=16),
)
FACTS = {"author": "asuntha", "title": "Microsoft Word - final_v7.doc"}
RIGHT = {
    "title": "Waste pickers and the city",
    "authors": ["Peter Njoroge", "Asha Mollel"],
    "publisher": "Institute of Markets",
    "date": "2019-05",
    "year": 2019,
    "type": "report",
    "type_also": ["other"],
    "language": "en",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.pdf").write_bytes(press(COVER, written(*PROSE, *_telling(), size=9), **FACTS))
    return tmp_path


def _telling() -> list[str]:
    """Return lines with enough different words to tell names from headings."""
    letters = "abcdefghijklmnopqrst"
    return [" ".join(f"and they said that {one}{two}n" for two in letters) for one in letters]


def labelled(folder: Path, **label: Any) -> Path:
    path = folder / "labels.jsonl"
    path.write_text(json.dumps(label), encoding="utf-8")
    return path


def report_on(folder: Path, **label: Any) -> MetadataReport:
    return evaluate(read_labels(labelled(folder, **label)), settings=Settings(data_dir=folder / "data", workers=1))


def test_each_labelled_field_is_scored_beside_the_plain_ways(folder: Path) -> None:
    report = report_on(folder, path="a.pdf", **RIGHT)
    assert report.errors == []
    shares = {name: score.share for name, score in report.scores["pushcart"].items()}
    assert shares == dict.fromkeys(("title", "authors", "year", "date", "publisher", "type", "language"), 1.0)
    assert report.scores["properties"]["title"].share == 0.0
    assert report.scores["largest"]["title"].share == 1.0


def test_only_labelled_fields_are_scored_and_errors_say_both(folder: Path) -> None:
    report = report_on(folder, path="a.pdf", title="Another title", also=["A third"])
    assert list(report.scores["pushcart"]) == ["title"]
    (error,) = report.errors
    assert (error.field, error.given, error.labelled) == ("title", "Waste pickers and the city", "Another title")


def test_further_answers_and_nothing_at_all_can_be_right(folder: Path) -> None:
    label = {
        "title": "Another",
        "also": ["WASTE PICKERS, and the city!"],
        "publisher": None,
        "publisher_also": ["Institute of Markets"],
    }
    assert report_on(folder, path="a.pdf", **label).errors == []
    assert report_on(folder, path="a.pdf", type=None).errors == []
    assert report_on(folder, path="a.pdf", authors=[]).scores["pushcart"]["authors"].share == 0.0


def test_a_file_is_found_by_its_hash(folder: Path) -> None:
    sha1 = hashlib.sha1((folder / "a.pdf").read_bytes()).hexdigest()
    (folder / "other").mkdir()
    (folder / "a.pdf").rename(folder / "other" / "b.pdf")
    assert report_on(folder, sha1=sha1, year=2019).scores["pushcart"]["year"].right == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"path": "none.pdf"}', "none.pdf is not in"),
        ("[1]", "is not a JSON object"),
        ("{", "cannot be read"),
        ('{"path": "a.pdf", "title": 3}', "are texts"),
        ('{"path": "a.pdf", "authors": "Ana"}', "is a list of names"),
    ],
)
def test_labels_that_are_none_are_refused_with_their_line(folder: Path, line: str, said: str) -> None:
    path = folder / "labels.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_labels(path)


def test_the_command_prints_a_table_its_errors_and_json(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(folder / "data"))
    path = labelled(folder, path="a.pdf", title="Another", year=2019)
    printed = CliRunner().invoke(app, ["evaluate", "metadata", str(path), "--errors"])
    assert printed.exit_code == 0, printed.output
    assert "1.000 (1 of 1)" in printed.stdout
    assert "Waste pickers and the city" in printed.stdout
    (given,) = [json.loads(CliRunner().invoke(app, ["evaluate", "metadata", str(path), "--json"]).stdout)]
    assert given["files"] == 1
    assert given["year"] == {"share": 1.0, "precision": 1.0, "right": 1, "labelled": 1, "given": 1}
    assert set(given["baselines"]) == {"properties", "largest"}
