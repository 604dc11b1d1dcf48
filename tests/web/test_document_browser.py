"""The document page in a real browser: text first on a phone, everything without script, light, and accessible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import open_store
from corpus.tag_rules import Zone
from corpus.types import Document, Facet
from corpus.vocabulary import load_vocabulary
from corpus.works import Decision, DecisionKind, RelationKind
from tests.browser import served
from tests.builders import A_DAY, make_document, make_source, make_tag, zoned_page
from tests.web.files import pdf_of
from tests.web.library import index, keep, settings_in
from web.app import make_app

pytestmark = pytest.mark.browser

WEIGHT_MAX = 40_000
"""Bytes over the wire, style sheet and script included, the picture not (PAGES)."""
SCREEN = {"width": 390, "height": 844}
TITLE = "Trabajadoras del hogar, vendedoras ambulantes y recicladoras: protección social en siete ciudades"


def heavy_document() -> Document:
    """Return a report with as many tags as the real ones have that stood 3.6 screens before their text."""
    vocabulary = load_vocabulary()
    tags = [
        make_tag(facet, concept, about=place < 6)
        for facet, most in ((Facet.GROUP, 10), (Facet.COUNTRY, 20), (Facet.TOPIC, 18))
        for place, concept in enumerate(list(vocabulary.concepts(facet))[:most])
    ]
    body = "Las vendedoras ambulantes trabajan sin contrato. " * 60
    pages = tuple(zoned_page(n, (Zone.HEADING, f"Capítulo {n}"), (Zone.BODY, body.strip())) for n in range(1, 10))
    document = make_document(
        "dheavy",
        source="wiego",
        title=TITLE,
        lang="es",
        authors=tuple(f"Autora Número {n}" for n in range(12)),
        publisher="Organización Internacional del Trabajo",
        published="2021-03-04",
        abstract="Resumen largo. " * 60,
        tags=tuple(tags),
        work="dheavy",
    )
    return replace(document, pages=pages, page_count=len(pages))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings: Settings = settings_in(tmp_path_factory.mktemp("document"))
    files = open_files(settings)
    with open_store(settings) as store:
        store.sources.save(make_source("wiego", name="WIEGO"))
        for document in (
            heavy_document(),
            make_document(
                "dolder",
                source="wiego",
                title="Edición de 2019",
                lang="es",
                work="dheavy",
                pages=("Las vendedoras ambulantes trabajan con contrato.",),
            ),
        ):
            keep(store, document, sha256=files.put(pdf_of(document.id, pages=len(document.pages))))
        store.relations.decide(
            Decision(DecisionKind.JOIN, "dheavy", "dolder", RelationKind.EDITION, person="", reason="", at=A_DAY)
        )
    index(settings)
    with served(make_app(settings)) as address:
        yield address


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("words", ["", "?q=vendedoras+ambulantes&page=3&from=country%3DPER"])
def test_the_text_begins_within_the_first_screen_of_a_phone(
    server: str, chromium: Any, locale: str, words: str
) -> None:
    page = chromium.new_page(viewport=SCREEN, java_script_enabled=False)
    page.goto(f"{server}/documents/dheavy{words}{'&' if words else '?'}locale={locale}")
    first = page.locator(".sheet .text > *").nth(1).bounding_box()
    assert first["y"] + 40 <= SCREEN["height"]
    assert page.locator(".tag:visible").count() == 0
    page.close()


@pytest.mark.parametrize("locale", ["en", "es"])
def test_the_first_answer_is_within_the_first_screen_of_a_phone(server: str, chromium: Any, locale: str) -> None:
    page = chromium.new_page(viewport=SCREEN, java_script_enabled=False)
    page.goto(f"{server}/search?q=vendedoras+ambulantes&locale={locale}")
    passage = page.locator(".hit q").first.bounding_box()
    assert passage["y"] + 40 <= SCREEN["height"]
    page.close()


def test_an_address_of_a_folded_part_opens_it_without_script(server: str, chromium: Any) -> None:
    page = chromium.new_page(viewport=SCREEN, java_script_enabled=False)
    page.goto(f"{server}/documents/dheavy")
    for link, part in (("Tags", "#tags"), ("Cite", "#cite")):
        page.click(f".doc-links >> text={link}")
        assert page.locator(part).is_visible()
    for part in ("#provenance", "#related", "#cite-page"):
        page.goto("about:blank")
        page.goto(f"{server}/documents/dheavy{part}")
        assert page.locator(part).is_visible()
    page.close()


def test_the_picture_is_loaded_only_when_it_is_asked_for(server: str, chromium: Any) -> None:
    page = chromium.new_page(viewport=SCREEN)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(".webp") else None)
    page.goto(f"{server}/documents/dheavy?page=2", wait_until="networkidle")
    assert asked == []
    with page.expect_response("**/pages/2.webp") as answer:
        page.click(".doc-links >> text=Picture")
    assert answer.value.status == 200
    page.wait_for_function("document.querySelector('.picture img').naturalWidth > 0")
    page.close()


def test_headings_lead_through_the_document(server: str, chromium: Any) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{server}/documents/dheavy")
    page.click("summary:has-text('Contents')")
    page.click("text=Capítulo 4")
    assert page.url.endswith("/documents/dheavy?page=4#page=4")
    page.close()


def test_an_edition_is_compared_in_two_steps(server: str, chromium: Any) -> None:
    page = chromium.new_page(viewport=SCREEN, java_script_enabled=False)
    page.goto(f"{server}/documents/dolder")
    page.click("text=Compare side by side")
    assert page.locator("del, ins").count() >= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
    page.close()


@pytest.mark.parametrize(
    ("address", "scheme", "width"),
    [
        ("/documents/dheavy?q=vendedoras&page=2&locale=es", "light", 360),
        ("/documents/dolder?q=vendedoras", "dark", 1280),
        ("/documents/dolder/compare/dheavy", "dark", 360),
    ],
)
def test_documents_and_comparisons_have_no_fault_that_a_program_can_find(
    server: str, chromium: Any, address: str, scheme: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 844})
    page = context.new_page()
    tags = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    page.goto(f"{server}{address}")
    opened = ".fold, .side details, .tag:nth-child(-n+2) details"
    page.evaluate(f"for (const each of document.querySelectorAll('{opened}')) each.open = true")
    answer = axe.run(page, options={"runOnly": {"type": "tag", "values": tags}}).response
    assert not [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in answer["violations"]]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_document_weighs_less_than_forty_kilobytes(server: str, chromium: Any) -> None:
    context = chromium.new_context(viewport=SCREEN)
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    weights: list[float] = []
    client.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.goto(f"{server}/documents/dheavy?q=vendedoras", wait_until="networkidle")
    context.close()
    assert 3_000 < sum(weights) < WEIGHT_MAX
