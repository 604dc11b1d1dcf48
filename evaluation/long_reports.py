"""Long reports out of short judged texts: how well a report is found that answers on a page or two of many.

Most judged texts of this field have one page. Texts of one language that are about the same country are bound together, each as
a page or more of a report without a telling title, as a country report has it. A report is as relevant as the most relevant of
its texts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from corpus.types import Document, Facet, Page, Tag

TEXTS_MIN, TEXTS_MAX = 10, 40
"""Of one report."""
BOUND = 0.6
"""Chance that the next texts make a report; else the next one stays on its own."""
_SHORT_PAGES_MAX = 3
"""Longer texts stay as they are."""


def long_reports(documents: Sequence[Document], *, seed: int) -> tuple[list[Document], dict[str, str]]:
    """Return reports, with the texts that were left on their own, and which of them each text is in, by their ids.

    Args:
        documents: tagged.
        seed: another one binds other texts together.
    """
    drawn = random.Random(seed)
    made: list[Document] = []
    within: dict[str, str] = {}
    for texts in _shuffled(documents, drawn):
        while texts:
            count = drawn.randint(TEXTS_MIN, TEXTS_MAX) if drawn.random() < BOUND else 1
            bound, texts = texts[:count], texts[count:]
            made.append(bound[0] if len(bound) == 1 else _report(bound))
            within |= {text.id: made[-1].id for text in bound}
    long = [document for document in documents if document.id not in within]
    return [*made, *long], within | {document.id: document.id for document in long}


def grades_of_reports(
    grades: Mapping[str, Mapping[str, int]], *, within: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    """Return the grade of each report for each query: that of its best text."""
    found: dict[str, dict[str, int]] = {}
    for query, by_text in grades.items():
        reports = found.setdefault(query, {})
        for text, grade in by_text.items():
            report = within.get(text, text)
            reports[report] = max(reports.get(report, 0), grade)
    return found


def _shuffled(documents: Sequence[Document], drawn: random.Random) -> Iterator[list[Document]]:
    by_place: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        if len(document.pages) <= _SHORT_PAGES_MAX:
            countries = [tag.concept for tag in document.tags_of(Facet.COUNTRY) if tag.about]
            by_place.setdefault((document.lang, countries[0] if countries else ""), []).append(document)
    for _, texts in sorted(by_place.items()):
        drawn.shuffle(texts)
        yield texts


def _report(texts: Sequence[Document]) -> Document:
    pages: list[Page] = []
    tags: dict[tuple[Facet, str], Tag] = {}
    for text in texts:
        first = len(pages)
        pages += [Page(first + number, page) for number, page in enumerate(_pages(text), start=1)]
        for tag in text.tags:
            moved = tuple((max(page, 1) + first, places) for page, places in tag.places)
            known = tags.setdefault((tag.facet, tag.concept), replace(tag, places=()))
            tags[tag.facet, tag.concept] = replace(known, places=(*known.places, *moved))
    return replace(
        texts[0],
        id=f"report of {texts[0].id}",
        title="Report",
        abstract="",
        pages=tuple(pages),
        page_count=len(pages),
        tags=tuple(tags.values()),
        back_matter=(),
    )


def _pages(text: Document) -> list[str]:
    """Return the pages of a text, its title on the first one."""
    first, *others = [page.text for page in text.pages] or [""]
    return [f"{text.title}\n{first}", *others]
