"""The page that shows two editions or versions side by side."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from corpus.languages import direction
from corpus.messages import gettext
from corpus.types import Document, Page
from web.addresses import compare_address, document_address
from web.document_contexts import ComparedSide, ComparePage
from web.format import facts_of, without_controls
from web.views.comparing import WORDS_MAX, is_unlike, page_like, with_changes, words_in


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """A document with its pages, or an earlier version of its file."""

    document: Document
    pages: tuple[Page, ...]
    """At least one."""
    version: str = ""
    """SHA-256 of the version; empty: the text that the document's page shows."""


def compare_page(
    left: ShownEdition, right: ShownEdition, *, other: str, number: int, other_number: int, lang: str
) -> ComparePage:
    """Return a page of each side with the words that differ.

    Args:
        left: the document whose page led here.
        right: what it is compared with.
        other: what names the right side in the address.
        number: page of the left side, 1-based; 0: the first.
        other_number: page of the right side; 0: the one most like it.
        lang: of the page: en, es, fr or pt.
    """
    one = left.pages[max(number, 1) - 1]
    two = right.pages[(other_number or page_like(one, right.pages)) - 1]
    unlike = is_unlike(one, two)
    # Where next to nothing is the same, a page of struck out words helps no one to read.
    plain = (escape(without_controls(one.text)), escape(without_controls(two.text)), 0)
    first, second, changes = plain if unlike else with_changes(one.text, two.text)
    own = left.document.id

    def turned(page: int, beside: int = 0) -> str:
        fits = 1 <= page <= len(left.pages) and 0 <= beside <= len(right.pages)
        return compare_address(own, other, page=page, other_page=beside) if fits else ""

    return ComparePage(
        left=_side(left, one, first, lang=lang),
        right=_side(right, two, second, lang=lang),
        changes=changes,
        is_unlike=unlike,
        is_cut=max(words_in(one.text), words_in(two.text)) > WORDS_MAX,
        previous=turned(one.number - 1),
        next=turned(one.number + 1),
        right_previous=turned(one.number, two.number - 1) if two.number > 1 else "",
        right_next=turned(one.number, two.number + 1),
        action=compare_address(own, other),
    )


def _side(side: ShownEdition, page: Page, text: Markup, *, lang: str) -> ComparedSide:
    document = side.document
    facts = facts_of(document, exact_date=True, lang=lang)
    version = gettext("earlier version {name}", name=side.version[:12], lang=lang) if side.version else ""
    return ComparedSide(
        title=without_controls(document.title),
        href=document_address(document.id, page=None if side.version else page.number),
        facts=tuple(without_controls(fact) for fact in (version, *facts) if fact),
        lang=document.lang,
        direction=direction(document.lang),
        number=page.number,
        page_count=len(side.pages),
        text=text,
    )
