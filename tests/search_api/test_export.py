"""Exports on both engines, and what each format says."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from dataclasses import replace
from datetime import date
from pathlib import Path

import bibtexparser
import pytest
import rispy
from elasticsearch import Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.types import Facet
from search_api.answers.citations.reference import reference_of
from search_api.answers.export.formats import ExportFormat, content_disposition, file_name
from search_api.answers.export.records import Batch, ExportRecord, Gone, RecordTag
from search_api.answers.export.tables import COLUMNS, defused
from search_api.answers.export.writing import ExportCut, writer_of, written
from search_api.engines.base import SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.tantivy import TantivyEngine
from tests.builders import make_document
from tests.search_api.export_cases import READERS, TITLES, hostile_documents, lines_of, rows_of
from tests.search_api.export_contract import ExportContract
from tests.search_api.walk_contract import VOCABULARY

A_DAY = date(2026, 11, 30)


class TestTantivy(ExportContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> SearchEngine:
        return TantivyEngine(tmp_path / "index", vocabulary=VOCABULARY)


class TestElasticsearch(ExportContract):
    @pytest.fixture
    def engine(self, client: Elasticsearch, prefix: str) -> SearchEngine:
        return ElasticsearchEngine(client, vocabulary=VOCABULARY, where="the test server", prefix=prefix, shards=2)


def a_record(**others: object) -> ExportRecord:
    document = make_document(
        "d0123456789abcdef",
        title="Street vendors in Lima",
        authors=("Ministry of Labour, Employment", "Quispe, Rosa"),
        publisher="WIEGO",
        published="2019-05",
        type="report",
        work="w1",
    )
    made = ExportRecord(
        document=document,
        reference=reference_of(document, accessed=A_DAY),
        page=41,
        snippet="… the street vendors of Lima …",
        link="https://pushcart.example/documents/d0123456789abcdef?page=41#page=41",
        tags=(
            RecordTag(Facet.COUNTRY, "PER", "Peru", primary=True),
            RecordTag(Facet.SECTOR, "isic:E", "Water supply; sewerage, waste management", primary=False),
        ),
        score=12.5,
        accessed=A_DAY,
    )
    return replace(made, **others)  # type: ignore[arg-type]


def batches_of(*records: ExportRecord | Gone) -> Generator[Batch, None, None]:
    for each in records:
        yield (each,)


def text_of(kind: ExportFormat, *records: ExportRecord | Gone) -> str:
    return "".join(written(batches_of(*records), writer_of(kind)))


def test_ris_has_page_tags_link_work_and_day_of_access() -> None:
    (read,) = rispy.loads(text_of(ExportFormat.RIS, a_record()))
    assert read["keywords"] == ["Peru", "Water supply; sewerage, waste management"]
    assert read["notes"] == [
        "p. 41: … the street vendors of Lima …",
        "Permanent link: https://pushcart.example/documents/d0123456789abcdef?page=41#page=41",
        "Tags: country:PER, sector:isic:E",
        "Work: w1",
    ]
    assert read["access_date"] == "2026/11/30"
    assert read["urls"] == ["https://example.org/d0123456789abcdef.pdf"]


def test_bibtex_has_page_tags_link_work_and_day_of_access() -> None:
    (entry,) = bibtexparser.parse_string(text_of(ExportFormat.BIBTEX, a_record())).entries
    assert entry.key == "ministry2019street-d0123456789abcdef"
    assert entry["annote"] == "p. 41: … the street vendors of Lima …"
    assert entry["keywords"] == "Peru, Water supply; sewerage‚ waste management"
    assert entry["pushcart-link"].endswith("?page=41#page=41")
    assert (entry["pushcart-page"], entry["pushcart-work"], entry["urldate"]) == ("41", "w1", "2026-11-30")


def test_csl_json_has_page_tags_link_work_and_day_of_access() -> None:
    (item,) = json.loads(text_of(ExportFormat.CSL_JSON, a_record()))
    assert item["note"].startswith("p. 41: ")
    assert item["custom"]["page"] == 41
    assert item["custom"]["link"].endswith("#page=41")
    assert item["custom"]["tags"][0] == {"facet": "country", "code": "PER", "name": "Peru", "primary": True}
    assert item["accessed"] == {"date-parts": [[2026, 11, 30]]}


def test_csv_has_names_and_codes_of_tags_side_by_side() -> None:
    text = text_of(ExportFormat.CSV, a_record())
    assert text.startswith("id,key,title,authors,year,")
    assert text.endswith("\r\n")
    (row,) = rows_of(text)
    assert tuple(row) == COLUMNS
    assert (row["country"], row["country_code"]) == ("Peru", "PER")
    assert (row["sector"], row["sector_code"]) == ("Water supply; sewerage, waste management", "isic:E")
    assert row["authors"] == "Ministry of Labour, Employment | Quispe, Rosa"
    assert (row["page"], row["link"][-8:], row["accessed"]) == ("41", "#page=41", "2026-11-30")
    assert text_of(ExportFormat.CSV_BOM, a_record()) == "\ufeff" + text


def test_json_lines_have_everything_by_name() -> None:
    (line,) = lines_of(text_of(ExportFormat.JSON_LINES, a_record()))
    assert line["page"] == 41
    assert line["snippet"] == "… the street vendors of Lima …"
    assert line["tags"][1]["code"] == "isic:E"
    assert (line["work"], line["accessed"], line["year"]) == ("w1", "2026-11-30", 2019)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", " =1", "\u00a0 @x", "\n-1", "a;=1", "a; \"=1", "\uff1d1", "\u3000＋1", "'=1"],
)  # fmt: skip
def test_a_spreadsheet_sees_no_formula(text: str) -> None:
    assert re.search(r"(^|;)([\s\"]*[=+\-@＝＋－＠]|[\t\r])", defused(text)) is None
    assert defused(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["", "vendors", "a-b", "a = b", "1+1", "it's", "x@y.org", "; a", "…-x"])
def test_other_values_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


def test_no_cell_of_a_hostile_document_is_a_formula() -> None:
    records = [
        a_record(document=each, reference=reference_of(each), snippet=each.title) for each in hostile_documents()
    ]
    for row in rows_of(text_of(ExportFormat.CSV, *records)):
        assert not [
            value for value in row.values() if re.match(r"[\s\"']*[=+\-@\t\r]", value) and "'" not in value[:40]
        ]
        assert not [value for value in row.values() if re.match(r"[\s\"]*[=+\-@]", value)]
    assert len(records) == len(TITLES)


@pytest.mark.parametrize("kind", ExportFormat)
def test_an_empty_result_is_a_whole_file(kind: ExportFormat) -> None:
    assert READERS[kind](text_of(kind)) == []


@pytest.mark.parametrize("kind", ExportFormat)
def test_a_file_that_is_not_whole_says_so_at_its_end(kind: ExportFormat) -> None:
    got = "".join(_until_error(kind))
    last = got.strip().splitlines()[-2 if kind is ExportFormat.RIS else -1]
    assert "This export is not complete: it ended after 1 document." in last
    assert "The search index does not answer." in last
    assert "secret" not in got


def _until_error(kind: ExportFormat) -> list[str]:
    def breaking() -> Generator[Batch, None, None]:
        yield (a_record(),)
        raise EngineUnavailable("The node of secret.example is away.", for_readers="The search index does not answer.")

    got: list[str] = []
    with pytest.raises(EngineUnavailable):
        list(_keeping(got, written(breaking(), writer_of(kind))))
    return got


def _keeping(got: list[str], pieces: Generator[str, None, None]) -> Generator[str, None, None]:
    for piece in pieces:
        got.append(piece)
        yield from ()


def test_a_broken_file_of_csl_json_cannot_be_taken_for_a_whole_one() -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads("".join(_until_error(ExportFormat.CSL_JSON)))


def test_an_export_that_takes_too_long_ends_with_words() -> None:
    got: list[str] = []
    pieces = written(batches_of(a_record(), a_record()), writer_of(ExportFormat.JSON_LINES), seconds_max=0.0)
    with pytest.raises(ExportCut):
        list(_keeping(got, pieces))
    *records, last = lines_of("".join(got))
    assert len(records) == 1
    assert last["incomplete"] is True
    assert "may take at most 0 seconds" in last["detail"]


def test_what_is_gone_is_said_where_a_format_has_a_place_for_it() -> None:
    assert lines_of(text_of(ExportFormat.JSON_LINES, Gone("d1"))) == [{"id": "d1", "gone": True}]
    read = bibtexparser.parse_string(text_of(ExportFormat.BIBTEX, Gone("d1"), a_record()))
    assert [comment.comment for comment in read.comments] == ["d1 is no longer held"]
    for kind in (ExportFormat.RIS, ExportFormat.CSV, ExportFormat.CSL_JSON):
        assert "d1\n" not in text_of(kind, Gone("d1"))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("street vendors PER", "pushcart-street-vendors-PER-2026-11-30.ris"),
        ("", "pushcart-2026-11-30.ris"),
        ("../../etc/passwd\r\nX: y", "pushcart-etc-passwd-X-y-2026-11-30.ris"),
        ("año 2010..2020", "pushcart-año-2010-2020-2026-11-30.ris"),
        ("x" * 300, f"pushcart-{'x' * 80}-2026-11-30.ris"),
    ],
)
def test_a_file_is_called_by_its_search_its_day_and_its_format(said: str, name: str) -> None:
    assert file_name(said, ExportFormat.RIS, day=A_DAY) == name


def test_a_name_in_another_script_is_given_to_old_browsers_too() -> None:
    header = content_disposition(file_name("الباعة", ExportFormat.BIBTEX, day=A_DAY))
    assert header.startswith("attachment; filename=\"pushcart-2026-11-30.bib\"; filename*=UTF-8''pushcart-%D8")
    assert header.isascii()
