"""Metadata beside a person's own documents: read exactly, or refused with file and line."""

from __future__ import annotations

import json

import pytest

from corpus.errors import BadInput
from pushcart.sidecar import read_single, read_table, single_for


def values(row, field):
    return [each.value for each in row.get(field, ())]


def test_a_csv_table_speaks_for_files_by_name(tmp_path):
    path = tmp_path / "metadata.csv"
    path.write_text('file,title,authors,year\na.pdf,Waste pickers,"Pérez, A.; Silva, B.",2019\n', encoding="utf-8")
    row = read_table(path)["a.pdf"]
    assert values(row, "title") == ["Waste pickers"]
    assert values(row, "author") == ["Pérez, A.", "Silva, B."]
    assert values(row, "date") == ["2019"]
    assert {each.origin for offered in row.values() for each in offered} == {"sidecar"}


def test_a_csv_table_may_use_semicolons_and_a_byte_order_mark_as_spreadsheets_do(tmp_path):
    path = tmp_path / "metadata.csv"
    path.write_text("File;Title\na.pdf;Vendedoras, ambulantes\n", encoding="utf-8-sig")
    assert values(read_table(path)["a.pdf"], "title") == ["Vendedoras, ambulantes"]


def test_a_json_table_is_a_list_or_an_object_by_file(tmp_path):
    path = tmp_path / "metadata.json"
    for content in ([{"file": "a.pdf", "authors": ["A", "B"]}], {"a.pdf": {"authors": ["A", "B"]}}):
        path.write_text(json.dumps(content))
        assert values(read_table(path)["a.pdf"], "author") == ["A", "B"]


def test_one_json_file_speaks_for_one_document(tmp_path):
    document = tmp_path / "report.pdf"
    document.touch()
    assert single_for(document) is None
    beside = tmp_path / "report.pdf.json"
    beside.write_text('{"title": "One", "keywords": "a; b", "doi": null}')
    assert single_for(document) == beside
    row = read_single(beside)
    assert values(row, "keyword") == ["a", "b"]
    assert "doi" not in row


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("metadata.csv", "title,date\nx,2019\n", "no column `file`"),
        ("metadata.csv", "file,titel\na.pdf,x\n", r"line 2: nobody knows a field 'titel'"),
        ("metadata.csv", "file,title\n,x\n", "line 2 does not say which file"),
        ("metadata.json", "{oops", r"line 1: this is not JSON"),
        ("metadata.json", '["a.pdf"]', "not a list of JSON objects"),
        ("metadata.json", '[{"title": "x"}]', "entry 1 does not say which file"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(BadInput, match=message) as caught:
        read_table(path)
    assert str(path) in caught.value.message
    assert caught.value.try_next


def test_a_table_that_is_not_utf8_says_so(tmp_path):
    path = tmp_path / "metadata.csv"
    path.write_bytes("file,title\na.pdf,Pérez\n".encode("latin-1"))
    with pytest.raises(BadInput, match="not in UTF-8"):
        read_table(path)
