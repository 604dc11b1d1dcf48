"""Ten things that people come for, from the home page to the answer, on a phone: in English, and in Spanish without script.

A step is a click, a field that is filled in or chosen, or a page that loads. Each test holds the number of its steps.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from corpus.audit import Actor, AuditChannel
from corpus.files import open_files
from corpus.messages import gettext
from corpus.settings import Settings
from corpus.store import open_store
from corpus.types import Document
from corpus.works import Decision, DecisionKind, RelationKind
from curation.people import add_person
from tests.browser import served
from tests.builders import A_DAY, make_document, make_source, make_tag
from tests.web.files import pdf_of
from tests.web.library import index, keep, settings_in
from web.app import make_app
from web.views.corrections import WRONG

pytestmark = pytest.mark.browser

SCREEN = {"width": 360, "height": 740}
LANGS = ("en", "es")
SHARE = {
    "en": "Of all employed women, 58.1 per cent are in informal employment.",
    "es": "Del total de mujeres ocupadas, el 58,1 por ciento tiene un empleo informal.",
}
WORDS = {
    "share": {"en": "share of women in informal employment", "es": "proporción de mujeres en el empleo informal"},
    "pickers": {"en": "waste pickers Latin America", "es": "recicladores América Latina"},
    "domestic": {"en": "domestic workers", "es": "trabajadoras del hogar"},
    "vendors": {"en": "street vendors", "es": "vendedores ambulantes"},
}


def documents() -> Iterator[Document]:
    """Yield publications in which the ten things can be found."""
    gender = make_tag("topic", "gender")
    for lang, title in (("en", "Women and men: a statistical picture"), ("es", "Mujeres y hombres: un panorama")):
        pages = ("Cover.", "Method.", f"{SHARE[lang]} {WORDS['share'][lang]}.")
        yield make_document(f"dshare{lang}", source="wiego", title=title, lang=lang, pages=pages, tags=(gender,))
    latin = (make_tag("region", "419"), make_tag("country", "COL", primary=True))
    pickers, recycling = make_tag("group", "waste_pickers"), make_tag("sector", "waste_recycling")
    titles = {"en": "Waste pickers in Latin America.", "es": "Recicladores en América Latina."}
    for lang, title in titles.items():
        pages = (" ".join(titles.values()),)
        tags = (pickers, recycling, *latin)
        yield make_document(f"dpickers{lang}", source="wiego", title=title, lang=lang, pages=pages, tags=tags)
    for number in range(20):
        lang = LANGS[number % 2]
        yield make_document(
            f"dhome{number:02}",
            source="wiego",
            title=f"{WORDS['domestic'][lang].capitalize()} {number}",
            lang=lang,
            published=str(2010 + number // 2),
            pages=(f"{WORDS['domestic']['en']}, {WORDS['domestic']['es']}.",),
            tags=(make_tag("group", "domestic_workers"), make_tag("region", "202"), make_tag("country", "GHA")),
        )
    vendors = (make_tag("group", "street_vendors"), make_tag("sector", "retail_street_trade"), *latin)
    for year, share in ((2015, "41"), (2020, "44")):
        page = f"Street vendors, vendedores ambulantes: {share} of 100 are women in this survey of the markets."
        pages = (f"Cover of {year}.", page)
        yield make_document(
            f"dvendors{year}", source="wiego", title=f"Markets {year}", published=str(year), pages=pages, tags=vendors
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Settings]]:
    """Return the address of a site, the token of a person who may correct, and its settings."""
    settings = settings_in(tmp_path_factory.mktemp("tasks"))
    files = open_files(settings)
    with open_store(settings) as store:
        store.sources.save(make_source("wiego", name="WIEGO"))
        for document in documents():
            keep(store, document, sha256=files.put(pdf_of(document.id, pages=len(document.pages))))
        edition = DecisionKind.JOIN, "dvendors2020", "dvendors2015", RelationKind.EDITION
        store.relations.decide(Decision(*edition, person="", reason="", at=A_DAY))
        token = add_person("Ana Torres", store=store, by=Actor("operator", AuditChannel.COMMAND)).text
    index(settings)
    with served(make_app(settings)) as address:
        for lang in LANGS:  # the first search of a process loads the vocabulary
            httpx.get(f"{address}/search?q=vendors&locale={lang}", timeout=60)
        yield address, token, settings


class Reader:
    """Somebody with a browser in one language, whose steps are counted."""

    def __init__(self, browser: Any, address: str, token: str, *, lang: str) -> None:
        self._context = browser.new_context(viewport=SCREEN, locale=f"{lang}-PE", java_script_enabled=lang == "en")
        self._context.set_default_timeout(15_000)
        self.page = self._context.new_page()
        self.page.on("load", lambda _: self._count())
        self.address, self.token, self.lang = address, token, lang
        self.steps = 0

    def close(self) -> None:
        """Close the browser's window, and see that no page was wider than it."""
        self._context.close()

    def _count(self) -> None:
        self.steps += 1

    def say(self, message: str) -> str:
        """Return a message of ours in the reader's language."""
        return gettext(message, lang=self.lang)

    def open(self, address: str = "/") -> None:
        """Open an address."""
        self.page.goto(self.address + address)

    def click(self, selector: str, *, text: str = "") -> None:
        """Click on what is in sight; with a message of ours, on the first that says it."""
        found = self.page.locator(selector)
        self._count()
        (found.filter(has_text=self.say(text)) if text else found).locator("visible=true").first.click()
        self.page.wait_for_load_state()
        assert self.page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], self.page.url

    def fill(self, selector: str, text: str) -> None:
        """Fill in a field."""
        self._count()
        self.page.locator(selector).locator("visible=true").first.fill(text)

    def choose(self, selector: str, value: str) -> None:
        """Choose from a list."""
        self._count()
        self.page.locator(selector).locator("visible=true").first.select_option(value)

    def search(self, words: str) -> None:
        """Search for words on the home page."""
        self.open()
        self.fill("#q", WORDS[words][self.lang])
        self.click(".find button")

    def exported(self, form: str) -> str:
        """Export the results in a form, and return the file."""
        self.choose("#format", form)
        with self.page.expect_download() as caught:
            self.click(".export button")
        return Path(caught.value.path()).read_text(encoding="utf-8")


