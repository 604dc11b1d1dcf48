"""How the text of a page is laid out in the browser."""

from __future__ import annotations

from corpus.tag_rules import Zone
from corpus.types import Page
from tests.builders import zoned_page
from web.views.page_text import blocks_of

PARTS = (
    (Zone.RUNNING, "Street trade in Accra  7"),
    (Zone.BODY, "Vendors sell\nfood"),
    (Zone.CAPTION, "Table 1. Vendors\nby city"),
    (Zone.TABLE, "City  Vendors\n\nAccra  12"),
    (Zone.HEADING, "What they sell."),
)


def blocks(page: Page) -> list[tuple[str, str]]:
    return [(block.kind, str(block.body)) for block in blocks_of(page, mark=lambda text: ((text, False),))]


def test_zones_tell_how_a_page_is_laid_out():
    assert blocks(zoned_page(1, *PARTS)) == [
        ("faint", "Street trade in Accra  7"),
        ("text", "Vendors sell food"),
        ("small", "Table 1. Vendors by city"),
        ("table", "City  Vendors\nAccra  12"),
        ("head", "What they sell."),
    ]


def test_a_short_line_of_running_text_is_no_heading():
    assert blocks(zoned_page(1, (Zone.BODY, "Vendors"))) == [("text", "Vendors")]


def test_a_page_of_an_older_reader_is_laid_out_by_its_lines():
    assert blocks(Page(1, "Vendors\n\nCity  Number\nAccra  12")) == [
        ("head", "Vendors"),
        ("table", "City  Number\nAccra  12"),
    ]
