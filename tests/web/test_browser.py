"""The pages in a real browser: without script, by keyboard, on a phone, weighed, and checked for accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.settings import Settings
from tests.browser import served
from tests.web.histories import CHANGED_ID, last_run_address
from tests.web.test_languages import in_language
from web.app import make_app

pytestmark = pytest.mark.browser

MAIN_PAGES = (
    "/",
    "/search?q=vendedores+ambulantes&country=PER",
    "/search?q=ambulantes+hovercraft",
    "/documents/dlima?q=vendedores&page=2",
    "/documents/daccra?page=2",
    "/sources",
    "/sources/broken",
    "/sources/office",
    "/sources/guessed",
    last_run_address(),
    f"/documents/{CHANGED_ID}",
    "/browse",
    "/evidence/group/street_vendors",
    "/selection?ids=dlima.daccra.dgone",
    "/help",
    "/report?q=vendedores+ambulantes&country=PER",
    "/quotes",
    "/nope",
)
COVERAGE_PAGES = ("/sources", "/sources/office", last_run_address(), f"/documents/{CHANGED_ID}")
"""Pages that prove what was harvested, read and indexed; broken sources and hostile failures are on them."""
WEIGHT_MAX = 30_000
"""Bytes over the wire, style sheet and script included (PAGES)."""


@pytest.fixture(scope="session")
def server(library_settings: Settings) -> Iterator[str]:
    with served(make_app(library_settings)) as address:
        yield address


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert not faults


def test_everything_works_without_script(server: str, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(server)
    page.fill("#q", "vendedores ambulantes")
    page.press("#q", "Enter")
    page.click("summary:has-text('Filters')")
    page.click("summary:has-text('1 country: Latin America')")
    page.check("input[name=country][value=PER]")
    page.click("text=Show documents")
    assert page.url.endswith("/search?q=vendedores+ambulantes&country=PER")
    page.click(".hit .leaf >> nth=0")
    assert "page=2" in page.url
    assert page.locator(".text mark").count() >= 1  # a concept is marked in one piece
    page.click("summary:has-text('Tags, and why')")
    page.click(".tag summary >> nth=0")
    assert page.locator(".evidence:visible").count() == 1
    page.click("text=Back to the search")
    assert page.url.endswith("/search?q=vendedores+ambulantes&country=PER")
    context.close()


def test_documents_are_selected_sent_and_exported_without_script(server: str, chromium: Any, tmp_path: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{server}/search?q=vendedores+ambulantes")
    page.check("input[name=id][value=dlima]")
    page.click("text=Keep ticked documents")
    assert page.url.endswith("/search?q=vendedores+ambulantes")
    assert page.is_checked("input[name=id][value=dlima]")
    page.goto(f"{server}/search?q=cooperative+study&near=0&limit=5")
    page.click("text=More documents")  # another page of another search
    page.locator(".tick input").first.check()
    page.click("text=Keep ticked documents")
    page.click("text=2 documents in your selection")
    assert page.url.endswith("/selection")
    link = page.locator("#link").inner_text()
    page.select_option("select[name=format]", "ris")
    with page.expect_download() as caught:
        page.click("button:has-text('Export')")
    assert caught.value.suggested_filename.startswith("pushcart-selection-")
    assert Path(caught.value.path()).read_text(encoding="utf-8").count("TY  - ") == 2
    page.check("input[name=id][value=dlima]")
    page.click("text=Remove ticked documents")
    assert page.locator(".hit").count() == 1
    page.click("text=Clear the selection")
    page.goto(f"{server}/selection?{link.partition('?')[2]}")
    assert page.locator(".hit").count() == 2
    page.goto(f"{server}/search?q=cooperative+study&source=wiego")
    page.select_option("select[name=format]", "csv")
    with page.expect_download() as caught:
        page.click("button:has-text('Export')")
    assert caught.value.suggested_filename.startswith("pushcart-cooperative-study-wiego-")
    context.close()


def test_a_tick_is_kept_at_once(server: str, page: Any) -> None:
    page.goto(f"{server}/search?q=vendedores+ambulantes")
    page.check("input[name=id][value=dlima]")
    page.wait_for_selector("text=1 document in your selection")
    page.uncheck("input[name=id][value=dlima]")
    page.wait_for_selector("text=0 documents in your selection")
    page.check("input[name=id][value=dlima]")
    page.wait_for_selector("text=1 document in your selection")
    page.goto(f"{server}/selection")
    assert page.locator(".hit").count() == 1


def test_a_search_is_told_frozen_named_and_deleted_without_script_on_a_phone(server: str, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{server}/search?q=cooperative")
    page.click(".told-later >> text=Search report")
    assert page.locator("h1").inner_text() == "Search report"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("text=Freeze this search")
    assert "/frozen/" in page.url
    own = page.url
    page.fill("#name", "Review of cooperatives")
    page.click("button:has-text('Rename')")
    assert page.locator("h1").inner_text() == "Review of cooperatives"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("text=Search report of that day")
    page.click("text=Back to the frozen search")
    assert page.url == own
    page.click(".kept a >> nth=0")
    assert page.evaluate("document.referrer") == ""
    page.goto(own)
    page.click("summary:has-text('Delete this frozen search')")
    page.click("button:has-text('Delete permanently')")
    assert page.url.endswith("/search?q=cooperative")
    assert page.goto(own).status == 404
    context.close()


def test_a_reader_gets_from_words_to_page_by_keyboard_alone(server: str, page: Any) -> None:
    page.goto(f"{server}/help")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.goto(server)
    page.keyboard.press("/")
    page.keyboard.type("vendedores ambulantes")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/dlima*")
    page.keyboard.press("n")
    page.wait_for_url("**page=4*")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**page=3*")


def test_a_tick_shows_its_result_at_once_and_a_fragment_opens_its_page(server: str, page: Any) -> None:
    page.goto(f"{server}/search?q=vendors")
    page.click("summary:has-text('1 country: Sub-Saharan Africa')")
    page.click("input[name=country][value=GHA]")
    page.wait_for_url("**/search?q=vendors&country=GHA")
    page.goto(f"{server}/documents/dlima#page=3")
    page.wait_for_selector('section[id="page=3"]')


def options_of(page: Any) -> list[str]:
    """Return the texts of the suggestions in sight."""
    return [
        each.strip() for each in page.locator("#suggestions:visible [role=option] span:first-child").all_inner_texts()
    ]


def type_into_box(page: Any, text: str) -> None:
    """Type so quickly that there is no pause between two letters, also where this machine is busy."""
    page.focus("#q")
    page.evaluate(
        """(text) => {
            const box = document.querySelector("#q");
            for (let end = 1; end <= text.length; end++) {
                box.value = text.slice(0, end);
                box.dispatchEvent(new InputEvent("input", { bubbles: true }));
            }
        }""",
        text,
    )


def test_suggestions_are_chosen_by_keyboard(server: str, page: Any) -> None:
    page.goto(f"{server}/search?country=PER")
    type_into_box(page, "street ve")
    page.wait_for_selector("#suggestions [role=option]")
    box = page.locator("#q")
    assert box.get_attribute("aria-expanded") == "true"
    assert options_of(page)[0] == "Street vendors"
    assert box.get_attribute("aria-activedescendant") is None
    last = len(options_of(page)) - 1
    for key, place in (("ArrowDown", 0), ("ArrowUp", None), ("ArrowUp", last), ("ArrowDown", None), ("ArrowDown", 0)):
        box.press(key)
        assert box.get_attribute("aria-activedescendant") == (None if place is None else f"suggestion-{place}")
    assert page.locator("#suggestions [aria-selected=true]").inner_text().startswith("Street vendors")
    box.press("Enter")
    page.wait_for_url("**/search?country=PER&group=street_vendors")


def test_escape_closes_the_suggestions_and_enter_then_searches_for_the_words(server: str, page: Any) -> None:
    page.goto(server)
    type_into_box(page, "street ve")
    page.wait_for_selector("#suggestions [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert options_of(page) == []
    assert page.input_value("#q") == "street ve"
    assert page.get_attribute("#q", "aria-expanded") == "false"
    page.keyboard.press("ArrowDown")  # asks again
    page.wait_for_selector("#suggestions [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=street+ve")


def test_a_title_is_opened_by_a_click_and_leaving_the_box_closes_the_list(server: str, page: Any) -> None:
    page.goto(server)
    type_into_box(page, "comercio")
    page.wait_for_selector("#suggestions [role=option]")
    page.keyboard.press("Tab")
    assert options_of(page) == []
    type_into_box(page, "comercio")
    page.click("#suggestions [role=option]")
    page.wait_for_url("**/documents/dlima")


def test_only_the_last_question_is_answered_and_a_pause_comes_before_it(server: str, page: Any) -> None:
    page.goto(server)
    asked: list[str] = []
    given_up: list[str] = []
    page.on("requestfailed", lambda request: given_up.append(request.url.rpartition("=")[2]))

    def keep_the_first_waiting(route: Any) -> None:
        asked.append(route.request.url.rpartition("=")[2])
        if len(asked) > 1:
            route.continue_()

    page.route("**/suggestions?*", keep_the_first_waiting)
    with page.expect_request("**/suggestions?q=street"):
        type_into_box(page, "street")
    type_into_box(page, "street vendors acc")
    page.wait_for_selector("#suggestions [role=option]")
    assert asked == ["street", "street+vendors+acc"]
    assert given_up == ["street"]
    assert options_of(page) == ["Street vendors and social protection in Accra"]


def test_titles_of_strangers_run_nothing_in_the_list(server: str, page: Any) -> None:
    page.goto(server)
    type_into_box(page, "vendors script")
    page.wait_for_selector("#suggestions [role=option]")
    assert "<script>" in options_of(page)[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_suggestions_are_accessible_and_fit_a_phone(server: str, chromium: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    options = {
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21aa", "wcag22aa", "best-practice"]}
    }
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 360, "height": 780})
    page = context.new_page()
    for address in ("/", "/search?country=PER"):
        page.goto(f"{server}{address}")
        type_into_box(page, "street ve")
        page.wait_for_selector("#suggestions [role=option]")
        page.keyboard.press("ArrowDown")
        answer = axe.run(page, options=options).response
        assert not [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in answer["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        sizes = [each.bounding_box() for each in page.locator("#suggestions [role=option]").all()]
        assert all(size["height"] >= 44 and size["x"] >= 0 and size["x"] + size["width"] <= 360 for size in sizes)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_main_pages_have_no_accessibility_fault_that_a_program_can_find(
    server: str, chromium: Any, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    faults = []
    for address in MAIN_PAGES if scheme == "light" else (*MAIN_PAGES[:4], *COVERAGE_PAGES):
        page.goto(f"{server}{address}")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        answer = axe.run(page, options=options).response
        faults += [
            (address, each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in answer["violations"]
        ]
    context.close()
    assert not faults


def test_a_frozen_search_has_no_accessibility_fault_that_a_program_can_find(server: str, page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    page.goto(f"{server}/search?q=cooperative")
    page.click("text=Freeze this search")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    answer = axe.run(page, options=options).response
    assert not [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in answer["violations"]]


def test_text_has_a_contrast_of_seven_to_one(server: str, chromium: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    for scheme in ("light", "dark"):
        context = chromium.new_context(color_scheme=scheme)
        page = context.new_page()
        for address in ("/search?q=vendedores&country=PER", "/documents/dlima?q=vendedores&page=2", *COVERAGE_PAGES):
            page.goto(f"{server}{address}")
            enhanced = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}
            answer = axe.run(page, options=enhanced).response
            assert not [node["html"][:200] for each in answer["violations"] for node in each["nodes"]]
        context.close()


@pytest.mark.parametrize("lang", ["en", "es", "fr", "pt"])
def test_no_page_is_wider_than_a_phone(server: str, chromium: Any, lang: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    page = context.new_page()
    for address in MAIN_PAGES:
        page.goto(f"{server}{in_language(address, lang)}")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert page.evaluate("document.documentElement.lang") == lang
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    context.close()


def test_the_pages_weigh_less_than_thirty_kilobytes(server: str, chromium: Any) -> None:
    for address in ("/", "/search?q=vendedores+ambulantes", "/search", *COVERAGE_PAGES):
        context = chromium.new_context()
        page = context.new_page()
        client = context.new_cdp_session(page)
        client.send("Network.enable")
        weights: list[float] = []
        client.on("Network.loadingFinished", lambda event, kept=weights: kept.append(event["encodedDataLength"]))
        page.goto(f"{server}{address}", wait_until="networkidle")
        context.close()
        assert 3_000 < sum(weights) < WEIGHT_MAX, address
