"""Answers of JSON APIs as bytes: what is read of odd ones, and what a person is told of broken ones."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from told import told

from corpus.errors import BadSource
from crawler.items import LinkKind
from crawler.sources.load import parse_source
from crawler.sources.rules import FIELDS, ApiRules, built_in_kinds
from crawler.spiders.api.parse import read_answer
from crawler.spiders.api.requests import ApiPage, can_ask_since, first_address, next_address, with_parameter
from tests.crawler import api_answers as answers
from tests.crawler.api_site import ApiSite, Asked

HEAD = """
slug = "an-api"
name = "An API"
protocol = "api"
start = ["https://api.example/items?q=a"]
"""
MAPPING = """
records = "items"
total = "total"
id = "id"
landing_page = "page"
files = "files"
deleted = "gone"
"""
FIELD_LINES = """
[api.fields]
title = "title"
author = "authors"
date = "date"
abstract = "abstract"
doi = "doi"
type = "kind"
"""
URL = "https://api.example/items?q=a"


def built_in_mapping(kind: str) -> ApiRules:
    return ApiRules.model_validate({"kind": kind})


def rules_of(more: str = "", *, mapping: str = MAPPING, fields: str = FIELD_LINES):
    return parse_source(f"{HEAD}\n[api]\n{mapping}\n{more}\n{fields}", path=Path("an-api.toml")).rules


def read(answer, more: str = "", **others):
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return read_answer(body, rules_of(more), url=URL, **others).found


def said_of(link, name: str) -> list[str]:
    return [item.value for item in link.evidence.get(name, ())]


def test_a_record_with_a_file_leads_to_the_file_and_remembers_its_page():
    record = {"id": 7, "page": "/seven", "files": ["/seven.pdf"], "title": "Seven", "kind": "Working Paper"}
    (link,) = read({"items": [record], "total": "1"}).links
    assert (link.url, link.kind) == ("https://api.example/seven.pdf", LinkKind.FILE)
    assert (link.landing_url, link.record) == ("https://api.example/seven", "7")
    assert link.kinds == ("pdf", "working paper")
    assert str(link.evidence["title"][0].origin) == "record:api"


def test_a_record_without_a_file_leads_to_its_page():
    (link,) = read({"items": [{"id": 7, "page": "/seven"}]}).links
    assert (link.url, link.kind, link.record) == ("https://api.example/seven", LinkKind.LANDING, "7")


def test_a_record_that_has_only_a_doi_leads_to_its_resolver():
    (link,) = read({"items": [{"id": 7, "doi": "doi:10.1596/1813-9450(a)<b>"}]}).links
    assert link.url == "https://doi.org/10.1596/1813-9450(a)%3Cb%3E"


def test_a_doi_is_not_followed_where_the_record_names_a_page():
    (link,) = read({"items": [{"id": 7, "doi": "10.1596/1", "page": "/seven"}]}).links
    assert link.url == "https://api.example/seven"


@pytest.mark.parametrize(
    ("landing", "kinds"),
    [
        ("when_needed", [LinkKind.FILE, LinkKind.LANDING]),
        ("always", [LinkKind.LANDING] * 2),
        ("never", [LinkKind.FILE]),
    ],
)
def test_landing_pages_are_read_as_the_source_says(landing, kinds):
    records = [{"id": 1, "page": "/one", "files": ["/one.pdf"]}, {"id": 2, "page": "/two"}]
    found = read({"items": records}, f'landing = "{landing}"')
    assert [link.kind for link in found.links] == kinds


def test_a_page_that_is_always_read_keeps_the_files_that_its_record_names():
    (link,) = read({"items": [{"id": 1, "page": "/one", "files": ["/one.pdf"]}]}, 'landing = "always"').links
    assert link.files == ("https://api.example/one.pdf",)


def test_pictures_covers_and_spreadsheets_of_a_record_are_left_out_and_counted():
    files = ["/a.pdf", "/a.jpg", {"url": "/b", "name": "cover.pdf"}, {"url": "/c", "type": "image/png"}, "/d.xlsx"]
    found = read({"items": [{"id": 1, "files": files}]})
    assert [link.url for link in found.links] == ["https://api.example/a.pdf"]
    assert told(found.skipped) == {"kind: picture": 2, "cover, form or notice": 1, "kind: spreadsheet": 1}


def test_a_file_of_unknown_kind_counts_only_where_there_is_no_pdf():
    unknown = {"url": "/download/7"}
    both = read({"items": [{"id": 1, "files": [unknown, "/a.pdf"]}]})
    alone = read({"items": [{"id": 1, "files": [unknown]}]})
    assert [link.url for link in both.links] == ["https://api.example/a.pdf"]
    assert [link.url for link in alone.links] == ["https://api.example/download/7"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!doctype html><title>Log in</title>", "The answer is a web page ('Log in'), not JSON."),
        (b"", "The answer is empty."),
        (b'{"items": [', "The answer is not JSON"),
        (b"[" * 200_000, "The answer is nested too deeply to be read."),
        (b'{"error": {"message": "appname is not approved"}}', "The API says: appname is not approved"),
        (b'{"errors": ["no such field"], "items": null}', "The API says: no such field"),
        (b'{"items": null}', "The answer has no list of records at the place that `records` names."),
        (b'{"items": "none"}', "The answer has no list of records at the place that `records` names."),
        (b"[]", "The answer has no list of records at the place that `records` names."),
        (b"null", "The answer has no list of records at the place that `records` names."),
    ],
)
def test_an_answer_that_is_no_list_is_a_trouble_in_words(body, words):
    found = read(body)
    assert told(found.trouble).startswith(words)
    assert (found.links, found.records, found.more) == ((), 0, ())


def test_a_list_without_records_that_counts_none_is_no_trouble():
    assert told(read({"total": 0}).trouble) == ""
    assert told(read({"items": []}).trouble) == ""
    assert told(read({"items": [], "message": "success", "error": None}).trouble) == ""


def test_an_empty_list_with_an_error_beside_it_is_a_trouble():
    assert told(read({"items": [], "error": "quota exceeded"}).trouble) == "The API says: quota exceeded"


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"id": None, "page": None, "files": None, "title": None, "authors": None, "date": None},
        {"id": {"a": 1}, "page": ["x y"], "files": 7, "title": {"en": "A"}, "authors": "One", "date": []},
        {"id": [], "page": "javascript:alert(1)", "files": [["file:///etc/passwd"]], "title": 5, "doi": 10.5},
        {"id": True, "page": "http://[::1", "files": {"url": {"url": "/a.pdf"}}, "date": [[None]], "gone": "false"},
        {"id": float("nan"), "files": [float("inf")], "authors": [[[[[["deep"]]]]]]},
    ],
)
def test_records_of_any_shape_are_survived(record):
    found = read({"items": [record, {"id": "ok", "page": "/ok"}]})
    assert [link.url for link in found.links] == ["https://api.example/ok"]
    assert (found.records, told(found.trouble)) == (2, "")


def test_what_is_no_object_and_what_is_named_twice_is_counted():
    found = read({"items": ["text", None, {"id": 1, "page": "/a"}, {"id": "1", "page": "/b"}]})
    assert len(found.links) == 1
    assert told(found.skipped) == {"record that is not an object": 2, "record listed twice": 1}


def test_records_may_be_the_values_of_an_object():
    found = read({"items": {"D1": {"id": 1, "page": "/1"}, "D2": {"id": 2, "page": "/2"}}})
    assert [link.record for link in found.links] == ["1", "2"]


@pytest.mark.parametrize("gone", [True, 1, "true", "2024-01-01", {"by": "x"}])
def test_a_deleted_record_is_gone(gone):
    found = read({"items": [{"id": 1, "page": "/1", "gone": gone}]})
    assert (found.gone, found.links, found.records) == (("1",), (), 1)


@pytest.mark.parametrize(
    ("given", "dates"),
    [
        ([2019, 5, 7], ["2019-05-07"]),
        ([[2019, 5]], ["2019-05"]),
        (2019, ["2019"]),
        (["2019", "2020"], ["2019", "2020"]),
        ([2019, 2020], ["2019"]),
        ("2019-05-07T00:00:00Z", ["2019-05-07T00:00:00Z"]),
        ([None], []),
    ],
)
def test_dates_may_be_texts_numbers_or_parts(given, dates):
    (link,) = read({"items": [{"id": 1, "page": "/1", "date": given}]}).links
    assert said_of(link, "date") == dates


def test_markup_is_taken_from_texts():
    record = {"id": 1, "page": "/1", "title": "Work &amp; <i>pay</i>", "abstract": "<jats:p>When p < 0.05.</jats:p>"}
    (link,) = read({"items": [record]}).links
    assert said_of(link, "title") == ["Work & pay"]
    assert said_of(link, "abstract") == ["When p < 0.05."]


def test_a_function_that_cannot_work_with_a_value_costs_that_field_only():
    rules = rules_of(fields="[api.fields]\ntitle = \"join(', ', names)\"")
    body = json.dumps({"items": [{"id": 1, "page": "/1", "names": "x"}]}).encode()
    found = read_answer(body, rules, url=URL).found
    assert len(found.links) == 1
    assert told(found.note).startswith("1 records have a value that cannot be read, `title`: ")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('records = "items["', "line 8: `records`: 'items[' is not a JMESPath expression"),
        ('records = "shout(items)"', "line 8: `records`: no function is called shout."),
        ('records = "join(items)"', "line 8: `records`: join takes 2 values, and is given 1."),
        ('kind = "alma"', "line 8: `kind` is 'alma'; it can be "),
        ("pages_max = 3", "`records` is missing"),
        ('records = "a"\npaging = "cursor"', "`next` must say where that is"),
        ('records = "a"\npaging = "page"', "`parameter` must name the query parameter"),
        ('records = "a"\nsince = ["from"]', "must be written as name=value"),
        ('records = "a"\nsince_join = ","', "must have {given} and {since}"),
        ('records = "a"\n[api.fields]\nauthors = "a"', "line 10: No key in [api.fields] is called `authors`."),
        ('records = "a"\n[api.details]\nfiles = "a"', "`address` is missing"),
    ],
)
def test_what_cannot_be_used_in_a_mapping_is_refused_with_its_line(line, words):
    with pytest.raises(BadSource) as refused:
        parse_source(f"{HEAD}\n[api]\n{line}\n", path=Path("an-api.toml"))
    assert words in str(refused.value)


def test_a_source_file_changes_single_keys_of_a_built_in_mapping():
    text = f'{HEAD}\n[api]\nkind = "dspace7"\n[api.fields]\ncountry = \'metadata."local.country"[].value\'\n'
    mapping = parse_source(text, path=Path("an-api.toml")).rules
    built_in = built_in_mapping("dspace7")
    assert mapping.fields["country"].text == 'metadata."local.country"[].value'
    assert mapping.fields["title"] == built_in.fields["title"]
    assert mapping.paging == built_in.paging


def test_every_built_in_mapping_reads_titles_dates_and_files():
    assert built_in_kinds() == ("crossref", "dspace7", "invenio", "openalex", "reliefweb", "worldbank")
    for kind in built_in_kinds():
        mapping = built_in_mapping(kind)
        assert {"title", "date", "type"} <= set(mapping.fields) <= set(FIELDS)
        assert mapping.files is not None


def page(url: str, *, count: int, total: int | None = None, answer=None):
    return ApiPage(url=url, answer=answer or {}, count=count, total=total)


@pytest.mark.parametrize(
    ("url", "count", "total", "following"),
    [
        ("https://a.example/?rows=3", 3, 7, "https://a.example/?rows=3&os=3"),
        ("https://a.example/?os=3&rows=3", 3, 7, "https://a.example/?os=6&rows=3"),
        ("https://a.example/?os=6&rows=3", 1, 7, ""),
        ("https://a.example/?rows=3", 0, 7, ""),
        ("https://a.example/?rows=3", 3, None, "https://a.example/?rows=3&os=3"),
        # a total that is less than what came is no total; one that only counts the page may be one
        ("https://a.example/?rows=3", 3, 2, "https://a.example/?rows=3&os=3"),
        ("https://a.example/?rows=3", 3, 3, "https://a.example/?rows=3&os=3"),
        # a server that gives fewer than it is asked for
        ("https://a.example/?rows=1000", 50, 70, "https://a.example/?rows=1000&os=50"),
    ],
)
def test_offsets_move_on_by_what_came(url, count, total, following):
    paging = built_in_mapping("worldbank")
    assert next_address(paging, page(url, count=count, total=total)) == following


def test_page_numbers_end_at_the_wall_that_an_api_has():
    paging = built_in_mapping("invenio")
    last = "https://z.example/api/records?size=25&page=400"
    assert next_address(paging, page(last.replace("400", "399"), count=25, total=99_999)) == last
    assert next_address(paging, page(last, count=25, total=99_999)) == ""


def test_a_next_link_must_be_a_web_address():
    paging = built_in_mapping("reliefweb")
    for href in ("javascript:alert(1)", "file:///etc/passwd", "", None, {"a": 1}, "http://[bad"):
        assert next_address(paging, page(URL, count=1, answer={"links": {"next": {"href": href}}})) == ""


def test_parameters_are_added_once_and_the_contact_only_as_an_address():
    mapping = built_in_mapping("crossref")
    start = "https://api.crossref.org/works?rows=20"
    with_mail = first_address(start, mapping, since=None, contact="a+b@ngo.example")
    without = first_address(start, mapping, since=None, contact="https://ngo.example")
    assert with_mail == f"{start}&cursor=*&mailto=a%2Bb@ngo.example"
    assert without == f"{start}&cursor=*"


def test_asking_for_changes_keeps_what_the_address_asks_for_already():
    mapping = built_in_mapping("dspace7")
    start = "https://r.example/server/api/discover/search/objects?query=a%20OR%20b"
    moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    url = first_address(start, mapping, since=moment, contact="")
    assert "query=(a%20OR%20b)%20AND%20lastModified:[2026-03-04T05:06:07Z%20TO%20*]" in url.replace("%28", "(").replace(
        "%29", ")"
    )
    assert can_ask_since((start,), mapping)


def test_a_filter_that_cannot_be_joined_means_that_everything_is_asked_for():
    mapping = built_in_mapping("reliefweb")
    assert can_ask_since(("https://api.reliefweb.int/v2/reports?appname=a",), mapping)
    assert not can_ask_since(("https://api.reliefweb.int/v2/reports?filter[field]=theme",), mapping)
    assert not can_ask_since(("https://search.worldbank.org/api/v3/wds",), built_in_mapping("worldbank"))


def test_a_cursor_is_written_so_that_it_comes_back_as_it_was():
    assert with_parameter("https://a.example/?cursor=*&x=%20", "cursor", "AoJ+/==&x") == (
        "https://a.example/?cursor=AoJ%2B/%3D%3D%26x&x=%20"
    )


ODD = [None, True, -1, 1e400, "", "x", [], {}, [None], {"a": None}, [[["x"]]], "http://[", "<b>", {"url": {"url": []}}]


def spoiled(value, chance: random.Random):
    """Return a value in which about every twelfth part is something else, or not there."""
    if chance.random() < 0.08:
        return chance.choice(ODD)
    if isinstance(value, dict):
        return {name: spoiled(part, chance) for name, part in value.items() if chance.random() > 0.02}
    return [spoiled(part, chance) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", sorted(built_in_kinds()))
def test_spoiled_and_cut_answers_of_every_kind_are_survived(kind):
    site, chance = ApiSite(url="https://a.example"), random.Random(kind)
    getattr(answers, f"serve_{kind}")(site)
    query = {"rows": ["3"], "size": ["3"], "limit": ["3"], "cursor": ["*"]}
    body = next(iter(site.answers.values()))(Asked("/", query, "")).body
    rules = parse_source(f'{HEAD}\n[api]\nkind = "{kind}"', path=Path("an-api.toml")).rules
    for _ in range(40):
        spoiled_body = json.dumps(spoiled(json.loads(body), chance)).encode()
        found = read_answer(spoiled_body, rules, url=URL).found
        assert all(link.url.startswith("http") for link in found.links)
        assert read_answer(body[: chance.randrange(len(body))], rules, url=URL).found.trouble
