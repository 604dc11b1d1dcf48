"""JSON APIs, harvested over HTTP: every built-in mapping, what is new since, circles, walls, and more about one record."""

from __future__ import annotations

import pytest
from told import told

from corpus.runs import RunState
from corpus.store import open_store
from tests.crawler import api_answers as answers
from tests.crawler.api_site import Asked, open_api_site, part_of, said
from tests.crawler.harvesting import harvested, sample_source

OWN = """
[api]
records = "items"
id = "id"
files = "pdf"
modified = "changed"
{more}
"""


@pytest.fixture
def site():
    with open_api_site() as open_site:
        yield open_site


def source_of(start: str, more: str):
    return sample_source(start, protocol="api", more=more)


def of_kind(kind: str) -> str:
    return f'[api]\nkind = "{kind}"\n'


def kept(settings) -> list:
    with open_store(settings) as store:
        return [
            store.files.get("a-publisher", outcome.url)
            for outcome in store.files.outcomes()
            if store.files.get("a-publisher", outcome.url)
        ]


def values_of(file, name: str) -> list[str]:
    return [item.value for item in file.evidence.get(name, ())]


def by_record(settings, record: str):
    return next(file for file in kept(settings) if file.record == record)


def test_the_world_banks_documents_come_page_by_page_with_all_they_say(site, settings):
    start = answers.serve_worldbank(site)
    run = harvested(source_of(start, of_kind("worldbank")), settings)
    assert (run.state, run.new, run.records, run.announced) == (RunState.FINISHED, 7, 7, 7)
    assert [asked.one("os") for asked in site.of("/api/v3/wds")] == ["", "3", "6"]
    assert "authr" in site.asked[0].one("fl")
    assert site.asked[0].accept.startswith("application/json")
    file = by_record(settings, "4")
    assert values_of(file, "title") == ["Informal work in brief, number 4"]
    assert values_of(file, "author") == ["Okafor, Ada", "Silva, Rui"]
    assert values_of(file, "abstract") == ["Street vendors & home-based workers."]
    assert values_of(file, "country") == ["Ghana"]
    assert values_of(file, "doi") == ["10.1596/978-1-4648-1897-4"]
    assert str(file.evidence["title"][0].origin) == "record:worldbank"
    assert file.landing_url == f"{site.url}/curated/4"


def test_dspace_gives_the_originals_and_neither_pictures_nor_texts_made_from_them(site, settings):
    start = answers.serve_dspace7(site)
    run = harvested(source_of(start, of_kind("dspace7")), settings)
    assert (run.state, run.new, run.announced, run.failed) == (RunState.FINISHED, 7, 7, 0)
    assert {file.url.rpartition("/bitstreams/")[2] for file in kept(settings)} == {
        f"report-{n}.pdf/content" for n in range(7)
    }
    assert [asked.one("page") for asked in site.of("/server/api/discover/search/objects")] == ["", "1", "2"]
    assert site.asked[0].one("embed") == "bundles/bitstreams"
    file = by_record(settings, "item-2")
    assert values_of(file, "author") == ["Ansar, Saniya", "Klapper, Leora"]
    assert values_of(file, "doi") == ["10.1596/1813-9450-2"]
    assert file.landing_url == f"{site.url}/handle/2"


def test_a_dspace_that_leaves_the_files_out_is_asked_for_them_item_by_item(site, settings):
    start = answers.serve_dspace7(site, embeds=False)
    run = harvested(source_of(start, of_kind("dspace7")), settings)
    assert (run.state, run.new, run.failed, run.records) == (RunState.FINISHED, 7, 0, 7)
    file = by_record(settings, "item-5")
    assert file.url.endswith("report-5.pdf/content")
    assert values_of(file, "title") == ["Waste pickers 5"]


