"""Pages of evidence: every number is the total of the search behind it, and an empty page says what to do."""

from __future__ import annotations

import gzip
import html
import random
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from corpus.messages.concept_notes import note_of
from corpus.store import open_store
from corpus.types import Document, Facet
from corpus.vocabulary import load_vocabulary
from tests.builders import make_document, make_source, make_tag, sha256_of
from tests.web.library import index, keep, settings_in
from web.app import make_app

GROUPS = ("street_vendors", "waste_pickers", "domestic_workers")
COUNTRIES = ("PER", "GHA", "IND", "BRA")
TOPICS = ("social_protection", "gender")
SECTORS = ("retail_street_trade", "waste_recycling")
ADDRESSES = (
    *(f"group/{each}" for each in GROUPS),
    *(f"country/{each}" for each in COUNTRIES),
    *(f"topic/{each}" for each in TOPICS),
    "sector/retail_street_trade",
    "sector/isic:G",
)
EMPTY = "group/pastoralists"


def made_documents() -> Iterator[Document]:
    """Yield documents with tags by chance (always the same), some of them copies or without a date."""
    chance = random.Random(18)
    for number in range(60):
        kinds = {"group": GROUPS, "country": COUNTRIES, "topic": TOPICS, "sector": SECTORS}
        tags = [
            make_tag(facet, concept, about=chance.random() < 0.7)
            for facet, concepts in kinds.items()
            for concept in chance.sample(concepts, k=chance.randint(0, 2))
        ]
        yield make_document(
            f"d{number:02}",
            source="made",
            title=f"Study {number} on {' and '.join(each.concept.replace('_', ' ') for each in tags)}",
            lang=chance.choice(("en", "en", "es", "fr")),
            published=chance.choice(("", "2011", "2015-03", "2019", "2021", "2022-11-02")),
            publisher=chance.choice(("WIEGO", "Ministry & Sons", 'A "quoted" <house>')),
            pages=(f"Street vendors and waste pickers, text {number if number % 7 else 0}.",),
            tags=tuple(tags),
            fold=f"work{number % 7}" if number < 14 else "",
        )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = settings_in(tmp_path_factory.mktemp("evidence"))
    with open_store(settings) as store:
        store.sources.save(make_source("made", name="Made by hand"))
        for number, document in enumerate(made_documents()):
            keep(store, document, sha256=sha256_of(document.id), minutes=number)
    index(settings)
    with TestClient(make_app(settings), follow_redirects=False) as client:
        yield client


