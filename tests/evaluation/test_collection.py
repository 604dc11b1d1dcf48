"""Folders in BEIR's form, and what is said of those that are not quite in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import BadInput
from evaluation.collection import read_collection

TEXTS = '{"_id": "a", "title": "Vendors", "text": "They sell."}\n{"_id": "b", "pages": ["One.", ""], "lang": "es"}\n'
QUERIES = '{"_id": "1", "text": "vendors", "lang": "en", "kind": "one_word"}\n{"_id": "2", "text": "zebra"}\n'
GRADES = "query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t0\n2\ta\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(TEXTS, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(QUERIES, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(GRADES, encoding="utf-8")
    return tmp_path


def test_texts_queries_and_grades_are_read(folder):
    collection = read_collection(folder)
    assert [(text.id, text.title, text.pages, text.lang) for text in collection.texts()] == [
        ("a", "Vendors", ("They sell.",), ""),
        ("b", "", ("One.", ""), "es"),
    ]
    assert [(query.id, query.text, query.lang, query.kind) for query in collection.queries] == [
        ("1", "vendors", "en", "one_word"),
        ("2", "zebra", "", ""),
    ]
    assert collection.grades == {"1": {"a": 2, "b": 0}, "2": {"a": 0}}


def test_grades_without_a_header_keep_their_first_line(folder):
    (folder / "qrels.tsv").write_text("1\ta\t2\n", encoding="utf-8")
    assert read_collection(folder).grades == {"1": {"a": 2}}


def test_grades_in_four_columns_are_those_of_trec(folder):
    (folder / "qrels.tsv").write_text("1 0 a 2\n".replace(" ", "\t"), encoding="utf-8")
    assert read_collection(folder).grades == {"1": {"a": 2}}


def test_windows_line_ends_and_a_byte_order_mark_are_passed_over(folder):
    for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    collection = read_collection(folder)
    assert collection.grades["1"] == {"a": 2, "b": 0}
    assert [text.id for text in collection.texts()] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("qrels.tsv", "1\ta\tvery\n", "line 5"),
        ("qrels.tsv", "1\ta\n", "line 5"),
        ("queries.jsonl", "not json\n", "line 3 cannot be used: it is not JSON"),
        ("queries.jsonl", "[1]\n", "line 3 cannot be used: it is not a JSON object"),
        ("queries.jsonl", '{"text": "x"}\n', "line 3 cannot be used: `_id` is missing"),
        ("corpus.jsonl", '{"_id": "c", "title": "x"}\n', "line 3 cannot be used: it needs `text`"),
        ("corpus.jsonl", '{"_id": "c", "pages": "x"}\n', "line 3 cannot be used: it needs `text`"),
    ],
)
def test_a_bad_line_is_named(folder, name, line, reason):
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(BadInput, match=f"{name}.*{reason}"):
        list(read_collection(folder).texts())


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(BadInput, match=name):
        read_collection(folder)
