"""What browsers, web search and reference managers find: sitemap, robots.txt, OpenSearch, Link headers, unAPI."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import etree

from corpus.rights import Ground, Rights, Show
from tests.builders import make_document
from tests.web.library import PUBLIC_URL
from web.app import open_site
from web.routes.sitemap import sitemap_router
from web.signposting import link_header

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SEARCH = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
WHOLE = Rights(Show.FULL, Ground.LICENCE, "CC BY 4.0")


def texts(body: bytes, path: str) -> list[str]:
    return [str(each) for each in etree.fromstring(body).xpath(path, namespaces=SITEMAP | SEARCH)]


def links_of(header: str) -> list[tuple[str, str]]:
    return [(relation, address) for address, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', header)]


def test_robots_txt_names_the_sitemap(client: TestClient) -> None:
    assert f"\nSitemap: {PUBLIC_URL}/sitemap.xml\n" in client.get("/robots.txt").text


def test_the_sitemap_lists_every_document_but_samples_with_its_last_change(client: TestClient) -> None:
    assert texts(client.get("/sitemap.xml").content, "//s:loc/text()") == [
        f"{PUBLIC_URL}/sitemap-pages.xml",
        f"{PUBLIC_URL}/sitemap-1.xml",
    ]
    part = client.get("/sitemap-1.xml").content
    addresses = texts(part, "//s:loc/text()")
    assert f"{PUBLIC_URL}/documents/dlima" in addresses
    assert f"{PUBLIC_URL}/documents/dsample" not in addresses
    assert len(addresses) == len(texts(part, "//s:lastmod/text()"))
    for address in (*addresses[:3], *texts(client.get("/sitemap-pages.xml").content, "//s:loc/text()")):
        assert client.get(address.removeprefix(PUBLIC_URL)).status_code == 200
    for path in ("/sitemap-2.xml", "/sitemap-0.xml", "/sitemap-x.xml"):
        assert client.get(path).status_code == 404


def test_a_long_sitemap_is_in_parts_that_hold_every_document_once(library_settings, client: TestClient) -> None:
    site = open_site(library_settings)
    app = FastAPI()
    app.include_router(sitemap_router(site, size=10))
    small = TestClient(app)
    parts = texts(small.get("/sitemap.xml").content, "//s:loc/text()")[1:]
    assert len(parts) == 4
    found = [
        each for part in parts for each in texts(small.get(part.removeprefix(PUBLIC_URL)).content, "//s:loc/text()")
    ]
    assert found == texts(client.get("/sitemap-1.xml").content, "//s:loc/text()")
    site.app.engine.close()
    site.app.store.close()


def test_the_favicon_is_the_cart(client: TestClient) -> None:
    response = client.get("/favicon.ico", follow_redirects=True)
    assert (response.status_code, response.headers["content-type"]) == (200, "image/svg+xml")


def test_a_browser_adds_the_search_with_its_suggestions(client: TestClient) -> None:
    body = client.get("/opensearch.xml").content
    assert '<link rel="search" type="application/opensearchdescription+xml"' in client.get("/").text
    assert len(texts(body, "//o:ShortName/text()")[0]) <= 16
    templates = dict(zip(texts(body, "//o:Url/@type"), texts(body, "//o:Url/@template"), strict=True))
    assert client.get(texts(body, "//o:Image/text()")[0].removeprefix(PUBLIC_URL)).status_code == 200
    for kind, template in templates.items():
        address = template.replace("{searchTerms}", "street+ve").removeprefix(PUBLIC_URL)
        assert client.get(address).headers["content-type"].startswith(kind)
    typed, words, notes, addresses = client.get("/suggestions.json", params={"q": "street ve"}).json()
    assert (typed, words[0], notes[0]) == ("street ve", "Street vendors", "Worker group, 2 documents")
    assert addresses[0] == f"{PUBLIC_URL}/search?group=street_vendors"
    assert client.get("/suggestions.json").json() == ["", [], [], []]


def test_a_document_page_points_at_what_belongs_to_it(client: TestClient) -> None:
    links = links_of(client.get("/documents/dlima").headers["link"])
    page = f"{PUBLIC_URL}/documents/dlima"
    assert links == [
        ("cite-as", "https://doi.org/10.1000/182"),
        ("describedby", f"{page}.bib"),
        ("describedby", f"{page}.ris"),
        ("describedby", f"{page}.csl.json"),
        ("item", "https://example.org/dlima.pdf"),
        ("type", "https://schema.org/AboutPage"),
        ("type", "https://schema.org/Report"),
    ]
    for relation, address in links:
        if relation == "describedby":
            assert client.head(address.removeprefix(PUBLIC_URL)).status_code == 200


def test_links_name_the_licence_that_counts(client: TestClient) -> None:
    header = link_header(make_document(), WHOLE, public_url=PUBLIC_URL)
    assert ("license", "https://creativecommons.org/licenses/by/4.0/") in links_of(header)


@pytest.mark.parametrize(
    "strange",
    [
        {"url": 'javascript:alert("1")', "landing_url": ""},
        {"url": 'https://example.org/a>; rel="item', "identifiers": {"doi": '10.1/x>; rel="license'}},
        {"url": "https://example.org/ciudad-méxico.pdf", "content_type": 'a"; rel="x\r\nb'},
    ],
)
def test_what_strangers_wrote_cannot_add_a_link_or_a_header(strange) -> None:
    document = replace(make_document(), **strange)
    header = link_header(document, WHOLE, public_url=PUBLIC_URL)
    assert header.isascii()
    assert header.isprintable()
    relations = [relation for relation, _ in links_of(header)]
    assert relations.count("license") == 1
    assert relations.count("item") <= 1


def test_zotero_gets_the_documents_of_a_page_by_unapi(client: TestClient) -> None:
    for path, wanted in (("/documents/dlima", {"dlima"}), ("/search?q=vendedores", {"dlima"})):
        html = client.get(path).text
        assert f'<link rel="unapi-server" type="application/xml" title="unAPI" href="{PUBLIC_URL}/unapi">' in html
        assert wanted <= set(re.findall(r'<abbr class="unapi-id" title="([^"]+)"', html))
    assert texts(client.get("/unapi").content, "//format/@name") == ["ris", "bibtex"]
    chosen = client.get("/unapi?id=dlima")
    assert (chosen.status_code, texts(chosen.content, "/formats/@id")) == (300, ["dlima"])
    ris = client.get("/unapi?id=dlima&format=ris", follow_redirects=True)
    assert ris.text.startswith("TY  - RPRT")
    pdf = re.findall(r'name="citation_pdf_url" content="([^"]+)"', client.get("/documents/dlima").text)
    assert re.findall(r"^L1  - (.+)$", ris.text, re.MULTILINE) == pdf
    assert client.get("/unapi?id=dlima&format=marc").status_code == 406
    assert client.get("/unapi?id=nothing").status_code == 404


def test_a_person_reads_how_programs_ask_in_four_languages(client: TestClient) -> None:
    texts_of = {lang: client.get("/api", params={"locale": lang}).text for lang in ("en", "es", "fr", "pt")}
    assert len({re.findall(r'class="lead">(.*?)<a', text)[0] for text in texts_of.values()}) == 4
    for address in re.findall(r'<p><a href="([^"]+)"><code>', texts_of["en"]):
        path = address.replace("&amp;", "&")
        assert client.get(path).status_code == 200, path


def test_a_program_asks_for_json_lines_by_its_header(client: TestClient) -> None:
    response = client.get("/api/v1/search/export?q=vendors", headers={"Accept": "application/x-ndjson"})
    assert (response.status_code, response.headers["content-type"]) == (200, "application/x-ndjson")
    assert [json.loads(line)["id"] for line in response.text.splitlines()]
    assert client.get("/api/v1/search/export?q=vendors").status_code == 422
