"""The HTML of a digest as a mail program on a phone and on a screen shows it, in light and in dark colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from alerts.writing.content import Content
from alerts.writing.email import make_email
from tests.alerts.writing.samples import (
    ARABIC,
    ENVELOPE,
    SPANISH,
    make_confirm,
    make_digest,
    make_notice,
    make_search,
    make_test,
)

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_UNBROKEN = "https://example.org/" + "x" * 280
LONG = replace(
    SPANISH, title=_UNBROKEN, marked_title=(), publisher="y" * 120, words=("z" * 60,), passage=((_UNBROKEN, True),)
)
MESSAGES: dict[str, Content] = {
    "digest": make_digest(),
    "digest in French": make_digest(lang="fr"),
    "too broad": make_digest(make_search(entries=20, total=900), make_search(2, name="w" * 120)),
    "long words": make_digest(
        replace(make_search(), entries=(LONG, replace(LONG, id="d2", lang="ar"), ARABIC), total=3)
    ),
    "confirm": make_confirm(lang="pt"),
    "notice": make_notice(lang="es"),
    "test": make_test(),
}


@pytest.fixture(
    params=[(390, "light"), (390, "dark"), (700, "light"), (700, "dark")], ids=lambda each: f"{each[0]} {each[1]}"
)
def page(request: pytest.FixtureRequest, chromium: Any) -> Iterator[Any]:
    width, scheme = request.param
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url))
    yield page
    context.close()
    assert asked == []  # a message asks no server for anything


def test_messages_fit_their_window_and_have_no_fault_that_a_program_can_find(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    faults = []
    for name, content in MESSAGES.items():
        page.set_content(make_email(content, envelope=ENVELOPE).get_body(("html",)).get_content())
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((name, "wider than the window"))
        is_first = page.viewport_size["width"] == 390 and not page.evaluate(
            "matchMedia('(prefers-color-scheme: dark)').matches"
        )
        if not is_first and name not in ("digest", "long words"):
            continue  # made of the same elements and colours
        found = axe.run(page, options=RULES).response["violations"]
        faults += [(name, each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]
    assert not faults


def test_dark_colours_are_used_where_the_reader_wants_them(page: Any) -> None:
    page.set_content(make_email(make_digest(), envelope=ENVELOPE).get_body(("html",)).get_content())
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    ground = page.evaluate("getComputedStyle(document.querySelector('.w')).backgroundColor")
    assert ground == ("rgb(17, 22, 20)" if is_dark else "rgb(255, 255, 255)")


def test_a_phone_of_the_smallest_kind_shows_everything(chromium: Any) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 600})
    page = context.new_page()
    for content in MESSAGES.values():
        page.set_content(make_email(content, envelope=ENVELOPE).get_body(("html",)).get_content())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
