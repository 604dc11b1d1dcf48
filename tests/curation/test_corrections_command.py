"""`pushcart corrections`, as a person types it, and what it exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Facet
from pushcart.cli import run
from tests.builders import make_document, make_source, make_tag
from tests.web.library import index, keep

WHY = ("--reason", "I [b]read[/b] it.")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return the records of the data folder that the commands use, with two documents."""
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "data"))
    tags = (
        make_tag("group", "street_vendors"),
        make_tag("group", "waste_pickers", about=False, weight=0.1),
        make_tag("country", "PER", primary=True),
        make_tag("topic", "taxation"),
    )
    with open_store(Settings(data_dir=tmp_path / "data")) as store:
        store.sources.save(make_source())
        for document in (make_document("d1", tags=tags, pages=("One é.", "Two.")), make_document("d2", tags=tags)):
            keep(store, document, sha256=document.sha256)
        index(Settings(data_dir=tmp_path / "data"))
        yield store


def tags_of(store: Store) -> set[str]:
    return {f"{tag.facet}:{tag.concept}" for tag in store.documents.get("d1").tags}


def test_a_tag_is_rejected_listed_and_undone(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["corrections", "reject", "d1", "group:street_vendors", *WHY, "--person", "Ana"]) == 0
    assert "group:street_vendors" not in tags_of(store)
    assert run(["corrections", "list"]) == 0
    printed = capsys.readouterr().out
    assert "rejected a tag: group:street_vendors (Ana" in printed
    assert "I [b]read[/b] it." in printed
    assert run(["corrections", "undo", "1", *WHY]) == 0
    assert "Correction 1 is undone (no. 2 in the audit log)." in capsys.readouterr().out
    assert "group:street_vendors" in tags_of(store)
    assert run(["corrections", "list"]) == 0
    assert "There are no corrections yet." in capsys.readouterr().out
    assert run(["audit", "--document", "d1"]) == 0
    assert "rejected a tag" in capsys.readouterr().out


def test_every_kind_is_made_by_command_and_the_last_is_undone(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["accept", "d1", "waste_pickers", "--about"],
        ["accept", "d1", "group:waste_pickers", "--about"],
        ["add", "d1", "domestic workers", "--mention"],
        ["title", "d1", "Vendors of Puno"],
        ["authors", "d1", "Quispe, Rosa", "Awa Ndiaye"],
        ["date", "d1", "2019-05"],
        ["country", "d1", "Bolivia", "PER"],
    ):
        expected = int(words[2] == "waste_pickers")  # an id without its facet names nothing
        assert run(["corrections", *words, *WHY, "--json"]) == expected
    document = store.documents.get("d1")
    assert (document.title, document.published) == ("Vendors of Puno", "2019-05")
    assert document.authors == ("Quispe, Rosa", "Awa Ndiaye")
    assert [tag.concept for tag in document.tags_of(Facet.COUNTRY)] == ["BOL", "PER"]
    assert {tag.concept for tag in document.tags_of(Facet.GROUP) if tag.about} == {"street_vendors", "waste_pickers"}
    assert run(["corrections", "undo", "--last-of", "d1", *WHY]) == 0
    assert run(["corrections", "date", "d1", *WHY]) == 0
    assert run(["corrections", "authors", "d1", *WHY]) == 0
    document = store.documents.get("d1")
    assert (document.published, document.authors) == ("", ())
    assert [tag.concept for tag in document.tags_of(Facet.COUNTRY)] == ["PER"]
    capsys.readouterr()
    assert run(["corrections", "list", "--json", "--limit", "2"]) == 0
    assert [each["kind"] for each in json.loads(capsys.readouterr().out)] == ["authors", "date"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["reject", "d1", "group:street_vendors"], 2),
        (["undo", "1"], 2),
        (["reject", "d9", "group:street_vendors", *WHY], 1),
        (["reject", "d1", "topic:none", *WHY], 1),
        (["undo", *WHY], 1),
        (["undo", "1", "--last-of", "d1", *WHY], 1),
        (["undo", "1", *WHY], 1),
        (["date", "d1", "soon", *WHY], 1),
    ],
)
def test_what_cannot_be_used_is_said(
    store: Store, words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corrections", *words]) == code
    assert capsys.readouterr().err
    assert store.corrections.newest(limit=9) == ()


def test_corrected_documents_are_exported_as_gold(
    store: Store, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    run(["corrections", "reject", "d1", "group:street_vendors", *WHY])
    run(["corrections", "add", "d1", "group:domestic_workers", *WHY])
    run(["corrections", "country", "d1", "BOL", *WHY])
    run(["corrections", "title", "d2", "Another title", *WHY])
    capfdbinary.readouterr()
    assert run(["corrections", "export"]) == 0
    first, second = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert (first["id"], first["lang"], first["pages"]) == ("d1", "en", ["One é.", "Two."])
    assert first["groups"] == {"about": ["domestic_workers"], "mentions": ["waste_pickers"]}
    assert first["countries"] == {"about": ["BOL"], "mentions": ["PER"]}
    assert "topics" not in first
    assert [{name: value for name, value in each.items() if name != "at"} for each in first["judged"]] == [
        {"kind": "reject", "tag": "group:street_vendors"},
        {"kind": "add", "tag": "group:domestic_workers", "about": True},
        {"kind": "country", "values": ["BOL"]},
    ]
    assert (second["id"], second["title"], "groups" in second) == ("d2", "Another title", False)

    output = tmp_path / "gold.jsonl"
    assert run(["corrections", "export", "--output", str(output)]) == 0
    assert list(map(json.loads, output.read_text().splitlines())) == [first, second]


def test_a_corrected_document_that_is_gone_is_not_exported(
    store: Store, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(["corrections", "title", "d2", "Another title", *WHY])
    store.documents.remove("d2")
    capfdbinary.readouterr()
    assert run(["corrections", "export"]) == 0
    assert capfdbinary.readouterr().out == b""


def test_what_is_exported_measures_the_tagger(
    store: Store, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    run(["corrections", "reject", "d1", "group:street_vendors", *WHY])
    run(["corrections", "add", "d1", "sector:isic:G", *WHY])
    run(["corrections", "country", "d1", "BOL", *WHY])
    run(["corrections", "title", "d2", "Another title", *WHY])
    unread = make_document("d3", pages=(), tags=(make_tag("topic", "taxation"),))
    keep(store, unread, sha256=unread.sha256)
    assert run(["corrections", "accept", "d3", "topic:taxation", *WHY]) == 0
    gold = tmp_path / "gold.jsonl"
    assert run(["corrections", "export", "--output", str(gold)]) == 0
    capfdbinary.readouterr()
    assert run(["evaluate", "tags", str(gold), "--json"]) == 0
    report = json.loads(capfdbinary.readouterr().out)
    assert report["texts"] == 3
    labelled = {name: report[name]["labelled"] for name in ("countries", "groups", "sectors", "topics")}
    assert labelled == {"countries": 2, "groups": 1, "sectors": 1, "topics": 1}
