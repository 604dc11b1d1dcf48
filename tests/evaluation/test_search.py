"""A small judged collection through `pushcart evaluate search`, as a person or a program runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.settings import Settings
from corpus.vocabulary import load_vocabulary
from evaluation.collection import JudgedText, read_collection
from evaluation.documents import document_of, tagged_documents
from evaluation.search import Ranking, figures_of, indexed, report_of, search_all, search_plainly
from evaluation.switches import SearchPart
from nlp.pipeline.tagger import open_tagger
from pushcart import cli
from search_api.query import boosts

TEXTS = (
    (
        "lima",
        "Street vendors in Lima",
        ("Street vendors sell fruit in the streets of Lima in Peru, and they are many.",),
    ),
    ("nepal", "", ("", "Domestic workers of Nepal have no contract and work long hours every single day.")),
    ("cusco", "Ferias", ("Los vendedores ambulantes del Cusco no tienen permiso y trabajan sin ninguna protección.",)),
)
QUERIES = (
    ("1", "vendedores ambulantes", "es", "synonym"),
    ("2", "domestic worker", "en", "one_word"),
    ("3", "zebra", "en", "nothing_answers"),
    ("4", "vendors of Nepal", "en", "synonym"),
)
GRADES = (("1", "cusco", 2), ("1", "lima", 1), ("2", "nepal", 1), ("3", "lima", 0), ("4", "nepal", 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judged")
    texts = [{"_id": name, "title": title, "pages": pages} for name, title, pages in TEXTS]
    queries = [{"_id": name, "text": text, "lang": lang, "kind": kind} for name, text, lang, kind in QUERIES]
    for name, rows in (("corpus.jsonl", texts), ("queries.jsonl", queries)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    lines = ["query-id\tcorpus-id\tscore", *(f"{query}\t{text}\t{grade}" for query, text, grade in GRADES)]
    (folder / "qrels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def collection(folder):
    return read_collection(folder)


@pytest.fixture(scope="module")
def held(collection, tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("scratch"))
    documents = tagged_documents(collection.texts(), processes=1)
    with indexed(documents, settings=settings, vocabulary=load_vocabulary()) as held:
        yield held


def test_a_concept_finds_its_other_names_and_plain_words_do_not(held, collection):
    assert set(search_all(held, collection.queries)["1"].hits) == {"cusco", "lima"}
    assert search_all(held, collection.queries, without=(SearchPart.CONCEPTS, SearchPart.TRANSLATIONS))["1"].hits == (
        "cusco",
    )
    assert search_plainly(held, collection.queries)["1"].hits == ("cusco",)


def test_other_forms_of_a_word_can_be_switched_off(held, collection):
    without = (SearchPart.CONCEPTS, SearchPart.NEAR)
    assert search_all(held, collection.queries, without=without)["2"].hits == ("nepal",)
    assert search_all(held, collection.queries, without=(*without, SearchPart.FORMS))["2"].hits == ()


def test_near_documents_are_ranked_and_are_no_answers(held, collection):
    ranking = search_all(held, collection.queries)["4"]
    assert ranking.answers == 0
    assert set(ranking.hits) >= {"nepal", "lima"}
    assert search_all(held, collection.queries, without=(SearchPart.NEAR,))["4"].hits == ()


def test_weights_are_as_shipped_again_after_a_measurement(held, collection):
    shipped = (boosts.STEM, boosts.TITLE, boosts.CONCEPT)
    search_all(held, collection.queries, without=(SearchPart.STEMS, SearchPart.TITLE), CONCEPT=9.0)
    assert shipped == (boosts.STEM, boosts.TITLE, boosts.CONCEPT)


def test_queries_that_nothing_answers_are_in_no_mean(collection):
    rankings = {query.id: Ranking(("lima",), answers=1) for query in collection.queries}
    figures = figures_of(rankings, collection)
    assert (figures.queries, figures.unanswerable, figures.abstained) == (3, 1, 0)
    assert figures_of({**rankings, "3": Ranking((), answers=0)}, collection).abstained == 1
    assert figures_of({**rankings, "3": Ranking(("lima",), answers=0)}, collection).abstained == 1


def test_the_parts_of_a_report_are_its_languages_and_kinds(collection):
    nothing = {query.id: Ranking((), answers=0) for query in collection.queries}
    report = report_of(nothing, nothing, collection=collection)
    assert {name: each.ours.queries for name, each in report.by_language.items()} == {"en": 2, "es": 1}
    assert {name: each.ours.queries for name, each in report.by_kind.items()} == {
        "nothing_answers": 0,
        "one_word": 1,
        "synonym": 2,
    }
    assert report.by_kind["nothing_answers"].as_json()["ndcg@10"] is None


def test_the_language_of_a_text_is_detected_and_only_a_short_text_is_what_it_is_declared_to_be():
    tagger = open_tagger()
    text = "Los vendedores ambulantes del Cusco no tienen permiso y trabajan sin ninguna protección."
    assert document_of(JudgedText("a", "", (text,), lang="en"), tagger=tagger).lang == "es"
    assert document_of(JudgedText("a", "", ("Feria.",), lang="fra"), tagger=tagger).lang == "fr"


def test_a_text_without_a_title_is_called_by_its_id(held):
    document = document_of(JudgedText("a7", "", ("Text.",)), tagger=open_tagger())
    assert document.title == "a7"


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUSHCART_WORKERS", "1")


def test_the_command_gives_one_json_object_with_the_keys_that_other_programs_rely_on(folder, one_process, capsys):
    assert cli.run(["evaluate", "search", str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report) == [
        "queries",
        "ndcg@10",
        "map",
        "recall@100",
        "success@1",
        "unjudged@10",
        "abstained",
        "by_language",
        "by_kind",
        "baseline",
        "difference",
    ]
    assert report["queries"] == 3
    assert report["recall@100"] == 1.0
    assert report["abstained"] == {"n": 1, "of": 1}
    assert report["difference"]["recall@100"]["mean"] > 0
    assert list(report["by_language"]) == ["en", "es"]


def test_the_command_prints_a_table_for_chosen_queries(folder, one_process, tmp_path, capsys):
    split = tmp_path / "split.json"
    split.write_text(json.dumps({"work": ["1", "3"], "other": ["2"]}))
    arguments = ["evaluate", "search", str(folder), "--engine", "tantivy", "--split", str(split), "work"]
    assert cli.run([*arguments, "--limit-queries", "1", "--without", "stems"]) == 0
    rows = [line.split()[:3] for line in capsys.readouterr().out.splitlines()[1:]]
    assert [row[0] for row in rows] == ["all", "language", "kind"]
    assert rows[0][1] == "1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--engine", "lucene"], "There is no engine called lucene."),
        (["--without", "magic"], "No part of the search is called magic."),
        (["--split", "missing.json", "work"], "missing.json cannot be read"),
    ],
)
def test_what_cannot_be_measured_is_said_before_anything_is_tagged(folder, options, message, capsys):
    assert cli.run(["evaluate", "search", str(folder), *options]) == 1
    assert message in capsys.readouterr().err
