"""Pages in the language of the reader: headings, facets, outcomes, dates and counts; documents keep their own."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from tests.web.test_pages import PAGES


def text_of(client: TestClient, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text.replace("&nbsp;", " ")))


def in_language(address: str, lang: str) -> str:
    address, _, fragment = address.partition("#")
    return f"{address}{'&' if '?' in address else '?'}locale={lang}" + (f"#{fragment}" if fragment else "")


@pytest.mark.parametrize("lang", ["es", "fr", "pt"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_can_be_had_in_every_language(client: TestClient, address: str, lang: str) -> None:
    answer = client.get(in_language(address, lang))
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text


@pytest.mark.parametrize("lang", ["", "de", "en", "ES", "es-PE", "../x"])
def test_a_language_that_is_not_ours_is_english(client: TestClient, lang: str) -> None:
    assert '<html lang="en"' in client.get("/", params={"locale": lang}).text


def test_results_have_facets_counts_and_orders_in_the_language(client: TestClient) -> None:
    text = text_of(client, "/search?locale=es")
    for words in (
        "Grupo de trabajadores",
        "Región y país",
        "Idioma",
        "documentos",
        "Ordenar",
        "Los más pertinentes primero",
    ):
        assert words in text
    for words in ("Worker group", "Best match first", "Show documents", "Filters"):
        assert words not in text


def test_values_of_the_vocabulary_and_types_are_in_the_language(client: TestClient) -> None:
    browse = text_of(client, "/browse?locale=fr")
    assert "Vendeurs de rue" in browse or "vendeurs" in browse.lower()
    assert "Groupe de travailleurs" in browse


def test_the_language_of_the_page_is_no_filter_of_documents(client: TestClient) -> None:
    english = re.search(r'<h1 id="count">(\d+)', client.get("/search").text)
    spanish = re.search(r'<h1 id="count">(\d+)', client.get("/search?locale=es").text)
    assert english
    assert spanish
    assert english[1] == spanish[1]


def test_dates_are_written_in_the_language(client: TestClient) -> None:
    assert re.search(r"aquí desde el \d+ de \w+ de \d{4}", text_of(client, "/?locale=es"))
    assert re.search(r"ici depuis le \d+ \w+ \d{4}", text_of(client, "/?locale=fr"))


def test_the_outcome_of_reading_is_said_in_the_language(client: TestClient) -> None:
    assert "só imagens de páginas, sem texto" in text_of(client, "/documents/dscanned?locale=pt")


def test_a_text_in_the_language_of_the_page_needs_no_mark_and_one_in_english_does(client: TestClient) -> None:
    answer = client.get("/search?q=vendedores&locale=es").text
    assert '<h2 dir="ltr"><a' in answer
    assert 'lang="en"' in client.get("/search?locale=es").text


def test_a_page_in_another_language_is_another_version_of_it(client: TestClient) -> None:
    etags = {client.get(f"/search?q=vendedores&locale={lang}").headers["etag"] for lang in ("en", "es", "fr", "pt")}
    assert len(etags) == 4


def test_errors_are_said_in_the_language(client: TestClient) -> None:
    text = text_of(client, "/documents/dlima?page=99&locale=es")
    assert "No se encuentra nada en esta dirección" in text
    assert "Este documento no tiene página 99." in text


def test_suggestions_and_feed_speak_the_language(client: TestClient) -> None:
    notes = [each["note"] for each in client.get("/suggestions?q=vend&locale=es").json()]
    assert any("Grupo de trabajadores" in note and "documento" in note for note in notes)
    feed = ElementTree.fromstring(client.get("/feed.atom?locale=pt").text)
    assert feed.findtext("{http://www.w3.org/2005/Atom}title") == "Pushcart: todos os documentos"


def test_the_api_answers_a_star_of_if_none_match(client: TestClient) -> None:
    assert client.get("/api/v1/search?q=vendedores", headers={"If-None-Match": "*"}).status_code == 304


def test_why_a_tag_was_given_is_said_in_the_language(client: TestClient) -> None:
    text = text_of(client, "/documents/dlima?locale=fr").replace("\xa0", " ")
    assert "« street_vendors » est un terme pour « Vendeuses et vendeurs de rue »." in text


def test_a_page_is_in_the_language_that_the_browser_asks_for(client: TestClient) -> None:
    assert '<html lang="fr"' in client.get("/", headers={"Accept-Language": "de, fr-CA;q=0.8, en;q=0.5"}).text
    assert '<html lang="en"' in client.get("/?locale=en", headers={"Accept-Language": "fr"}).text
    assert client.get("/").headers["vary"].startswith("Accept-Language, Cookie")


def test_a_language_that_was_chosen_stays_and_one_of_a_link_does_not(client: TestClient) -> None:
    client.get("/?locale=pt")
    assert '<html lang="en"' in client.get("/").text
    switch = re.search(r'href="([^"]+)" lang="es"', client.get("/search?q=vendedores").text)
    assert switch
    assert '<html lang="es"' in client.get(switch[1].replace("&amp;", "&")).text
    assert '<html lang="es"' in client.get("/").text
