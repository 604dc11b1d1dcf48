"""Every page, in every state that a reader can meet."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.builders import make_document, sha256_of
from tests.web.histories import CHANGED_ID, last_run_address
from tests.web.library import ARABIC_TITLE, OWN_ID, fill, index, keep, settings_in
from web.app import make_app

PAGES = (
    "/api",
    "/",
    "/browse",
    "/search",
    "/search?q=vendedores+ambulantes",
    "/search?q=cooperative&lang=en",
    "/search?q=nothingatall",
    "/documents/dlima?q=vendedores&page=2",
    "/documents/dscanned",
    "/quotes",
    "/evidence/group/street_vendors",
    "/evidence/country/PER",
    "/sources",
    "/sources/broken",
    "/sources/office",
    "/sources/planned",
    last_run_address(),
    f"/documents/{CHANGED_ID}",
    "/help",
)


class _Outline(HTMLParser):
    """What matters for readers of screen readers: headings, labels, languages."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.langs: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.attributes |= given.keys()
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        self.ids += [given["id"]] if given.get("id") else []
        self.langs |= {given["lang"]} if given.get("lang") else set()
        self.links += [given["href"]] if tag == "a" and given.get("href") else []


def outline(html: str) -> _Outline:
    parser = _Outline()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("address", PAGES)
def test_each_page_has_one_h1_and_no_id_twice_and_no_script_of_its_own(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    seen = outline(answer.text)
    assert seen.headings.count("h1") == 1
    assert len(seen.ids) == len(set(seen.ids))
    assert not re.search(r"<script(?! src=\"/static/)|<style", answer.text)
    assert not seen.attributes & {"style", "onerror", "onclick", "onload"}


@pytest.mark.parametrize("address", PAGES)
def test_each_link_to_a_page_of_ours_leads_to_one(client: TestClient, address: str) -> None:
    for href in sorted({link for link in outline(client.get(address).text).links if link.startswith("/")})[:60]:
        assert client.get(href).status_code in (200, 304), href


def test_home_shows_what_is_in_here_and_only_examples_that_find_something(client: TestClient) -> None:
    html = client.get("/").text
    assert "<dd>35</dd>" in html
    assert "Street vendors" in html
    assert "vendeuses de rue" not in html
    assert "street vendors social protection" in html


def test_first_run_says_what_to_type_next(empty_client: TestClient) -> None:
    html = empty_client.get("/").text
    assert "pushcart demo" in html
    assert "pushcart add" in html
    for address in ("/search", "/browse", "/sources", "/feed.atom"):
        assert empty_client.get(address).status_code == 200


def test_results_name_the_pages_that_answer_and_open_there(client: TestClient) -> None:
    html = client.get("/search?q=vendedores+ambulantes").text
    assert "/documents/dlima?q=vendedores+ambulantes&amp;page=2#page=2" in html
    assert "<mark>vendedores ambulantes</mark>" in html


def test_ticked_filters_stay_in_sight_and_can_be_taken_away(client: TestClient) -> None:
    html = client.get("/search?country=PER&group=street_vendors").text
    assert re.search(r'name="country" value="PER" checked', html)
    assert 'href="/search?group=street_vendors"' in html
    assert "Clear all" in html
    assert "daccra" not in html


def test_filters_are_in_the_order_in_which_people_use_them(client: TestClient) -> None:
    html = client.get("/search").text
    seen = re.findall(r"<summary><h3>([^<]+)</h3>", html)
    usual = ["Region and country", "Worker group", "Sector", "Topic", "Year", "Language", "Type", "Publisher"]
    assert [each for each in seen if each in usual] == [each for each in usual if each in seen]
    assert {"Worker group", "Region and country", "Year", "Language", "Publisher"} <= set(seen)


def test_several_values_of_one_filter_widen_it(client: TestClient) -> None:
    html = client.get("/search?country=PER&country=GHA").text
    assert "dlima" in html
    assert "daccra" in html


def test_about_only_leaves_out_what_is_only_mentioned(client: TestClient) -> None:
    assert "dlima" in client.get("/search?country=COL&about=false").text
    assert "dlima" not in client.get("/search?country=COL").text


def test_the_form_of_a_browser_without_script_ends_at_the_one_address_of_the_view(client: TestClient) -> None:
    answer = client.get("/search?q=lima&country=PER&from=2015&to=2020&about=")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/search?q=lima&country=PER&year=2015..2020"


def test_years_the_wrong_way_round_are_understood(client: TestClient) -> None:
    assert client.get("/search?from=2020&to=2015").headers["location"] == "/search?year=2015..2020"


def test_more_documents_are_a_page_further(client: TestClient) -> None:
    html = client.get("/search?q=cooperative").text
    following = re.search(r'rel="next" href="([^"]+)"', html)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).text
    first_ids, second_ids = (set(re.findall(r"/documents/(dmany\d+)", each)) for each in (html, second))
    assert len(first_ids) == 20
    assert len(first_ids | second_ids) == 25
    assert not first_ids & second_ids


