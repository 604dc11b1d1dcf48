"""Correcting a document in a real browser: without script, on a phone, and accessible."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from corpus.store import Store
from tests.browser import served
from tests.builders import make_document, make_tag
from tests.curation.test_curation_browser import CONTRAST, OPEN_ALL, RULES, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def document(records: Store) -> str:
    """Return the id of a document with tags and nothing corrected."""
    tags = (
        make_tag("group", "street_vendors", primary=True),
        make_tag("country", "PER", primary=True),
        make_tag("topic", "taxation", about=False, weight=0.1),
    )
    for each in reversed(records.corrections.of("d0")):
        records.corrections.undo(each.id)
    records.documents.save(make_document("d0", source="wiego", title="Vendors, part 0", tags=tags))
    return "d0"


def look(page: Any, name: str) -> None:
    """Keep a picture where PICTURES_OF_TESTS names a folder."""
    if folder := os.environ.get("PICTURES_OF_TESTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_person_rejects_adds_retitles_and_takes_back_on_a_phone_without_script(
    server: str, chromium: Any, person: tuple[str, str], document: str, records: Store
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, server, person[1], going_on=f"/documents/{document}")
    page.click(".tag summary:has-text('Street vendors')")
    look(page, "tag-390")
    form = page.locator(".tag form:visible")
    form.locator("select").select_option(label="It is wrong")
    form.locator("input[name=reason]").fill("The words stand in a list of other projects.")
    form.locator("button").click()
    assert page.url == f"{server}/documents/{document}#corrections"
    assert page.locator(".tag:has-text('Street vendors')").count() == 0

    page.click("summary:has-text('Name a tag')")
    page.fill("#named-tag", "Waste pickers")
    page.select_option("#named-said", label="It is missing: the document mentions it")
    page.fill("#named-why", "In the annex.")
    page.click("#corrections form:has(#named-tag) button")
    page.click("#corrections summary:text-is('Title')")
    page.fill("#field-title", "Vendors of Puno")
    page.fill("#field-why-title", "As on its cover.")
    page.click("#corrections form:has(#field-title) button")
    assert page.locator("h1").text_content() == "Vendors of Puno"
    assert page.locator(".tag.passing:has-text('Waste pickers')").count() == 1
    look(page, "corrected-390")

    page.click("summary:has-text('Undo the last correction')")
    page.fill("#undo-correction-1", "The cover is of another edition.")
    page.click("#corrections form:visible:has(#undo-correction-1) button")
    assert page.locator("h1").text_content() == "Vendors, part 0"
    assert len(records.corrections.of(document)) == 2
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_forms_are_accessible_and_fit(
    server: str, chromium: Any, person: tuple[str, str], document: str, scheme: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 780})
    page = context.new_page()
    sign_in(page, server, person[1], going_on=f"/documents/{document}")
    page.click("#corrections summary:text-is('Authors')")
    page.fill("#field-authors", "A" + "uthor-without-any-place-to-break" * 5 + "\nAwa Ndiaye")
    page.fill("#field-why-authors", "https://example.org/a-very-long-address-without-any-place-to-break/" + "a" * 200)
    page.click("#corrections form:has(#field-authors) button")
    for address in (f"/documents/{document}", "/audit"):
        page.goto(f"{server}{address}")
        page.evaluate(OPEN_ALL)
        found = [*axe.run(page, options=RULES).response["violations"]]
        found += axe.run(page, options=CONTRAST).response["violations"]
        assert not [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        look(page, f"{address.strip('/').replace('/', '-')}-{width}")
    context.close()
