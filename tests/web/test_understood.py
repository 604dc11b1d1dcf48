"""How a search was understood, what is near it, and what is offered when little is found: page, API and command alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import feedparser
import pytest
from fastapi.testclient import TestClient

from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import open_store
from pushcart.cli import run
from tests.builders import make_document, make_source, make_tag
from tests.web.library import index, keep, settings_in
from web.app import make_app

LIMA, BOGOTA = "dlima", "dbogota"
VENDORS = make_tag("group", "street_vendors", places=((1, 1),))
DOCUMENTS = (
    make_document(
        LIMA,
        title="Street vendors in Lima",
        publisher="WIEGO",
        published="2016",
        pages=("Street vendors in Lima pay a daily fee.",),
        tags=(
            make_tag("country", "PER", primary=True),
            VENDORS,
            make_tag("sector", "retail_street_trade"),
            make_tag("country", "BOL", about=False),
        ),
    ),
    make_document(
        BOGOTA,
        title="Vendedores ambulantes",
        lang="es",
        publisher="Banco  Mundial",
        published="2012",
        pages=("Los vendedores ambulantes de Bogotá y sus microcréditos.",),
        tags=(make_tag("country", "COL", primary=True), VENDORS),
    ),
    *(
        make_document(f"dcoop{number}", title=f"Report {number}", published="2016", pages=("Cooperatives of weavers.",))
        for number in range(25)
    ),
    make_document("dtypo", title="A report with a fault", pages=("Cooperativse of the north.",)),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = settings_in(tmp_path_factory.mktemp("understood"))
    files = open_files(made)
    with open_store(made) as store:
        store.sources.save(make_source("sample"))
        for number, document in enumerate(DOCUMENTS):
            keep(store, document, sha256=files.put(document.id.encode()), minutes=number)
    index(made)
    return made


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(settings)) as client:
        yield client


def page(client: TestClient, **parameters: str) -> str:
    answer = client.get("/search", params=parameters)
    assert answer.status_code == 200
    return unescape(answer.text)


def body(client: TestClient, **parameters: str) -> dict[str, Any]:
    answer = client.get("/api/v1/search", params=parameters)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found.group(1)).strip()


# --- what words were understood as


def test_a_concept_is_a_chip_that_opens_without_script_and_can_be_switched_off(client: TestClient) -> None:
    html = page(client, q="vendedores ambulantes")
    assert '<details><summary><span class="what">Worker group</span><b>Street vendors</b></summary>' in html
    assert re.search(r"also searched for: [^<]*[Hh]awker|also searched for: [^<]*street vendor", html)
    assert 'href="/search?q=vendedores+ambulantes&off=group:street_vendors"' in html


def test_one_that_is_off_is_struck_out_and_can_be_switched_on_again(client: TestClient) -> None:
    html = page(client, q="vendedores ambulantes", off="group:street_vendors")
    assert "<s>Street vendors</s>" in html
    assert '<a class="again" href="/search?q=vendedores+ambulantes">' in html


def test_a_concept_that_is_off_counts_by_its_words_only(client: TestClient) -> None:
    assert body(client, q="vendedores ambulantes")["total"] == 2
    plain = body(client, q="vendedores ambulantes", off="group:street_vendors")
    assert [hit["id"] for hit in plain["hits"] if not hit["missing"]] == [BOGOTA]
    assert [each["is_on"] for each in plain["query"]["concepts"]] == [False]


def test_the_filter_form_and_the_sort_form_keep_what_is_off_and_other_words_forget_it(client: TestClient) -> None:
    html = page(client, q="vendedores ambulantes", off="group:street_vendors")
    hidden = '<input type="hidden" name="off" value="group:street_vendors">'
    filters = html[html.index("data-filter-form") :]
    assert hidden in filters
    assert hidden not in html[: html.index("</form>")]


def test_the_api_names_each_concept_with_its_words_and_other_names(client: TestClient) -> None:
    (group, country) = body(client, q="hawkers Peru")["query"]["concepts"]
    assert (group["facet"], group["id"], group["text"]) == ("group", "street_vendors", "hawkers")
    assert "Street vendors" not in group["also"]
    assert "Vendedores ambulantes" in group["also"]
    assert (country["facet"], country["id"]) == ("country", "PER")


def test_years_in_the_text_are_a_chip_and_a_filter(client: TestClient) -> None:
    html = page(client, q="street vendors 2015..2020")
    assert "<b>2015–2020</b>" in html
    assert 'href="/search?q=street+vendors"' in html
    assert body(client, q="street vendors 2015..2020")["query"]["years"] == "2015..2020"
    assert body(client, q="street vendors 2015..2020")["total"] == 1


# --- near documents


def test_what_lacks_something_is_marked_and_not_counted(client: TestClient) -> None:
    found = body(client, q="street vendors Lima")
    assert (found["total"], found["near"]) == (1, 1)
    assert {hit["id"]: hit["missing"] for hit in found["hits"]} == {LIMA: [], BOGOTA: ["Lima"]}
    assert sum(each["count"] for each in found["facets"]["lang"]) == 1


def test_the_page_says_how_many_lack_something_and_what(client: TestClient) -> None:
    html = page(client, q="street vendors Lima")
    assert heading(html) == "1 document, and 1 partial match"
    assert "without: Lima" in html
    assert 'href="/search?q=street+vendors+Lima&near=0"' in html


def test_they_can_be_left_out_and_shown_again(client: TestClient) -> None:
    html = page(client, q="street vendors Lima", near="0")
    assert heading(html) == "1 document"
    assert "without: Lima" not in html
    assert 'href="/search?q=street+vendors+Lima"' in html


def test_more_are_offered_where_there_may_be_more(client: TestClient) -> None:
    html = page(client, q="cooperatives Lima")
    assert heading(html) == "No document matches everything"
    assert "These 10 match most of it." in html
    assert 'href="/search?q=cooperatives+Lima&near=100"' in html
    assert body(client, q="cooperatives Lima", near="100")["near"] > 10


def test_a_feed_and_its_id_know_nothing_of_near_documents(client: TestClient) -> None:
    feed = feedparser.parse(client.get("/feed.atom?q=street+vendors+Lima").text)
    assert [entry.id.rpartition("/")[2] for entry in feed.entries] == [LIMA]
    assert all("near" not in link.href for link in feed.feed.links)
    other = feedparser.parse(client.get("/feed.atom?q=street+vendors+Lima&near=50").text)
    assert other.feed.id == feed.feed.id


# --- when little is found


def ways(client: TestClient, **parameters: str) -> dict[str, int]:
    return {each["words"]: each["total"] for each in body(client, **parameters)["suggestions"]}


def test_a_word_is_put_right_by_the_words_of_pages(client: TestClient) -> None:
    assert ways(client, q="microcreditoss") == {"did you mean: microcréditos": 1}


def test_a_misspelling_that_was_printed_is_put_right_too(client: TestClient) -> None:
    assert body(client, q="cooperativse")["total"] == 1
    assert ways(client, q="cooperativse") == {"did you mean: cooperatives": 25}


def test_a_right_word_that_few_documents_have_is_left_as_it_is(client: TestClient) -> None:
    assert ways(client, q="microcréditos") == {}


def test_the_nearest_concept_is_named(client: TestClient) -> None:
    assert ways(client, q="streetvendors")["did you mean the worker group Street vendors"] == 2


def test_a_concept_that_was_understood_is_not_offered_again(client: TestClient) -> None:
    assert body(client, q="child domestic workers hovercraft")["total"] == 0
    assert not any("Domestic workers" in words for words in ways(client, q="child domestic workers hovercraft"))


def test_each_word_and_filter_that_took_everything_away_is_named_with_its_count(client: TestClient) -> None:
    found = ways(client, q="street vendors hovercraft")
    assert found["without hovercraft"] == 2
    assert ways(client, q="weavers", country="PER")["without the country: Peru"] == 25
    assert ways(client, q="weavers", publisher="WIEGO")["without the publisher: WIEGO"] == 25
    assert ways(client, country="BOL")["also where it is only mentioned"] == 1


def test_the_words_of_a_phrase_that_nobody_wrote_are_offered_without_their_quotation_marks(client: TestClient) -> None:
    words = body(client, q="vendors street")["total"]
    assert ways(client, q='"vendors street"')["without quotation marks: vendors street"] == words > 0
    assert (
        ways(client, q='"vendors street"~1 -"no such"')['without quotation marks: vendors street -"no such"'] == words
    )
    assert not any("quotation" in each for each in ways(client, q="street vendors hovercraft"))


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ({"q": '"vendeuses de rue"'}, "English"),
        ({"q": "vendeuses de rue", "strict": "true"}, "Spanish"),
    ],
)
def test_the_same_concept_is_offered_by_its_name_in_another_language(
    client: TestClient, asked: dict[str, str], language: str
) -> None:
    assert body(client, **asked)["total"] == 0
    offered = {words: count for words, count in ways(client, **asked).items() if words.startswith(f"in {language}: ")}
    assert len(offered) == 1
    name = next(iter(offered)).partition(": ")[2]
    again = asked | {"q": asked["q"].replace("vendeuses de rue", name)}
    assert body(client, **again)["total"] == next(iter(offered.values())) > 0


def test_no_other_language_is_offered_for_words_that_name_nothing_or_are_found(client: TestClient) -> None:
    for query in ('"hovercraft of rue"', '"street vendors"', "street vendors hovercraft", '"Lima"'):
        assert not any(words.startswith("in ") for words in ways(client, q=query)), query


def test_the_page_offers_what_the_api_offers(client: TestClient) -> None:
    html = page(client, q="streetvendors")
    for words in ways(client, q="streetvendors"):
        assert f">{words}</a>" in html


def test_a_search_that_finds_enough_is_offered_nothing(client: TestClient) -> None:
    assert ways(client, q="cooperatives") == {}


# --- facets


def test_counts_are_of_what_documents_are_about_and_mentions_are_a_tick_away(client: TestClient) -> None:
    assert "BOL" not in {each["value"] for each in body(client, q="Lima")["facets"]["country"]}
    assert "BOL" in {each["value"] for each in body(client, q="Lima", about="false")["facets"]["country"]}
    assert '<input type="checkbox" name="about" value="false"><span>' in page(client, q="Lima")
    assert '<input type="checkbox" name="about" value="false" checked><span>' in page(client, q="Lima", about="false")


def test_publishers_are_a_facet_whose_values_are_filters(client: TestClient) -> None:
    counts = {each["value"]: each["count"] for each in body(client, q="street vendors")["facets"]["publisher"]}
    assert counts == {"WIEGO": 1, "Banco Mundial": 1}
    assert [hit["id"] for hit in body(client, publisher="Banco Mundial")["hits"]] == [BOGOTA]
    assert body(client, q="publisher:banco")["total"] == 1
    html = page(client, q="street vendors", publisher="WIEGO")
    assert 'name="publisher" value="WIEGO" checked' in html
    assert '<span class="kind">Publisher</span>WIEGO' in html


def test_a_name_of_a_publisher_that_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"publisher": "x" * 201})
    assert answer.status_code == 422
    assert "publisher" in answer.text


def test_values_of_trees_name_what_stands_above_them(client: TestClient) -> None:
    facets = body(client, q="street vendors Lima")["facets"]
    above = {each["value"]: each["parents"] for values in facets.values() for each in values}
    assert above["retail_street_trade"] == ["isic:G"]
    assert "005" in above["PER"]
    assert "419" not in above["PER"]
    assert above["005"] == ["419"]
    assert above["en"] == []


def test_sectors_as_people_name_them_stand_before_those_of_statisticians(client: TestClient) -> None:
    html = page(client, q="street vendors Lima")
    named = html.index('name="sector" value="retail_street_trade"')
    assert html.index("<h3>Sector<") < named < html.index("<h3>Industry (ISIC Rev.4)<") < html.index('value="isic:G"')


# --- the command


@pytest.fixture
def told(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(settings.data_dir))

    def tell(*arguments: str) -> str:
        assert run(list(arguments)) == 0
        printed = capsys.readouterr()
        return printed.out + printed.err

    return tell


def test_the_command_says_how_it_understood_what_lacks_something_and_what_would_find_more(told: Any) -> None:
    printed = told("search", "street vendors Lima")
    assert "Understood as: worker group Street vendors (--off group:street_vendors, also searched for: " in printed
    assert "without: Lima" in printed
    assert "1 document, and 1 partial match" in printed
    assert "Did you mean: microcréditos (1 document)" in told("search", "microcreditoss")


def test_the_command_takes_what_the_api_takes(told: Any, client: TestClient) -> None:
    asked = ("--off", "group:street_vendors", "--near", "3", "--mentions", "--json")
    printed = json.loads(told("search", "street vendors Lima", "--limit", "20", *asked))
    answered = body(client, q="street vendors Lima", off="group:street_vendors", near="3", about="false")
    assert printed == answered
    assert json.loads(told("search", "vendor", "--strict", "--json"))["total"] == 0


def test_the_list_of_everything_holds_answers_only(told: Any) -> None:
    lines = told("search", "vendedores ambulantes", "--off", "group:street_vendors", "--all").splitlines()
    assert [line.split()[0] for line in lines if line.startswith("d")] == [BOGOTA]


def test_that_a_text_is_long_is_said_once(client: TestClient) -> None:
    html = page(client, q="how do women street vendors in large cities organise against evictions by the police")
    assert html.count("The text is long") == 1
