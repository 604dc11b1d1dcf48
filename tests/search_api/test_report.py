"""The search report: what it tells of a search, by whom each item of PRISMA-S is answered, and its Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt

from corpus.messages.catalogue import TRANSLATED
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.source_health import SourceHealth
from corpus.store import Store, open_store
from corpus.types import LANGUAGES, Facet, Tag
from corpus.vocabulary import Strength, load_vocabulary
from corpus.vocabulary.spelling import plain
from search_api.answers.not_held import LATELY, HoldingsCounts, NotHeld, is_late, not_held
from search_api.answers.prisma import ITEMS, AnsweredBy
from search_api.answers.report import ReportedSearch, make_report
from search_api.answers.report_markdown import as_markdown
from search_api.answers.report_text import address_of, sections
from search_api.api import AppState, make_api
from search_api.api.report_bodies import kept_report
from search_api.engines.tantivy import TantivyEngine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery, YearRange
from tests.builders import make_document, make_source, make_tag

NOW = datetime(2026, 11, 30, 9, 41, 7, 123456, tzinfo=UTC)


def named(concept: str) -> Tag:
    """Return a tag of which the title has one place."""
    return make_tag(Facet.GROUP, concept, places=((0, 1),))


LIBRARY = (
    make_document(
        "d1", title="Street vendors in Lima", source="a", published="2019", tags=(make_tag("country", "PER"),)
    ),
    make_document(
        "d2", title="Vendedores ambulantes", source="a", lang="es", published="2020-05", tags=(named("street_vendors"),)
    ),
    make_document("d3", title="Street vendors and pensions", source="b", published="2020"),
    make_document("d4", title="Vendors of the street", source="b", lang="de"),
    make_document("d5", title="Waste pickers", source="b", published="2021"),
)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppState]:
    folder: Path = tmp_path_factory.mktemp("report")
    settings, vocabulary = Settings(data_dir=folder, public_url="https://pushcart.example"), load_vocabulary()
    engine = TantivyEngine(folder / "index", vocabulary=vocabulary)
    with open_store(settings) as store:
        for slug, name in (("a", "Publisher | A"), ("b", "Publisher <b>B</b>")):
            store.sources.save(make_source(slug, name=name))
        for each in LIBRARY:
            store.documents.save(replace(each, pages=()))
        bring_up_to_date(engine, store)
        yield AppState(settings=settings, store=store, engine=engine, vocabulary=vocabulary)
    engine.close()


def report_of(state: AppState, text: str = "", *, lang: str = "en", **others: Any) -> ReportedSearch:
    return make_report(
        SearchQuery(text=text, **others),
        engine=state.engine,
        store=state.store,
        vocabulary=state.vocabulary,
        not_held=NotHeld(),
        site="https://pushcart.example",
        now=NOW,
        lang=lang,
    )


def counts(several: Any) -> dict[str, int]:
    return {each.value: each.count for each in several}


def test_answers_are_counted_by_source_language_and_year(state: AppState) -> None:
    report = report_of(state, "street vendors")
    assert report.total == 4
    assert counts(report.sources) == {"a": 2, "b": 2}
    assert counts(report.languages) == {"en": 2, "es": 1, "de": 1}
    assert counts(report.by_year) == {"2019": 1, "2020": 2}
    assert report.undated == 1


def test_values_that_a_filter_leaves_out_are_not_counted(state: AppState) -> None:
    report = report_of(state, "street vendors", sources=("a",), langs=("es", "en"), years=YearRange(2020, None))
    assert report.total == 1
    assert (counts(report.sources), counts(report.languages)) == ({"a": 1}, {"es": 1})
    assert (counts(report.by_year), report.undated) == ({"2020": 1}, 0)


def test_counts_add_up_to_the_total_for_every_filter(state: AppState) -> None:
    for others in ({}, {"sources": ("b",)}, {"langs": ("de",)}, {"years": YearRange(None, 2019)}):
        report = report_of(state, "street vendors", **others)
        sums = [sum(counts(each).values()) for each in (report.sources, report.languages)]
        assert sums == [report.total, report.total]
        assert sum(counts(report.by_year).values()) + report.undated == report.total


def test_the_words_stand_as_typed_and_as_they_were_read(state: AppState) -> None:
    report = report_of(state, "street vendors in Latin America jeunes")
    assert report.text == "street vendors in Latin America jeunes"
    assert [(each.facet, each.id, each.text) for each in report.concepts] == [
        ("group", "street_vendors", "street vendors"),
        ("region", "419", "Latin America"),
    ]
    assert {"vendedor ambulante", "marchand ambulant", "camelô"} <= set(report.concepts[0].also)
    assert "Peru" in report.concepts[1].narrower
    assert [each.text for each in report.words] == ["jeunes"]
    assert {"jeune", "jeunes"} <= set(report.words[0].forms)
    assert report.translated == ("jeunes",)
    assert "youth" in report.translations


def test_every_name_that_finds_a_concept_is_told(state: AppState) -> None:
    strong = {
        term.forms[0]
        for term in state.vocabulary.terms(Facet.GROUP)
        if term.concept == "waste_pickers" and term.strength is Strength.STRONG and term.is_searched
        if term.lang in (*LANGUAGES, "any")
    }
    told = report_of(state, "waste pickers").concepts[0]
    assert len(strong) > 20
    assert {plain(each) for each in strong} - {plain(each) for each in told.also} <= {"waste picker"}
    assert {"Perú", "Pérou", "Peruvian", "peruano"} <= set(report_of(state, "Peru").concepts[0].also)


def test_switches_are_told(state: AppState) -> None:
    report = report_of(
        state, "street vendors jeunes", off=("group:street_vendors", "words:translations"), about=False, strict=False
    )
    assert [each.is_on for each in report.concepts] == [False]
    assert (report.off, report.with_translations, report.about) == (("group:street_vendors",), False, False)
    strict = report_of(state, "street vendors", strict=True)
    assert (strict.strict, strict.concepts, strict.words) == (True, (), ())


def test_when_where_and_with_what_is_told(state: AppState) -> None:
    report = report_of(state, "pension")
    assert report.at == NOW.replace(microsecond=0)
    assert report.sequence == state.engine.applied_sequence() == len(LIBRARY)
    assert report.vocabulary == state.vocabulary.version
    assert report.engine.startswith("tantivy")
    assert report.pushcart


def test_its_address_asks_the_same_search_again(state: AppState) -> None:
    query = SearchQuery(text='"street vendors" -pension & ñ', langs=("en", "es"), limit=3, near=0)
    address = urlsplit(address_of(report_of(state, query.text, langs=query.langs, limit=3, near=0)))
    again = SearchQuery.from_parameters(parse_qsl(address.query), vocabulary=state.vocabulary, characters_max=2000)
    assert again == replace(query, limit=SearchQuery().limit, near=SearchQuery().near)


def test_every_item_of_the_checklist_says_who_answers_it(state: AppState) -> None:
    assert [each.number for each in ITEMS] == list(range(1, 17))
    ours = {each.number for each in ITEMS if each.answered_by is AnsweredBy.REPORT}
    theirs = {each.number for each in ITEMS if each.answered_by is AnsweredBy.RESEARCHER}
    assert ours == {1, 2, 8, 13, 15}
    assert {3, 5, 6, 11, 14} <= theirs


@pytest.mark.parametrize("lang", TRANSLATED)
def test_it_is_told_in_each_language(state: AppState, lang: str) -> None:
    told, english = (sections(report_of(state, "street vendors", lang=each), lang=each) for each in (lang, "en"))
    assert [each.id for each in told] == [each.id for each in english]
    labels = [
        [line.label for section in each if not section.id.startswith("by-") for line in section.lines]
        for each in (told, english)
    ]
    assert [each for each in labels[0] if each in labels[1]] == []


HOSTILE = [
    "<script>alert(1)</script>",
    "a | b | c",
    "`` code ` and ```",
    "# head *bold* _under_ [link](javascript:1) ![img](x)",
    "\u202efdp.exe",
    "a\\`b` ~~~ <!-- -->",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed_means_nothing_in_markdown(state: AppState, text: str) -> None:
    markdown = as_markdown(report_of(state, text), lang="en")
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    inline = [child for token in tokens for child in token.children or ()]
    assert {each.type for each in inline} <= {"text", "strong_open", "strong_close", "code_inline", "text_special"}
    assert not any(each.type == "html_block" for each in tokens)
    typed = next(each.content for each in inline if each.type == "code_inline")
    assert typed == " ".join(text.replace("\u202e", "").split())
    assert "\u202e" not in markdown


def test_names_of_strangers_mean_nothing_in_its_tables(state: AppState) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(as_markdown(report_of(state, "vendors"), lang="en"))
    cells = [each.content for each in tokens if each.type == "inline"]
    assert "Publisher \\| A" in cells or "Publisher | A" in " ".join(cells)
    assert all(each.type != "html_inline" for token in tokens for each in token.children or ())


def test_a_report_that_was_kept_comes_back_equal(state: AppState) -> None:
    held = not_held(state.engine, state.store, health=state.source_health(), now=NOW)
    report = replace(report_of(state, "street vendors Peru", langs=("en",)), not_held=held)
    assert kept_report(json.dumps(asdict(report), default=str).encode()) == report


def test_a_report_of_an_older_or_newer_version_can_be_read() -> None:
    oldest = {
        "at": "2026-11-30T09:41:07Z", "lang": "en", "site": "https://a", "text": "x", "in_words": "x", "total": 3,
        "pushcart": "0.1.0", "engine": "tantivy", "sequence": 4, "vocabulary": "abc",
    }  # fmt: skip
    found = kept_report(json.dumps(oldest | {"what_a_later_version_adds": [1]}).encode())
    assert found is not None
    assert (found.total, found.sources) == (3, ())
    assert sections(found, lang="en")
    assert kept_report(b'{"total": "many"}') is None


# ------------------------------------------------------------------ what is not held


def test_what_no_search_finds_is_counted(tmp_path: Path) -> None:
    settings, vocabulary = Settings(data_dir=tmp_path), load_vocabulary()
    engine = TantivyEngine(tmp_path / "index", vocabulary=vocabulary)
    with open_store(settings) as store:
        store.sources.save(make_source("a", name="A"))
        for each in LIBRARY[:4]:
            store.documents.save(replace(each, source="a", pages=()))
        bring_up_to_date(engine, store)
        store.unindexed.save("d1", sequence=1, reason="too large")
        store.documents.save(replace(LIBRARY[4], source="a", pages=()))
        held = not_held(engine, store, health=store.sources.health(), now=NOW)
    engine.close()
    assert (held.documents, held.indexed, held.behind, held.refused) == (5, 4, 1, 1)
    assert held.languages == {"de": 1}
    assert [each.slug for each in held.late] == ["a"]


@pytest.mark.parametrize(
    ("days", "state", "expected"),
    [
        (1, RunState.FINISHED, False),
        (1, RunState.BROKEN, True),
        (LATELY.days + 1, RunState.FINISHED, True),
        (None, None, True),
    ],
)
def test_a_source_is_late_when_its_last_harvest_is_long_ago_or_went_wrong(
    days: int | None, state: RunState | None, expected: bool
) -> None:
    from corpus.run_reasons import Verdict

    run = None
    if days is not None and state is not None:
        ended = NOW - timedelta(days=days)
        run = HarvestRun("a", ended, ended, state, Verdict.told(""))
    health = SourceHealth(make_source("a"), documents=3, files=3, last_run=run)
    assert is_late(health, now=NOW) is expected


def test_own_documents_and_samples_are_never_late() -> None:
    for source in (make_source("own"), make_source("sample", is_sample=True)):
        assert not is_late(SourceHealth(source, documents=1, files=1), now=NOW)


def test_what_is_held_is_counted_once_until_something_changes(tmp_path: Path) -> None:
    settings, vocabulary = Settings(data_dir=tmp_path), load_vocabulary()
    engine = TantivyEngine(tmp_path / "index", vocabulary=vocabulary)
    asked: list[int] = []

    def health_in(store: Store) -> Any:
        def health() -> Any:
            asked.append(1)
            return store.sources.health()

        return health

    with open_store(settings) as store:
        store.documents.save(replace(LIBRARY[0], pages=()))
        bring_up_to_date(engine, store)
        held = HoldingsCounts()
        for _ in range(3):
            held.of(engine, store, health=health_in(store), now=NOW)
        assert len(asked) == 1
        store.documents.save(replace(LIBRARY[1], pages=()))
        assert held.of(engine, store, health=health_in(store), now=NOW).behind == 1
    engine.close()
    assert len(asked) == 2


# ------------------------------------------------------------------ the API


@pytest.fixture(scope="module")
def client(state: AppState) -> TestClient:
    return TestClient(make_api(state), base_url="http://test/")


def test_the_api_gives_the_report_as_json(client: TestClient) -> None:
    body = client.get("/search/report?q=street+vendors&lang=es").json()
    assert body["report"]["total"] == 1
    assert body["address"] == "https://pushcart.example/search?q=street+vendors&lang=es"
    assert [each["number"] for each in body["prisma_s"]] == list(range(1, 17))
    assert body["report"]["not_held"]["documents"] == 5


def test_the_api_gives_the_report_as_markdown(client: TestClient) -> None:
    answer = client.get("/search/report?q=street+vendors&format=markdown")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("# Search report\n")


@pytest.mark.parametrize(
    "address", ["/search/report?format=xml", "/search/report?contry=PER", "/search/report?country=Xx"]
)
def test_what_a_report_does_not_know_is_refused_in_words(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 422
    assert answer.json()["next"]