def test_a_search_that_finds_nothing_says_which_word_took_it_away(client: TestClient) -> None:
    html = client.get("/search?q=ambulantes+hovercraft").text
    assert "No document matches everything" in html
    assert 'href="/search?q=ambulantes"' in html
    assert "without hovercraft" in html


def test_a_search_that_finds_nothing_says_which_filter_took_it_away(client: TestClient) -> None:
    html = client.get("/search?q=ambulantes&country=GHA").text
    assert "without the country: Ghana" in html


def test_a_value_that_is_not_allowed_is_explained_with_a_way_out(client: TestClient) -> None:
    answer = client.get("/search?q=lima&country=Peruu")
    assert answer.status_code == 422
    assert "ISO 3166 code or a name" in answer.text
    assert 'href="/search?q=lima"' in answer.text


def test_names_that_others_hang_on_our_addresses_are_passed_over(client: TestClient) -> None:
    assert client.get("/search?q=lima&utm_source=mail").status_code == 200


def test_a_document_opens_at_the_page_asked_for(client: TestClient) -> None:
    html = client.get("/documents/dlima?page=2").text
    assert 'id="page=2"' in html
    assert "trabajan sin protección social" in html
    assert "proponen un aporte" not in html


def test_each_page_of_a_document_has_its_fragment_also_without_script(client: TestClient) -> None:
    ids = outline(client.get("/documents/dlima?page=2").text).ids
    assert {f"page={number}" for number in (1, 2, 3, 4)} <= set(ids)


def test_a_document_opens_at_the_best_page_for_the_words(client: TestClient) -> None:
    html = client.get("/documents/dlima?q=aporte").text
    assert 'id="page=4" aria-labelledby' in html
    assert "<mark>aporte</mark>" in html


@pytest.mark.parametrize("number", ["0", "5", "-1", "two", "²", "99999999999999999999"])
def test_a_page_that_does_not_exist_is_a_designed_404(client: TestClient, number: str) -> None:
    answer = client.get("/documents/dlima", params={"page": number})
    assert answer.status_code == 404
    assert "go from 1 to 4" in answer.text


def test_why_shows_sentence_words_page_and_rule(client: TestClient) -> None:
    html = client.get("/documents/dlima").text
    assert "A sentence on <mark>street_vendors</mark>." in html
    assert "“street_vendors” is a term for “Street vendors”." in html


def test_mentions_stand_apart_from_what_the_document_is_about(client: TestClient) -> None:
    html = client.get("/documents/dlima").text
    assert html.index("Peru") < html.index("<h3>Mentions</h3>") < html.index("Colombia")


def test_tables_keep_their_columns(client: TestClient) -> None:
    html = client.get("/documents/daccra?page=2").text
    assert re.search(r"<pre tabindex=\"0\">Group {12}Men {6}Women", html)


def test_a_document_without_text_says_so(client: TestClient) -> None:
    assert "No page of this document could be read as text" in client.get("/documents/dscanned").text


