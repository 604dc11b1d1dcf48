"""Metadata beside a person's own documents: read exactly, or refused with file and line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import BadInput
from pushcart.remark_messages import remark_in_words
from pushcart.sidecar import read_single, read_table


def values(row, field):
    return [each.value for each in row.get(field, ())]


def test_a_csv_table_speaks_for_files_by_name(tmp_path):
    path = tmp_path / "metadata.csv"
    path.write_text('file,title,authors,year\na.pdf,Waste pickers,"Pérez, A.; Silva, B.",2019\n', encoding="utf-8")
    row = read_table(path).rows["a.pdf"].evidence
    assert values(row, "title") == ["Waste pickers"]
    assert values(row, "author") == ["Pérez, A.", "Silva, B."]
    assert values(row, "date") == ["2019"]
    assert {str(each.origin) for offered in row.values() for each in offered} == {"sidecar"}


def test_a_csv_table_may_use_semicolons_and_a_byte_order_mark_as_spreadsheets_do(tmp_path):
    path = tmp_path / "metadata.csv"
    path.write_text("File;Title\na.pdf;Vendedoras, ambulantes\n", encoding="utf-8-sig")
    assert values(read_table(path).rows["a.pdf"].evidence, "title") == ["Vendedoras, ambulantes"]


def test_a_json_table_is_a_list_or_an_object_by_file(tmp_path):
    path = tmp_path / "metadata.json"
    for content in ([{"file": "a.pdf", "authors": ["A", "B"]}], {"a.pdf": {"authors": ["A", "B"]}}):
        path.write_text(json.dumps(content))
        assert values(read_table(path).rows["a.pdf"].evidence, "author") == ["A", "B"]


def test_one_json_file_speaks_for_one_document(tmp_path):
    beside = tmp_path / "report.pdf.json"
    beside.write_text('{"title": "One", "keywords": "a; b", "doi": null}')
    row, remarks = read_single(beside)
    assert values(row, "keyword") == ["a", "b"]
    assert "doi" not in row
    assert remarks == ()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("metadata.csv", "title,date\nx,2019\n", "no column `file`"),
        ("metadata.csv", "", "no column `file`"),
        ("metadata.json", "{oops", r"line 1: this is not JSON"),
        ("metadata.json", "", r"line 1: this is not JSON"),
        ("metadata.json", '["a.pdf"]', "not a list of JSON objects"),
        ("metadata.json", "[" * 200_000, "nested too deeply"),
        ("metadata.json", '{"a":' * 200_000, "nested too deeply"),
    ],
)
def test_a_table_that_cannot_be_read_is_named_with_the_place(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(BadInput, match=message) as caught:
        read_table(path)
    assert str(path) in caught.value.message
    assert caught.value.try_next


A_LONE_SURROGATE = "\\ud800"
ROWS = [
    ("metadata.csv", "file,titel,date\na.pdf,x,2019\n", "unknown_field", "line 2: unknown field 'titel'"),
    ("metadata.csv", "file,date\n,2018\na.pdf,2019\n", "bad_row", "line 2 does not say which file"),
    ("metadata.csv", "file,date\na.pdf,2019,x,y\n", "bad_row", "line 2 has 4 values but the first line has 2 columns"),
    ("metadata.csv", f"file,date\nb.pdf,{'x' * 200_000}\na.pdf,2019\n", "bad_row", "line 2 cannot be read"),
    ("metadata.csv", f"file,title,date\na.pdf,{'x' * 3_000},2019\n", "bad_value", "`title` has 3,000 characters"),
    (
        "metadata.csv",
        "file,date,url\na.pdf,2019,http://[::1\n",
        "bad_value",
        "'http://[::1', which is not a web address",
    ),
    ("metadata.csv", "file,date,url\na.pdf,2019,http://a.org:80b/\n", "bad_value", "which is not a web address"),
    ("metadata.csv", "file,date,url\na.pdf,2019,javascript:x\n", "bad_value", "which is not a web address"),
    ("metadata.csv", "file,date,year\na.pdf,2019,soon\n", "bad_value", "'soon', which is not a date"),
    ("metadata.csv", "file,title,date\na.pdf,a\x00b\x1b[31m,2019\n", "cleaned", "contained invalid characters"),
    ("metadata.csv", "file,date\na.pdf,2018\na.pdf,2019\n", "repeated", "line 3 describes a.pdf, and so does line 2"),
    ("metadata.csv", 'file,title,date\na.pdf,,2019\nb.pdf,"x\nc.pdf,y,2019\n', "bad_row", "never closed"),
    ("metadata.json", '[{"title": "x"}, {"file": "a.pdf", "date": 2019}]', "bad_row", "entry 1 does not say which"),
    ("metadata.json", '["x", {"file": "a.pdf", "date": 2019}]', "bad_row", "entry 1 is not a JSON object"),
    ("metadata.json", '{"b.pdf": 1, "a.pdf": {"date": 2019}}', "bad_row", "entry 1 is not a JSON object"),
    ("metadata.json", '{"a.pdf": {}, "a.pdf": {"date": 2019}}', "repeated", "'a.pdf' appears twice"),
    ("metadata.json", '[{"file": "a.pdf", "date": [2019, 1e400]}]', "bad_value", "'1e400', which is not a date"),
    ("metadata.json", f'[{{"file": "a.pdf", "date": 2019, "title": 1{"0" * 5000}}}]', "bad_value", "5,001 characters"),
    (
        "metadata.json",
        '[{"file": "a.pdf", "date": 2019, "title": {"en": "x"}}]',
        "bad_value",
        "neither a text nor a list",
    ),
    ("metadata.json", '[{"file": "a.pdf", "date": 2019, "title": [["x"]]}]', "bad_value", "neither a text nor a list"),
    ("metadata.json", '[{"file": "a.pdf", "date": 2019, "title": true}]', "bad_value", "neither a text nor a list"),
    (
        "metadata.json",
        f'[{{"file": "a.pdf", "date": 2019, "title": "{A_LONE_SURROGATE} x"}}]',
        "cleaned",
        "invalid characters",
    ),
]


@pytest.mark.parametrize(("name", "content", "kind", "message"), ROWS)
def test_what_is_wrong_with_one_row_is_a_remark_and_the_rest_counts(tmp_path, name, content, kind, message):
    path = tmp_path / name
    path.write_text(content)
    table = read_table(path)
    assert values(table.rows["a.pdf"].evidence, "date") == ["2019"]
    assert [(remark.kind.value, remark.path) for remark in table.remarks] == [(kind, str(path))]
    assert message in remark_in_words(table.remarks[0]).message


def test_a_value_with_characters_that_no_text_has_is_kept_without_them(tmp_path):
    path = tmp_path / "metadata.json"
    path.write_text('[{"file": "a.pdf", "title": "Street \\ud800vendors\\u0007", "publisher": "Jose\\u0301"}]')
    row = read_table(path).rows["a.pdf"].evidence
    assert values(row, "title") == ["Street vendors"]
    assert values(row, "publisher") == ["José"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path, encoding, separator, line_end):
    path = tmp_path / "metadata.csv"
    rows = (("file", "title"), ("a.pdf", '"Pérez\nes"'), ("b.pdf", "São"))
    path.write_bytes(line_end.join(separator.join(row) for row in rows).encode(encoding))
    table = read_table(path)
    assert values(table.rows["a.pdf"].evidence, "title") == ["Pérez\nes"]
    assert values(table.rows["b.pdf"].evidence, "title") == ["São"]
    assert table.remarks == ()


def test_a_table_that_is_not_utf8_says_so(tmp_path):
    path = tmp_path / "metadata.csv"
    path.write_bytes("file,title\na.pdf,Pérez\n".encode("latin-1"))
    with pytest.raises(BadInput, match="not in UTF-8"):
        read_table(path)


@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: f"file,title\n{text}".encode("utf-8", "surrogatepass")),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        ).map(lambda value: json.dumps(value).encode()),
    ),
    name=st.sampled_from(("metadata.csv", "metadata.json")),
)
def test_whatever_a_table_holds_it_is_read_or_refused_in_words(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("table") / name
    path.write_bytes(content)
    try:
        table = read_table(path)
    except BadInput:
        return
    for row in table.rows.values():
        for offered in row.evidence.values():
            for each in offered:
                each.value.encode()
    for remark in table.remarks:
        remark_in_words(remark).message.encode()