def body_of(client: TestClient, address: str, **parameters: str) -> dict:
    answer = client.get(f"/api/v1/evidence/{address}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers_in(body: dict) -> list[dict]:
    several = ("years", "countries", "groups", "langs", "publishers")
    counted = [each for name in several for each in body[name]]
    missing = [each for name in several[:4] for each in body["missing"][name]]
    return [body["about"], body["named"], *counted, *missing]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_number_is_the_total_of_the_search_behind_it(made: TestClient, address: str) -> None:
    body = body_of(made, address)
    assert body["about"]["count"] > 0
    for each in numbers_in(body):
        asked = [*map(tuple, each["search"]), ("limit", "1"), ("near", "0")]
        assert made.get("/api/v1/search", params=asked).json()["total"] == each["count"], each


@pytest.mark.parametrize("address", ADDRESSES[:3])
def test_every_number_of_the_page_is_a_link_to_a_search_with_that_total(made: TestClient, address: str) -> None:
    page = made.get(f"/evidence/{address}").text
    linked = re.findall(r'<td class="number"><a href="(/search\?[^"]+)">(\d+)<', page)
    linked += re.findall(r'<a href="(/search\?[^"]+)" aria-label="[^"]*: (\d+) documents?"', page)
    assert len(linked) > 10
    for href, number in set(linked):
        found = re.search(r'<h1 id="count">(\d+|\D)', made.get(html.unescape(href)).text)
        assert found
        assert (found[1] if found[1].isdigit() else "0") == number, href


def test_the_lists_name_documents_that_are_about_the_concept_newest_first(made: TestClient) -> None:
    body = body_of(made, "group/street_vendors")
    about = {
        each.id for each in made_documents() if any(tag.concept == "street_vendors" and tag.about for tag in each.tags)
    }
    for name in ("newest", "key"):
        assert len(body[name]) == 5
        assert {each["id"] for each in body[name]} <= about
    dates = [each["published"] for each in body["newest"]]
    assert dates == sorted(dates, reverse=True)


def test_what_is_missing_is_named(made: TestClient) -> None:
    missing = body_of(made, "country/PER")["missing"]
    assert [each["value"] for each in missing["langs"]] == ["pt"]
    assert {"2012..2014", "2016..2020"} <= {each["value"] for each in missing["years"]}
    assert missing["region"] == "South America"
    assert "COL" in {each["value"] for each in missing["countries"]}
    assert "BRA" not in {each["value"] for each in missing["countries"]}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("group/street_vendor", "Did you mean"),
        ("region/419", "There is no evidence page"),
        ("topic/nothingofthatname", "The vocabulary has no topic"),
    ],
)
def test_an_unknown_concept_is_not_found_and_the_page_says_what_next(
    made: TestClient, address: str, words: str
) -> None:
    for face in ("", "/api/v1"):
        answer = made.get(f"{face}/evidence/{address}")
        assert answer.status_code == 404
        assert words in html.unescape(answer.text)


def test_a_concept_without_documents_says_so_and_what_to_do(made: TestClient) -> None:
    page = made.get(f"/evidence/{EMPTY}").text
    assert "No document here is on this." in page
    assert "Be notified when there is one" in page
    assert 'href="/search?q=Pastoralists' in page
    assert "<svg class" not in page.split("<main")[1].replace('<svg class="feed-icon"', "")
    assert body_of(made, EMPTY)["about"]["count"] == 0


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Street vendors", "Key documents", "What is missing", "People who sell goods")),
        ("es", ("Personas vendedoras ambulantes", "Documentos clave", "Lo que falta", "Personas que venden bienes")),
        ("fr", ("Vendeuses et vendeurs de rue", "Documents clés", "Ce qui manque", "Personnes qui vendent des biens")),
        ("pt", ("Documentos-chave", "O que falta", "Pessoas que vendem bens")),
    ],
)
def test_a_page_speaks_the_language_of_its_reader(made: TestClient, lang: str, words: tuple[str, ...]) -> None:
    page = html.unescape(made.get(f"/evidence/group/street_vendors?locale={lang}").text)
    assert f'<html lang="{lang}"' in page
    for each in words:
        assert each in page


def test_every_worker_group_has_a_note_in_every_language() -> None:
    groups = load_vocabulary().concepts(Facet.GROUP).values()
    for each in groups:
        assert len({note_of(each, lang=lang) for lang in ("en", "es", "fr", "pt")}) == 4, each.id


def test_a_page_can_be_followed_and_searched_and_is_not_sent_twice(made: TestClient) -> None:
    answer = made.get("/evidence/country/PER")
    for href in ("/search?country=PER", "/alerts/new?country=PER", "/feed.atom?country=PER"):
        assert f'href="{href}"' in answer.text
    again = made.get("/evidence/country/PER", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert len(gzip.compress(answer.content)) < 30_000


def test_browse_and_results_and_tags_lead_to_the_pages(made: TestClient) -> None:
    assert 'href="/evidence/topic/gender?locale=es"' in made.get("/browse?locale=es").text
    assert 'href="/evidence/country/PER"' in made.get("/search?country=PER").text
    document = next(each for each in made_documents() if any(tag.facet == "group" for tag in each.tags))
    assert 'href="/evidence/group/' in made.get(f"/documents/{document.id}").text
