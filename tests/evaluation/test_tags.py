"""A few labelled texts through `pushcart evaluate tags`, as a person or a program runs it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from corpus.errors import BadInput
from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from evaluation.labelled_texts import read_labelled_texts
from evaluation.tags import TagScore, TagsReport, evaluate
from pushcart.cli import app

STREET = {
    "id": "street",
    "title": "Street vendors in Nairobi",
    "lang": "en",
    "text": "Street vendors in Kenya pay a fee each day. Waste pickers do not.",
}
WEATHER = {
    "id": "weather",
    "title": "",
    "lang": "en",
    "text": "It rained for three days and the roof of the house gave way.",
}


def written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def report_on(path: Path) -> TagsReport:
    vocabulary = load_vocabulary()
    return evaluate(read_labelled_texts(path, vocabulary=vocabulary), vocabulary=vocabulary)


def test_tags_are_scored_by_facet_about_and_mentions_apart(tmp_path: Path) -> None:
    groups = {"about": ["street_vendors"], "mentions": ["waste_pickers", "fishers"]}
    report = report_on(written(tmp_path / "labels.jsonl", STREET | {"groups": groups, "countries": ["KE"]}))
    scored = report.facets[Facet.GROUP]
    assert (scored.any.right, scored.any.given, scored.any.labelled) == (2, 2, 3)
    assert scored.about.recall == 1.0
    assert report.facets[Facet.COUNTRY].primary_right == 1
    assert Facet.SECTOR not in report.facets
    (missed,) = report.errors
    assert (missed.concept, missed.is_missed, missed.sentence) == ("fishers", True, STREET["title"])


def test_a_wrong_tag_is_shown_with_the_sentence_that_brought_it(tmp_path: Path) -> None:
    report = report_on(written(tmp_path / "labels.jsonl", STREET | {"groups": ["street_vendors"]}))
    (wrong,) = report.errors
    assert (wrong.concept, wrong.is_missed, wrong.sentence) == ("waste_pickers", False, "Waste pickers do not.")


def test_a_text_that_has_nothing_is_counted_as_one_that_should_have_no_tag(tmp_path: Path) -> None:
    rows = [STREET | {"groups": []}, WEATHER | {"groups": []}]
    scored = report_on(written(tmp_path / "labels.jsonl", *rows)).facets[Facet.GROUP]
    assert (scored.empty, scored.empty_tagged) == (2, 1)
    assert scored.about_texts == 0


def test_sections_of_isic_count_only_where_a_label_names_one(tmp_path: Path) -> None:
    without = report_on(written(tmp_path / "labels.jsonl", STREET | {"sectors": ["retail_street_trade"]}))
    with_section = report_on(
        written(tmp_path / "labels.jsonl", STREET | {"sectors": ["retail_street_trade", "isic:G"]})
    )
    assert not any(error.concept.startswith("isic:") for error in without.errors)
    assert with_section.facets[Facet.SECTOR].by_concept["isic:G"].recall == 1.0


def test_the_plain_way_looks_for_names_as_they_are_spelled(tmp_path: Path) -> None:
    text = {"id": "names", "text": "Waste pickers meet. Somebody sells fruit on the pavement.", "lang": "en"}
    scored = report_on(written(tmp_path / "labels.jsonl", text | {"groups": ["waste_pickers", "street_vendors"]}))
    assert scored.facets[Facet.GROUP].plain.right == 1
    assert scored.facets[Facet.GROUP].any.right == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"id": "a", "text": "x", "groups": ["street_sellers"]}, "no group called 'street_sellers'"),
        ({"id": "a", "text": "x", "countries": ["XKX?"]}, "no country called"),
        ({"id": "a", "text": "x", "groups": "street_vendors"}, "line 1, `groups` cannot be used"),
        ({"id": "a", "text": "x", "groups": {"mainly": []}}, "line 1, `groups` cannot be used"),
        ({"id": "a", "groups": []}, "it needs `text`, or `pages`"),
        ({"text": "x", "groups": []}, "`id` is missing"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, row: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told.replace("?", r"\?")):
        report_on(written(tmp_path / "labels.jsonl", row))


def test_nothing_to_find_and_nothing_given_is_no_failure() -> None:
    assert (TagScore().precision, TagScore().recall, TagScore().f1) == (1.0, 1.0, 1.0)


def test_the_command_prints_the_worst_concepts_errors_and_json(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps(STREET | {"groups": ["street_vendors", "fishers"], "countries": ["KEN"]}) + "\n")
    shown = CliRunner().invoke(app, ["evaluate", "tags", str(path), "--errors"])
    assert shown.exit_code == 0, shown.output
    assert "fishers" in shown.output
    assert "wrong group waste_pickers" in shown.output
    answer = CliRunner().invoke(app, ["evaluate", "tags", str(path), "--errors", "--json"])
    found = json.loads(answer.stdout)
    assert found["countries"]["primary_accuracy"] == 1.0
    assert found["groups"]["by_language"]["en"]["precision"] == 0.5
    assert {error["kind"] for error in found["errors"]} == {"missed", "wrong"}


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput) as told:
        list(read_labelled_texts(tmp_path / "gone.jsonl", vocabulary=load_vocabulary()))
    assert told.value.message == f"There is no file {tmp_path / 'gone.jsonl'}."
    assert told.value.try_next == "Check how its name is written."
