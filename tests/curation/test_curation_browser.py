"""Signing in, joining, taking back and signing out in a real browser: without script, on a phone, and accessible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from tests.browser import served

pytestmark = pytest.mark.browser

OPEN_ALL = "for (const each of document.querySelectorAll('details:not(.languages)')) each.open = true"
"""But the menu of languages, which covers what is below it while it is open."""
OPEN_MENU = "document.querySelector('.languages').open = true"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}


@pytest.fixture(scope="module")
def server(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


def sign_in(page: Any, server: str, token: str, *, going_on: str) -> None:
    page.goto(f"{server}/sign-in?next={going_on}")
    page.fill("#token", token)
    page.click("main button")
    assert page.url == f"{server}{going_on}"


def test_a_person_joins_takes_back_and_signs_out_on_a_phone_without_script(
    server: str, chromium: Any, person: tuple[str, str]
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, server, person[1], going_on="/documents/d4")
    page.click("text=Name another document")
    page.fill("#other", f"{server}/documents/d5?q=vendors")
    page.select_option("#said", label="Another edition, year or issue")
    page.fill("#why", "The year after.")
    page.click("#curated button:visible:has-text('Save')")
    assert page.url == f"{server}/documents/d4#curated"
    page.locator("#curated summary:has-text('Correct this')").wait_for()
    page.click(".visitor a:has-text('Audit log')")
    page.click("summary:has-text('Undo') >> nth=0")
    page.fill("input[name=reason]:visible", "They are two reports.")
    page.click("button:visible:has-text('Undo')")
    assert page.url == f"{server}/audit"
    assert "They are two reports." in page.text_content(".log > li >> nth=0")
    page.click("button:has-text('Sign out')")
    page.goto(f"{server}/audit")
    assert page.url.startswith(f"{server}/sign-in")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_persons_are_accessible_and_fit_a_phone(
    server: str, chromium: Any, person: tuple[str, str], scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 360, "height": 780})
    page = context.new_page()
    sign_in(page, server, person[1], going_on="/documents/d6")
    page.click("text=Name another document")
    page.fill("#other", "d7")
    page.select_option("#said", "translation" if scheme == "light" else "split")
    page.fill("#why", "https://example.org/a-very-long-address-without-any-place-to-break/" + "a" * 200)
    page.click("#curated button:visible:has-text('Save')")
    for address in ("/documents/d6", "/audit", "/sign-in"):
        page.goto(f"{server}{address}")
        page.evaluate(OPEN_ALL)
        found = [*axe.run(page, options=RULES).response["violations"]]
        found += axe.run(page, options=CONTRAST).response["violations"]
        page.evaluate(OPEN_MENU)
        found += axe.run(page, context=".languages", options=RULES).response["violations"]
        assert not [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    context.close()