@pytest.fixture(params=LANGS)
def reader(request: pytest.FixtureRequest, chromium: Any, site: tuple[str, str, Settings]) -> Iterator[Reader]:
    reader = Reader(chromium, site[0], site[1], lang=request.param)
    yield reader
    reader.close()


def test_the_share_of_women_in_informal_employment_with_its_page(reader: Reader) -> None:
    reader.search("share")
    hit = reader.page.locator(".hit", has=reader.page.locator(f"a[href^='/documents/dshare{reader.lang}']")).first
    assert "58" in hit.locator("q").first.inner_text()
    assert "3" in hit.locator(".leaf").first.inner_text().split()
    reader.click(f".hit a.leaf[href^='/documents/dshare{reader.lang}']")
    assert SHARE[reader.lang] in reader.page.inner_text(".text")
    assert reader.steps <= 6


def test_waste_pickers_in_latin_america_in_spanish(reader: Reader) -> None:
    reader.search("pickers")
    reader.click(".filters summary", text="Filters")
    reader.click(".choice:has([name=lang][value=es])")
    reader.click(".apply button")
    titles = reader.page.locator(".hit h2").all_inner_texts()
    assert titles[0] == "Recicladores en América Latina."
    assert "Waste pickers in Latin America." not in titles
    assert reader.steps <= 8


def test_results_of_one_region_and_one_sector(reader: Reader) -> None:
    reader.open()
    reader.click(".shelf a[href*='region=419']")
    reader.click(".filters summary", text="Filters")
    reader.click(".choice:has([name=sector][value=retail_street_trade])")
    reader.click(".apply button")
    assert reader.page.locator(".hit").count() == 2
    assert "region=419" in reader.page.url
    assert "sector=retail_street_trade" in reader.page.url
    assert reader.steps <= 7


def test_following_a_search(reader: Reader) -> None:
    reader.search("domestic")
    reader.fill(".follow [name=address]", f"rosa-{reader.lang}@example.org")
    reader.click("button", text="Follow by e-mail")
    assert reader.page.locator("h1").inner_text() == reader.say("Check your e-mail")
    assert reader.steps <= 7


def test_twenty_results_for_zotero_and_as_a_table(reader: Reader) -> None:
    reader.search("domestic")
    assert reader.exported("ris").count("TY  - ") >= 20
    assert len(json.loads(reader.exported("csl-json"))) >= 20
    assert len(reader.exported("csv").splitlines()) >= 21
    assert reader.steps <= 10


def test_citing_a_page(reader: Reader) -> None:
    reader.search("vendors")
    reader.click(".hit a.leaf[href^='/documents/dvendors']")
    reader.click(".doc-links a[href='#cite']")
    cited = reader.page.locator("#plain-page-citation")
    assert cited.is_visible()
    assert "2" in cited.inner_text()
    assert reader.steps <= 7


def test_why_a_tag_was_given(reader: Reader) -> None:
    reader.search("vendors")
    reader.click(".hit a.leaf[href^='/documents/dvendors']")
    reader.click(".doc-links a[href='#tags']")
    reader.click(".tag summary >> nth=0")
    assert "A sentence on street_vendors." in reader.page.locator(".evidence:visible").inner_text()
    assert reader.steps <= 8


def test_correcting_a_tag(reader: Reader, site: tuple[str, str, Settings]) -> None:
    document = "dhome00" if reader.lang == "en" else "dhome01"
    reader.open(f"/documents/{document}")
    reader.click(".fold summary", text="Report or correct")
    reader.click("a", text="Sign in to correct it")
    reader.fill("#token", reader.token)
    reader.click("main button")
    reader.click(".tag summary >> nth=0")
    reader.choose(".tag select", WRONG)
    reader.fill(".tag [name=reason]", "It is a list of other projects.")
    reader.click(".tag form button")
    with open_store(site[2]) as store:
        (correction,) = store.corrections.of(document)
    assert correction.reason == "It is a list of other projects."
    assert reader.steps <= 12


def test_comparing_two_editions(reader: Reader) -> None:
    reader.open("/documents/dvendors2020?page=2")
    reader.click("a", text="Compare side by side")
    assert reader.page.locator("del").inner_text() == "44"
    assert reader.page.locator("ins").inner_text() == "41"
    assert reader.steps <= 3


def test_a_statistic_by_year(reader: Reader) -> None:
    reader.search("domestic")
    reader.click(".evidence-of a")
    rows = reader.page.locator(".evidence-chart").first
    reader.click(".evidence-chart summary")
    assert rows.locator("tbody tr").count() >= 9
    assert "2019" in rows.locator("tbody").inner_text()
    assert reader.steps <= 7