def test_a_record_that_has_not_changed_is_not_asked_about_again(site, settings):
    start = answers.serve_dspace7(site, embeds=False)
    source = source_of(start, of_kind("dspace7"))
    harvested(source, settings)
    site.asked.clear()
    run = harvested(source, settings)
    assert (run.unchanged, run.new, run.state) == (7, 0, RunState.FINISHED)
    assert not [path for path in site.paths() if "bundles" in path or "content" in path]


def test_reliefweb_goes_on_by_its_own_links_and_brings_no_pictures(site, settings):
    start = answers.serve_reliefweb(site)
    run = harvested(source_of(start, of_kind("reliefweb")), settings)
    assert (run.state, run.new, run.announced) == (RunState.FINISHED, 7, 7)
    assert told(run.skipped_by)["kind: picture"] == 7
    file = by_record(settings, "4000003")
    assert values_of(file, "country") == ["Mozambique"]
    assert values_of(file, "date") == ["2024-05-05T00:00:00+00:00"]
    assert values_of(file, "lang") == ["en"]


@pytest.mark.parametrize("is_zenodo", [True, False])
def test_zenodo_and_inveniordm_give_the_pdf_of_each_record(site, settings, is_zenodo):
    start = answers.serve_invenio(site, is_zenodo=is_zenodo)
    run = harvested(source_of(start, of_kind("invenio")), settings)
    assert (run.state, run.new, run.announced, run.failed) == (RunState.FINISHED, 7, 7, 0)
    assert all("paper-" in file.url for file in kept(settings))
    file = by_record(settings, "1003" if is_zenodo else "r3")
    assert values_of(file, "author") == ["Moreno, Luz"]
    assert values_of(file, "lang") == ["spa"]
    assert "cc-by-4.0" in values_of(file, "licence")
    assert "Working paper" in values_of(file, "type")


def test_openalex_is_read_by_cursor_and_its_abstracts_are_put_together(site, settings):
    start = answers.serve_openalex(site)
    for n in range(7):
        site.answers[f"/oa/{n}/download"] = lambda asked: site.answer(Asked(f"{asked.path}.pdf", {}, ""))
        site.answers[f"/doi/{n}"] = lambda asked: said({})
    run = harvested(source_of(start, of_kind("openalex")), settings)
    assert [asked.one("cursor") for asked in site.of("/works")] == ["*", "after=3", "after=6", "after=9"]
    assert (run.new, run.announced) == (6, 7)
    file = by_record(settings, "https://openalex.org/W2")
    assert values_of(file, "abstract") == ["Work is what is done."]
    assert values_of(file, "doi") == ["10.1234/w2"]
    assert "/doi/0" in site.paths()
    assert "/doi/1" not in site.paths()


def test_crossref_goes_on_until_an_answer_without_items(site, settings):
    start = answers.serve_crossref(site)
    run = harvested(source_of(start, of_kind("crossref")), settings)
    assert (run.state, run.new, run.records) == (RunState.FINISHED, 7, 7)
    assert [asked.one("cursor") for asked in site.of("/works")] == ["*", "AoJ+/3", "AoJ+/6", "AoJ+/9"]
    file = by_record(settings, "10.54394/ilo1")
    assert values_of(file, "title") == ["Formalization of enterprises 1"]
    assert values_of(file, "author") == ["Ana Souza", "International Labour Organization", "Li"]
    assert values_of(file, "date") == ["2019-05"]
    assert values_of(file, "abstract") == ["Abstract We examine small firms."]


def test_a_later_run_asks_for_what_changed_since(site, settings):
    start = answers.serve_crossref(site)
    source = source_of(start, of_kind("crossref"))
    harvested(source, settings)
    site.asked.clear()
    run = harvested(source, settings)
    filters = {asked.one("filter") for asked in site.of("/works")}
    assert run.since is not None
    (asked_filter,) = filters
    assert asked_filter.startswith("type:report,from-index-date:20")
    assert run.state is RunState.FINISHED