def test_samples_are_marked_wherever_they_are_shown(client: TestClient) -> None:
    assert "Sample document" in client.get("/documents/dsample").text
    assert "Sample document" in client.get("/search?q=sample+brief").text


def test_text_of_another_language_says_its_language_and_direction(client: TestClient) -> None:
    assert 'lang="es"' in client.get("/search?q=vendedores").text
    html = client.get("/documents/darabic").text
    assert f'<h1 lang="ar" dir="rtl">{ARABIC_TITLE}</h1>' in html


def test_where_it_came_from_does_not_tell_a_persons_folders(client: TestClient) -> None:
    html = client.get(f"/documents/{OWN_ID}").text
    assert "notes.pdf" in html
    assert "somebody" not in html


def test_sources_say_in_words_how_they_do(client: TestClient) -> None:
    html = client.get("/sources").text
    assert "Brought 0 of about 20: looks broken." in html
    assert 'href="/search?source=wiego"' in html
    runs = re.findall(r'href="(/sources/broken/runs/[^"]+)"', client.get("/sources/broken").text)
    assert any("Brought 20 documents." in client.get(address).text for address in runs)


def test_what_is_not_here_is_a_page_for_people_and_a_problem_for_programs(client: TestClient) -> None:
    page, problem = client.get("/documents/dnone"), client.get("/api/v1/documents/dnone")
    assert page.status_code == problem.status_code == 404
    assert "There is no document dnone" in page.text
    assert problem.headers["content-type"] == "application/problem+json"
    assert client.get("/nope").headers["content-type"].startswith("text/html")
    assert client.get("/api/nope").headers["content-type"] == "application/problem+json"


def test_a_bug_is_a_page_too_and_tells_nothing_of_the_inside(tmp_path: Path) -> None:
    app = make_app(settings_in(tmp_path))

    @app.get("/fails")
    def fails() -> None:
        raise RuntimeError("secret inside")

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/fails")
    assert answer.status_code == 500
    assert "an error on our side" in answer.text
    assert "secret" not in answer.text


def test_a_page_that_the_browser_holds_is_not_sent_again(client: TestClient) -> None:
    for address in ("/", "/search?q=lima", "/documents/dlima"):
        etag = client.get(address).headers["etag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_static_files_are_kept_for_ever_under_names_of_their_content(client: TestClient) -> None:
    sheet = re.search(r"/static/pushcart\.[0-9a-f]{10}\.css", client.get("/").text)
    assert sheet
    answer = client.get(sheet[0])
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/static/pushcart.0000000000.css").status_code == 404


def test_what_another_process_indexes_is_shown_without_a_restart(tmp_path: Path) -> None:
    from corpus.files import open_files
    from corpus.store import open_store

    settings = settings_in(tmp_path)
    fill(settings)
    with TestClient(make_app(settings)) as client:
        assert "No document found" in client.get("/search?q=brandnew").text
        with open_store(settings) as store:
            new = make_document("dnew", source="wiego", title="A brandnew report")
            keep(store, new, sha256=open_files(settings).put(sha256_of("new").encode()), minutes=99)
        index(settings)
        assert "A brandnew report" in client.get("/search?q=brandnew").text
        assert "A brandnew report" in client.get("/").text


def test_without_an_index_the_records_can_still_be_read(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    fill(settings)
    app = make_app(settings)
    for each in settings.index_dir.rglob("*"):
        if each.is_file():
            each.write_bytes(b"not an index")
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/documents/dlima?q=vendedores&page=2").status_code == 200
        home = client.get("/")
        assert home.status_code == 200
        assert "dmany24" in home.text
        refused = client.get("/search?q=lima")
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        assert "Search is not available at the moment" in refused.text
        assert str(tmp_path) not in refused.text


@pytest.mark.parametrize("address", ["/", "/search?q=lima", "/documents/dlima", "/feed.atom"])
def test_head_is_answered_like_get(client: TestClient, address: str) -> None:
    assert client.head(address).status_code == 200
