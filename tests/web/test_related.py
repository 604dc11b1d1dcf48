"""What a document is to others, on its page, in the API and on the command line."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import make_document, make_source
from starlette.testclient import TestClient

from corpus.messages.relations import confidence_in_words, evidence_in_words
from corpus.settings import Settings, read_settings
from corpus.store import Store, open_store
from corpus.types import Document, Outcome, Reading
from corpus.works import Relation, RelationEvidence, RelationEvidenceKind, RelationKind
from nlp.works import relate
from pushcart.cli import run
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from web.app import make_app


def _text(seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(f"word{chance.choice('abcdefghijklmnop')}{chance.choice('abcdefghijklmnop')}" for _ in range(700))


def _documents() -> tuple[Document, ...]:
    one = make_document("done", title="Street vendors of Lima", published="2018", pages=(_text(1),), source="sample")
    two = make_document(
        "dtwo", title="Street vendors of Lima", pages=(_text(2)[:300] + " " + _text(1),), source="mirror"
    )
    return one, two, make_document("dthree", title="Domestic workers", pages=(_text(3),))


def _fill(store: Store) -> None:
    for slug in ("sample", "mirror"):
        store.sources.save(make_source(slug, name=f"The {slug}"))
    for each in _documents():
        store.readings.save(Reading(each.sha256, Outcome.READ, pages=each.pages), reader_version="1")
        store.documents.save(each)
        relate(store, [each])


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    settings = dataclasses.replace(settings, public_url="https://pushcart.example")
    with open_store(settings) as store:
        _fill(store)
        engine = open_engine(settings)
        bring_up_to_date(engine, store)
        engine.close()
    with TestClient(make_app(settings)) as opened:
        yield opened


def test_a_document_names_its_copy_with_kind_evidence_and_confidence(client: TestClient) -> None:
    body = client.get("/api/v1/documents/done").json()
    (related,) = body["related"]
    assert (related["id"], related["kind"], related["words"], related["source"]) == ("dtwo", "copy", "copy", "mirror")
    assert related["confidence"] > 0.9
    assert related["confidence_words"] == "practically certain"
    assert {"kind": "same_title", "detail": {}, "words": "the same title"} in related["evidence"]
    assert body["fold"] == body["copies_group"].replace("c", "f", 1) == "fdone"
    assert client.get("/api/v1/documents/dthree").json()["related"] == []


@pytest.mark.parametrize(
    ("lang", "head", "kind"),
    [
        ("en", "Copies, translations, editions", "copy"),
        ("es", "Copias, traducciones, ediciones", "copia"),
        ("fr", "Copies, traductions, éditions", "copie"),
        ("pt", "Cópias, traduções, edições", "cópia"),
    ],
)
def test_the_page_of_a_document_lists_its_copies_with_their_source_and_link(client, lang, head, kind) -> None:
    page = client.get(f"/documents/done?locale={lang}").text
    assert head in page
    assert f"<b>{kind}</b>" in page
    assert 'href="/documents/dtwo"' in page
    assert 'href="/sources/mirror"' in page
    assert 'href="https://example.org/dtwo.pdf"' in page
    assert head not in client.get(f"/documents/dthree?locale={lang}").text


@pytest.mark.parametrize("lang", ["en", "es", "fr", "pt"])
@pytest.mark.parametrize("kind", list(RelationEvidenceKind))
def test_all_evidence_has_words(kind: RelationEvidenceKind, lang: str) -> None:
    detail = {name: {"share": 0.5, "count": 12, "pages": 3}.get(name, "es") for name in kind.details}
    assert evidence_in_words(RelationEvidence(kind, detail), lang=lang)


def test_a_confidence_is_said_in_words() -> None:
    words = [confidence_in_words(Relation("a", "b", RelationKind.COPY, (), each)) for each in (1.0, 0.85, 0.7, 0.3)]
    assert words == ["practically certain", "very likely", "likely", "possible"]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "data"))
    with open_store(read_settings()) as store:
        _fill(store)


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str):
    assert run(["works", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("library")
def test_a_person_splits_and_joins_on_the_command_line_and_undoes_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert [each["kind"] for each in _printed(capsys, "list")] == ["copy"]
    split = _printed(capsys, "split", "done", "dtwo", "--reason", "two towns", "--person", "Ana")
    shown = _printed(capsys, "show", "done")
    assert (shown["relations"], shown["fold"]) == ([], "")
    assert [each["reason"] for each in shown["decisions"]] == ["two towns"]
    _printed(capsys, "join", "done", "dthree", "--as", "translation", "--reason", "two languages")
    assert [each["kind"] for each in _printed(capsys, "show", "done")["relations"]] == ["translation"]
    assert _printed(capsys, "rebuild")["related"] == 3
    assert _printed(capsys, "show", "done")["fold"] == "fdone"
    _printed(capsys, "undo", str(split["id"]), "--reason", "one town")
    assert {each["kind"] for each in _printed(capsys, "show", "done")["relations"]} == {"copy", "translation"}
    assert len(_printed(capsys, "decisions")) == 1


@pytest.mark.usefixtures("library")
def test_the_command_says_in_words_what_a_document_is_to_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["works", "show", "done"]) == 0
    printed = capsys.readouterr().out
    assert "copy, practically certain" in printed
    assert "- the same title" in printed
    assert run(["works", "split", "done", "dnowhere", "--reason", "x"]) == 1
    assert "There is no document dnowhere" in capsys.readouterr().err