def test_a_list_that_cannot_be_asked_for_changes_is_read_wholly_each_time(site, settings):
    start = answers.serve_worldbank(site)
    source = source_of(start, of_kind("worldbank"))
    harvested(source, settings)
    run = harvested(source, settings)
    assert run.since is None
    assert (run.unchanged, run.records) == (7, 7)


def test_a_cursor_that_repeats_ends_the_list_and_the_run_says_so(site, settings):
    def items(asked: Asked):
        offset = 0 if asked.one("after") in ("", "stuck") else 9
        found = [{"id": n, "pdf": f"/{n}.pdf"} for n in part_of(range(50), offset, 3)]
        return said({"items": found, "after": "stuck"})

    site.answers["/items"] = items
    more = OWN.format(more='paging = "cursor"\nnext = "after"\nparameter = "after"')
    run = harvested(source_of(f"{site.url}/items", more), settings)
    assert run.new == 3
    assert len(site.of("/items")) == 2
    assert any("repeats itself" in told(failure.reason) for failure in run.failures)
    assert not run.is_complete


def test_a_list_of_ever_new_cursors_that_brings_the_same_records_ends(site, settings):
    def items(asked: Asked):
        n = asked.number("after")
        return said({"items": [{"id": i % 4, "pdf": f"/{i % 4}.pdf"} for i in (2 * n, 2 * n + 1)], "after": n + 1})

    site.answers["/items"] = items
    more = OWN.format(more='paging = "cursor"\nnext = "after"\nparameter = "after"')
    run = harvested(source_of(f"{site.url}/items", more), settings)
    assert run.new == 4
    assert len(site.of("/items")) == 3
    assert not run.is_complete


def test_more_records_than_an_api_gives_out_are_reported(site, settings):
    start = answers.serve_invenio(site, total=23_456)
    run = harvested(source_of(start, of_kind("invenio")), settings)
    assert run.new == 7
    assert run.state is RunState.BROKEN
    assert any("returns at most 10000 of one list" in told(failure.reason) for failure in run.failures)


def test_a_record_that_its_publisher_has_deleted_marks_its_file_as_gone(site, settings):
    records = [{"id": n, "pdf": f"/{n}.pdf", "changed": "1"} for n in range(3)]
    site.answers["/items"] = lambda asked: said({"items": records})
    source = source_of(f"{site.url}/items", OWN.format(more="deleted = \"status == 'deleted'\""))
    harvested(source, settings)
    records[1] = {"id": 1, "status": "deleted"}
    run = harvested(source, settings)
    assert run.gone == 1
    assert told(by_record(settings, "1").gone_reason) == "The publisher has deleted its record."


def test_the_next_answer_may_stand_in_a_header(site, settings):
    def items(asked: Asked):
        n = asked.number("p", 1)
        link = f'<{site.url}/items?p={n + 1}>; rel="next", <{site.url}/items>; rel="first"' if n < 3 else ""
        return said({"items": [{"id": n, "pdf": f"/{n}.pdf"}]}, Link=link)

    site.answers["/items"] = items
    run = harvested(source_of(f"{site.url}/items", OWN.format(more='paging = "link_header"')), settings)
    assert (run.new, len(site.of("/items"))) == (3, 3)


def test_more_about_a_record_that_cannot_be_had_is_a_failure_and_its_files_stay(site, settings):
    start = answers.serve_dspace7(site, embeds=False)
    source = source_of(start, of_kind("dspace7"))
    harvested(source, settings)
    item = "/server/api/core/items/item-3/bundles"
    site.answers[item] = lambda asked: said({}, status=404)
    site.answers["/server/api/discover/search/objects"] = changed(site.answers["/server/api/discover/search/objects"])
    run = harvested(source, settings)
    assert run.failed == 1
    assert by_record(settings, "item-3").gone_at is None


def changed(answer):
    def later(asked: Asked):
        given = answer(asked)
        return type(given)(given.body.replace(b"2025-02-03", b"2025-09-09"), given.status, given.headers)

    return later
